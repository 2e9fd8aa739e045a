"""A sheet as it is to be read: which rows are cases, what each says, and its record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from uuid import UUID

from cases.service.importing import store
from core import clock
from core.access.actors import Actor
from core.documents.sheets import Sheet
from core.reference import reference
from domain.identity import BirthDate
from domain.imports.codes import Codes
from domain.imports.faults import Problem
from domain.imports.fields import Field, guess
from domain.imports.sheet import Plan, ReadCase, read_row

TEXT_ONLY: Final = frozenset({Field.OPENED, Field.STATE, Field.CLOSING, Field.CHANNEL})
"""What a record has no place for: it stands in the timeline in the words of the sheet."""


@dataclass(frozen=True)
class Work:
    """A sheet with its plan, opened for this request."""

    id: UUID
    state: str
    sheet: Sheet = field(repr=False)
    plan: dict[str, Any] = field(repr=False)

    @property
    def headings(self) -> list[str]:
        """What stands above each column."""
        return headings(self.sheet, self.plan["heading"])

    @property
    def numbers(self) -> Iterable[int]:
        """The rows below the headings that are not empty, counted from 1 as a sheet shows them."""
        return (
            number
            for number, row in enumerate(self.sheet.rows, start=1)
            if number > self.plan["heading"] and any(str(cell or "").strip() for cell in row)
        )

    def read(self, number: int) -> tuple[ReadCase | None, list[Problem]]:
        """The case of a row, or None and why."""
        columns = {int(column): Field(code) for column, code in self.plan["columns"].items()}
        plan = Plan(
            columns,
            self.plan["issue"],
            self.plan["urgency"],
            day_first={"day": True, "month": False}.get(self.plan["slashes"]),
            lenient=self.plan["lenient"],
        )
        return read_row(self.sheet.rows[number - 1], plan, codes(), clock.today())

    def pairs(self, number: int) -> list[tuple[str, str]]:
        """Heading and words of everything that stands in a row."""
        cells = self.sheet.rows[number - 1]
        above = self.headings
        return [
            (above[column] if column < len(above) else "", shown(cell))
            for column, cell in enumerate(cells)
            if shown(cell)
        ]

    def kept_apart(self, found: ReadCase, number: int) -> list[tuple[str, str]]:
        """What of a row goes into the timeline: words that have no place in a record."""
        columns = {column for column, _text in found.kept}
        columns |= {int(column) for column, code in self.plan["columns"].items() if code in TEXT_ONLY}
        cells, above = self.sheet.rows[number - 1], self.headings
        return [
            (above[column], shown(cells[column]))
            for column in sorted(columns)
            if column < min(len(cells), len(above)) and shown(cells[column])
        ]


def open_work(actor: Actor, import_id: UUID) -> Work:
    """Open a sheet of which the columns are known. Raises NotFound, Locked."""
    opened = store.opened(actor, import_id)
    return Work(opened.id, opened.state, opened.sheets[opened.plan["sheet"]], opened.plan)


@cache
def codes() -> Codes:
    """The codes of the installation by words."""
    return Codes.of(reference())


def headings(sheet: Sheet, heading: int) -> list[str]:
    """The words in the row of headings, one for each column of the sheet; heading: its number, 0 for none."""
    width = max((len(row) for row in sheet.rows), default=0)
    row = sheet.rows[heading - 1] if heading else []
    return [*map(shown, row), *[""] * (width - len(row))]


def likely_heading(sheet: Sheet, most: int) -> int:
    """The number of the row that looks most like headings among the first; 1 where none does."""
    known = [len(guess(headings(sheet, number))) for number in range(1, min(most, len(sheet.rows)) + 1)]
    return known.index(max(known)) + 1


def guessed(sheet: Sheet, heading: int) -> list[str]:
    """What each column may be by its heading, "" for what nobody can tell."""
    above = headings(sheet, heading)
    found = guess(above)
    return [str(found.get(column, "")) for column in range(len(above))]


def shown(cell: object) -> str:
    """A cell as a person reads it."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def record_of(found: ReadCase) -> dict[str, Any]:
    """The record of a row. What the sheet does not say is unknown."""
    said = found.codes
    birth = BirthDate.parse(found.birth, clock.today())
    phone = {"whose": "unknown", "hours": "", "cover_name": "", "others": "", "channels": []}
    return {
        "client": {
            "name_ar": found.name_ar,
            "name_latin": found.name_latin,
            "father": found.father,
            "mother": found.mother,
            "code_word": "",
            "birth": found.birth,
            "birth_precision": str(birth.precision),
            "sex": said.get(Field.SEX, "unknown"),
            "nationality": said.get(Field.NATIONALITY, "XXX"),
            "status": said.get(Field.STATUS, "unknown"),
            "language": said.get(Field.LANGUAGE, "unknown"),
            "numbers": [{"kind": kind, "value": value} for kind, value in found.numbers],
            "phones": [{**phone, "number": number, "message_ok": "unknown"} for number in found.phones],
        },
        "province": said.get(Field.PROVINCE, ""),
        "issue": said[Field.ISSUE],
        "narrative": found.narrative,
        "next_step": "",
        "authority": "unknown",
        "parties": [],
        "old_number": found.old_number,
        **({"arrival": {"channel": said[Field.CHANNEL]}} if Field.CHANNEL in said else {}),
    }


def urgency_of(found: ReadCase, plan: dict[str, Any]) -> str:
    """What the sheet says, else what was chosen for all, else that of the issue."""
    said = found.codes.get(Field.URGENCY) or plan["urgency"]
    return said or reference().taxonomy.default_urgency(found.codes[Field.ISSUE])
