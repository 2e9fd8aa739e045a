"""Days that come back, against a walk through the calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.appointments import Fault, Pattern, UnfitPattern, missed, warns

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)
MONDAY = dt.date(2026, 11, 2)


def walked(pattern: Pattern, start: dt.date, days: int) -> list[dt.date]:
    """The days by looking at each day of the calendar."""
    everyone = (start + dt.timedelta(days=ahead) for ahead in range(days))
    return [
        day
        for day in everyone
        if day >= pattern.first
        and (pattern.last is None or day <= pattern.last)
        and (
            day.weekday() in pattern.weekdays
            if pattern.every is None
            else (day - pattern.first).days % pattern.every == 0
        )
    ]


@given(first=DAYS, length=st.none() | st.integers(7, 400), weekdays=WEEKDAYS, ahead=st.integers(-40, 450))
def test_days_of_the_week_are_those_of_the_calendar(
    first: dt.date, length: int | None, weekdays: frozenset[int], ahead: int
) -> None:
    last = None if length is None else first + dt.timedelta(days=length)
    pattern, start = Pattern(first, last, None, weekdays), first + dt.timedelta(days=ahead)
    assert list(pattern.coming(start, 1000))[:8] == walked(pattern, start, 200)[:8]


@given(
    first=DAYS, length=st.none() | st.integers(0, 400), every=st.integers(1, 60), ahead=st.integers(-9, 450)
)
def test_every_so_many_days_is_that_of_the_calendar(
    first: dt.date, length: int | None, every: int, ahead: int
) -> None:
    last = None if length is None else first + dt.timedelta(days=length)
    pattern, start = Pattern(first, last, every), first + dt.timedelta(days=ahead)
    assert list(pattern.coming(start, 4)) == walked(pattern, start, 400)[:4]


@given(first=DAYS, every=st.integers(1, 366), steps=st.integers(0, 30))
def test_one_day_leads_to_the_next(first: dt.date, every: int, steps: int) -> None:
    pattern, day = Pattern(first, None, every), first
    for _step in range(steps):
        following = pattern.after(day)
        assert following is not None
        assert pattern.on_or_after(day + dt.timedelta(days=1)) == following
        day = following
    assert day == first + dt.timedelta(days=every * steps)


@pytest.mark.parametrize(
    ("given_", "fault"),
    [
        ({"every": 0}, Fault.EVERY),
        ({"every": 367}, Fault.EVERY),
        ({}, Fault.WEEKDAYS),
        ({"weekdays": frozenset({7})}, Fault.WEEKDAYS),
        ({"every": 7, "last": MONDAY - dt.timedelta(days=1)}, Fault.LAST),
        ({"weekdays": frozenset({6}), "last": MONDAY + dt.timedelta(days=5)}, Fault.LAST),
    ],
)
def test_what_cannot_come_back_is_refused(given_: dict[str, object], fault: Fault) -> None:
    with pytest.raises(UnfitPattern) as refused:
        Pattern(MONDAY, **given_)  # type: ignore[arg-type] # what is wrong is the point
    assert refused.value.fault is fault


def test_the_calendar_ends() -> None:
    last = dt.date.max
    assert Pattern(last, None, 7).after(last) is None
    assert Pattern(last - dt.timedelta(days=3), None, 7).after(last - dt.timedelta(days=3)) is None


@given(st.lists(st.booleans(), max_size=20))
def test_missed_twice_warns(kept: list[bool]) -> None:
    assert missed(kept) == len(kept) - sum(kept)
    assert warns(kept) is (kept.count(False) >= 2)
