"""How long a request may wait for somebody to claim it, and for the decision what becomes of it.

By urgency (domain.md 4.5): U0 is claimed within an hour and decided on the same day, U1 is claimed and
decided on the same day, U2 within two and U3 within five working days. A day is one in Türkiye; in its last
hour, the same day is an hour. Working days are counted as in deadlines (`domain.deadlines.counting`): the day
on which the request came does not count, and the last one counts to its end.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.deadlines.calendar_days import Calendar
from domain.deadlines.counting import count
from domain.deadlines.steps import Period, Refusal, Unit
from domain.intake.wall_clock import DAY, instant, utc, wall

_HOUR: Final = dt.timedelta(hours=1)
_WORKING_DAYS: Final = {"U2": 2, "U3": 5}


class Breach(StrEnum):
    """Where a request stands with its clock."""

    NONE = "none"
    NEAR = "near"  # the last quarter of the time has begun
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Clock:
    """The instants, in UTC, from which a request is nearly, and really, too long in waiting."""

    near: dt.datetime
    over: dt.datetime

    @classmethod
    def between(cls, since: dt.datetime, over: dt.datetime) -> Clock:
        """The clock of a request that came at one instant and waits too long from another on."""
        return cls(over - (over - since) / 4, over)

    def breach(self, at: dt.datetime) -> Breach:
        """Where it stands at an instant. Raises `ValueError` for one without a time zone."""
        now = utc(at)
        if now >= self.over:
            return Breach.OVER
        return Breach.NEAR if now >= self.near else Breach.NONE


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both clocks of a request, from the instant at which it came; the first never ends after the second."""

    claim: Clock
    decision: Clock

    def breach(self, at: dt.datetime, *, claimed: bool) -> Breach:
        """Where a request that nobody has decided stands."""
        return (self.decision if claimed else self.claim).breach(at)


def clocks(urgency: str, since: dt.datetime, calendar: Calendar) -> Clocks:
    """The clocks of a request that came at an instant.

    Raises `KeyError` for an unknown urgency, `ValueError` for an instant without a time zone.
    """
    came = utc(since)
    within_the_hour, came_on = came + _HOUR, wall(came).date()
    if urgency in ("U0", "U1"):
        over = max(within_the_hour, instant(came_on + DAY))
    else:
        over = _end_of_working_days(_WORKING_DAYS[urgency], came_on, calendar)
    claim = within_the_hour if urgency == "U0" else over
    return Clocks(Clock.between(came, claim), Clock.between(came, over))


def answering(urgency: str, since: dt.datetime, calendar: Calendar) -> Clock:
    """How long somebody may wait for an answer who writes after their request was ended.

    As long as a request of this urgency may wait for somebody, and never longer than to the end of the next
    working day: nobody knows what it says. Raises as `clocks` does.
    """
    came = utc(since)
    next_day = _end_of_working_days(1, wall(came).date(), calendar)
    return Clock.between(came, min(clocks(urgency, came, calendar).claim.over, next_day))


def _end_of_working_days(days: int, came_on: dt.date, calendar: Calendar) -> dt.datetime:
    """Where the calendar does not reach, every day counts: the clock is early then, and never late."""
    try:
        last = count(Period(days, Unit.WORKDAY), came_on, calendar)
    except Refusal:
        last = came_on + days * DAY
    return instant(last + DAY)
