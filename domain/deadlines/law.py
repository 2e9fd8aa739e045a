"""The law of one installation: rules, calendar and courts, read once from `config/law/deadlines`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from domain.deadlines.calendar_days import Calendar
from domain.deadlines.courts import Courts
from domain.deadlines.holidays_tr import load_calendar
from domain.deadlines.rules import Rules


@dataclass(frozen=True, slots=True)
class Law:
    """Everything that an answer depends on besides the question."""

    rules: Rules
    calendar: Calendar
    courts: Courts

    @classmethod
    def load(cls, folder: Path) -> Law:
        """Read the tables of the folder. Raises `TableError` naming the first bad line."""
        return cls(
            Rules.load(folder / "rules.tsv"),
            load_calendar(folder),
            Courts.load(folder / "courts.tsv"),
        )
