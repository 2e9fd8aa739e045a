"""What a hearing leaves to be done."""

from __future__ import annotations

import datetime as dt

import pytest

from core.reference import law, reference
from domain.hearings import BEFORE, DECIDED, ask_on


def test_what_decides_is_in_the_lists() -> None:
    lists = reference().lists
    known = [lists["line_outcome"], lists["appointment_outcome"]]
    assert [code for code in DECIDED if not any(code in one for one in known)] == []
    assert [code for code in BEFORE if code not in lists["appointment_outcome"]] == []


@pytest.mark.parametrize(
    ("today", "asked"),
    [
        (dt.date(2026, 11, 26), dt.date(2026, 11, 27)),
        (dt.date(2026, 11, 27), dt.date(2026, 11, 30)),  # a Friday
        (dt.date(2026, 10, 28), dt.date(2026, 10, 30)),  # the 29th is the day of the Republic
        (dt.date(1999, 1, 1), dt.date(1999, 1, 2)),  # no calendar
    ],
)
def test_somebody_asks_on_the_next_working_day(today: dt.date, asked: dt.date) -> None:
    assert ask_on(today, law().calendar) == asked
