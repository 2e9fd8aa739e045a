"""The one coded row per case on which every published figure rests; it names nobody.

A fact is kept sealed under the statistics key. Its dates are the Thursday of an ISO week, which decides the
quarter, so that no day of a case is known from it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        return asdict(self) | {"opened": self.opened.isoformat(), "recorded": self.recorded.isoformat()}

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
                "opened": date.fromisoformat(record["opened"]),
                "recorded": date.fromisoformat(record["recorded"]),
            }
        )
