"""What was founded once, as rows: put into the next database instead of being founded there again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Table, insert

from accounts.service import trust
from config.settings import Settings
from core import clock
from core.store.base import Base, db
from core.store.transaction import transaction
from tests.support.clock import START

Row = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """Rows by table and key, in an order in which they fit; what the secrets remember, one in a line."""

    tables: list[tuple[Table, dict[tuple[Any, ...], Row]]]
    roots: list[str]

    @classmethod
    def of(cls, settings: Settings) -> Rows:
        """All that lies in the database and among the secrets of an application. Needs its context."""
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
        file = trust.roots_file(settings)
        return cls(tables, file.read_text().splitlines(keepends=True) if file.exists() else [])

    def since(self, earlier: Rows) -> Rows:
        """What came to those of an earlier moment, which must be as they were."""
        tables = []
        for (table, now), (_, before) in zip(self.tables, earlier.tables, strict=True):
            assert before.items() <= now.items(), f"{table} was changed, not only added to"
            tables.append((table, {key: row for key, row in now.items() if key not in before}))
        return Rows(tables, self.roots[len(earlier.roots) :])

    def put(self, settings: Settings) -> None:
        """Add them to the database and the secrets of an application."""
        with transaction() as session:
            for table, rows in self.tables:
                if rows:
                    session.execute(insert(table), list(rows.values()))
        file = trust.roots_file(settings)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        with file.open("a") as remembered:
            remembered.writelines(self.roots)


@contextmanager
def long_ago() -> Iterator[None]:
    """A moment before every other at which a test may stand: what is founded now fits into all of them."""
    moment = min(START, clock.now(), dt.datetime.now(dt.UTC)) - dt.timedelta(days=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        yield
