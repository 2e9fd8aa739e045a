"""The only clock. Tests replace `now`; every caller asks through this module."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")


def now() -> dt.datetime:
    """The current instant, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The current civil date in Türkiye."""
    return now().astimezone(ISTANBUL).date()


def unix() -> int:
    """The current instant in whole seconds since 1970."""
    return int(now().timestamp())
