"""Days that come back: on which days somebody has to sign, and what is known of each.

Source of the duty: law 6458 (YUKK), article 57/A, alternatives to administrative detention; what follows when
it is not kept is for a lawyer to say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WEEK: Final = 7
MOST: Final = 366  # days between two days; also the longest time between the first and any other of a page
MISSED_TWICE: Final = 2  # days missed after which a lawyer and a coordinator are warned


class Fault(StrEnum):
    """Why days cannot come back like this."""

    EVERY = "every"  # not a number of days from 1 to MOST
    WEEKDAYS = "weekdays"  # none, or not from Monday 0 to Sunday 6
    LAST = "last"  # before the first day, or no day of it falls within


class UnfitPattern(ValueError):
    """Days cannot come back like this."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Pattern:
    """Every so many days from the first one, or on given days of the week; both ends included.

    every: days, 7 for weekly; None where it goes by the days of the week. weekdays: 0 is Monday. last: None
    where nobody said how long. Raises UnfitPattern.
    """

    first: dt.date
    last: dt.date | None = None
    every: int | None = None
    weekdays: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.every is None:
            if not self.weekdays or not self.weekdays <= frozenset(range(WEEK)):
                raise UnfitPattern(Fault.WEEKDAYS)
        elif not 1 <= self.every <= MOST:
            raise UnfitPattern(Fault.EVERY)
        if self.on_or_after(self.first) is None:
            raise UnfitPattern(Fault.LAST)

    def on_or_after(self, day: dt.date) -> dt.date | None:
        """The first such day from `day` on; None where there is none any more."""
        day = max(day, self.first)
        if self.every is None:
            ahead = min((weekday - day.weekday()) % WEEK for weekday in self.weekdays)
        else:
            ahead = -(day - self.first).days % self.every
        if ahead > (dt.date.max - day).days:
            return None
        found = day + dt.timedelta(days=ahead)
        return found if self.last is None or found <= self.last else None

    def after(self, day: dt.date) -> dt.date | None:
        """The next such day after `day`; None where there is none any more."""
        return None if day == dt.date.max else self.on_or_after(day + dt.timedelta(days=1))

    def coming(self, day: dt.date, most: int) -> Iterator[dt.date]:
        """At most so many days from `day` on."""
        found = self.on_or_after(day)
        while found is not None and most > 0:
            yield found
            found, most = self.after(found), most - 1


def missed(kept: Iterable[bool]) -> int:
    """How many of the days were missed. kept: of each day that is known."""
    return sum(not one for one in kept)


def warns(kept: Iterable[bool]) -> bool:
    """Whether so many days were missed that a lawyer and a coordinator have to look at it."""
    return missed(kept) >= MISSED_TWICE
