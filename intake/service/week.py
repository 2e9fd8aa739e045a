"""The coming days of the duty rota: who reads, and which hours are of nobody or of several."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from accounts.service.names import names_of
from core import clock
from core.access.actors import Actor
from domain.deadlines.steps import Refusal
from domain.intake.coverage import Reading, stretches
from domain.intake.duty import Duty, Rota
from domain.intake.wall_clock import DAY, instant
from intake.models import DutyShift
from intake.service import rota
from intake.service.rota import Staffed

DAYS: Final = 7
_ANY_MONDAY: Final = dt.date(2001, 1, 1)


@dataclass(frozen=True)
class Line:
    """Hours of a day in which the same people are on duty; nobody is without a person."""

    begins: dt.datetime
    ends: dt.datetime
    duty: Duty
    others: tuple[UUID, ...]  # of further shifts at the same time


@dataclass(frozen=True)
class Day:
    """A day without a gap; `holiday` is the code of one that is free all day."""

    day: dt.date
    holiday: str | None
    lines: list[Line]


@dataclass(frozen=True)
class Week:
    """The whole page: who reads now, the coming days, and the rules that make them."""

    duty: Duty
    reading: Reading
    days: list[Day]
    shifts: list[DutyShift]
    feasts: list[Line]  # a holiday by itself, as the rota has it
    names: dict[UUID | None, str]
    able: frozenset[UUID]


def week(actor: Actor) -> Week:
    """The rota of the own organisation from today on."""
    rows = rota.shifts(actor)
    asked, now = rota.staffed(actor.organisation_id), clock.now()
    days = [clock.today() + number * DAY for number in range(DAYS)]
    feast = Staffed(Rota({0: asked.rota.holidays}), asked.calendar, asked.present)
    return Week(
        asked.duty(now),
        asked.reading(now),
        [Day(day, _holiday(asked, day), _lines(asked, day)) for day in days],
        rows,
        _lines(feast, _ANY_MONDAY),
        names_of(one for row in rows for one in (row.person_id, row.second_id) if one is not None),
        asked.present,
    )


def _lines(asked: Staffed, day: dt.date) -> list[Line]:
    found = stretches(asked.rota, instant(day), instant(day + DAY), asked.calendar, asked.present)
    lines = []
    for one in found:
        there = dict.fromkeys(shift.person for shift in one.shifts if shift.person in asked.present)
        others = tuple(who for who in there if who not in {one.duty.person, one.duty.second})
        lines.append(Line(one.begins, one.ends, one.duty, others))
    return lines


def _holiday(asked: Staffed, day: dt.date) -> str | None:
    try:
        return asked.calendar.holiday(day)
    except Refusal:
        return None
