"""The states of a case and who may move it from one to the next, as one table.

Conditions beyond state and role (open deadlines, unreturned originals, a clear conflict check, two people
for an erasure) belong to the service that moves the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class State(StrEnum):
    """Where a case stands; labels are in `config/lists/case_state.tsv`."""

    CONFLICT_CHECK = "conflict_check"
    OPEN = "open"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING_PERSON = "waiting_person"
    WAITING_AUTHORITY = "waiting_authority"
    WAITING_COURT = "waiting_court"
    LOST_CONTACT = "lost_contact"
    IN_REVIEW = "in_review"
    CLOSED = "closed"
    ERASED = "erased"


INITIAL: Final = State.CONFLICT_CHECK
WAITING: Final = (State.WAITING_PERSON, State.WAITING_AUTHORITY, State.WAITING_COURT)
UNDER_WAY: Final = (State.IN_PROGRESS, *WAITING, State.LOST_CONTACT)
"""States in which somebody works the file, even while everyone waits."""

CASEWORKER: Final = "caseworker"
LAWYER: Final = "lawyer"
COORDINATOR: Final = "coordinator"
CLOCK: Final = "clock"
"""Not a role of a person: the timed job that takes back an assignment nobody answered."""

_TEAM: Final = frozenset({CASEWORKER, LAWYER, COORDINATOR})
_INTAKE: Final = frozenset({CASEWORKER, COORDINATOR})
_LEADS: Final = frozenset({COORDINATOR})


class LifecycleError(ValueError):
    """A case may not move that way."""


class UnknownState(LifecycleError):
    """There is no state of that name."""


class NoSuchTransition(LifecycleError):
    """Nobody may move a case from the one state to the other."""


class NotYourTransition(LifecycleError):
    """The move exists, but not for any of these roles."""


class ReasonMissing(LifecycleError):
    """The move needs a reason, and none was given."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move, who may make it, and whether a reason must be recorded."""

    origin: State
    to: State
    roles: frozenset[str]
    needs_reason: bool

    def require(self, reason: str) -> None:
        """Raise `ReasonMissing` where a reason is needed and `reason` is blank."""
        if self.needs_reason and not reason.strip():
            raise ReasonMissing(f"{self.origin} to {self.to} needs a reason")


def _table() -> Iterator[Transition]:
    yield Transition(State.CONFLICT_CHECK, State.OPEN, _INTAKE, needs_reason=False)
    yield Transition(State.CONFLICT_CHECK, State.CLOSED, _LEADS, needs_reason=True)
    # Closings of the highest urgency, and some others, are looked at by a second person, these too.
    yield Transition(State.CONFLICT_CHECK, State.IN_REVIEW, _INTAKE, needs_reason=False)
    yield Transition(State.OPEN, State.ASSIGNED, _LEADS, needs_reason=False)
    # A clear check opens a case by itself; what turns out to need nothing is closed without work.
    yield Transition(State.OPEN, State.CLOSED, _LEADS, needs_reason=True)
    # Information and counselling often need no assignment: such a file goes straight to review.
    yield Transition(State.OPEN, State.IN_REVIEW, _INTAKE, needs_reason=False)
    yield Transition(State.ASSIGNED, State.IN_PROGRESS, frozenset({LAWYER}), needs_reason=False)
    yield Transition(State.ASSIGNED, State.OPEN, frozenset({LAWYER, COORDINATOR, CLOCK}), needs_reason=True)
    for origin, to in permutations((State.IN_PROGRESS, *WAITING), 2):
        yield Transition(origin, to, _TEAM, needs_reason=False)
    for origin in (State.IN_PROGRESS, *WAITING):
        yield Transition(origin, State.LOST_CONTACT, _TEAM, needs_reason=True)
    yield Transition(State.LOST_CONTACT, State.IN_PROGRESS, _TEAM, needs_reason=False)
    for origin in UNDER_WAY:
        # The lawyer steps off or is removed, and nobody else is on the file.
        yield Transition(origin, State.OPEN, frozenset({LAWYER, COORDINATOR}), needs_reason=True)
        yield Transition(origin, State.IN_REVIEW, _TEAM, needs_reason=False)
    yield Transition(State.IN_REVIEW, State.IN_PROGRESS, _TEAM, needs_reason=True)
    yield Transition(State.IN_REVIEW, State.OPEN, _INTAKE, needs_reason=True)
    yield Transition(State.IN_REVIEW, State.CLOSED, _LEADS, needs_reason=True)
    yield Transition(State.CLOSED, State.OPEN, _LEADS, needs_reason=True)
    yield Transition(State.CLOSED, State.IN_PROGRESS, _LEADS, needs_reason=True)
    yield Transition(State.CLOSED, State.ERASED, _LEADS, needs_reason=True)


TRANSITIONS: Final = MappingProxyType({(move.origin, move.to): move for move in _table()})
"""The table itself, by pair of states."""


def _state(name: str) -> State:
    try:
        return State(name)
    except ValueError as error:
        raise UnknownState(name) from error


def next_states(state: str, roles: Collection[str]) -> tuple[State, ...]:
    """The states to which somebody with these roles may move a case. Raises `UnknownState`."""
    here = _state(state)
    held = frozenset(roles)
    return tuple(
        to for to in State if (move := TRANSITIONS.get((here, to))) is not None and move.roles & held
    )


def check(state: str, to: str, roles: Collection[str]) -> Transition:
    """The move from `state` to `to`, for somebody with these roles.

    Call `require(reason)` on it before acting. Raises `UnknownState`, `NoSuchTransition` or
    `NotYourTransition`.
    """
    move = TRANSITIONS.get((_state(state), _state(to)))
    if move is None:
        raise NoSuchTransition(f"{state} to {to}")
    if not move.roles & frozenset(roles):
        raise NotYourTransition(f"{state} to {to}")
    return move
