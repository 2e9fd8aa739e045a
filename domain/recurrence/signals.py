"""What a method of detection answers, whichever it is: page, sentence and decisions rest on this alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from domain.recurrence.occurrences import Occurrence, PooledCount, Series


class Reason(StrEnum):
    """Why a line of counts is proposed as a pattern."""

    CASES = "cases"
    URGENT = "urgent"
    UNUSUAL = "unusual"
    """More than a model expected; only methods with a model give it."""


@dataclass(frozen=True, slots=True)
class WeekCount:
    """A bar of the chart: cases of one's own and of the other organisations, by the Thursday of the week."""

    week: date
    own: int
    others: int

    @property
    def cases(self) -> int:
        """Height of the bar."""
        return self.own + self.others


@dataclass(frozen=True, slots=True)
class Signal:
    """A proposed pattern, as parameters for the sentence that is shown.

    `first` and `last` are the Monday and the Sunday of the window. In it were `observed` cases, `urgent` of
    them U0, everybody counted once, seen by `organisations`; before anybody was counted
    once they were `files` (0 in older signals). `weeks` runs without gaps up to the last week of the window.
    `method` names detector and version. A method with a model adds what it expected in the window, the upper
    band, and the q-value (share of false alarms among signals this unusual); a rule has none of them.
    """

    series: Series
    first: date
    last: date
    observed: int
    urgent: int
    reasons: tuple[Reason, ...]
    organisations: tuple[str, ...]
    weeks: tuple[WeekCount, ...]
    method: str
    expected: float | None = None
    upper: float | None = None
    q: float | None = None
    files: int = 0

    @property
    def from_one_organisation(self) -> bool:
        """Whether it is to be marked: what only one organisation sees may be its own way of recording."""
        return len(self.organisations) == 1


class Detector(Protocol):
    """A method that finds patterns. It must not depend on the order of what it is given."""

    @property
    def method(self) -> str:
        """Name and version; a changed parameter is a new version."""
        ...

    def scan(
        self, cases: Iterable[Occurrence], pooled: Iterable[PooledCount], week: date
    ) -> tuple[Signal, ...]:
        """All signals of the window that ends with the week of that Thursday, the most pressing first.

        `cases` are one's own, newest version of each; `pooled` what other organisations told. Counts of an
        organisation whose cases are given too are left out, as they would count twice. Raises `ValueError`
        for a day that is not a Thursday, or two counts of one organisation for the same line and week.
        """
        ...
