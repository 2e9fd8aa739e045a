"""Whether the files of the store go with this database, so that what no row names may be deleted there.

Both keep a random mark, and each round of the sweep writes a new one into both. So a database that was put
back to an earlier state, a copy of it elsewhere, and another database bear another mark than the store: what
their rows do not name may be what is named by rows that they do not hold, and nothing is deleted until an
operator says that the two go together.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, select, update

from core import clock
from core.store.base import db
from core.store.blobs import Blobs
from core.store.models import StoreMark
from core.store.transaction import transaction

ROUND_EVERY: Final = dt.timedelta(hours=1)
SETTLED: Final = dt.timedelta(days=1)  # nothing is deleted sooner after the two came together, or after a gap
_ROW: Final = 1


class Standing(StrEnum):
    """How a database and a store stand to each other."""

    UNMARKED = "unmarked"  # both new: the first round marks them
    SETTLING = "settling"  # came together less than a day ago
    TOGETHER = "together"
    STRANGE = "strange"


def standing(store: Blobs, now: dt.datetime, connection: Connection | None = None) -> Standing:
    """How the two stand, without changing it. Raises a store's own errors and those of SQLAlchemy."""
    found, asked = store.mark(), select(StoreMark.mark, StoreMark.before, StoreMark.since)
    row = (connection or db.session).execute(asked).first()
    if row is None:
        return Standing.UNMARKED if found is None else Standing.STRANGE
    if found not in (row.mark, row.before):
        return Standing.STRANGE
    return Standing.TOGETHER if now - row.since >= SETTLED else Standing.SETTLING


def begin_round(store: Blobs) -> Standing | None:
    """Mark both anew, once an hour however many workers ask. None where it is too soon.

    A strange store stays as it is. A round that comes more than a day after the last begins a new day of
    waiting: a database that was put back may have come from before that gap.
    """
    now, found, new = clock.now(), store.mark(), uuid4()
    with transaction() as session:
        row = session.get(StoreMark, _ROW, with_for_update=True)
        if row is None and found is None:
            row = _added(new, now)
        elif row is None or found not in (row.mark, row.before):
            return Standing.STRANGE
        elif dt.timedelta() <= now - row.round_at < ROUND_EVERY:
            return None
        elif not dt.timedelta() <= now - row.round_at < SETTLED:
            row.since = now
        row.before, row.mark, row.round_at = found or new, new, now
        waited = now - row.since
    store.put_mark(new)
    return Standing.TOGETHER if waited >= SETTLED else Standing.SETTLING


def bind(store: Blobs) -> None:
    """Say that the two go together from now on; whatever else bore this mark is a stranger to the store."""
    now, new = clock.now(), uuid4()
    with transaction() as session:
        row = session.get(StoreMark, _ROW, with_for_update=True) or _added(new, now)
        row.mark, row.before, row.since, row.round_at, row.left = new, new, now, now, 0
    store.put_mark(new)


def tell_left(count: int) -> None:
    """Keep how many objects without a row the last round left, because there were too many."""
    with transaction() as session:
        session.execute(update(StoreMark).where(StoreMark.left != count).values(left=count))


def _added(mark: UUID, now: dt.datetime) -> StoreMark:
    row = StoreMark(id=_ROW, mark=mark, before=mark, since=now, round_at=now, left=0)
    db.session.add(row)
    return row
