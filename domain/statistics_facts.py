"""The one coded row per case on which every published figure rests; it names nobody.

A fact is kept sealed under the statistics key. Its dates are the Thursday of an ISO week, which decides the
quarter, so that no day of a case is known from it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_THURSDAY: Final = 4


def thursday_of(day: date) -> date:
    """The Thursday of the ISO week of a day; it decides to which quarter the week belongs."""
    return day + timedelta(days=_THURSDAY - day.isoweekday())


@dataclass(frozen=True, slots=True)
class Fact:
    """What statistics may know of a case; an empty code means unknown.

    `case`, `client`, `household` and `event` are opaque: cases that share one are counted once by it.
    `opened` and `recorded` are Thursdays: of the week in which the case was opened, and of the week in
    which its first fact was written. `statistics` is whether the person agreed to be counted by category.
    """

    case: str
    client: str
    opened: date
    recorded: date
    organisation: str
    issue: str
    province: str
    authority: str
    sex: str
    age_band: str
    nationality: str
    level: str
    outcome: str
    statistics: bool
    household: str = ""
    event: str = ""

    def __post_init__(self) -> None:
        """Refuse a day that is not a Thursday, and a record that precedes the opening."""
        days = {self.opened.isoweekday(), self.recorded.isoweekday()}
        if days != {_THURSDAY} or self.recorded < self.opened:
            message = "a fact holds the Thursdays of the weeks of opening and of recording, in that order"
            raise ValueError(message)

    def to_record(self) -> dict[str, Any]:
        """The fact as plain values, for sealing as JSON."""
        record = {name: getattr(self, name) for name in NAMES}
        return record | {name: record[name].isoformat() for name in _DAYS}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Fact:
        """The fact from `to_record`.

        One written before cases could share a household or an event has its own number for both: under that
        others join it. Raises `KeyError`, `TypeError` or `ValueError` for a record that is not one.
        """
        return cls(
            **{
                **dict.fromkeys(("household", "event"), record["case"]),
                **record,
                **{name: sys.intern(record[name]) for name in _CODES},
                **{name: _day(record[name]) for name in _DAYS},
            }
        )

    @classmethod
    def from_coded(cls, coded: Mapping[str, Any]) -> Fact:
        """The fact of a coded row as a case's session makes it, which knows no week of recording yet.

        It counts as recorded in the week of opening. Raises as `from_record`.
        """
        record = {name: coded[name] for name in NAMES if name in coded}
        return cls.from_record(record | {"recorded": coded["opened"]})


NAMES: Final = tuple(each.name for each in fields(Fact))
_DAYS: Final = ("opened", "recorded")
_OPAQUE: Final = ("case", "client", "household", "event")
_CODES: Final = tuple(name for name in NAMES if name not in (*_DAYS, *_OPAQUE, "statistics"))


def to_columns(facts: Sequence[Fact]) -> dict[str, list[Any]]:
    """The facts as plain values, column by column: a third of what a record each would take.

    Opaque numbers stand one after the other; of everything else each value stands once, followed by the
    place of each fact's in that list.
    """
    columns: dict[str, list[Any]] = {name: [getattr(fact, name) for fact in facts] for name in NAMES}
    for name in _DAYS:
        columns[name] = [day.isoformat() for day in columns[name]]
    for name in NAMES:
        if name not in _OPAQUE:
            values = sorted(set(columns[name]))
            places = {value: place for place, value in enumerate(values)}
            columns[name] = [values, [places[value] for value in columns[name]]]
    return columns


def from_columns(columns: Mapping[str, list[Any]]) -> tuple[Fact, ...]:
    """The facts from `to_columns`. Raises what `from_record` raises, and IndexError."""
    spread = {}
    for name in NAMES:
        spread[name] = columns[name]
        if name not in _OPAQUE:
            values, places = columns[name]
            known = [_day(value) for value in values] if name in _DAYS else values
            spread[name] = [known[place] for place in places]
    return tuple(Fact(*row) for row in zip(*spread.values(), strict=True))


@lru_cache(maxsize=1024)  # a date for each week, however many facts stand in it
def _day(text: str) -> date:
    return date.fromisoformat(text)
