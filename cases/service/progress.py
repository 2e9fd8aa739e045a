"""Move a case from state to state, close it, reopen it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select

from cases.models import Assignment, Case
from cases.service import files, gate, keys, left_open, records, reminders, rows, timeline
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain import lifecycle
from domain.lifecycle import State
from vault import Key

# What a higher feature knows that forbids closing (open referrals) registers here; each gives a sentence,
# or nothing. Open deadlines have rules of their own (`left_open`).
blocks_closing: list[Callable[[UUID], Any]] = []
# And what follows once a case is closed.
on_closed: list[Callable[[Actor, Case, Key], None]] = []

CLOSING: Final = {"level": "service_level", "code": "closing_code", "outcome": "outcome"}
# Moves that are consequences of an act of their own, never picked by hand.
BY_ACT: Final = frozenset({State.ASSIGNED, State.ERASED})


def move(
    actor: Actor,
    case_id: UUID,
    version: int,
    to: str,
    *,
    reason: str = "",
    why: str = "",
    closing: dict[str, Any] | None = None,
) -> None:
    """Move a case. Raises Conflict for a stale version, DomainError where the table or a rule forbids it.

    why: a code of the list `close_reason`, or of `reopen_reason` for a closed case; it stands for a reason in
    words, and each reader reads it in their own language.
    """
    case = find(actor, Permission.CASE_STATE, case_id, version=version)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if to in BY_ACT:
        raise NotFound
    _check(actor, case.state, to, reason or _known(why, case, to))
    if case.state == State.CONFLICT_CHECK and to != State.CLOSED:
        gate.require(case, records.open_record(key, case), gate.Act.OPEN)
    if to == State.CLOSED:
        close(actor, case, key, reason, {**(closing or {}), "why": why})
        return
    if case.state == State.CLOSED:
        case.closed_on = None
        reminders.taken_up(case.id)  # nobody was told of its deadlines while it was closed
    _no_open_offer(case)
    set_state(actor, case, key, State(to), reason, why)
    rows.written(actor, "case.state", key, case)


def set_state(actor: Actor, case: Case, key: Key, to: State, reason: str, why: str = "") -> None:
    """Change the state with its line in the timeline; the record is sealed again under the new version."""
    record = records.open_record(key, case)
    before, case.state = case.state, str(to)
    files.next_version(case, key, record)  # nothing coded has changed: the fact stays
    said = {"from": before, "to": str(to)} | ({"why": why} if why else {})
    timeline.write(actor, case, key, "state", reason, data=said)


def close(actor: Actor, case: Case, key: Key, reason: str, closing: dict[str, Any]) -> None:
    """Close with level, code and outcome, all three.

    Over an open referral only with a reason in writing (`despite`), for which the coordinator answers. Over
    an open deadline only where the person is out of reach, with such a reason, and never where a day decides
    (`left_open.require`). Raises DomainError.
    """
    for name, code_list in CLOSING.items():
        if closing.get(name) not in reference().lists[code_list]:
            raise DomainError(_("Choose one."), field=name)
    despite = str(closing.get("despite") or "").strip()
    for block in blocks_closing:
        sentence = block(case.id)
        # Only coordinators close; with a reason of their own they close over what still runs.
        if sentence and not despite:
            raise DomainError(sentence, field="despite")
    left = left_open.require(case, key, closing["why"], despite)
    _no_open_offer(case)
    record = {**records.open_record(key, case), "closing": {**closing, "reason": reason}}
    before, case.state, case.closed_on = case.state, str(State.CLOSED), clock.today()
    files.save_record(actor, case, key, record, urgency=case.urgency)
    timeline.write(
        actor, case, key, "state", reason, data={"from": before, "to": str(State.CLOSED), **closing}
    )
    left_open.leave(actor, case, key, left, closing["why"], despite)
    rows.written(actor, "case.close", key, case)
    for hook in on_closed:
        hook(actor, case, key)


def _known(why: str, case: Case, to: str) -> str:
    """The code itself, where it is one of the list that fits. Raises NotFound."""
    code_list = "close_reason" if to == State.CLOSED else "reopen_reason"
    if why and (why not in reference().lists[code_list] or State.CLOSED not in {case.state, to}):
        raise NotFound
    return why


def _check(actor: Actor, state: str, to: str, reason: str) -> None:
    try:
        lifecycle.check(state, to, {str(role) for role in actor.roles}).require(reason)
    except lifecycle.ReasonMissing as error:
        raise DomainError(_("Write the reason in a sentence."), field="reason") from error
    except lifecycle.NotYourTransition as error:
        raise DomainError(_("This step is for another role. Ask a coordinator.")) from error
    except lifecycle.LifecycleError as error:
        raise DomainError(_("The file cannot go there from its present state.")) from error


def _no_open_offer(case: Case) -> None:
    """An unanswered offer comes first: it is answered or withdrawn, never overtaken."""
    offered = exists().where(Assignment.case_id == case.id, Assignment.state == "offered")
    if db.session.scalar(select(offered)):
        raise DomainError(_("A lawyer has been asked and has not answered. Withdraw the offer first."))
