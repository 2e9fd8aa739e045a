"""The one coded row per case on which every published figure rests; it names nobody.

A fact is kept sealed under the statistics key. Its dates are the Thursday of an ISO week, which decides the
quarter, so that no day of a case is known from it.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
_LISTED: Final = tuple(name for name in NAMES if name not in _OPAQUE)
_AFTER: Final = " "
_NUMBER: Final = re.compile(rb"([^ ]*) ")


class Facts:
    """Facts kept column by column, a tenth of what an object each would take; each is made when asked for.

    Opaque numbers stand one after the other in a text, a space after each; of everything else each value
    stands once, beside the place of each fact's in that list.
    """

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._numbers = {name: bytearray() for name in _OPAQUE}
        self._values: dict[str, dict[Any, int]] = {name: {} for name in _LISTED}
        self._places: dict[str, list[int]] = {name: [] for name in _LISTED}
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> None:
        """Keep one more. Raises `ValueError` for a number with a space in it, `TypeError` for none."""
        numbers = [getattr(fact, name) for name in _OPAQUE]
        if any(_AFTER in number for number in numbers):
            message = "an opaque number holds no space"
            raise ValueError(message)
        for name, number in zip(_OPAQUE, numbers, strict=True):
            self._numbers[name] += (number + _AFTER).encode()
        for name in _LISTED:
            values = self._values[name]
            self._places[name].append(values.setdefault(getattr(fact, name), len(values)))

    def __len__(self) -> int:
        return len(self._places[_LISTED[0]])

    def __iter__(self) -> Iterator[Fact]:
        columns = {name: self._spread(name) for name in _OPAQUE}
        for name in _LISTED:
            columns[name] = map(list(self._values[name]).__getitem__, self._places[name])
        return (Fact(*row) for row in zip(*(columns[name] for name in NAMES), strict=True))

    def columns(self) -> Iterator[tuple[str, Any]]:
        """Each column with its name as plain values in the order of the cases, for sealing as JSON."""
        cases = list(self._spread("case"))
        order = sorted(range(len(cases)), key=cases.__getitem__)
        del cases
        for name in _OPAQUE:
            numbers = list(self._spread(name))
            yield name, "".join(numbers[at] + _AFTER for at in order)
        for name in _LISTED:
            values = sorted(self._values[name])  # not in the order in which they came
            places = {self._values[name][value]: place for place, value in enumerate(values)}
            texts = [value.isoformat() for value in values] if name in _DAYS else values
            yield name, [texts, [places[self._places[name][at]] for at in order]]

    @classmethod
    def from_columns(cls, columns: Iterable[tuple[str, Any]]) -> Facts:
        """The facts from `columns`; once numbers were a list. Raises what `from_record` raises.

        What does not fit together raises `IndexError` or `ValueError` when the facts are asked for.
        """
        facts = cls()
        for name, column in columns:
            if name in _OPAQUE:
                text = column if isinstance(column, str) else "".join(number + _AFTER for number in column)
                facts._numbers[name] += text.encode()
            else:
                values, facts._places[name] = column
                days = map(_day, values) if name in _DAYS else values
                facts._values[name] = {value: place for place, value in enumerate(days)}
        return facts

    def _spread(self, name: str) -> Iterator[str]:
        return (found[1].decode() for found in _NUMBER.finditer(self._numbers[name]))


@lru_cache(maxsize=1024)  # a date for each week, however many facts stand in it
def _day(text: str) -> date:
    return date.fromisoformat(text)
