"""Two kinds of lines that hold more than words: what was filed, and what came of something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import documents, hearings, items, keys, numbers, team, timeline
from cases.service.reach import find
from cases.service.shelves import called
from cases.service.views import DROPPED
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError
from core.reference import reference
from domain.lines import FILING, HEARING, OUTCOME, STEP
from vault import Key

WHOLE: Final = "case"  # an outcome of the case itself
UNPROVED: Final = _("Write how it can be proved, or choose the document that proves it.")
LED: Final = "led"  # of a line: whether a lawyer of the case wrote it, or what it corrects
_SETTLES: Final = ("following", "was_open")
_WORDS: Final = 80  # characters of a step by which it is known again


def subjects(actor: Actor, case_id: UUID) -> dict[str, dict[str, str]]:
    """Of what there can be an outcome, by id, the newest first: hearings, filings, steps, and the case.

    Each says its type (of `domain.lines`), the words by which it is known, and its day in ISO 8601.
    """
    case = find(actor, Permission.CASE_READ, case_id)
    return subjects_of(case, keys.case_key(actor, case))


def file(actor: Actor, case_id: UUID, said: Mapping[str, str], text: str, token: UUID) -> None:
    """Write that something was filed. The same token twice writes once.

    said: `what`, `authority` (a code of the list), `name` of the office, `on` in ISO 8601, `number`, `proof`
    in words, `document` of the case by its id. Raises NotFound, gate.Held, DomainError without any proof.
    """
    require_proof(said["proof"] or said["document"])
    _write(actor, case_id, FILING, said, text, token)
    if said.get("number"):
        numbers.renumber(actor, case_id)


def require_proof(proof: str) -> None:
    """Raise DomainError where nothing proves what a line says was filed."""
    if not proof.strip():
        raise DomainError(UNPROVED, field="proof")


def require_result(result: str) -> None:
    """Raise DomainError for what is in no list."""
    if result not in reference().lists["line_outcome"]:
        raise DomainError(_("Choose what came of it."), field="result")


def come_of(actor: Actor, case_id: UUID, said: Mapping[str, str], text: str, token: UUID) -> UUID | None:
    """Write what came of something. The same token twice writes once.

    said: `of` (one of `subjects`), `result` (a code of the list `line_outcome`), `on`, `number`, `document`,
    and of a hearing, which ends with it, `following` and `was_open`: see `hearings.settle`. Gives the
    hearing that is still to come and stays open. Raises NotFound, gate.Held, DomainError, Conflict.
    """
    require_result(said["result"])
    told = {name: value for name, value in said.items() if name not in _SETTLES}
    _write(actor, case_id, OUTCOME, told, text, token)
    if told.get("number"):
        numbers.renumber(actor, case_id)
    case = find(actor, Permission.CASE_NOTE, case_id)
    found = (one for one in items.read(case, keys.case_key(actor, case)) if one.kind == HEARING)
    one = next((one for one in found if str(one.id) == said["of"]), None)
    settles = {name: said.get(name, "") for name in _SETTLES}
    over = hearings.settle(actor, case, one, said["result"], text, token, **settles)
    return None if over or one is None else one.id


def _write(actor: Actor, case_id: UUID, kind: str, said: Mapping[str, str], text: str, token: UUID) -> None:
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    told = told_of(case, key, said)
    if kind == FILING:
        told[LED] = team.is_lawyer_of(case.id, actor.person_id)
    if kind == OUTCOME:
        known = subjects_of(case, key)
        if told["of"] not in known:
            raise DomainError(_("Choose of what it is the outcome."), field="of")
        told["of"] = {"id": told["of"], **known[told["of"]]}
    timeline.write_once(actor, case_id, kind, text, told, token)


def told_of(case: Case, key: Key, said: Mapping[str, str]) -> dict[str, Any]:
    """What a line holds of what was said, its document by name. Raises DomainError."""
    told: dict[str, Any] = {name: value for name, value in said.items() if value}
    if document := told.pop("document", ""):
        about = {str(one.id): one.about for one in documents.read(case, key)}
        if document not in about:
            raise DomainError(_("This document is not in the case any more."), field="document")
        told["documents"] = [[document, called(about[document])]]
    return told


def subjects_of(case: Case, key: Key) -> dict[str, dict[str, str]]:
    """The same of a case that is open."""
    found = [
        (one.due_on.isoformat() if one.due_on else "", str(one.id), HEARING, str(one.data.get("title") or ""))
        for one in items.read(case, key)
        if one.kind == "hearing" and one.state != DROPPED
    ]
    for entry, line in timeline.opened_lines(case, key):
        data = line["data"]
        if line["kind"] in {FILING, STEP} and not data.get("corrected"):
            day = data.get("on") or timeline.day_of(entry).isoformat()
            words = data.get("what") or line["text"].strip().partition("\n")[0][:_WORDS]
            found.append((day, str(entry.id), line["kind"], words))
    newest = sorted(found, reverse=True)
    said = {one: {"type": kind, "words": words, "on": on} for on, one, kind, words in newest}
    return {**said, WHOLE: {"type": WHOLE, "words": "", "on": ""}}
