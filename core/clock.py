"""The only clock. Tests replace `now`; every caller asks through this module."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")

_ticks: ContextVar[Iterator[dt.datetime] | None] = ContextVar("ticks", default=None)


def now() -> dt.datetime:
    """The current instant, in UTC."""
    ticks = _ticks.get()
    return dt.datetime.now(dt.UTC) if ticks is None else next(ticks)


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Set the clock to an instant within this block, while the demonstration invents a history.

    It goes on by a microsecond each time it is asked, so that what happens later is later.
    """
    start = instant.astimezone(dt.UTC)
    token = _ticks.set(start + dt.timedelta(microseconds=tick) for tick in count())
    try:
        yield
    finally:
        _ticks.reset(token)


def today() -> dt.date:
    """The current civil date in Türkiye."""
    return day_of(now())


def day_of(instant: dt.datetime) -> dt.date:
    """The day in Türkiye on which something happened."""
    return instant.astimezone(ISTANBUL).date()


def end_of(day: dt.date) -> dt.datetime:
    """The instant at which a civil day in Türkiye is over, in UTC."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ISTANBUL).astimezone(dt.UTC)


def unix() -> int:
    """The current instant in whole seconds since 1970."""
    return int(now().timestamp())
