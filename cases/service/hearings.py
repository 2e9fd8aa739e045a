"""What came of an appointment or hearing, said on its page or by an outcome in the timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case, Entry
from cases.service import followed, items, team, todo
from cases.service.items import Said
from cases.service.law import law_of
from cases.service.views import DONE, OPEN, OpenItem
from core import clock
from core.access.actors import Actor
from core.errors import Conflict, DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain import hearings as rules
from domain.lifecycle import State
from domain.lines import HEARING
from vault import Key

TOO_EARLY: Final = _("The next date comes before this one.")
NEXT_DATE: Final = "next_date"  # a code of the list `auto_task`
_NO_HEARING: Final = _(
    "A next date belongs to a hearing that is still open. Choose it above, or leave this empty."
)


def came_of(
    actor: Actor,
    case_id: UUID,
    item_id: UUID,
    version: int,
    token: UUID,
    *,
    came: str,
    text: str,
    next_on: dt.date | None = None,
    next_at: str = "",
) -> None:
    """Say what came of an appointment or hearing; what follows from it is added as `follow` has it.

    came: a code of the list `appointment_outcome`, before the day one of `rules.BEFORE`. Raises as
    `items.change`, DomainError.
    """
    if came not in reference().lists["appointment_outcome"]:
        raise NotFound
    one = todo.one_of(actor, case_id, item_id, *todo.MEETINGS)
    if one.last == str(token):
        return
    if came not in rules.BEFORE and one.due_on is not None and one.due_on > clock.today():
        raise DomainError(
            _(
                "Its day has not come yet. Until then it can only be put off or called off. If the day is "
                "wrong, change it."
            ),
            field="came",
        )
    if one.due_on is not None and next_on is not None and next_on < one.due_on:
        raise DomainError(TOO_EARLY, field="next_on")
    ended = {"came": came, "text": text, "next_on": next_on.isoformat() if next_on else ""}
    todo.end(actor, case_id, one, version, token, ended, DONE)
    case, following = db.session.get_one(Case, case_id), f"{next_on}T{next_at}" if next_on else ""
    follow(actor, case, one, token, came, todo.owner_of(actor, case_id, one), following=following)


def follow(
    actor: Actor, case: Case, one: OpenItem, token: UUID, came: str, owner_id: UUID | None, *, following: str
) -> None:
    """Add the next date as the first was, or for a hearing that decided nothing the task to find it out.

    following: day and time in ISO 8601, "" where nobody knows any.
    """
    day, _sep, at = following.partition("T")
    token = followed.token_of(token)
    if day:
        kept = {name: value for name, value in one.data.items() if name != "end"}
        data = {**kept, "at": at, "after": str(one.id)}
        todo.add(actor, case.id, one.kind, data, token, owner_id=owner_id, on=todo.day_of(day))
    elif one.kind == "hearing" and came not in rules.DECIDED:
        which = " · ".join(filter(None, map(one.data.get, ("title", "where", "file_number"))))
        data = {"title": "", "more": which, "auto": NEXT_DATE, "of": str(one.id)}
        on = rules.ask_on(clock.today(), law_of(case.organisation_id).calendar)
        todo.add(actor, case.id, "task", data, token, owner_id=owner_id or actor.person_id, on=on)


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
    time of the next date in ISO 8601, "" where there is none; what follows is added by `follow`.
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
        raise DomainError(TOO_EARLY, field="next_on")
    ended = {"result": result, "text": text, "next_on": day, "on": clock.today().isoformat()}
    owner = one.owner_id if one.owner_id in {None, *team.may_open(case)} else actor.person_id
    said = Said({**one.data, "end": ended}, one.due_on, owner, DONE)
    items.change(actor, case.id, one.id, one.version, said, token, quiet=True, over=True)
    if day or case.state != State.CLOSED:  # in a closed case nobody has anything to find out
        follow(actor, case, one, token, result, owner, following=following)
    return True


def follow_line(
    actor: Actor,
    case: Case,
    key: Key,
    entry: Entry,
    line: Mapping[str, Any],
    result: str,
    text: str,
    token: UUID,
) -> None:
    """Let a hearing say what the line says by now that had ended it; "": it is open again, as nothing came.

    entry, line: the one that was corrected or is gone. A hearing whose end was changed on its own page since
    stays. In a closed case it stays over, and says no more than that.
    """
    found = (one for one in items.read(case, key) if str(one.id) == line["data"]["of"]["id"])
    one = next(found, None)
    if one is None or one.kind != HEARING or one.is_open or one.last != str(entry.token):
        return
    before, over, came = one.data["end"], case.state == State.CLOSED, followed.still_open(actor, case, one)
    data = {name: said for name, said in one.data.items() if name != "end"}
    if result or over:
        data["end"] = {**before, "result": result, "text": text} if result else {"on": before["on"]}
    owner = todo.owner_of(actor, case.id, one)
    said = Said(data, one.due_on, owner, DONE if result or over else OPEN)
    items.change(actor, case.id, one.id, one.version, said, token, quiet=True, over=True)
    if over:
        return
    decided = result in rules.DECIDED
    if not result or decided:  # what is decided leaves nothing to find out
        followed.take_back(actor, case, (to for to in came if not result or to.data.get("auto") == NEXT_DATE))
    elif before["result"] in rules.DECIDED and not before["next_on"]:
        follow(actor, case, one, token, result, owner, following="")
