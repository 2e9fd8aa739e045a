"""Who reads at an instant, and who is told: always somebody, one after the other, until one answers."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import ISTANBUL
from core.reference import law
from domain.intake.duty import Alert, Duty, Rota, Shift, alerted, escalation, on_duty
from tests.domain.intake.support import DAY, MICROSECOND, MINUTE, NAIVE, at, instants

CALENDAR = law().calendar
A, B, C, D, LEAD, OTHER_LEAD = (UUID(int=number) for number in range(1, 7))
ALL = frozenset({A, B, C, D, LEAD, OTHER_LEAD})
LEADS = frozenset({LEAD, OTHER_LEAD})
MORNING, EVENING = dt.time(9), dt.time(18)

DAYTIME, NIGHT = Shift(MORNING, EVENING, A, B), Shift(EVENING, MORNING, C, D)
FEAST = Shift(dt.time(10), dt.time(12), D)
ROTA = Rota(
    weekly={**dict.fromkeys(range(5), (DAYTIME,)), 4: (DAYTIME, NIGHT)},
    holidays=(FEAST,),
    days={dt.date(2026, 11, 25): (), dt.date(2026, 11, 28): (Shift(MORNING, MORNING, B),)},
)


def duty(text: str, present: frozenset[UUID] = ALL, rota: Rota = ROTA) -> Duty:
    return on_duty(rota, at(text), CALENDAR, present)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24T08:59:59.999999", Duty()),  # Tuesday
        ("2026-11-24T09:00", Duty(A, B)),
        ("2026-11-24T17:59:59.999999", Duty(A, B)),
        ("2026-11-24T18:00", Duty()),
        ("2026-11-20T18:00", Duty(C, D)),  # Friday night, into Saturday
        ("2026-11-21T00:00", Duty(C, D)),
        ("2026-11-21T08:59", Duty(C, D)),
        ("2026-11-21T09:00", Duty()),
        ("2026-11-22T12:00", Duty()),
        ("2026-11-25T12:00", Duty()),  # a day on which the rota says nobody
        ("2026-11-28T09:00", Duty(B)),  # a Saturday of its own, around the clock, while the night ends
        ("2026-11-28T08:59", Duty(C, D)),
        ("2026-11-29T08:59", Duty(B)),
        ("2026-11-29T09:00", Duty()),
        ("2026-05-27T11:00", Duty(D)),  # the first day of the Feast of Sacrifice, a Wednesday
        ("2026-05-27T12:00", Duty()),
        ("2026-05-26T17:00", Duty(A, B)),  # its eve
        ("2400-03-13T10:00", Duty(A, B)),  # a Monday beyond the calendar
    ],
)
def test_who_is_on_duty(moment: str, expected: Duty) -> None:
    assert duty(moment) == expected
    assert duty(moment).is_reading == (expected != Duty())


def test_a_rota_that_says_nothing_of_holidays_has_nobody_then() -> None:
    assert duty("2026-05-27T11:00", rota=Rota(dict.fromkeys(range(7), (DAYTIME,)))) == Duty()


def test_the_day_is_that_of_turkiye() -> None:
    moment = dt.datetime(2026, 11, 24, 6, 30, tzinfo=dt.UTC)
    assert on_duty(ROTA, moment, CALENDAR, ALL) == Duty(A, B)
    assert on_duty(ROTA, moment - 31 * MINUTE, CALENDAR, ALL) == Duty()


def test_the_second_stands_in_for_who_is_gone_and_then_whoever_else_is_there() -> None:
    friday = "2026-11-20T12:00"
    assert duty(friday, ALL - {B}) == Duty(A)
    assert duty(friday, ALL - {A}) == Duty(B)
    assert duty(friday, ALL - {A, B}) == Duty()
    both = Rota({4: (DAYTIME, Shift(dt.time(10), EVENING, C))})
    assert duty(friday, rota=both) == Duty(C)  # began last
    assert duty(friday, ALL - {C}, both) == Duty(A, B)
    same = Rota({4: (DAYTIME, Shift(MORNING, EVENING, C))})
    assert duty(friday, rota=same) == Duty(A, B)  # stands first
    assert duty(friday, ALL - {A, B}, same) == Duty(C)


def test_nobody_is_one_s_own_second() -> None:
    assert duty("2026-11-20T12:00", rota=Rota({4: (Shift(MORNING, EVENING, A, A),)})) == Duty(A)


CAME = at("2026-11-24T10:00")


def plan(
    who: Duty, coordinators: frozenset[UUID] = LEADS, *, again: bool = False
) -> list[tuple[int, set[UUID]]]:
    """Minutes after the request, and whom."""
    alerts = escalation(who, coordinators, CAME, again=again)
    return [((alert.at - CAME) // MINUTE, set(alert.people)) for alert in alerts]


def test_on_duty_at_once_the_second_after_15_minutes_the_coordinators_after_30() -> None:
    assert plan(Duty(A, B)) == [(0, {A}), (15, {B}), (30, set(LEADS))]


def test_with_nobody_on_duty_the_coordinators_are_told_at_once() -> None:
    assert plan(Duty()) == [(0, set(LEADS))]


def test_where_somebody_was_on_it_in_vain_both_are_told_at_once() -> None:
    assert plan(Duty(A, B), again=True) == [(0, {A}), (0, {B}), (15, set(LEADS))]
    assert plan(Duty(A), again=True) == [(0, {A}), (0, set(LEADS))]
    assert plan(Duty(), again=True) == [(0, set(LEADS))]


def test_a_step_without_anybody_leaves_its_time_to_the_next() -> None:
    assert plan(Duty(A)) == [(0, {A}), (15, set(LEADS))]
    assert plan(Duty(LEAD, B)) == [(0, {LEAD}), (15, {B}), (30, {OTHER_LEAD})]
    assert plan(Duty(A, LEAD), frozenset({LEAD})) == [(0, {A}), (15, {LEAD})]
    assert plan(Duty(), frozenset()) == []


def test_an_acknowledgement_stops_what_has_not_come_before_it() -> None:
    steps = escalation(Duty(A, B), LEADS, CAME)
    told = [alerted(steps, CAME + minutes * MINUTE) for minutes in (-1, 0, 14, 15, 29, 30, 600)]
    assert told == [set(), {A}, {A}, {A, B}, {A, B}, {A, B} | LEADS, {A, B} | LEADS]
    late = CAME + 600 * MINUTE
    assert alerted(steps, late, CAME + 10 * MINUTE) == {A}
    assert alerted(steps, late, CAME + 15 * MINUTE) == {A}  # in the very moment
    assert alerted(steps, late, CAME + 15 * MINUTE + MICROSECOND) == {A, B}
    assert alerted(steps, late, CAME + 31 * MINUTE) == {A, B} | LEADS
    assert alerted(steps, CAME, late) == {A}  # a clock set back invents no step


def test_an_instant_has_a_time_zone() -> None:
    steps = escalation(Duty(A), LEADS, CAME)
    for call in (
        lambda: on_duty(ROTA, NAIVE, CALENDAR, ALL),
        lambda: escalation(Duty(A), LEADS, NAIVE),
        lambda: alerted(steps, NAIVE),
        lambda: alerted(steps, CAME, NAIVE),
    ):
        with pytest.raises(ValueError, match="time zone"):
            call()


people = st.sampled_from(sorted(ALL))
times = st.times()
shifts = st.lists(st.builds(Shift, times, times, people, st.none() | people), max_size=3)
rotas = st.builds(
    Rota,
    st.dictionaries(st.integers(0, 6), shifts),
    shifts,
    st.dictionaries(st.dates(dt.date(2026, 5, 20), dt.date(2026, 6, 5)), shifts, max_size=3),
)
moments = instants("2026-05-20", "2026-06-05", ISTANBUL)
waits = st.timedeltas(-DAY, DAY)


@given(rotas, moments, st.frozensets(people))
def test_only_who_is_present_and_never_a_second_without_a_first(
    rota: Rota, moment: dt.datetime, present: frozenset[UUID]
) -> None:
    found = on_duty(rota, moment, CALENDAR, present)
    both = [found.person, found.second]
    assert {one for one in both if one is not None} <= present
    assert found.person is not None or found.second is None
    assert found.person is None or found.person != found.second


@given(rotas, moments)
def test_somebody_reads_exactly_while_a_shift_holds(rota: Rota, moment: dt.datetime) -> None:
    """Counted minute by minute of the wall clock, without a word of the engine."""
    clock = moment.replace(tzinfo=None)
    holds = False
    for back in (0, 1):
        day = clock.date() - back * DAY
        for shift in rota.shifts_of(day, CALENDAR):
            begins = dt.datetime.combine(day, shift.begins)
            ends = dt.datetime.combine(day, shift.ends)
            ends += DAY if ends <= begins else 0 * DAY
            holds = holds or begins <= clock < ends
    assert on_duty(rota, moment, CALENDAR, ALL).is_reading == holds


duties = st.sampled_from([Duty(), Duty(A), Duty(A, B), Duty(LEAD, A), Duty(A, LEAD)])
leads = st.frozensets(people, min_size=1)


@given(duties, leads, moments, waits, waits)
def test_who_was_told_stays_told_and_half_an_hour_reaches_everybody(
    who: Duty, coordinators: frozenset[UUID], came: dt.datetime, one: dt.timedelta, other: dt.timedelta
) -> None:
    steps = escalation(who, coordinators, came)
    earlier, later = sorted((one, other))
    assert alerted(steps, came + earlier) <= alerted(steps, came + later)
    assert alerted(steps, came)  # somebody is told at once
    assert coordinators <= alerted(steps, came + 30 * MINUTE)
    assert sum(len(step.people) for step in steps) == len(alerted(steps, came + DAY))


@given(duties, leads, moments, waits, waits)
def test_an_acknowledgement_tells_nobody_more_and_nobody_after_it(
    who: Duty, coordinators: frozenset[UUID], came: dt.datetime, now: dt.timedelta, answered: dt.timedelta
) -> None:
    steps = escalation(who, coordinators, came)
    told = alerted(steps, came + now, came + answered)
    assert told <= alerted(steps, came + now)
    assert told <= alerted(steps, came + answered)


def test_a_plan_is_plain_data_for_jobs() -> None:
    assert escalation(Duty(A), LEADS, CAME)[0] == Alert(CAME, frozenset({A}))
