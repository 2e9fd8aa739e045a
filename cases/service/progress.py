"""Move a case from state to state, close it, reopen it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import closing as closings
from cases.service import gate, keys, records, rows, states, team
from cases.service.reach import find
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.reference import reference
from domain import lifecycle
from domain.lifecycle import State

# Moves that are consequences of an act of their own, never picked by hand.
BY_ACT: Final = frozenset({State.ASSIGNED, State.ERASED})
_ENDS: Final = frozenset({State.IN_REVIEW, State.CLOSED})


def move(
    actor: Actor,
    case_id: UUID,
    version: int,
    to: str,
    *,
    reason: str = "",
    why: str = "",
    closing: dict[str, Any] | None = None,
) -> str:
    """Move a case, and give the state in which it is now.

    Raises Conflict for a stale version, DomainError where the table or a rule forbids it.

    why: a code of the list `close_reason`, or of `reopen_reason` for a closed case; it stands for a reason in
    words, and each reader reads it in their own language. A closed case on which a lawyer still works is in
    progress again, whichever of the two was asked for; without a lawyer no case is in progress, but open.
    closing: how it is closed, or how that is proposed; a closing for which a second one is needed stays in
    review.
    """
    case = find(actor, Permission.CASE_STATE, case_id, version=version)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if to in BY_ACT:
        raise NotFound
    _check(actor, case.state, to, reason or _known(why, case, to))
    if case.state in {State.CONFLICT_CHECK, State.IN_REVIEW} and to not in _ENDS:
        gate.require(case, records.open_record(key, case), gate.Act.OPEN)
    if to == State.CLOSED:
        closings.close(actor, case, key, reason, {**(closing or {}), "why": why})
    elif to == State.IN_REVIEW:
        closings.propose(actor, case, key, reason, {**closing, "why": why} if closing else None)
    elif case.state == State.CLOSED:
        closings.reopen(actor, case, key, _led(case), reason, why)
    else:
        states.no_open_offer(case)
        becomes = _led(case) if to == State.IN_PROGRESS else State(to)
        states.set_state(actor, case, key, becomes, reason, why)
        rows.written(actor, "case.state", key, case)
    return case.state


def _led(case: Case) -> State:
    """Where a case goes on: in progress with its lawyer, open for one without."""
    return State.IN_PROGRESS if team.has_lawyer(case.id) else State.OPEN


def _known(why: str, case: Case, to: str) -> str:
    """The code itself, where it is one of the list that fits. Raises NotFound."""
    code_list = "close_reason" if to in _ENDS else "reopen_reason"
    if why and (why not in reference().lists[code_list] or not {case.state, to} & {State.CLOSED, *_ENDS}):
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
