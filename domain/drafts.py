"""What becomes of a lawyer's draft: written, looked at by another lawyer, approved as it stands, filed.

What is filed in the most urgent matters has a second pair of eyes before, or within a day after it (ABA
Standards for the Provision of Civil Legal Aid 2021; our own rule, domain.md 4.4). The one who wrote any
version of a draft is never its second pair of eyes, nor is whoever filed it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class State(StrEnum):
    """How a draft stands."""

    WRITING = "writing"
    ASKED = "asked"
    COMMENTED = "commented"
    UNASKED = "unasked"  # whoever was asked is asked no more, and nobody has answered
    CHANGED = "changed"  # after comments, or after an approval, which then holds no more
    APPROVED = "approved"
    FILED = "filed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody does with a draft; of the rest, such as a remark, any state takes it."""

    WRITE = "write"
    ASK = "ask"
    JUDGE = "judge"
    FILE = "file"
    WITHDRAW = "withdraw"
    CORRECT = "correct"  # what was recorded of its filing


class NotNow(Exception):
    """The draft does not take this act as it stands."""


REVIEWER: Final = "reviewer"
"""As what a lawyer is on a case for a time, to look at a draft."""

SECOND_LOOK: Final = dt.timedelta(hours=24)
"""Within which what was filed without an approval is looked at."""

ACCESS_AFTER: Final = dt.timedelta(days=7)
"""How long a lawyer from outside the case may open it after the answer is due, where they have not judged."""

_OPEN: Final = frozenset(State) - {State.FILED, State.WITHDRAWN}
_TAKES: Final[Mapping[Act, frozenset[State]]] = MappingProxyType(
    {
        Act.WRITE: _OPEN,
        Act.ASK: _OPEN - {State.APPROVED},
        Act.JUDGE: frozenset({State.ASKED}),
        Act.FILE: _OPEN,
        Act.WITHDRAW: _OPEN,
        Act.CORRECT: frozenset({State.FILED}),
    }
)
_OF_SECOND_LOOK: Final = frozenset({Act.ASK, Act.JUDGE})


def takes(state: State, act: Act, *, second_open: bool = False) -> bool:
    """Whether a draft takes an act; second_open: it is filed, and the second look at it is still owed."""
    return state in _TAKES[act] or (second_open and act in _OF_SECOND_LOOK)


def require(state: State, act: Act, *, second_open: bool = False) -> None:
    """Raise NotNow where the draft does not take the act."""
    if not takes(state, act, second_open=second_open):
        raise NotNow


def after_text(state: State, *, by_asked: bool) -> State:
    """How a draft stands once it has another version. Raises NotNow when it is over.

    by_asked: whoever was asked to look at it wrote it, and can judge it no more: it goes back.
    """
    require(state, Act.WRITE)
    stays = {State.WRITING} if by_asked else {State.WRITING, State.ASKED}
    return state if state in stays else State.CHANGED


def after_taking_back(*, approved: bool, asked: bool) -> State:
    """How a draft stands that was not filed after all; asked: a review of it had begun."""
    if approved:
        return State.APPROVED
    return State.CHANGED if asked else State.WRITING


def may_judge(person: str, writers: Collection[str], filed_by: str = "") -> bool:
    """Whether somebody can be the second pair of eyes: nobody is for what they wrote, or filed themselves."""
    return person not in writers and person != filed_by


def review_due(asked: dt.datetime, within: dt.timedelta, wanted: dt.datetime | None) -> dt.datetime:
    """By when a review is due: by the urgency of the case, or earlier where that is wanted."""
    due = asked + within
    return due if wanted is None else min(due, wanted)


def owes_reason(state: State, *, urgent: bool) -> bool:
    """Whether filing says why nobody approved: in the most urgent matters, and where a review had begun.

    urgent: `domain.reviews.is_urgent`.
    """
    return state is not State.APPROVED and (urgent or state is not State.WRITING)


def owes_second_look(state: State, *, urgent: bool) -> bool:
    """Whether what is filed now has to be looked at within SECOND_LOOK; urgent: as above."""
    return state is not State.APPROVED and urgent
