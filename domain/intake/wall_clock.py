"""Instants and what the clock on the wall in Türkiye shows at them."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

ISTANBUL: Final = ZoneInfo("Europe/Istanbul")
DAY: Final = dt.timedelta(days=1)


def utc(at: dt.datetime) -> dt.datetime:
    """An instant in UTC, where differences are true. Raises `ValueError` for one without a zone."""
    if at.utcoffset() is None:
        message = "an instant has a time zone"
        raise ValueError(message)
    return at.astimezone(dt.UTC)


def wall(at: dt.datetime) -> dt.datetime:
    """Day and time in Türkiye, without a zone. Raises `ValueError` for an instant without one."""
    return utc(at).astimezone(ISTANBUL).replace(tzinfo=None)


def instant(day: dt.date, time: dt.time = dt.time()) -> dt.datetime:
    """When the clock in Türkiye shows this, in UTC; midnight begins the day."""
    return dt.datetime.combine(day, time, ISTANBUL).astimezone(dt.UTC)
