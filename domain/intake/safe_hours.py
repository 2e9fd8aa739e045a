"""Whether a notice may leave now: only in the hours in which the person said that it is safe.

Also a notice without content shows on a telephone that others may hold. No hours mean that nothing leaves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from domain.intake.wall_clock import DAY, instant, utc, wall

_WEEKDAYS: Final = range(7)
_MIDNIGHT: Final = dt.time()
# Each window begins once in a week; in the second one also those that a clock put forward has left out.
_SEARCHED_DAYS: Final = 15


@dataclass(frozen=True, slots=True)
class Window:
    """Safe hours that begin on one weekday (Monday is 0), by the clock in Türkiye; the end is not in them.

    They go into the next day where they end before they begin. From midnight to midnight is the whole day.
    """

    weekday: int
    begins: dt.time
    ends: dt.time

    def __post_init__(self) -> None:
        """Raise `ValueError` for what is no weekday, has a time zone, or may mean nothing or a day."""
        if self.weekday not in _WEEKDAYS:
            message = "a weekday is 0 to 6"
            raise ValueError(message)
        if self.begins.tzinfo is not None or self.ends.tzinfo is not None:
            message = "safe hours are hours of the clock in Türkiye"
            raise ValueError(message)
        if self.begins == self.ends != _MIDNIGHT:
            message = "safe hours that end as they begin are none, or a whole day"
            raise ValueError(message)

    def holds(self, shown: dt.datetime) -> bool:
        """Whether the window is open at a day and time of the clock in Türkiye."""
        over_midnight = self.ends <= self.begins
        if shown.weekday() == self.weekday:
            return shown.time() >= self.begins and (over_midnight or shown.time() < self.ends)
        return over_midnight and (shown - DAY).weekday() == self.weekday and shown.time() < self.ends


ANY_TIME: Final = tuple(Window(weekday, _MIDNIGHT, _MIDNIGHT) for weekday in _WEEKDAYS)


def may_leave(hours: Collection[Window], at: dt.datetime) -> bool:
    """Whether a notice may leave at an instant. Raises `ValueError` for one without a time zone."""
    shown = wall(at)
    return any(window.holds(shown) for window in hours)


def next_leave(hours: Collection[Window], at: dt.datetime) -> dt.datetime | None:
    """The first instant from this one on at which a notice may leave, in UTC; None where there is none.

    Raises `ValueError` for an instant without a time zone.
    """
    if may_leave(hours, at):
        return utc(at)
    today = wall(at).date()
    days = (today + number * DAY for number in range(_SEARCHED_DAYS))
    begins = (begin for day in days for begin in _begins(hours, day))
    return min((begin for begin in begins if begin > utc(at) and may_leave(hours, begin)), default=None)


def _begins(hours: Collection[Window], day: dt.date) -> Iterator[dt.datetime]:
    return (instant(day, window.begins) for window in hours if window.weekday == day.weekday())
