"""A duty to sign, day by day: kept or missed, taken back, ended before its last day."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import followed, items, team, todo
from cases.service.items import Said
from cases.service.todo import SIGNATURE, day_of, one_of, owner_of, pattern_of, told_of
from cases.service.views import DONE, OPEN, OpenItem
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.errors import DomainError
from core.store.base import db
from domain.appointments import warns

NEXT: Final = 5  # days to come that a duty to sign names
MISSED_TWICE: Final = "missed_twice"  # a code of the list `auto_task`


def mark(
    actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID, *, kept: bool, note: str
) -> None:
    """Say that the duty to sign was kept or missed on its day; the next day follows.

    Missed for the second time it stands on the desks of the case's lawyers and of coordinators. Raises as
    `items.change`, DomainError.
    """
    one = one_of(actor, case_id, item_id, SIGNATURE)
    if one.last == str(token):
        return
    if not one.is_open or one.due_on is None:
        raise DomainError(_("No day is left on which to sign. Change the last day if it goes on."))
    if one.due_on > clock.today():
        raise DomainError(_("This day has not come yet."))
    if not kept and not note.strip():
        raise DomainError(_("Write why, and what was done about it."), field="note")
    day = one.due_on
    now = {"on": day.isoformat(), "kept": kept, "note": note, "by": str(actor.person_id)}
    data = {**one.data, "marks": [*one.data["marks"], now]}
    following = pattern_of(data).after(day)
    said = Said(data, following or day, owner_of(actor, case_id, one), OPEN if following else DONE)
    items.change(actor, case_id, item_id, version, said, token, text=note, **told_of(data, day), kept=kept)
    if not kept and warns(line["kept"] for line in data["marks"]):
        _warn(actor, case_id, one, day, token)


def unmark(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID) -> bool:
    """Take back what was said last of a duty to sign: its day is to be said anew.

    The tasks of those who were warned of that day end with it. Gives whether there were any.
    """
    one = one_of(actor, case_id, item_id, SIGNATURE)
    if not one.data["marks"] or one.last == str(token):
        return False
    *before, last = one.data["marks"]
    data = {name: value for name, value in one.data.items() if name != "end"} | {"marks": before}
    said = Said(data, day_of(last["on"]), owner_of(actor, case_id, one), OPEN)
    items.change(actor, case_id, item_id, version, said, token, **told_of(data, said.due_on), taken_back=True)
    case = db.session.get_one(Case, case_id)
    over = followed.still_open(actor, case, one)
    if warns(line["kept"] for line in before):  # of days that were missed before they stay
        over = [task for task in over if task.data.get("missed") == last["on"]]
    followed.take_back(actor, case, over)
    return bool(over)


def lift(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID, *, note: str) -> None:
    """The duty to sign has ended before its last day, or nobody had said which that is."""
    one = one_of(actor, case_id, item_id, SIGNATURE)
    todo.end(actor, case_id, one, version, token, {"how": "lifted", "text": note}, DONE)


def coming_days(one: OpenItem) -> list[dt.date]:
    """The next days of a duty to sign that runs, at most NEXT."""
    if one.kind != SIGNATURE or not one.is_open or one.due_on is None:
        return []
    return list(pattern_of(one.data).coming(one.due_on, NEXT))


def _warn(actor: Actor, case_id: UUID, one: OpenItem, day: dt.date, token: UUID) -> None:
    """A task for each lawyer of the case, and for those who lead it; anew where the day is said anew."""
    case = db.session.get_one(Case, case_id)
    able = team.may_open(case)
    lawyers = {line.person_id for line in team.lines(case) if line.capacity == str(Role.LAWYER)}
    data = {"title": "", "auto": MISSED_TWICE, "of": str(one.id), "missed": day.isoformat()}
    for person_id in sorted((lawyers & able) | team.leading(able)):
        own = uuid5(one.id, f"{token} {person_id}")
        todo.add(actor, case_id, "task", data, own, owner_id=person_id, on=clock.today())
