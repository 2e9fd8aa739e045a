"""How long a request may wait: in hours where it burns, else in days on which somebody works."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import ISTANBUL
from core.reference import law
from domain.deadlines.counting import count
from domain.deadlines.steps import Period, Unit
from domain.intake.clocks import Breach, answering, clocks
from domain.taxonomy import URGENCIES
from tests.domain.intake.support import DAY, HOUR, MICROSECOND, NAIVE, at, instants

CALENDAR = law().calendar
moments = instants("2024-06-01", "2060-12-01")


def test_detention_is_claimed_within_the_hour_and_decided_before_midnight() -> None:
    both = clocks("U0", at("2026-11-24T10:00"), CALENDAR)
    assert both.claim.over == at("2026-11-24T11:00")
    assert both.claim.near == at("2026-11-24T10:45")
    assert both.decision.over == at("2026-11-25T00:00")
    assert both.decision.near == at("2026-11-24T20:30")


def test_in_the_last_hour_of_a_day_the_decision_may_take_as_long_as_the_claim() -> None:
    for came, over in {
        "2026-11-24T22:59": "2026-11-25T00:00",
        "2026-11-24T23:00": "2026-11-25T00:00",
        "2026-11-24T23:40": "2026-11-25T00:40",
        "2026-11-25T00:00": "2026-11-26T00:00",
    }.items():
        both = clocks("U0", at(came), CALENDAR)
        assert both.decision.over == at(over)
        assert both.claim.over == at(came) + HOUR


def test_a_paper_with_a_date_is_answered_for_on_the_same_day_also_on_a_weekend() -> None:
    for came, near, over in (
        ("2026-11-28T18:00", "2026-11-28T22:30", "2026-11-29T00:00"),  # a Saturday
        ("2026-11-28T23:20", "2026-11-29T00:05", "2026-11-29T00:20"),
    ):
        both = clocks("U1", at(came), CALENDAR)
        assert both.claim == both.decision
        assert (both.claim.near, both.claim.over) == (at(near), at(over))


@pytest.mark.parametrize(
    ("urgency", "came", "over"),
    [
        ("U2", "2026-11-24T00:00", "2026-11-27"),  # Tuesday: to the end of Thursday
        ("U2", "2026-11-24T23:59", "2026-11-27"),
        ("U2", "2026-11-27T09:00", "2026-12-02"),  # Friday: to the end of Tuesday
        ("U2", "2026-11-28T09:00", "2026-12-02"),
        ("U3", "2026-11-24T10:00", "2026-12-02"),  # to the end of Tuesday
        ("U2", "2026-05-25T10:00", "2026-06-02"),  # the Feast of Sacrifice closes offices from 27 to 30 May
        ("U3", "2026-05-25T10:00", "2026-06-05"),
    ],
)
def test_what_can_wait_waits_working_days_to_the_end_of_the_last(urgency: str, came: str, over: str) -> None:
    both = clocks(urgency, at(came), CALENDAR)
    assert both.claim == both.decision
    assert both.decision.over == at(over)


def test_the_day_is_that_of_turkiye() -> None:
    late = dt.datetime(2026, 11, 24, 21, 30, tzinfo=dt.UTC)  # half past midnight on Wednesday
    assert clocks("U2", late, CALENDAR).claim.over == at("2026-11-28")
    in_berlin = late.astimezone(ZoneInfo("Europe/Berlin"))
    assert clocks("U2", in_berlin, CALENDAR) == clocks("U2", late, CALENDAR)


def test_where_the_calendar_ends_every_day_counts() -> None:
    assert clocks("U2", at("2400-03-10T12:00"), CALENDAR).claim.over == at("2400-03-13")
    assert clocks("U3", at("2400-03-10T12:00"), CALENDAR).claim.over == at("2400-03-16")


def test_near_then_over() -> None:
    both = clocks("U0", at("2026-11-24T10:00"), CALENDAR)
    for moment, unclaimed, claimed in (
        (at("2026-11-24T09:00"), "none", "none"),  # a clock set back
        (at("2026-11-24T10:00"), "none", "none"),
        (at("2026-11-24T10:45") - MICROSECOND, "none", "none"),
        (at("2026-11-24T10:45"), "near", "none"),
        (at("2026-11-24T11:00") - MICROSECOND, "near", "none"),
        (at("2026-11-24T11:00"), "over", "none"),
        (at("2026-11-24T20:30"), "over", "near"),
        (at("2026-11-25T00:00") - MICROSECOND, "over", "near"),
        (at("2026-11-25T00:00"), "over", "over"),
    ):
        assert both.breach(moment, claimed=False) == Breach(unclaimed)
        assert both.breach(moment, claimed=True) == Breach(claimed)


def test_what_is_no_urgency_or_no_instant_is_refused() -> None:
    with pytest.raises(KeyError):
        clocks("U4", at("2026-11-24T10:00"), CALENDAR)
    for urgency in URGENCIES:
        with pytest.raises(ValueError, match="time zone"):
            clocks(urgency, NAIVE, CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        clocks("U0", at("2026-11-24T10:00"), CALENDAR).breach(NAIVE, claimed=True)


@given(st.sampled_from(URGENCIES), moments)
def test_a_clock_begins_after_the_request_and_the_claim_is_never_later(
    urgency: str, came: dt.datetime
) -> None:
    both = clocks(urgency, came, CALENDAR)
    assert came < both.claim.near < both.claim.over <= both.decision.over
    assert both.claim.near <= both.decision.near < both.decision.over
    assert both.breach(came, claimed=False) is Breach.NONE


@given(moments)
def test_the_more_urgent_never_waits_longer(came: dt.datetime) -> None:
    ends = [clocks(urgency, came, CALENDAR) for urgency in URGENCIES]
    assert [both.claim.over for both in ends] == sorted(both.claim.over for both in ends)
    assert [both.decision.over for both in ends] == sorted(both.decision.over for both in ends)


@given(st.sampled_from(URGENCIES), moments, st.timedeltas(dt.timedelta(), dt.timedelta(days=20)))
def test_who_comes_later_is_never_to_be_answered_earlier(
    urgency: str, came: dt.datetime, after: dt.timedelta
) -> None:
    first = clocks(urgency, came, CALENDAR)
    second = clocks(urgency, came.astimezone(dt.UTC) + after, CALENDAR)
    assert first.claim.over <= second.claim.over
    assert first.decision.over <= second.decision.over


@given(st.sampled_from(URGENCIES), moments, st.timedeltas(-DAY, 20 * DAY), st.timedeltas(HOUR, 20 * DAY))
def test_a_breach_never_heals_by_waiting(
    urgency: str, came: dt.datetime, after: dt.timedelta, more: dt.timedelta
) -> None:
    both, order = clocks(urgency, came, CALENDAR), list(Breach)
    moment = came.astimezone(dt.UTC) + after
    for claimed in (False, True):
        earlier, later = (both.breach(moment + wait, claimed=claimed) for wait in (dt.timedelta(), more))
        assert order.index(earlier) <= order.index(later)


@given(st.sampled_from([("U2", 2), ("U3", 5)]), moments)
def test_working_days_are_those_of_the_deadlines(rule: tuple[str, int], came: dt.datetime) -> None:
    urgency, days = rule
    last = count(Period(days, Unit.WORKDAY), came.astimezone(ISTANBUL).date(), CALENDAR)
    over = clocks(urgency, came, CALENDAR).decision.over.astimezone(ISTANBUL)
    assert over == dt.datetime.combine(last + DAY, dt.time(), ISTANBUL)
    assert CALENDAR.is_open((over - MICROSECOND).date())


@pytest.mark.parametrize(
    ("urgency", "came", "over"),
    [
        ("U0", "2026-11-24T10:00", "2026-11-24T11:00"),
        ("U3", "2026-11-24T10:00", "2026-11-26T00:00"),  # to the end of the next working day
        ("U3", "2026-11-28T10:00", "2026-12-01T00:00"),  # Saturday: to the end of Monday
    ],
)
def test_what_is_written_after_the_end_is_read_by_the_next_working_day(
    urgency: str, came: str, over: str
) -> None:
    assert answering(urgency, at(came), CALENDAR).over == at(over)
