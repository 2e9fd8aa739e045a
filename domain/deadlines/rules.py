"""The rules: how long, from what, with which legal basis, in force from when to when (`rules.tsv`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from domain.deadlines.steps import Named, Period, Refusal, Unit, shown
from domain.tables import Row, TableError, day_of

_PERIOD: Final = re.compile(r"([0-9]{1,4}) ([a-z_]+)", re.ASCII)
COLUMNS: Final = ("code", "n", "unit", "starts", "roll", "recess", "basis", "source")
"""What no row may leave empty."""
LENGTHS: Final = frozenset({Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR})
"""What the law of procedure counts in: units of which a court's period is made."""


class Start(StrEnum):
    """What begins the period.

    Service; service, or reading where it comes first and counts; the same where it may count; an event; the
    end of the calendar year of an event; the arrival of an electronic notification.
    """

    SERVICE = "service"
    READING = "reading"
    KNOWLEDGE = "knowledge"
    EVENT = "event"
    YEAR_END = "year_end"
    ARRIVAL = "arrival"


class Roll(StrEnum):
    """What happens when the last day is no working day."""

    YES = "yes"
    NO = "no"
    NEVER = "never"
    CONTESTED = "contested"
    WORKDAYS = "workdays"


class Recess(StrEnum):
    """Which law's judicial recess extends the period, for certain or by a contested reading; or none does."""

    NONE = "none"
    NEVER = "never"
    IYUK = "iyuk"
    IYUK_CONTESTED = "iyuk_contested"
    HMK = "hmk"
    CMK = "cmk"
    CMK_CONTESTED = "cmk_contested"


class Stops(StrEnum):
    """Whether a request to the authority (İYUK 11) stops the period."""

    NO = ""
    YES = "yes"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule.

    `also`: another length that sources give. `unstated`: the rule that may apply where the act does not state
    remedy and time limit. `then`: the rule that runs after silence, or that a request stops, unless the
    question names another. `effect`: what filing does meanwhile. `filing`: "uyap" for Turkish courts. A rule
    is `confirmed` once a lawyer has signed it off.
    """

    code: str
    valid_from: date | None
    valid_to: date | None
    period: Period
    starts: Start
    roll: Roll
    recess: Recess
    also: Period | None
    unstated: str
    stops: Stops
    then: str
    filing: str
    effect: str
    basis: str
    confirmed: bool

    @property
    def unit(self) -> Unit:
        """What it is counted in."""
        return self.period.unit

    def holds_on(self, day: date) -> bool:
        """Whether this version is in force, both ends included."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class Rules:
    """All rules by code, each with its versions, the newest first."""

    def __init__(self, versions: Mapping[str, tuple[Rule, ...]]) -> None:
        self._versions: Final = dict(versions)

    @classmethod
    def of(cls, path: Path, rows: Sequence[Row]) -> Rules:
        """From the rows of the table. Raises `TableError` for a bad cell, a stray reference, an overlap."""
        versions: dict[str, tuple[Rule, ...]] = {}
        for number, row in enumerate(rows, start=2):
            try:
                rule = _rule(row)
            except ValueError as error:
                raise TableError(path, number, str(error)) from None
            earlier = versions.get(rule.code, ())
            if any(_overlap(rule, other) for other in earlier):
                raise TableError(path, number, f"two versions of {rule.code} hold on the same day")
            versions[rule.code] = (*earlier, rule)
        for number, row in enumerate(rows, start=2):
            for column in ("unstated", "then"):
                if row[column] and row[column] not in versions:
                    raise TableError(path, number, f"{column} names {row[column]}, which is no rule")
        return cls(
            {
                code: tuple(sorted(rules, key=lambda rule: rule.valid_from or date.min, reverse=True))
                for code, rules in versions.items()
            }
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the table."""
        return tuple(self._versions)

    def versions(self, code: str) -> tuple[Rule, ...]:
        """The versions of a rule, the newest first. Raises `Refusal` for an unknown code."""
        if code not in self._versions:
            raise Refusal("unknown_rule", rule=shown(code))
        return self._versions[code]

    def on(self, code: str, day: date) -> Rule:
        """The version in force on a day. Raises `Refusal` for an unknown code or where none is in force."""
        for rule in self.versions(code):
            if rule.holds_on(day):
                return rule
        raise Refusal("not_in_force", rule=Named("trigger", code), day=day)


def _rule(row: Row) -> Rule:
    """One row. Raises `ValueError` with what is wrong."""
    rule = Rule(
        row["code"],
        day_of(row["valid_from"]),
        day_of(row["valid_to"]),
        _period(f"{row['n']} {row['unit']}"),
        Start(row["starts"]),
        Roll(row["roll"]),
        Recess(row["recess"]),
        _period(row["also"]) if row["also"] else None,
        row["unstated"],
        Stops(row["stops"]),
        row["then"],
        row["filing"],
        row["effect"],
        row["basis"],
        confirmed=bool(row["reviewed_by"] and day_of(row["reviewed_on"])),
    )
    if (rule.period.n == 0) != (rule.unit in {Unit.SAME_DAY, Unit.NONE}):
        message = "a period has a length, and what is no period has none"
        raise ValueError(message)
    if rule.stops is not Stops.NO and rule.unit is not Unit.DAY:
        message = "a request stops periods of days only"
        raise ValueError(message)
    return rule


def _period(text: str) -> Period:
    found = _PERIOD.fullmatch(text)
    if found is None:
        message = f"{text!r} is no period like 15 day"
        raise ValueError(message)
    return Period(int(found[1]), Unit(found[2]))


def _overlap(one: Rule, other: Rule) -> bool:
    latest_start = max(one.valid_from or date.min, other.valid_from or date.min)
    return latest_start <= min(one.valid_to or date.max, other.valid_to or date.max)
