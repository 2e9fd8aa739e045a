"""What was founded once, as rows: put into the next database instead of being founded there again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, update

from accounts.service import trust
from config.settings import Settings
from core import clock
from core.store.base import Base, db
from core.store.transaction import transaction
from tests.support.clock import START

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Rows:
    """Rows by table in an order in which they fit, rows that became others, and files by their place.

    The roots that the secrets remember are lines of a file, to which others are added.
    """

    tables: list[tuple[Table, dict[Key, Row]]]
    changed: list[tuple[Table, Key, Row]]
    files: dict[Path, bytes]
    roots: list[str]

    @classmethod
    def of(cls, settings: Settings) -> Rows:
        """All that lies in the database, the files and the secrets of an application. Needs its context."""
        tables = [
            (
                table,
                {
                    tuple(row[column] for column in table.primary_key.columns): dict(row)
                    for row in db.session.execute(table.select()).mappings()
                },
            )
            for table in Base.metadata.sorted_tables
        ]
        db.session.rollback()
        file, stored = trust.roots_file(settings), settings.home / "files"
        files = {path.relative_to(stored): path.read_bytes() for path in stored.rglob("*") if path.is_file()}
        return cls(tables, [], files, file.read_text().splitlines(keepends=True) if file.exists() else [])

    def since(self, earlier: Rows) -> Rows:
        """What came to those of an earlier moment, and which of those are others now; none may be gone."""
        tables, changed = [], []
        for (table, now), (_, before) in zip(self.tables, earlier.tables, strict=True):
            assert before.keys() <= now.keys(), f"rows of {table} are gone"
            tables.append((table, {key: row for key, row in now.items() if key not in before}))
            changed += [(table, key, now[key]) for key, row in before.items() if row != now[key]]
        files = {path: content for path, content in self.files.items() if path not in earlier.files}
        return Rows(tables, changed, files, self.roots[len(earlier.roots) :])

    def put(self, settings: Settings) -> None:
        """Add them to the database, the files and the secrets of an application."""
        with transaction() as session:
            for table, rows in self.tables:
                if rows:
                    session.execute(insert(table), list(rows.values()))
            for table, key, row in self.changed:
                same = [column == part for column, part in zip(table.primary_key.columns, key, strict=True)]
                session.execute(update(table).where(*same).values(row))
        for path, content in self.files.items():
            place = settings.home / "files" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        file = trust.roots_file(settings)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        with file.open("a") as remembered:
            remembered.writelines(self.roots)


@contextmanager
def long_ago() -> Iterator[dt.datetime]:
    """A moment before nearly every other at which a test may stand: what is founded now fits into those."""
    moment = min(START, clock.now(), dt.datetime.now(dt.UTC)) - dt.timedelta(days=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        yield moment
