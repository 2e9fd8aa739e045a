"""The life of a referral as one table, its clocks, and which fields a consent lets go to a recipient.

Priorities and their times follow the inter-agency referral form of the IASC reference group (2017): emergency
24 hours, urgent 72 hours, normal two weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


class State(StrEnum):
    """Where a referral stands; labels are in `config/lists/referral_state.tsv`."""

    DRAFT = "draft"
    ENQUIRY = "enquiry"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELEASED = "released"
    IN_PROGRESS = "in_progress"
    OUTCOME = "outcome"
    FEEDBACK = "feedback"
    CLOSED = "closed"


class Side(StrEnum):
    """Who moves a referral."""

    SENDER = "sender"
    PARTNER = "partner"
    CLOCK = "clock"


OVER: Final = frozenset({State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.CLOSED})
"""Nothing more happens to these."""

READABLE: Final = frozenset({State.RELEASED, State.IN_PROGRESS, State.OUTCOME, State.FEEDBACK})
"""The recipient may read what was released."""

CONVERSING: Final = READABLE | {State.ACCEPTED}
"""Both sides may write. Before the answer nobody can: a free text could carry a name."""

OPEN: Final = CONVERSING | {State.ENQUIRY}
"""A case with a referral in one of these does not close by itself."""

ANSWERED_BY_PARTNER: Final = frozenset(
    {State.ACCEPTED, State.DECLINED, State.IN_PROGRESS, State.OUTCOME},
)
"""What the recipient says; for an organisation without an account here the sender records it by hand."""

TURN: Final = MappingProxyType(
    {
        Side.SENDER: frozenset({State.ACCEPTED, State.OUTCOME, State.FEEDBACK}),
        Side.PARTNER: frozenset({State.ENQUIRY, State.RELEASED, State.IN_PROGRESS}),
    }
)
"""Whose turn it is: a referral stays on that side's desk until it acts."""

CHASES_TO_CLOSE: Final = 2
"""Reminders after which a referral may be closed although nobody told what came of it."""


class ReferralError(ValueError):
    """A referral may not move that way."""


class NoSuchMove(ReferralError):
    """Nobody may move a referral from the one state to the other."""


class NotYourMove(ReferralError):
    """The move exists, but for the other side."""


