"""Instants by the clock in Türkiye, written short."""

import datetime as dt

from hypothesis import strategies as st

from core.clock import ISTANBUL

NAIVE = dt.datetime.fromisoformat("2026-11-24T10:00")
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
MICROSECOND = dt.timedelta(microseconds=1)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


def instants(first: str, last: str, *zones: dt.tzinfo) -> st.SearchStrategy[dt.datetime]:
    """Between two days, told in any of the zones."""
    return st.datetimes(
        dt.datetime.fromisoformat(first),
        dt.datetime.fromisoformat(last),
        timezones=st.sampled_from(zones or (ISTANBUL, dt.UTC)),
    )
