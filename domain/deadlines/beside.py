"""What stands beside the rules: what one event starts together, our own targets, printed and furthest days.

The tables `companions`, `targets`, `urgent` (house rules, not the law), `printed` and `outer` come with the
product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.deadlines.questions import DATES
from domain.deadlines.rules import LENGTHS, Rules
from domain.deadlines.steps import Period, Unit
from domain.tables import Row, TableError

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "companions": ("code", "also", "chosen", "why"),
    "targets": ("code", "first_days", "again_days", "source"),
    "printed": ("code", "most_days", "source"),
    "urgent": ("code", "source"),
    "outer": ("code", "n", "unit", "from", "source"),
}
_YES_NO: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Companion:
    """A rule that the event of another one starts as well: `chosen` where it always does."""

    code: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Days from an event to our own target where the law sets no limit, and from one time to the next."""

    first: int
    again: int


@dataclass(frozen=True, slots=True)
class Outer:
    """In any case not later than `period` from the day of the fact `start`."""

    period: Period
    start: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Companions, targets, and the most days that a document may print, by the code of their rule.

    `urgent`: the rules of the highest urgency whatever the case is, over which no case is closed.
    """

    companions: Mapping[str, tuple[Companion, ...]]
    targets: Mapping[str, Target]
    printed: Mapping[str, int]
    urgent: frozenset[str]
    outer: Mapping[str, Outer]

    @classmethod
    def of(cls, folder: Path, tables: Mapping[str, Sequence[Row]], rules: Rules) -> Beside:
        """From the rows of COLUMNS' tables. Raises `TableError` for a stray reference or a bad cell."""
        companions: dict[str, tuple[Companion, ...]] = {}
        for number, row in enumerate(tables["companions"], start=2):
            pair = row["code"], row["also"]
            known = set(rules.codes).issuperset(pair) and pair[0] != pair[1]
            if not known or row["chosen"] not in _YES_NO:
                message = "two rules that exist, and yes or no, are wanted"
                raise TableError(folder / "companions.tsv", number, message)
            one = Companion(row["also"], _YES_NO[row["chosen"]])
            companions[row["code"]] = (*companions.get(row["code"], ()), one)
        targets: dict[str, Target] = {}
        for number, row in enumerate(tables["targets"], start=2):
            days = row["first_days"], row["again_days"]
            limitless = row["code"] in rules.codes and rules.versions(row["code"])[0].unit is Unit.NONE
            if not limitless or not all(map(_is_number, days)):
                message = "a rule without a limit and two numbers of days are wanted"
                raise TableError(folder / "targets.tsv", number, message)
            targets[row["code"]] = Target(int(days[0]), int(days[1]))
        printed: dict[str, int] = {}
        for number, row in enumerate(tables["printed"], start=2):
            in_days = row["code"] in rules.codes and rules.versions(row["code"])[0].unit is Unit.DAY
            if not in_days or not _is_number(row["most_days"]):
                message = "a rule of days and a number of days are wanted"
                raise TableError(folder / "printed.tsv", number, message)
            printed[row["code"]] = int(row["most_days"])
        for number, row in enumerate(tables["urgent"], start=2):
            if row["code"] not in rules.codes:
                raise TableError(folder / "urgent.tsv", number, "a rule that exists is wanted")
        urgent = frozenset(row["code"] for row in tables["urgent"])
        return cls(companions, targets, printed, urgent, _outer(folder / "outer.tsv", tables["outer"], rules))


def _outer(path: Path, rows: Sequence[Row], rules: Rules) -> dict[str, Outer]:
    outer: dict[str, Outer] = {}
    for number, row in enumerate(rows, start=2):
        counted = row["code"] in rules.codes and rules.versions(row["code"])[0].unit in LENGTHS
        fits = _is_number(row["n"]) and row["unit"] in LENGTHS and row["from"] in DATES
        if not (counted and fits):
            message = "a rule with a length, a length, and a day that is asked for are wanted"
            raise TableError(path, number, message)
        outer[row["code"]] = Outer(Period(int(row["n"]), Unit(row["unit"])), row["from"])
    return outer


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) > 0
