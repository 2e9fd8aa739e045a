"""What was deleted or overwritten goes from the files of the database, too.

SQLite overwrites what is freed (`secure_delete`, in `base`) in its write-ahead file first; the pages as they
were stay there and in the database until the file is written back and cut to nothing. PostgreSQL does the
like by its own vacuum (docs/security.md says what remains until then).
"""

from __future__ import annotations

import time
from typing import Final

from core.store.base import BUSY_TIMEOUT, db

EVERY: Final = 60.0  # seconds between two rounds
PATIENCE: Final = 200  # milliseconds: whoever wants to write waits behind us so long at most

_last: list[float] = []


def forget_overwritten() -> bool:
    """Write the write-ahead file back and cut it; gives whether all of it went.

    Not while somebody reads an older state: the next round tries again. Safe at any time and twice.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
        try:
            busy, _pages, _written = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
    finally:
        connection.close()
    return not busy


def forget_now_and_then() -> None:
    """The chore of the worker: once in a minute, and at once again where somebody was in the way."""
    now = time.monotonic()
    if _last and now - _last[0] < EVERY:
        return
    if forget_overwritten():
        _last[:] = [now]
