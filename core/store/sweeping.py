"""Objects of the store that no row names are deleted: what is left of an upload that was cut off.

Every column that names objects says so with `info=NAMES_OBJECT`. All features share one store, so the sweep
asks all such columns, of whatever feature; one that is forgotten there would lose what it names.

Rows can be missing for a worse reason: an older database was put back, or the store is another's. So a sweep
asks first whether the two go together (`core.store.belonging`), and deletes nothing at all where much has no
row: an upload that is cut off leaves little.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, select, union_all

from core import clock
from core.store import belonging, sealed_files
from core.store.base import NAMES_OBJECT, Base, db
from core.store.belonging import Standing

ORPHANED: Final = dt.timedelta(hours=6)  # an upload takes no longer; what has no row then is nobody's
FEW: Final = 20  # objects without a row that may go at once, and of a large store
SHARE: Final = 0.01  # of it
_AT_ONCE: Final = 300  # objects that one statement asks about
_swept: list[dt.datetime] = []  # when this worker last did
_log = structlog.get_logger("himaya.store")


def columns() -> list[ColumnElement[UUID]]:
    """Every column that names objects of the store."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info == NAMES_OBJECT
    ]


def sweep_files() -> None:
    """Once an hour, sweep, where the store and the database go together. Safe twice: gone is gone."""
    now = clock.now()
    if _swept and now - _swept[0] < belonging.ROUND_EVERY:
        return
    _swept[:] = [now]
    found = belonging.begin_round(sealed_files.store())
    if found is Standing.STRANGE:
        _log.warning("files.not_swept", why="another_mark")
    elif found is Standing.TOGETHER:
        sweep()


def sweep(*, many: bool = False) -> int:
    """Delete the objects that no row names, and what broken writes left on this disk. Gives how many objects.

    None of them where they are more than few, unless `many` says that somebody looked at how many there are.
    """
    store, before = sealed_files.store(), clock.now() - ORPHANED
    store.clear_unfinished(before)
    nameless, seen = _nameless(store.older_than(before))
    if too_many(len(nameless), seen) and not many:
        _log.warning("files.not_swept", why="too_many", without_row=len(nameless), of=seen)
        belonging.tell_left(len(nameless))
        return 0
    swept = 0
    for ids in _portions(iter(nameless)):
        for id in _unnamed(ids):  # asked again: a large store takes long to list
            store.delete(id)
            swept += 1
    belonging.tell_left(0)
    return swept


def counted() -> tuple[int, int]:
    """How many of the objects older than an upload have no row, and how many such objects there are."""
    nameless, seen = _nameless(sealed_files.store().older_than(clock.now() - ORPHANED))
    return len(nameless), seen


def too_many(nameless: int, seen: int) -> bool:
    """Whether more objects have no row than uploads that were cut off leave."""
    return nameless > max(FEW, seen * SHARE)


def _nameless(ids: Iterator[UUID]) -> tuple[list[UUID], int]:
    found: list[UUID] = []
    seen = 0
    for portion in _portions(ids):
        found += _unnamed(portion)
        seen += len(portion)
    return found, seen


def _unnamed(ids: Iterable[UUID]) -> set[UUID]:
    named = union_all(*(select(one).where(one.in_(ids)) for one in columns()))
    try:
        return set(ids) - set(db.session.scalars(named))
    finally:
        db.session.rollback()  # nothing waits for as long as a large store takes


def _portions(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while portion := list(islice(ids, _AT_ONCE)):
        yield portion
