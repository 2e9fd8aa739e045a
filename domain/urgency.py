"""How soon the first legal step is due, and the clocks that follow from it (`config/law/urgency.tsv`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.tables import LANGUAGES, Label, label_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Urgency:
    """A level from U0 (same day) to U3, with the time allowed for each step, counted from recording.

    `first_step` is the first legal step, `answer` the first word to the person, `acceptance` the lawyer's
    answer to an assignment, after which the case comes back to the coordinator.
    """

    code: str
    label: Label
    first_step: timedelta
    answer: timedelta
    acceptance: timedelta


def load_urgencies(path: Path) -> Mapping[str, Urgency]:
    """The levels by code, the most urgent first. All times in the table are hours."""
    columns = ("first_step_hours", "answer_hours", "acceptance_hours")
    rows = read_rows(path, ("code", *LANGUAGES, *columns))
    return MappingProxyType(
        {
            row["code"]: Urgency(
                row["code"], label_of(row), *(timedelta(hours=int(row[column])) for column in columns)
            )
            for row in rows
        }
    )
