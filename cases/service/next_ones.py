"""That the next declaration is not planned yet stands on a desk, as a task, until it is planned."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID, uuid5

from cases.models import Case
from cases.service import deadline_cards, inherited, items, keys, team
from cases.service.declared import KIND, Declared, calendar
from cases.service.items import Said
from cases.service.reach import find, is_member
from cases.service.views import DONE, OPEN, OpenItem
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from domain.lifecycle import State

NEXT: Final = "next_declaration"  # a code of the list `auto_task`
_PLANNED: Final = "planned"  # how such a task ended because the next one was planned
_WITHIN: Final = dt.timedelta(days=7)


def keep(actor: Actor, case_id: UUID) -> None:
    """Bring these tasks in line with the calendar of the case; twice changes nothing more.

    To be called in every act by which a declaration is planned, given, met, taken out or taken up again.
    What somebody said is not needed stays so. Raises NotFound, rows.Tampered.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    if case.state in {State.CLOSED, State.ERASED}:
        return  # nobody plans anything in it; whoever reopens it reads on its page what is missing
    key = keys.case_key(actor, case)
    things = items.read(case, key)
    if all(one.kind != KIND for one in things):
        return
    tasks = {one.data["of"]: one for one in things if one.kind == "task" and one.data.get("auto") == NEXT}
    for one in calendar(things, deadline_cards.read(case, key)):
        _in_line(actor, case, one, tasks.get(str(one.item.id)))


def _in_line(actor: Actor, case: Case, one: Declared, task: OpenItem | None) -> None:
    if task is None:
        if one.wants_next:
            data = {
                "title": "",
                "more": "",
                "auto": NEXT,
                "of": str(one.item.id),
                "what": one.item.data["what"],
            }
            said = Said(data, clock.today() + _WITHIN, _whose(actor, case, one))
            token = uuid5(one.item.id, NEXT)
            # The timeline says already that the one before was given.
            items.add(actor, case.id, "task", said, token, quiet=True, waits=False)
    elif one.wants_next and (task.data.get("end") or {}).get("how") == _PLANNED:
        data = {name: value for name, value in task.data.items() if name != "end"}
        _change(actor, case, task, Said(data, clock.today() + _WITHIN, _whose(actor, case, one), OPEN))
    elif task.is_open and not one.wants_next:
        end = {"how": _PLANNED, "text": "", "on": clock.today().isoformat()}
        _change(actor, case, task, Said({**task.data, "end": end}, task.due_on, None, DONE))


def _change(actor: Actor, case: Case, task: OpenItem, said: Said) -> None:
    items.change(
        actor, case.id, task.id, task.version, said, uuid5(task.id, f"{NEXT} {task.version}"), quiet=True
    )


def _whose(actor: Actor, case: Case, one: Declared) -> UUID | None:
    """Whoever is responsible for it, else whoever says it was given, where they work on the case."""
    able: set[UUID] = team.may_open(case)
    if one.deadline and one.deadline.responsible_id in able:
        return one.deadline.responsible_id
    if actor.person_id in able and is_member(actor, case):
        return actor.person_id
    return inherited.heir(case, able)
