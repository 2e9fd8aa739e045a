"""Objects of the store that no row names are deleted: what is left of an upload that was cut off.

Every column that names objects says so with `info=NAMES_OBJECT`. All features share one store, so the sweep
asks all such columns, of whatever feature; one that is forgotten there would lose what it names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, union_all

from core import clock
from core.store import sealed_files
from core.store.base import NAMES_OBJECT, Base, db

ORPHANED: Final = dt.timedelta(hours=6)  # an upload takes no longer; what has no row then is nobody's
SWEPT_EVERY: Final = dt.timedelta(hours=1)
_AT_ONCE: Final = 300  # objects that one statement asks about
_swept: list[dt.datetime] = []  # when this worker last did


def columns() -> list[ColumnElement[UUID]]:
    """Every column that names objects of the store."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info == NAMES_OBJECT
    ]


def sweep_files() -> None:
    """Once an hour, sweep. Safe twice: gone is gone."""
    now = clock.now()
    if not _swept or now - _swept[0] >= SWEPT_EVERY:
        _swept[:] = [now]
        sweep()


def sweep() -> int:
    """Delete the objects that no row names. Gives how many."""
    store, swept = sealed_files.store(), 0
    for ids in _portions(store.older_than(clock.now() - ORPHANED)):
        named = union_all(*(select(one).where(one.in_(ids)) for one in columns()))
        for id in set(ids) - set(db.session.scalars(named)):
            store.delete(id)
            swept += 1
        db.session.rollback()  # nothing waits for as long as a large store takes
    return swept


def _portions(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while portion := list(islice(ids, _AT_ONCE)):
        yield portion
