"""Quarters of the ISO-week calendar: a week belongs to the quarter in which its Thursday lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.statistics_facts import thursday_of


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter; `str()` gives `2026-Q3`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2026-Q3`. Raises `ValueError`."""
        year, separator, number = text.partition("-Q")
        if not (separator and year.isascii() and year.isdigit() and number in {"1", "2", "3", "4"}):
            message = "a quarter is written like 2026-Q3"
            raise ValueError(message)
        return cls(int(year), int(number))

    @property
    def ends(self) -> date:
        """The last day of its last week, a Sunday."""
        following = date(self.year + self.number // 4, self.number % 4 * 3 + 1, 1)
        return thursday_of(following - timedelta(days=4)) + timedelta(days=3)


def quarter_of(thursday: date) -> Quarter:
    """The quarter to which a week belongs, by its Thursday."""
    return Quarter(thursday.year, (thursday.month + 2) // 3)


def closed(quarter: Quarter, today: date) -> bool:
    """Whether the last week of the quarter is over."""
    return today > quarter.ends
