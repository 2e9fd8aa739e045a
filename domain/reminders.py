"""Who is told of a deadline, and on which morning: the whole plan, from the safe date alone.

House rules (docs/deadlines.md, "Reminders"): the safe date is the only one in reminders; the work should be
done three working days before it, in matters of urgency U0 at once. Nothing here remembers anything: what was
told already is an argument, so that a question asked twice, late or under a clock set back finds it done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from uuid import UUID

from domain.deadlines.calendar_days import DAY, Calendar
from domain.deadlines.steps import Refusal
from domain.deadlines.targets import WORKING_DAYS_BEFORE

EIGHT: Final = dt.timedelta(hours=8)
WEEK: Final = dt.timedelta(days=7)
SHORT: Final = dt.timedelta(days=2)  # what is heard of only now and is as near as this goes to everybody


class Step(IntEnum):
    """What a reminder is about, in order. Each day after the safe date is a step of its own, from 5 on.

    The last two belong to no morning: they are told when they happen.
    """

    NEW = 0  # in U0 only: it is known
    WEEK = 1  # seven days before, or earlier where feasts lie between
    TARGET = 2  # three working days before: by now the work should be done
    EVE = 3  # the last working day before
    DAY = 4  # the safe date itself
    TAKEN_OUT = 1_000_000  # there is no such deadline any more
    LEFT_OPEN = 1_000_001  # its case was closed while it was open


class Rung(IntEnum):
    """How far a step reaches."""

    RESPONSIBLE = 0
    SECOND = 1
    EVERYBODY = 2  # the two and the coordinators


_FIRST: Final = {Step.NEW: Rung.RESPONSIBLE, Step.WEEK: Rung.RESPONSIBLE, Step.TARGET: Rung.SECOND}


@dataclass(frozen=True, slots=True)
class Watch:
    """A deadline as reminders see it. Whoever may not open the case any more is None."""

    safe: dt.date
    responsible: UUID | None
    second: UUID | None
    coordinators: frozenset[UUID]
    urgent: bool  # U0

    @property
    def ladder(self) -> tuple[frozenset[UUID], ...]:
        """The people of each rung."""
        two = [frozenset() if one is None else frozenset({one}) for one in (self.responsible, self.second)]
        return (*two, self.coordinators)


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody was told of a step of this safe date on a morning, and has said so."""

    person: UUID
    step: int
    on: dt.date
    seen: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A step, and the people who are still to be told of it."""

    step: int
    people: frozenset[UUID]


def morning(local: dt.datetime) -> dt.date:
    """The day whose reminders are out: each begins at 08:00. `local` is the time in Türkiye."""
    return (local - EIGHT).date()


def step_on(day: dt.date, safe: dt.date, calendar: Calendar, *, urgent: bool) -> int | None:
    """The latest step that has come on a day, or None while it is too early."""
    if day >= safe:
        return Step.DAY + (day - safe).days
    eve, target = _working_days(safe, calendar)
    begins = {Step.EVE: eve, Step.TARGET: target, Step.WEEK: min(safe - WEEK, target)}
    come = [step for step, first in begins.items() if first <= day]
    return max(come, default=Step.NEW if urgent else None)


def due(watch: Watch, told: Collection[Told], day: dt.date, calendar: Calendar) -> Due | None:
    """Who is to be told now, of the latest step alone: what was slept through is not told afterwards.

    `told` holds everything about this safe date. None where it is too early or everybody knows.
    """
    step = step_on(day, watch.safe, calendar, urgent=watch.urgent)
    if step is None:
        return None
    same = [one for one in told if one.step == step]
    reached = watch.ladder[: _rung(watch, step, same, day, new=not told) + 1]
    people = frozenset().union(*reached) - {one.person for one in same}
    return Due(step, people) if people else None


def _rung(watch: Watch, step: int, same: Collection[Told], day: dt.date, *, new: bool) -> int:
    """How far a step reaches on a day.

    From the last working day on to everybody, whoever has seen it. Earlier it climbs with each morning on
    which nobody has.
    """
    alone = watch.responsible is None or watch.second is None
    if step >= Step.EVE or alone or (new and watch.safe - day <= SHORT):
        return Rung.EVERYBODY
    rung = _FIRST[Step(step)] + watch.urgent
    present = frozenset().union(*watch.ladder)
    if same and not any(one.seen and one.person in present for one in same):
        rung += max((day - min(one.on for one in same)).days, 0)
    return min(rung, Rung.EVERYBODY)


def _working_days(safe: dt.date, calendar: Calendar) -> tuple[dt.date, dt.date]:
    """The last working day before the safe date, and the third last; plain days in a year without a table."""
    days = [safe]
    try:
        for _ in range(WORKING_DAYS_BEFORE):
            days.append(calendar.last_open_before(days[-1]))
    except Refusal:
        return safe - DAY, safe - WORKING_DAYS_BEFORE * DAY
    return days[1], days[-1]
