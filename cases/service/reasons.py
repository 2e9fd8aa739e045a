"""What a lawyer without the case key says to the case: sealed to its inbox, read by its key holders."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

import vault
from cases.models import Assignment, Case
from cases.service import keys
from vault import Key, Pair


def write(case: Case, assignment: Assignment, code: str, text: str) -> None:
    """Seal an answer to the case inbox."""
    epoch, public = keys.inbox_public(case)
    answer = orjson.dumps({"code": code, "text": text})
    assignment.reason = vault.seal_to(public, answer, _context(case, assignment))
    assignment.reason_epoch = epoch


def read(case: Case, key: Key, assignment: Assignment) -> tuple[str, str]:
    """Code and text of an answer."""
    opened = keys.inbox(case, key).open(assignment.reason or b"", _context(case, assignment))
    answer = orjson.loads(opened)
    return answer["code"], answer["text"]


def reseal(case: Case, asked: Iterable[Assignment], old: Pair, epoch: int) -> None:
    """Seal the answers of a case, among what was asked in it, to its new inbox."""
    answered = [one for one in asked if one.reason is not None]
    if not answered:
        return
    public = keys.inbox_public(case)[1]
    for assignment in answered:
        context = _context(case, assignment)
        assignment.reason = vault.seal_to(public, old.open(assignment.reason or b"", context), context)
        assignment.reason_epoch = epoch


def _context(case: Case, assignment: Assignment) -> vault.Context:
    return vault.Context("assignment answer", case.organisation_id, case.id, assignment.id)
