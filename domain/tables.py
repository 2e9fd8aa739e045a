"""Read the tab-separated reference tables of `config/`, strictly: a bad table stops the boot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LANGUAGES: Final = ("en", "tr", "ar")
"""The languages in which every label exists."""

UNKNOWN: Final = "unknown"
"""The code of what nobody knows, in every list that has one."""

Row = dict[str, str]


class TableError(ValueError):
    """A reference table is malformed; the message names the file and the line."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path.name}, line {line}: {why}")


@dataclass(frozen=True, slots=True)
class Label:
    """One name in the three languages of the product."""

    en: str
    tr: str
    ar: str

    def of(self, language: str) -> str:
        """The name in `language`. Raises `ValueError` for a language that the product does not speak."""
        if language not in LANGUAGES:
            message = f"no labels in language {language!r}"
            raise ValueError(message)
        return str(getattr(self, language))


def read_rows(path: Path, required: Iterable[str]) -> list[Row]:
    """Rows of a table as mappings from column name to stripped text.

    Raises `TableError` where a required column is absent, a row has too many or too few cells, or a required
    cell is empty. Lines that start with `#` are remarks.
    """
    lines = [
        (number, line)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line and not line.startswith("#")
    ]
    if not lines:
        raise TableError(path, 1, "the table is empty")
    header = lines[0][1].split("\t")
    needed = tuple(required)
    for column in needed:
        if column not in header:
            raise TableError(path, lines[0][0], f"column {column} is missing")
    rows: list[Row] = []
    for number, line in lines[1:]:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(header):
            raise TableError(path, number, f"{len(cells)} cells where the header has {len(header)}")
        row = dict(zip(header, cells, strict=True))
        for column in needed:
            if not row[column]:
                raise TableError(path, number, f"column {column} is empty")
        rows.append(row)
    return rows


def label_of(row: Row, prefix: str = "") -> Label:
    """The label in the columns `en`, `tr`, `ar` of a row, each with an optional prefix."""
    return Label(*(row[prefix + language] for language in LANGUAGES))


def day_of(text: str) -> date | None:
    """An ISO date, or None for an empty cell. Raises `ValueError` for anything else."""
    return date.fromisoformat(text) if text else None
