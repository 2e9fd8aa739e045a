"""Who is on duty at an instant, and who is told of an urgent request, one after the other.

House rules: whoever is on duty at once, the second person after 15 minutes, the coordinators after 30. Where
nobody is on duty the coordinators are told at once, and the public page says that nobody is reading.

Somebody who says "I am on it" has 15 minutes to take it on; then both on duty hear at once, and the
coordinators after 15.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from domain.deadlines.calendar_days import Calendar
from domain.deadlines.steps import Refusal
from domain.intake.wall_clock import DAY, instant, utc, wall

STEPS: Final = tuple(dt.timedelta(minutes=minutes) for minutes in (0, 15, 30))
# Somebody was on it, and it still waits: time was lost already.
STEPS_AGAIN: Final = tuple(dt.timedelta(minutes=minutes) for minutes in (0, 0, 15))
PROMISED: Final = dt.timedelta(minutes=15)  # how long somebody is believed who says that they are on it


@dataclass(frozen=True, slots=True)
class Shift:
    """A duty by the clock in Türkiye; one that ends at or before its beginning ends on the next day."""

    begins: dt.time
    ends: dt.time
    person: UUID
    second: UUID | None = None

    def covers(self, day: dt.date, at: dt.datetime) -> bool:
        """Whether the shift that begins on this day holds at an instant; its end is not in it."""
        last = day if self.begins < self.ends else day + DAY
        return instant(day, self.begins) <= at < instant(last, self.ends)


@dataclass(frozen=True, slots=True)
class Rota:
    """The shifts that begin on a day: those of its date, else of holidays, else of its weekday (Monday is 0).

    A shift of the evening before goes on until it ends, whatever the next day is. The eve of a holiday, of
    which only the afternoon is free, is a weekday.
    """

    weekly: Mapping[int, Sequence[Shift]]
    holidays: Sequence[Shift] = ()
    days: Mapping[dt.date, Sequence[Shift]] = field(default_factory=dict)

    def shifts_of(self, day: dt.date, calendar: Calendar) -> Sequence[Shift]:
        """What begins on a day. Where the calendar does not reach, no day is a holiday."""
        if day in self.days:
            return self.days[day]
        return self.holidays if _is_holiday(day, calendar) else self.weekly.get(day.weekday(), ())


@dataclass(frozen=True, slots=True)
class Duty:
    """The two who are on duty; no second without a first."""

    person: UUID | None = None
    second: UUID | None = None

    @property
    def is_reading(self) -> bool:
        """Whether the public page may say that somebody reads what comes in."""
        return self.person is not None


@dataclass(frozen=True, slots=True)
class Alert:
    """Whom to tell from an instant (UTC) on, as long as nobody has acknowledged."""

    at: dt.datetime
    people: frozenset[UUID]


def holding(rota: Rota, at: dt.datetime, calendar: Calendar) -> list[Shift]:
    """The shifts that hold at an instant: the one that began last comes first, then the first in the rota.

    Raises `ValueError` for an instant without a time zone.
    """
    now, today = utc(at), wall(at).date()
    found = [
        (instant(day, shift.begins), shift)
        for day in (today - DAY, today)
        for shift in rota.shifts_of(day, calendar)
        if shift.covers(day, now)
    ]
    return [shift for _, shift in sorted(found, key=lambda one: one[0], reverse=True)]


def on_duty(rota: Rota, at: dt.datetime, calendar: Calendar, present: Collection[UUID]) -> Duty:
    """Who is on duty at an instant, of the people who are `present`: members today, and not away.

    The second stands in for somebody who is not; of shifts at the same time the first that is `holding` with
    somebody present counts. Raises `ValueError` for an instant without a time zone.
    """
    for shift in holding(rota, at, calendar):
        people = dict.fromkeys(one for one in (shift.person, shift.second) if one in present)
        if people:
            return Duty(*people)
    return Duty()


def escalation(
    duty: Duty, coordinators: Collection[UUID], since: dt.datetime, *, again: bool = False
) -> tuple[Alert, ...]:
    """The whole plan for a request that came at an instant; nobody stands in it twice.

    again: somebody was on it and did not take it on. A step for which there is nobody leaves its time to the
    next one. Empty only where there is nobody at all.
    Raises `ValueError` for an instant without a time zone.
    """
    came, known, steps = utc(since), frozenset[UUID](), list[frozenset[UUID]]()
    for people in ({duty.person} - {None}, {duty.second} - {None}, coordinators):
        new = frozenset(one for one in people if one is not None) - known
        known |= new
        steps += [new] if new else []
    return tuple(
        Alert(came + wait, people)
        for wait, people in zip(STEPS_AGAIN if again else STEPS, steps, strict=False)
    )


def alerted(
    plan: Collection[Alert], at: dt.datetime, acknowledged: dt.datetime | None = None
) -> frozenset[UUID]:
    """Everybody who is to have been told by an instant; what was told already is the caller's to leave out.

    An acknowledgement stops every step that had not come before it. Raises `ValueError` without a time zone.
    """
    now = utc(at)
    stopped = None if acknowledged is None else utc(acknowledged)
    come = [alert for alert in plan if alert.at <= now and (stopped is None or alert.at < stopped)]
    return frozenset[UUID]().union(*(alert.people for alert in come))


def _is_holiday(day: dt.date, calendar: Calendar) -> bool:
    try:
        return calendar.holiday(day) is not None
    except Refusal:
        return False
