"""The law of one installation: rules, calendar and courts, from the rows of `config/law/deadlines`.

An organisation may hold signed changes of these rows (`changes.py`); they are read as strictly as the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.deadlines import beside, courts, holidays_tr, rules
from domain.deadlines.beside import Beside
from domain.deadlines.calendar_days import Calendar
from domain.deadlines.changes import Change, applied
from domain.deadlines.courts import Courts
from domain.deadlines.rules import Rules
from domain.tables import Row, TableError, read_rows

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "rules": rules.COLUMNS,
    "courts": courts.COLUMNS,
    **holidays_tr.COLUMNS,
    **beside.COLUMNS,
}
"""The tables and what no row of each may leave empty."""


@dataclass(frozen=True, slots=True)
class Law:
    """Everything that an answer depends on besides the question, and the rows that it was read from."""

    rules: Rules
    calendar: Calendar
    courts: Courts
    beside: Beside
    folder: Path
    tables: Mapping[str, Sequence[Row]]

    @classmethod
    def load(cls, folder: Path) -> Law:
        """Read the tables of the folder. Raises `TableError` naming the first bad line."""
        return cls.of(
            folder, {name: read_rows(folder / f"{name}.tsv", needed) for name, needed in COLUMNS.items()}
        )

    @classmethod
    def of(cls, folder: Path, tables: Mapping[str, Sequence[Row]]) -> Law:
        """The law of these rows. Raises `TableError`; `folder` serves to name the table in it."""
        made = Rules.of(folder / "rules.tsv", tables["rules"])
        return cls(
            made,
            holidays_tr.calendar_of(folder, tables),
            Courts.of(folder / "courts.tsv", tables["courts"]),
            Beside.of(folder, tables, made),
            folder,
            tables,
        )

    def with_changes(self, changes: Iterable[Change]) -> Law:
        """The law in which these changes hold, in their order. Raises `TableError` as for a file."""
        tables = dict(self.tables)
        for change in changes:
            path = self.folder / f"{change.table}.tsv"
            try:
                tables[change.table] = rows = applied(change, tables[change.table])
            except ValueError as error:
                raise TableError(path, 0, str(error)) from None
            for number, row in enumerate(rows, start=2):
                for column in COLUMNS[change.table]:
                    if not row[column]:
                        raise TableError(path, number, f"column {column} is empty")
        return Law.of(self.folder, tables)
