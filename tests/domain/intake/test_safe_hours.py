"""When a notice may leave: never in an hour that the person did not call safe."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.clock import ISTANBUL
from domain.intake.safe_hours import ANY_TIME, Window, may_leave, next_leave
from tests.domain.intake.support import DAY, MICROSECOND, NAIVE, at, instants

MIDNIGHT = dt.time()
MONDAY, TUESDAY, THURSDAY, SUNDAY = 0, 1, 3, 6
OFFICE = Window(TUESDAY, dt.time(10), dt.time(12))
NIGHT = Window(SUNDAY, dt.time(22), dt.time(5))
HOURS = (OFFICE, NIGHT, Window(THURSDAY, MIDNIGHT, MIDNIGHT))


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-11-24T09:59:59.999999", "2026-11-24T10:00"),  # Tuesday
        ("2026-11-24T10:00", "2026-11-24T10:00"),
        ("2026-11-24T11:59:59.999999", "2026-11-24T11:59:59.999999"),
        ("2026-11-24T12:00", "2026-11-26T00:00"),  # all Thursday
        ("2026-11-26T23:59:59.999999", "2026-11-26T23:59:59.999999"),
        ("2026-11-27T00:00", "2026-11-29T22:00"),  # Sunday night, into Monday
        ("2026-11-29T23:59", "2026-11-29T23:59"),
        ("2026-11-30T00:00", "2026-11-30T00:00"),
        ("2026-11-30T04:59", "2026-11-30T04:59"),
        ("2026-11-30T05:00", "2026-12-01T10:00"),
        ("2026-11-29T04:00", "2026-11-29T22:00"),  # the night of Sunday is not the one before
    ],
)
def test_it_leaves_in_the_safe_hours_else_when_they_begin(moment: str, leaves: str) -> None:
    assert may_leave(HOURS, at(moment)) == (moment == leaves)
    assert next_leave(HOURS, at(moment)) == at(leaves)


def test_the_hours_are_those_of_turkiye() -> None:
    moment = dt.datetime(2026, 11, 24, 7, 0, tzinfo=dt.UTC)
    assert may_leave([OFFICE], moment)
    assert not may_leave([OFFICE], moment - MICROSECOND)
    assert next_leave([OFFICE], moment - MICROSECOND) == moment


def test_without_safe_hours_nothing_ever_leaves() -> None:
    assert not may_leave([], at("2026-11-24T10:00"))
    assert next_leave([], at("2026-11-24T10:00")) is None


def test_one_window_comes_again_after_a_week() -> None:
    assert next_leave([OFFICE], at("2026-11-24T12:00")) == at("2026-12-01T10:00")


@pytest.mark.parametrize(
    ("weekday", "begins", "ends"),
    [
        (7, dt.time(9), dt.time(10)),
        (-1, dt.time(9), dt.time(10)),
        (MONDAY, dt.time(9), dt.time(9)),  # nothing, or the whole day?
        (MONDAY, dt.time(9, tzinfo=ISTANBUL), dt.time(10)),
        (MONDAY, dt.time(9), dt.time(10, tzinfo=dt.UTC)),
    ],
)
def test_hours_that_can_be_misread_are_refused(weekday: int, begins: dt.time, ends: dt.time) -> None:
    with pytest.raises(ValueError, match=r"weekday|clock|whole day"):
        Window(weekday, begins, ends)


def test_an_instant_has_a_time_zone() -> None:
    for ask in (may_leave, next_leave):
        with pytest.raises(ValueError, match="time zone"):
            ask(ANY_TIME, NAIVE)


def test_hours_that_a_clock_put_forward_left_out_are_waited_for_until_the_next_week() -> None:
    """On 29 March 2015 the clock in Türkiye went from 03:00 to 04:00."""
    hours = [Window(SUNDAY, dt.time(3, 15), dt.time(3, 45))]
    assert next_leave(hours, at("2015-03-29T01:00")) == at("2015-04-05T03:15")


@st.composite
def windows(draw: st.DrawFn) -> Window:
    begins, ends = draw(st.times()), draw(st.times())
    assume(begins != ends or begins == MIDNIGHT)
    return Window(draw(st.integers(0, 6)), begins, ends)


hours_of_somebody = st.lists(windows(), max_size=4)
moments = instants("2017-01-01", "2090-01-01")
ever = instants("1990-01-01", "2090-01-01", dt.UTC)


def is_safe(hours: list[Window], moment: dt.datetime) -> bool:
    """The same question in minutes of the week, without a word of the engine."""
    shown = moment.astimezone(ISTANBUL)
    since_monday = shown.weekday() * DAY + since_midnight(shown.time())
    for window in hours:
        begins = window.weekday * DAY + since_midnight(window.begins)
        length = (since_midnight(window.ends) - since_midnight(window.begins)) % DAY or DAY
        if (since_monday - begins) % (7 * DAY) < length:
            return True
    return False


def since_midnight(time: dt.time) -> dt.timedelta:
    return dt.datetime.combine(NAIVE, time) - dt.datetime.combine(NAIVE, MIDNIGHT)


@given(hours_of_somebody, moments)
def test_it_agrees_with_the_minutes_of_the_week(hours: list[Window], moment: dt.datetime) -> None:
    assert may_leave(hours, moment) == is_safe(hours, moment)


@given(hours_of_somebody, ever)
def test_never_in_the_forbidden_hours_and_never_before(hours: list[Window], moment: dt.datetime) -> None:
    leaves = next_leave(hours, moment)
    assert (leaves is None) == (not hours)
    if leaves is not None:
        assert leaves >= moment
        assert is_safe(hours, leaves)


@given(hours_of_somebody, moments)
def test_no_safe_instant_is_passed_over(hours: list[Window], moment: dt.datetime) -> None:
    leaves = next_leave(hours, moment)
    assume(leaves is not None and leaves > moment)
    assert leaves is not None
    between = [moment + (leaves - moment) * part / 97 for part in range(97)]
    assert not any(is_safe(hours, earlier) for earlier in [*between, leaves - MICROSECOND])


@given(hours_of_somebody, moments, st.timedeltas(dt.timedelta(), 15 * DAY))
def test_who_asks_later_is_never_sent_earlier(
    hours: list[Window], moment: dt.datetime, after: dt.timedelta
) -> None:
    assume(hours)
    first, second = next_leave(hours, moment), next_leave(hours, moment.astimezone(dt.UTC) + after)
    assert first is not None
    assert second is not None
    assert first <= second


@given(moments)
def test_at_any_time_is_at_once(moment: dt.datetime) -> None:
    assert next_leave(ANY_TIME, moment) == moment
