"""Close a case after somebody looked at it, and open it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import Person
from cases.models import Assignment, Case, CaseMember
from cases.service import bars, drawing, files, keys, records, reminders, rows, states, team
from cases.service.bars import Bar
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.errors import Conflict, DomainError
from core.reference import reference
from core.store.base import db
from domain import lifecycle, reviews
from domain.lifecycle import State
from domain.reviews import Second
from vault import Key

# Whether somebody complained about a case; registered from above, and never told to anybody on the case.
complained: Final[list[Callable[[UUID], bool]]] = []
# In the record of a case of which a closing waited for a second one: each later one does too. A second draw
# of the same case would tell chance from a complaint.
HELD: Final = "second_look"
# And what follows once a case is closed.
on_closed: Final[list[Callable[[Actor, Case, Key], None]]] = []

LISTS: Final = {"level": "service_level", "code": "closing_code", "outcome": "outcome"}
NO_FILE: Final = "S0"  # a level that is given to many at once, without a file
_WORDS: Final = {
    Second.PROPOSER: _(
        "You proposed this closing, and it is one that a second coordinator looks at. Somebody else closes "
        "it."
    ),
    Second.LAWYER: _(
        "You are or were the lawyer of this case, and its closing is one that a second coordinator looks at. "
        "Somebody else closes it."
    ),
}


class SecondNeeded(DomainError):
    """This closing is looked at by a second coordinator, and the actor is none."""


@dataclass(frozen=True)
class Before:
    """What somebody sees before a case is closed."""

    bars: list[Bar]
    way: str  # what the actor can do: close, propose, or nothing ("")
    second: bool  # everybody on the case knows that a second coordinator looks at this closing
    fit: bool  # the actor could be that second one
    told: Any  # why the actor is not the one who closes it now; "" where they are
    others: list[str]  # who may be the second one
    proposed: dict[str, Any]  # as it was proposed, with the name of whoever did
    final: bool  # something is open over which nobody closes


def before(actor: Actor, case_id: UUID) -> Before:
    """What is open, what was proposed, and what the actor may do. Raises NotFound, Locked."""
    case = find(actor, Permission.CASE_STATE, case_id)
    key = keys.case_key(actor, case)
    record = records.open_record(key, case)
    open_ = bars.found(case, key)
    proposed = dict(record.get("proposed") or {})
    if by := proposed.get("by"):
        proposed["name"] = db.session.get_one(Person, UUID(by)).name
        proposed["at"] = dt.datetime.fromisoformat(proposed["at"])
    next_ = lifecycle.next_states(case.state, actor.roles)
    second, unfit = is_known(case, record), unfit_for(actor, case, record)
    way = "close" if State.CLOSED in next_ else ""
    if State.IN_REVIEW in next_ and (not way or second):
        way = "propose"
    others = _others(case, record) if second else []
    told: Any = ""
    if way == "close" and second and unfit:
        way, told = "", _WORDS[unfit]
    final = any(bar.over is bars.Over.NEVER for bar in open_)
    return Before(open_, way, second, unfit is None, told, others, proposed, final)


def became(actor: Actor, case_id: UUID) -> str:
    """What became of a closing that was sent before: where the case stands. Raises NotFound, Conflict."""
    case = find(actor, Permission.CASE_STATE, case_id)
    if case.state not in {State.IN_REVIEW, State.CLOSED}:
        raise Conflict
    return case.state


def proposed_by_other(actor: Actor, case_id: UUID) -> str:
    """Who else proposed how the case shall be closed; "" where nobody did. Raises NotFound, Locked."""
    case = find(actor, Permission.CASE_STATE, case_id)
    proposed = records.open_record(keys.case_key(actor, case), case).get("proposed") or {}
    return db.session.get_one(Person, UUID(proposed["by"])).name if _stands(actor, proposed) else ""


def is_known(case: Case, record: dict[str, Any]) -> bool:
    """Whether it is no secret that a second coordinator looks at the closing of this case.

    All that a page may say before a closing is sent: whatever else it asked would tell of a complaint.
    """
    return reviews.is_urgent(case.urgency, record) or bool(record.get(HELD))


def looked_at(case: Case, record: dict[str, Any]) -> bool:
    """Whether a second coordinator looks at the closing of this case. Asked once it is sent, never before."""
    if is_known(case, record):
        return True
    turn = len(record.get("closings", ()))
    drawn = reviews.drawn(record["statistics_ids"]["case"], turn, reviews.ONE_IN)
    return drawn or any(ask(case.id) for ask in complained)


def unfit_for(actor: Actor, case: Case, record: dict[str, Any]) -> Second | None:
    """Why the actor cannot be the second one who looks."""
    proposer = (record.get("proposed") or {}).get("by", "")
    return reviews.unfit(str(actor.person_id), proposer=proposer, lawyers=_lawyers(case.id))


def propose(
    actor: Actor,
    case: Case,
    key: Key,
    reason: str,
    closing: dict[str, Any] | None,
    record: dict[str, Any] | None = None,
) -> None:
    """Send a case to review, with how it shall be closed where that is known. Raises DomainError.

    record: as it is from now on, where more of it changes.
    """
    record = record or records.open_record(key, case)
    if closing is not None:
        _check(closing)
    said = {**(closing if closing is not None else record.get("proposed") or {}), "reason": reason}
    said |= {"by": str(actor.person_id), "at": clock.now().isoformat()}
    states.no_open_offer(case)
    changed = {**record, "proposed": said}
    states.set_state(actor, case, key, State.IN_REVIEW, reason, record=changed, more=closing)
    rows.written(actor, "case.state", key, case)


def close(actor: Actor, case: Case, key: Key, reason: str, closing: dict[str, Any]) -> None:
    """Close with level, code and outcome, all three; what came of it for the person is a fourth thing.

    Over what is open only as `bars.require` allows. Where a second coordinator has to look first, and nobody
    could know, it is kept as proposed and waits in review. Raises DomainError, and SecondNeeded where the
    page had said so.
    """
    _check(closing)
    record = records.open_record(key, case)
    if is_known(case, record):
        _require_second(actor, case, record)
    despite = str(closing.get("despite") or "").strip()
    over = bars.require(actor, case, key, closing["why"], despite)
    states.no_open_offer(case)
    # The last question of all: what is refused for another reason tells nothing.
    if looked_at(case, record) and (case.state != State.IN_REVIEW or unfit_for(actor, case, record)):
        _hold(actor, case, key, reason, closing)
        return
    record.pop("proposed", None)
    record["closing"] = {**closing, "reason": reason, "by": str(actor.person_id)}
    before_, case.state, case.closed_on = case.state, str(State.CLOSED), clock.today()
    files.save_record(actor, case, key, record, urgency=case.urgency)
    states.tell(actor, case, key, before_, State.CLOSED, reason, closing)
    for leave in bars.left if over else ():
        leave(actor, case, key, closing["why"], despite)
    drawing.closed(case, key, record)
    rows.written(actor, "case.close", key, case)
    for hook in on_closed:
        hook(actor, case, key)


def reopen(actor: Actor, case: Case, key: Key, to: State, reason: str, why: str) -> None:
    """Go on with a closed case. How it was closed stays in its history; statistics count it open again."""
    record = records.open_record(key, case)
    now = {"why": why, "reason": reason, "by": str(actor.person_id), "at": clock.now().isoformat()}
    closed = {**(record.pop("closing", None) or {}), "on": str(case.closed_on), "reopened": now}
    record["closings"] = [*record.get("closings", ()), closed]
    before_, case.state, case.closed_on = case.state, str(to), None
    files.save_record(actor, case, key, record, urgency=case.urgency)
    states.tell(actor, case, key, before_, to, reason, {"why": why} if why else {})
    reminders.taken_up(case.id)  # nobody was told of its deadlines while it was closed
    rows.written(actor, "case.state", key, case)


def _check(closing: dict[str, Any]) -> None:
    """Raise DomainError where something is not of its list."""
    for name, code_list in LISTS.items():
        if closing.get(name) not in reference().lists[code_list]:
            raise DomainError(_("Choose one."), field=name)
    if closing["level"] == NO_FILE:
        raise DomainError(_("Choose one."), field="level")
    if closing.get("benefit") and closing["benefit"] not in reference().lists["benefit"]:
        raise DomainError(_("Choose one."), field="benefit")


def _hold(actor: Actor, case: Case, key: Key, reason: str, closing: dict[str, Any]) -> None:
    """Let a closing that was sent wait for a second one. What somebody else proposed stays theirs."""
    record = {**records.open_record(key, case), HELD: True}
    if case.state != State.IN_REVIEW or not _stands(actor, record.get("proposed") or {}):
        propose(actor, case, key, reason, closing, record)
        return
    records.next_version(case, key, record)
    rows.written(actor, "case.state", key, case)


def _stands(actor: Actor, proposed: dict[str, Any]) -> bool:
    """Whether somebody else said how the case shall be closed; sent to review without that, nobody did."""
    return bool(proposed.get("level")) and proposed["by"] != str(actor.person_id)


def _require_second(actor: Actor, case: Case, record: dict[str, Any]) -> None:
    if case.state != State.IN_REVIEW:
        raise SecondNeeded(
            _(
                "A second coordinator looks at this closing. Propose it first; then it waits for somebody "
                "else."
            )
        )
    unfit = unfit_for(actor, case, record)
    if unfit is not None:
        raise SecondNeeded(_WORDS[unfit])


def _others(case: Case, record: dict[str, Any]) -> list[str]:
    """The names of the coordinators who may open the case and be the second one."""
    shut = {*_lawyers(case.id), (record.get("proposed") or {}).get("by", "")}
    able = [one for one in team.watchers(case.id) if str(one.id) not in shut]
    leads = team.coordinators({one.id for one in able})
    return [one.name for one in able if one.id in leads]


def _lawyers(case_id: UUID) -> frozenset[str]:
    """Whoever works or worked on the case as its lawyer, also where they came back as something else."""
    members = select(CaseMember.person_id).where(
        CaseMember.case_id == case_id, CaseMember.capacity == str(Role.LAWYER)
    )
    # An offer that ended without an answer never had one; who accepted did, whatever they are by now.
    accepted = select(Assignment.lawyer_id).where(
        Assignment.case_id == case_id,
        Assignment.state.in_(("accepted", "ended")),
        Assignment.answered_at.is_not(None),
    )
    return frozenset(map(str, db.session.scalars(members.union(accepted))))
