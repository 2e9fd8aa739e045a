"""What is usually done in a case by its issue: each line becomes a task, or is said to be done or not needed.

A line that was taken up is a task of the case that carries the line's code: its words follow the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from cases.models import Case
from cases.service import items, keys, records, todo
from cases.service.items import Said
from cases.service.reach import find
from cases.service.views import DONE, DROPPED, OpenCase, OpenItem
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import Conflict, NotFound
from core.reference import checklists
from domain.checklists import Line
from vault import Key


@dataclass(frozen=True)
class Usual:
    """A line, and the task that was made of it."""

    line: Line
    one: OpenItem | None

    @property
    def settled(self) -> bool:
        """Whether it is done, or was said to be not needed."""
        return self.one is not None and not self.one.is_open


def of_case(case: OpenCase) -> list[Usual]:
    """What is usually done about the issue of a case, and what became of it."""
    taken = {one.data.get("check"): one for one in case.items if one.kind == "task"}
    lines = checklists().of(case.record.get("issue", ""), clock.today())
    return [Usual(line, taken.get(line.code)) for line in lines]


def take_up(actor: Actor, case_id: UUID, code: str) -> OpenItem:
    """Make a task of a line, on the actor's desk; once for each case. Raises as `items.add`.

    Gives the task as it stands: a colleague's, where that one was first.
    """
    case, key = _opened(actor, case_id)
    _require(case, key, code)
    data, token = {"title": "", "more": "", "check": code}, uuid5(case_id, code)
    task = todo.add(actor, case_id, "task", data, token, owner_id=actor.person_id, on=None)
    return items.find_one(case, key, task)


def settle(actor: Actor, case_id: UUID, code: str, *, how: str, word: str) -> UUID:
    """Say that a line is done, or is not needed, without a task before. Raises as `items.add`.

    how: `done` or `dropped`. The same twice says it once; Conflict where the line was taken up meanwhile, or
    somebody said something else of it.
    """
    if how not in {DONE, DROPPED}:
        raise NotFound
    case, key = _opened(actor, case_id)
    _require(case, key, code)
    ended = {"how": how, "text": word, "on": clock.today().isoformat()}
    said = Said({"title": "", "more": "", "check": code, "end": ended}, None, None, how)
    token = uuid5(case_id, code)
    known = items.added(case, token)
    if known is not None and (items.find_one(case, key, known).data.get("end") or {}) != ended:
        raise Conflict
    return items.add(actor, case_id, "task", said, token, text=word, check=code, how=how)


def _opened(actor: Actor, case_id: UUID) -> tuple[Case, Key]:
    case = find(actor, Permission.CASE_NOTE, case_id)
    return case, keys.case_key(actor, case)


def _require(case: Case, key: Key, code: str) -> None:
    issue = records.open_record(key, case).get("issue", "")
    if code not in {line.code for line in checklists().of(issue, clock.today())}:
        raise NotFound
