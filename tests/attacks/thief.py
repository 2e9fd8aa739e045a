"""A thief with everything that lies on the server: database, files, secrets. Not with what people know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary

import vault
from config.settings import SECRETS, Settings
from core.store.base import Base, db
from core.store.migrate import import_models


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table."""
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            yield table.name, dict(row._mapping)
    db.session.rollback()


def values(*, binary: bool) -> Iterator[Any]:
    """Every stored value that is bytes, or every one that is not."""
    for _name, row in rows():
        for value in row.values():
            if value is not None and isinstance(value, bytes) == binary:
                yield value


def binary_columns() -> set[tuple[str, str]]:
    """The columns that hold bytes."""
    import_models()
    return {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }


def files(home: Path) -> Iterator[bytes]:
    """Every file of the instance folder: database with its log, blobs, queue, audit, secrets."""
    for path in home.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def stored_keys(settings: Settings) -> list[vault.Key]:
    """Everything stored that has the size of a key, and every 32 bytes at the ends of longer values."""
    found = {getattr(settings, name)[:32] for name in SECRETS}
    for value in values(binary=True):
        if len(value) >= 32:
            found |= {value[:32], value[-32:]}
    return [vault.Key(material, epoch) for material in found if len(material) == 32 for epoch in (1, 2)]
