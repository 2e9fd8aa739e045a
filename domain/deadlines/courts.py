"""Which courts have a judicial recess (`courts.tsv`).

İYUK 61/1: an administrative court that is the only one in its province and not at the seat of a regional
administrative court has none. A row counts once somebody has signed it off; unknown means no extension.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from domain.deadlines.steps import Refusal, shown
from domain.tables import Label, Row, TableError, day_of, label_of

COLUMNS: Final = ("code", "en", "tr", "ar", "has_recess", "source")
"""What no row may leave empty."""
_ANSWERS: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class Court:
    """A court and what is known of its recess between two days, both included."""

    code: str
    label: Label
    has_recess: bool | None
    valid_from: date | None
    valid_to: date | None


class Courts:
    """The table, by code."""

    def __init__(self, courts: Mapping[str, Court]) -> None:
        self._courts: Final = dict(courts)

    @classmethod
    def of(cls, path: Path, rows: Sequence[Row]) -> Courts:
        """From the rows of the table. Raises `TableError`."""
        courts: dict[str, Court] = {}
        for number, row in enumerate(rows, start=2):
            if row["has_recess"] not in _ANSWERS or row["code"] in courts:
                raise TableError(path, number, "has_recess is yes, no or unknown, and a court stands once")
            try:
                signed = bool(row["reviewed_by"] and day_of(row["reviewed_on"]))
                between = day_of(row["valid_from"]), day_of(row["valid_to"])
            except ValueError as error:
                raise TableError(path, number, str(error)) from None
            known = _ANSWERS[row["has_recess"]] if signed else None
            courts[row["code"]] = Court(row["code"], label_of(row), known, *between)
        return cls(courts)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the table."""
        return tuple(self._courts)

    def name(self, code: str, language: str) -> str:
        """The name of a court of the table."""
        return self._courts[code].label.of(language)

    def has_recess(self, code: str, day: date) -> bool | None:
        """What is known of a court's recess on a day. Raises `Refusal` for an unknown code."""
        court = self._courts.get(code)
        if court is None:
            raise Refusal("unknown_court", court=shown(code))
        holds = (court.valid_from or date.min) <= day <= (court.valid_to or date.max)
        return court.has_recess if holds else None
