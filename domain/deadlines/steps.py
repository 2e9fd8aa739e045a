"""What the engine says while it counts: codes with parameters, which `words` puts into three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

_SHOWN: Final = 40


class Unit(StrEnum):
    """What a period is counted in. The last three are no lengths: same day, a stopped clock, no limit."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    WORKDAY = "workday"
    HOUR = "hour"
    SAME_DAY = "same_day"
    STOP = "stop"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Period:
    """A length, such as 7 days."""

    n: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Named:
    """Something whose name stands in a table: `kind` is trigger, forum, note, holiday, eve or fact."""

    kind: str
    code: str


Param = date | int | str | Period | Named
"""A day (or, in hour rules, a moment), a number, a code shown as it is, a length, a name."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened in the calculation; `code` is a row of `config/law/deadlines/steps.tsv`."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


class Steps(list[Step]):
    """The account of one calculation, in order."""

    def say(self, code: str, **params: Param) -> None:
        """Add a step."""
        self.append(Step(code, params))


class Refusal(Exception):
    """The engine gives no date; `code` and `params` say why, as in a step."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def shown(value: object) -> str:
    """What was given, short and without characters that move a cursor or turn the direction of text."""
    text = value if isinstance(value, str) else repr(value)
    printable = "".join(letter for letter in text[: _SHOWN + 1] if letter.isprintable())
    return printable if len(printable) <= _SHOWN else f"{printable[:_SHOWN]}…"
