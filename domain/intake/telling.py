"""Whether a person is told that an answer is there: by the way they chose, in their hours, or never.

One place decides for every way. What it does not allow does not leave, whoever asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from domain.intake.safe_hours import Window, next_leave
from domain.intake.wall_clock import utc


class Way(StrEnum):
    """A way by which a notice may go."""

    MAIL = "mail"
    SMS = "sms"


class Part(StrEnum):
    """A part of the day that may be safe. None of them is at night."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Days(StrEnum):
    """The days of the week that may be safe."""

    ALL = "all"
    WORKING = "working"
    WEEKEND = "weekend"


class Why(StrEnum):
    """Why nothing goes."""

    NOT_CHOSEN = "not_chosen"  # the person chose nothing, or another way
    REFUSED = "refused"  # their file says that nothing may be written this way
    NOWHERE = "nowhere"  # no address
    NO_HOUR = "no_hour"  # no hour is safe


# By the clock in Türkiye; together they are 9 to 20, which is "never at night".
HOURS: Final = {
    Part.MORNING: (dt.time(9), dt.time(12)),
    Part.AFTERNOON: (dt.time(12), dt.time(17)),
    Part.EVENING: (dt.time(17), dt.time(20)),
}
WEEKDAYS: Final = {Days.ALL: range(7), Days.WORKING: range(5), Days.WEEKEND: range(5, 7)}


@dataclass(frozen=True, slots=True)
class Rules:
    """What a person said about being told. `chosen`: None for whoever looks by themselves."""

    chosen: Way | None
    to: str = field(repr=False)
    hours: tuple[Window, ...]
    refused: frozenset[Way] = frozenset()


@dataclass(frozen=True, slots=True)
class Now:
    """It may leave at this instant."""


@dataclass(frozen=True, slots=True)
class At:
    """It may leave from then on, in UTC; what the rules are then is asked again."""

    moment: dt.datetime


@dataclass(frozen=True, slots=True)
class Never:
    """It may not leave."""

    why: Why


def windows(parts: Collection[Part], days: Days) -> tuple[Window, ...]:
    """The safe hours of some parts of some days; none where no part is safe."""
    return tuple(Window(day, *HOURS[part]) for day in WEEKDAYS[days] for part in HOURS if part in parts)


def may(way: Way, rules: Rules, now: dt.datetime) -> Now | At | Never:
    """Whether a notice may go this way now, when else, or why never.

    Raises `ValueError` for an instant without a time zone.
    """
    if rules.chosen is not way:
        return Never(Why.NOT_CHOSEN)
    if way in rules.refused:
        return Never(Why.REFUSED)
    if not rules.to.strip():
        return Never(Why.NOWHERE)
    moment = next_leave(rules.hours, now)
    if moment is None:
        return Never(Why.NO_HOUR)
    return Now() if moment == utc(now) else At(moment)
