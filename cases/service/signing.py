"""A duty to sign, day by day: kept or missed, taken back, ended before its last day."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import followed, items, todo
from cases.service.items import Said
from cases.service.todo import SIGNATURE, day_of, one_of, owner_of, pattern_of, told_of
from cases.service.views import DONE, OPEN, OpenItem
from core import clock
from core.access.actors import Actor
from core.errors import DomainError
from core.store.base import db
from domain.appointments import warns

NEXT: Final = 5  # days to come that a duty to sign names


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
        followed.warn(actor, case_id, one, day, token)


def unmark(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID) -> bool:
    """Take back what was said last of a duty to sign: that it has ended, or of a day, which is said anew.

    The tasks of those who were warned of that day end with it. Gives whether there were any.
    """
    one = one_of(actor, case_id, item_id, SIGNATURE)
    if one.last == str(token):
        return False
    if one.data.get("end"):
        _not_ended(actor, case_id, one, version, token)
        return False
    if not one.data["marks"]:
        return False
    *before, last = one.data["marks"]
    data = {**one.data, "marks": before}
    said = Said(data, day_of(last["on"]), owner_of(actor, case_id, one), OPEN)
    items.change(actor, case_id, item_id, version, said, token, **told_of(data, said.due_on), taken_back=True)
    case = db.session.get_one(Case, case_id)
    over = followed.still_open(actor, case, one)
    if warns(line["kept"] for line in before):  # of days that were missed before they stay
        over = [task for task in over if task.data.get("missed") == last["on"]]
    followed.take_back(actor, case, over)
    return bool(over)


def _not_ended(actor: Actor, case_id: UUID, one: OpenItem, version: int, token: UUID) -> None:
    """It goes on as it stood: its days stay as they were said."""
    data = {name: value for name, value in one.data.items() if name != "end"}
    said = Said(data, one.due_on, owner_of(actor, case_id, one), OPEN)
    items.change(actor, case_id, one.id, version, said, token, **told_of(data, one.due_on), taken_back=True)
    followed.warn_again(actor, case_id, one, token)


def lift(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID, *, note: str) -> None:
    """The duty to sign has ended before its last day, or nobody had said which that is."""
    one = one_of(actor, case_id, item_id, SIGNATURE)
    todo.end(actor, case_id, one, version, token, {"how": "lifted", "text": note}, DONE)


def coming_days(one: OpenItem) -> list[dt.date]:
    """The next days of a duty to sign that runs, at most NEXT."""
    if one.kind != SIGNATURE or not one.is_open or one.due_on is None:
        return []
    return list(pattern_of(one.data).coming(one.due_on, NEXT))
