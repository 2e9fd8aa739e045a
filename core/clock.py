"""The only clock. Tests replace `now`; every caller asks through this module."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")

_stopped_at: ContextVar[dt.datetime | None] = ContextVar("stopped_at", default=None)


def now() -> dt.datetime:
    """The current instant, in UTC."""
    return _stopped_at.get() or dt.datetime.now(dt.UTC)


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Let the clock stand at an instant within this block, while the demonstration invents a history."""
    token = _stopped_at.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _stopped_at.reset(token)


def today() -> dt.date:
    """The current civil date in Türkiye."""
    return now().astimezone(ISTANBUL).date()


def unix() -> int:
    """The current instant in whole seconds since 1970."""
    return int(now().timestamp())
