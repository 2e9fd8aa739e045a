"""A hearing is over once its outcome stands in the timeline: said in one place, it is said in both."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import items, team, todo
from cases.service.items import Said
from cases.service.views import DONE, OpenItem
from core import clock
from core.access.actors import Actor
from core.errors import Conflict, DomainError
from domain.lifecycle import State

_NO_HEARING = _("A next date belongs to a hearing that is still open. Choose it above, or leave this empty.")


def settle(
    actor: Actor,
    case: Case,
    one: OpenItem | None,
    result: str,
    text: str,
    token: UUID,
    *,
    following: str,
    was_open: str,
) -> bool:
    """End a hearing by the outcome that a line of the timeline says; the same token twice ends it once.

    one: None for an outcome of anything else. result: a code of the list `line_outcome`. following: day and
    time of the next date in ISO 8601, "" where there is none; what follows is added by `todo.follow`.
    was_open: "" where whoever says it saw that the hearing had ended. False for one that is still to come and
    has no next date: only whoever looks at it says that it does not take place. Raises DomainError, and
    Conflict where somebody ended it meanwhile.
    """
    if one is not None and one.last == str(token):
        return True
    day = following.partition("T")[0]
    if one is not None and was_open and not one.is_open:
        raise Conflict
    if one is None or not one.is_open:
        if day:
            raise DomainError(_NO_HEARING, field="next_on")
        return True
    if not day and one.due_on is not None and one.due_on > clock.today():
        return False
    next_on = dt.date.fromisoformat(day) if day else None
    if one.due_on is not None and next_on is not None and next_on < one.due_on:
        raise DomainError(todo.TOO_EARLY, field="next_on")
    ended = {"result": result, "text": text, "next_on": day, "on": clock.today().isoformat()}
    owner = one.owner_id if one.owner_id in {None, *team.may_open(case)} else actor.person_id
    said = Said({**one.data, "end": ended}, one.due_on, owner, DONE)
    items.change(actor, case.id, one.id, one.version, said, token, quiet=True, over=True)
    if day or case.state != State.CLOSED:  # in a closed case nobody has anything to find out
        todo.follow(actor, case, one, token, result, owner, following=following)
    return True
