"""What follows by itself from something in a case, and ends when that is taken back.

From a hearing its next date or the task to find it out, from days missed the tasks of those who are warned.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

from cases.models import Case
from cases.service import items, keys, team
from cases.service.items import Said
from cases.service.views import DROPPED, OpenItem
from core import clock
from core.access.actors import Actor

TAKEN_BACK: Final = "taken_back"  # how it ended
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
