"""What became of a request to an authority: a ladder of outcomes and the days on which it is reviewed.

A request may jump over steps, as an instruction can come without a meeting, but it never climbs down: what
was taken back is `reversed`, from where it may climb again. That a practice changed is a claim about cases,
so it needs at least five later ones, everybody counted once, in which somebody checked that the new practice
was followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from domain.recurrence.occurrences import Occurrence, tied_groups
from domain.statistics_facts import thursday_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

LEAST_LATER_CASES: Final = 5
REVIEW_DAYS: Final = (30, 90, 180)
"""Days after the last step, or after the request where there is none."""


class Step(StrEnum):
    """A rung of the ladder, the lowest first (`config/lists/advocacy_outcome.tsv`)."""

    ACKNOWLEDGED = "acknowledged"
    MEETING = "meeting"
    COMMITMENT = "commitment"
    INSTRUCTION = "instruction"
    PRACTICE_CHANGED = "practice_changed"
    NORM_CHANGED = "norm_changed"
    REVERSED = "reversed"


_RUNGS: Final = tuple(step for step in Step if step is not Step.REVERSED)
REVERSIBLE: Final = frozenset(_RUNGS[2:])
"""A receipt and a meeting promise nothing that could be taken back."""


class Refusal(StrEnum):
    """Why a step can't be recorded (`config/lists/advocacy_refusal.tsv`)."""

    NOT_FROM_HERE = "not_from_here"
    BEFORE_THE_LAST = "before_the_last"
    TOO_FEW_CASES = "too_few_cases"


class StepRefused(ValueError):
    """The step can't be recorded; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason: Final = reason


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that was reached on a day; `later_cases` is how many cases confirmed it, where it needs them."""

    step: Step
    on: date
    later_cases: int = 0


def allowed(history: Sequence[Reached]) -> tuple[Step, ...]:
    """The steps that may follow, the lowest first; later cases are asked for when one is taken."""
    if not history or history[-1].step is Step.REVERSED:
        return _RUNGS
    last = history[-1].step
    higher = _RUNGS[_RUNGS.index(last) + 1 :]
    return (*higher, Step.REVERSED) if last in REVERSIBLE else higher


def later_cases(confirmed: Iterable[Occurrence], since: date) -> int:
    """How many of the confirmed cases were opened in a later week than `since`, everybody counted once.

    Whoever refused statistics is not counted here either.
    """
    week = thursday_of(since)
    return len(tied_groups(case for case in confirmed if case.statistics and case.opened > week))


def reach(history: Sequence[Reached], step: Step, on: date, asked: date, later: int = 0) -> Reached:
    """The next entry of a history that began with a request on the day `asked`.

    `later` is the number of cases, opened after the last step, in which somebody checked that the new
    practice was followed (`later_cases` counts them where they are coded). Raises `StepRefused`.
    """
    last = history[-1].on if history else asked
    if step not in allowed(history):
        raise StepRefused(Refusal.NOT_FROM_HERE)
    if on < last:
        raise StepRefused(Refusal.BEFORE_THE_LAST)
    if step is not Step.PRACTICE_CHANGED:
        return Reached(step, on)
    if later < LEAST_LATER_CASES:
        raise StepRefused(Refusal.TOO_FEW_CASES)
    return Reached(step, on, later)


@dataclass(frozen=True, slots=True)
class Review:
    """A day on which somebody asks whether what was reached still holds."""

    days: int
    due: date
    is_done: bool

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed without a review."""
        return not self.is_done and today > self.due


def reviews(history: Sequence[Reached], asked: date, done: Collection[date]) -> tuple[Review, ...]:
    """The three reviews after the last step, or after the request.

    `done` are the days on which somebody reviewed. Each of them does for every review that was due by then,
    as one look answers them all; a review ahead of its day does for none.
    """
    since = history[-1].on if history else asked
    due = [(days, since + timedelta(days=days)) for days in REVIEW_DAYS]
    return tuple(Review(days, day, any(reviewed >= day for reviewed in done)) for days, day in due)
