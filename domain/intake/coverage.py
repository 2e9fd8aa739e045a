"""When somebody is on duty between two instants: the hours of each, of nobody, of several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from uuid import UUID

from domain.deadlines.calendar_days import Calendar
from domain.intake.duty import Duty, Rota, Shift, holding, on_duty
from domain.intake.wall_clock import DAY, instant, utc, wall

# A rota repeats itself every week; holidays and single dates may leave a week or two without anybody.
HORIZON: Final = 21 * DAY


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours in which the same shifts hold; instants in UTC, the end is not in them."""

    begins: dt.datetime
    ends: dt.datetime
    duty: Duty
    shifts: tuple[Shift, ...]  # the one that counts first


@dataclass(frozen=True, slots=True)
class Reading:
    """What the public page says: whether somebody reads now, and until when; None where no end is known."""

    now: bool
    until: dt.datetime | None


def stretches(
    rota: Rota, begins: dt.datetime, ends: dt.datetime, calendar: Calendar, present: Collection[UUID]
) -> Iterator[Stretch]:
    """The time between two instants without a gap, in order; neighbours differ.

    Raises `ValueError` for an instant without a time zone.
    """
    cuts = sorted({utc(begins), utc(ends), *_changes(rota, begins, ends, calendar)})
    last = None
    for start, end in pairwise(cuts):
        shifts = tuple(holding(rota, start, calendar))
        if last is not None and last.shifts == shifts:
            last = Stretch(last.begins, end, last.duty, shifts)
            continue
        if last is not None:
            yield last
        last = Stretch(start, end, on_duty(rota, start, calendar, present), shifts)
    if last is not None:
        yield last


def reading(rota: Rota, at: dt.datetime, calendar: Calendar, present: Collection[UUID]) -> Reading:
    """Whether somebody reads at an instant, and until when that stays as it is, within the `HORIZON`.

    Raises `ValueError` for an instant without a time zone.
    """
    now = on_duty(rota, at, calendar, present).is_reading
    for found in stretches(rota, at, at + HORIZON, calendar, present):
        if found.duty.is_reading != now:
            return Reading(now, found.begins)
    return Reading(now, None)


def _changes(rota: Rota, begins: dt.datetime, ends: dt.datetime, calendar: Calendar) -> Iterator[dt.datetime]:
    """Every instant in between at which a shift begins or ends."""
    day = wall(begins).date() - DAY
    while day <= wall(ends).date():
        for shift in rota.shifts_of(day, calendar):
            last = day if shift.begins < shift.ends else day + DAY
            for change in (instant(day, shift.begins), instant(last, shift.ends)):
                if utc(begins) < change < utc(ends):
                    yield change
        day += DAY