class NotChasedEnough(ReferralError):
    """It may be closed without an outcome only after two reminders."""


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move and who may make it. `unheard`: only after `CHASES_TO_CLOSE` reminders."""

    origin: State
    to: State
    side: Side
    unheard: bool = False


def _table() -> Iterator[Move]:
    yield Move(State.DRAFT, State.ENQUIRY, Side.SENDER)
    yield Move(State.ENQUIRY, State.ACCEPTED, Side.PARTNER)
    for origin in (State.ENQUIRY, State.ACCEPTED):
        yield Move(origin, State.DECLINED, Side.PARTNER)
    yield Move(State.ENQUIRY, State.EXPIRED, Side.CLOCK)
    yield Move(State.ACCEPTED, State.RELEASED, Side.SENDER)
    yield Move(State.RELEASED, State.IN_PROGRESS, Side.PARTNER)
    for origin in (State.RELEASED, State.IN_PROGRESS):
        yield Move(origin, State.OUTCOME, Side.PARTNER)
        yield Move(origin, State.CLOSED, Side.SENDER, unheard=True)
    yield Move(State.OUTCOME, State.FEEDBACK, Side.SENDER)
    yield Move(State.FEEDBACK, State.CLOSED, Side.SENDER)
    for origin in sorted(OPEN):
        yield Move(origin, State.WITHDRAWN, Side.SENDER)
    for origin in sorted(READABLE):
        # The consent under which the packet was released has run out.
        yield Move(origin, State.EXPIRED, Side.CLOCK)


MOVES: Final = MappingProxyType({(move.origin, move.to, move.side): move for move in _table()})
"""The table itself, by states and side."""


def check(state: str, to: str, side: Side, *, by_hand: bool = False, chases: int = 0) -> Move:
    """The move from `state` to `to` for a side.

    `by_hand`: the recipient has no account here, so the sender records its answers. Raises NoSuchMove,
    NotYourMove or NotChasedEnough.
    """
    sides = {side, Side.PARTNER} if by_hand and side is Side.SENDER else {side}
    found = [move for (origin, end, _), move in MOVES.items() if (origin, end) == (state, to)]
    if not found:
        raise NoSuchMove(f"{state} to {to}")
    mine = [move for move in found if move.side in sides]
    if not mine:
        raise NotYourMove(f"{state} to {to}")
    if mine[0].unheard and chases < CHASES_TO_CLOSE:
        raise NotChasedEnough(f"{state} to {to}")
    return mine[0]


def next_states(state: str, side: Side, *, by_hand: bool = False, chases: int = 0) -> tuple[State, ...]:
    """The states to which a side may move a referral now, in the order of a life."""

    def allowed(to: State) -> bool:
        try:
            check(state, to, side, by_hand=by_hand, chases=chases)
        except ReferralError:
            return False
        return True

    return tuple(to for to in State if allowed(to))


@dataclass(frozen=True, slots=True)
class Clock:
    """The times of a priority, counted from sending or, for `outcome`, from the release.

    An enquiry without an answer is chased once, after `chase`, and comes back to the sender after `answer`.
    `outcome` is how long the recipient has to tell what came of it, before it is chased, again and again.
    """

    chase: timedelta
    answer: timedelta
    outcome: timedelta


CLOCKS: Final = MappingProxyType(
    {
        "emergency": Clock(timedelta(hours=4), timedelta(hours=24), timedelta(hours=72)),
        "urgent": Clock(timedelta(hours=24), timedelta(hours=72), timedelta(days=7)),
        # Five working days are seven days wherever they begin.
        "normal": Clock(timedelta(days=7), timedelta(days=14), timedelta(days=14)),
    }
)
"""By code of `config/lists/referral_priority.tsv`."""


class Answer(Protocol):
    """A consent to sharing with somebody, as it stands."""

    @property
    def recipient(self) -> str:
        """Id of the entry of the directory, or nothing for an answer that named none."""

    @property
    def recipient_name(self) -> str:
        """The name that the person was told."""

    @property
    def recipient_partner(self) -> str | None:
        """Id of the partner behind the entry then; nothing: none. None: an answer that did not keep it."""

    @property
    def recipient_names(self) -> Collection[str]:
        """Every name that the entry had then."""

    @property
    def answer(self) -> str:
        """One of given, refused, withdrawn."""

    @property
    def purposes(self) -> Collection[str]:
        """Codes of the services for which it was given."""

    @property
    def fields(self) -> Collection[str]:
        """Codes of the fields that may go."""

    @property
    def until(self) -> date:
        """The last day on which it holds."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom something would go now. `partner`: nothing for who is reached by phone or on paper."""

    entry: str
    partner: str
    names: frozenset[str]

    def was_told(self, answer: Answer) -> bool:
        """Whether it is still whom the person was told: an entry can be renamed, or linked to somebody else.

        A partner is known by its id, so its name may be put right. Anybody else is known by name only. An
        answer that did not keep the partner cannot prove one.
        """
        if self.partner or answer.recipient_partner:
            return self.partner == answer.recipient_partner
        return {answer.recipient_name, *answer.recipient_names} <= self.names


class Why(StrEnum):
    """Whether a field may go to a recipient, or why not."""

    COVERED = "covered"
    NO_CONSENT = "no_consent"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    OTHER_RECIPIENT = "other_recipient"
    CHANGED = "changed"
    MOVED = "moved"
    RETIRED = "retired"
    OTHER_PURPOSE = "other_purpose"
    NOT_NAMED = "not_named"


Given = TypeVar("Given", bound=Answer)


def standing(answers: Iterable[Given], to: Recipient, purpose: str, today: date) -> tuple[Why, Given | None]:
    """What the person's answers say about this recipient and purpose, and the answer that says it.

    `answers` holds at most one for each recipient. An answer that named nobody covers nobody.
    """
    known = list(answers)
    mine = next((one for one in known if to.entry and one.recipient == to.entry), None)
    if mine is None:
        elsewhere = any(one.answer == "given" and one.until >= today for one in known)
        return (Why.OTHER_RECIPIENT if elsewhere else Why.NO_CONSENT), None
    if mine.answer == "refused":
        return Why.REFUSED, mine
    if mine.answer == "withdrawn":
        return Why.WITHDRAWN, mine
    if mine.until < today:
        return Why.EXPIRED, mine
    if not to.was_told(mine):
        return Why.CHANGED, mine
    return (Why.COVERED if purpose in mine.purposes else Why.OTHER_PURPOSE), mine


def coverage(
    fields: Iterable[str], answers: Iterable[Answer], to: Recipient, purpose: str, today: date
) -> dict[str, Why]:
    """For each field whether it may go to this recipient for this purpose on this day, or why not."""
    why, answer = standing(answers, to, purpose, today)
    if why is not Why.COVERED or answer is None:
        return dict.fromkeys(fields, why)
    return {field: Why.COVERED if field in answer.fields else Why.NOT_NAMED for field in fields}
