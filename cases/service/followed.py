"""What follows by itself from something in a case, and ends when that is taken back.

From a hearing its next date or the task to find it out, from days missed the tasks of those who are warned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID, uuid5

from cases.models import Case
from cases.service import items, keys, team
from cases.service.items import Said
from cases.service.views import DROPPED, OpenItem
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.store.base import db
from domain.appointments import warns

TAKEN_BACK: Final = "taken_back"  # how it ended
MISSED_TWICE: Final = "missed_twice"  # a code of the list `auto_task`
OF: Final = ("of", "after")  # where its data name what it came of
_TOLD: Final = ("title", "auto", "at", "where")


def token_of(token: UUID) -> UUID:
    """The token of what follows from what a form with this one said."""
    return uuid5(token, "next")


def still_open(actor: Actor, case: Case, one: OpenItem) -> list[OpenItem]:
    """What followed from it and is open, also where it does not name it yet."""
    before = items.added(case, token_of(UUID(one.last))) if one.last else None
    found = [other for other in items.read(case, keys.case_key(actor, case)) if other.is_open]
    return [
        other for other in found if other.id == before or str(one.id) in [other.data.get(name) for name in OF]
    ]


def take_back(actor: Actor, case: Case, found: Iterable[OpenItem]) -> None:
    """End these, because what they came of was taken back. Raises as `items.change`."""
    able = team.may_open(case)
    for one in found:
        data = {**one.data, "end": {"how": TAKEN_BACK, "text": "", "on": clock.today().isoformat()}}
        said = Said(data, one.due_on, one.owner_id if one.owner_id in able else None, DROPPED)
        told = {name: one.data[name] for name in _TOLD if one.data.get(name)} | {TAKEN_BACK: True}
        if one.due_on:
            told["on"] = one.due_on.isoformat()
        token = uuid5(one.id, f"{TAKEN_BACK} {one.version}")
        items.change(actor, case.id, one.id, one.version, said, token, **told)


def warn(actor: Actor, case_id: UUID, one: OpenItem, day: dt.date, token: UUID) -> None:
    """A task for each lawyer of the case, and for those who lead it: a duty to sign was missed that day."""
    case = db.session.get_one(Case, case_id)
    for person_id in _warned(case):
        _task(actor, case, one, day.isoformat(), person_id, token)


def warn_again(actor: Actor, case_id: UUID, one: OpenItem, token: UUID) -> None:
    """Of a duty to sign that goes on after all: the tasks that ended with it come back, and no other.

    Whoever did theirs before, or said that it is not needed, is not asked again.
    """
    case, marks = db.session.get_one(Case, case_id), one.data["marks"]
    days = [mark["on"] for at, mark in enumerate(marks, 1) if _missed_again(marks[:at])]
    found = [
        other for other in items.read(case, keys.case_key(actor, case)) if other.data.get("of") == str(one.id)
    ]
    stand = {(other.data.get("missed"), other.owner_id) for other in found if not _is_taken_back(other)}
    for day in [day for day in days if any(other.data.get("missed") == day for other in found)]:
        for person_id in _warned(case):
            if (day, person_id) not in stand:
                _task(actor, case, one, day, person_id, token)


def _missed_again(marks: list[dict[str, Any]]) -> bool:
    """Whether the last of these days was missed, and somebody is to be warned of it."""
    return not marks[-1]["kept"] and warns(mark["kept"] for mark in marks)


def _is_taken_back(one: OpenItem) -> bool:
    return bool((one.data.get("end") or {}).get("how") == TAKEN_BACK)


def _warned(case: Case) -> list[UUID]:
    able = team.may_open(case)
    lawyers = {line.person_id for line in team.lines(case) if line.capacity == str(Role.LAWYER)}
    return sorted((lawyers & able) | team.leading(able))


def _task(actor: Actor, case: Case, one: OpenItem, day: str, person_id: UUID, token: UUID) -> None:
    today = clock.today()
    said = Said({"title": "", "auto": MISSED_TWICE, "of": str(one.id), "missed": day}, today, person_id)
    own = uuid5(one.id, f"{token} {day} {person_id}")
    told: dict[str, Any] = {"auto": MISSED_TWICE, "on": today.isoformat()}
    # The police wait for no decision of ours about a conflict of interest.
    items.add(actor, case.id, "task", said, own, waits=False, **told)
