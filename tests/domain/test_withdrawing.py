"""How long a lawyer who gives up a power of attorney answers for the file."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reference import law
from domain.deadlines.steps import Refusal
from domain.withdrawing import last_day

days = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 1))


@given(days)
def test_fifteen_days_after_the_notice_and_never_on_a_closed_day(day: dt.date) -> None:
    calendar, last = law().calendar, last_day(day, law().calendar)
    assert calendar.is_open(last)
    assert last >= day + dt.timedelta(days=15)
    passed = (day + dt.timedelta(days=15 + n) for n in range((last - day).days - 15))
    assert not any(calendar.is_open(one) for one in passed)


@pytest.mark.parametrize(
    ("notified", "last"),
    [
        (dt.date(2026, 11, 2), dt.date(2026, 11, 17)),
        (dt.date(2026, 11, 6), dt.date(2026, 11, 23)),  # the 21st is a Saturday
        (dt.date(2026, 10, 14), dt.date(2026, 10, 30)),  # the 29th is the day of the Republic
    ],
)
def test_examples(notified: dt.date, last: dt.date) -> None:
    assert last_day(notified, law().calendar) == last


def test_a_day_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Refusal):
        last_day(dt.date(1999, 1, 1), law().calendar)
