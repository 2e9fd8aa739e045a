"""Which hours have somebody, nobody, or two: without a gap, and as the clock on the wall shows them."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given

from core.reference import law
from domain.intake.coverage import HORIZON, Reading, Stretch, reading, stretches
from domain.intake.duty import Rota, Shift, on_duty
from tests.domain.intake.support import DAY, NAIVE, at
from tests.domain.intake.test_duty import ALL, EVENING, MORNING, A, B, C, moments, rotas

CALENDAR = law().calendar
OFFICE = Shift(MORNING, EVENING, A, B)
NIGHT = Shift(EVENING, MORNING, C)


def shown(rota: Rota, begins: str, ends: str, present: frozenset[UUID] = ALL) -> list[tuple[str, str, int]]:
    """Begin and end by the clock in Türkiye, and how many shifts; none of them, or nobody present: 0."""
    found = stretches(rota, at(begins), at(ends), CALENDAR, present)

    def clock(instant: dt.datetime) -> str:
        return f"{instant.astimezone(at(begins).tzinfo):%a %H:%M}"

    return [
        (clock(one.begins), clock(one.ends), len(one.shifts) if one.duty.is_reading else 0) for one in found
    ]


def test_a_week_with_nights_and_a_gap() -> None:
    rota = Rota({6: (OFFICE,), 0: (OFFICE, Shift(dt.time(16), dt.time(20), C))})
    assert shown(rota, "2026-11-22T00:00", "2026-11-24T00:00") == [
        ("Sun 00:00", "Sun 09:00", 0),
        ("Sun 09:00", "Sun 18:00", 1),
        ("Sun 18:00", "Mon 09:00", 0),
        ("Mon 09:00", "Mon 16:00", 1),
        ("Mon 16:00", "Mon 18:00", 2),
        ("Mon 18:00", "Mon 20:00", 1),
        ("Mon 20:00", "Tue 00:00", 0),
    ]
    assert shown(rota, "2026-11-23T17:00", "2026-11-23T17:30") == [("Mon 17:00", "Mon 17:30", 2)]
    assert shown(rota, "2026-11-23T17:00", "2026-11-23T17:00") == []
    assert shown(rota, "2026-11-22T09:00", "2026-11-22T18:00", frozenset({C})) == [
        ("Sun 09:00", "Sun 18:00", 0)  # a shift of people who are gone
    ]


def test_what_the_public_page_says() -> None:
    rota = Rota({0: (OFFICE,), 1: (OFFICE, NIGHT)})

    def said(text: str, of: Rota = rota, present: frozenset[UUID] = ALL) -> Reading:
        return reading(of, at(text), CALENDAR, present)

    assert said("2026-11-23T10:00") == Reading(True, at("2026-11-23T18:00").astimezone(dt.UTC))
    assert said("2026-11-23T18:00") == Reading(False, at("2026-11-24T09:00").astimezone(dt.UTC))
    assert said("2026-11-24T10:00").until == at("2026-11-25T09:00")  # day and night are one
    assert said("2026-11-25T09:00").until == at("2026-11-30T09:00")
    assert said("2026-11-23T10:00", Rota({})) == Reading(False, None)
    assert said("2026-11-23T10:00", present=frozenset()) == Reading(False, None)
    always = Rota(dict.fromkeys(range(7), (Shift(MORNING, MORNING, A),)))
    assert said("2026-11-23T10:00", always) == Reading(True, None)


def test_an_instant_has_a_time_zone() -> None:
    for call in (
        lambda: list(stretches(Rota({}), NAIVE, at("2026-11-23T10:00"), CALENDAR, ALL)),
        lambda: reading(Rota({}), NAIVE, CALENDAR, ALL),
    ):
        with pytest.raises(ValueError, match="time zone"):
            call()


@given(rotas, moments)
def test_no_gap_no_neighbours_alike_and_true_at_every_hour(rota: Rota, moment: dt.datetime) -> None:
    end = moment + 3 * DAY
    found = list(stretches(rota, moment, end, CALENDAR, ALL))
    assert (found[0].begins, found[-1].ends) == (moment, end)
    for one, after in pairwise(found):
        assert one.ends == after.begins
        assert one.shifts != after.shifts
    for number in range(3 * 24):
        now = moment + dt.timedelta(hours=number)
        [here] = [one for one in found if one.begins <= now < one.ends]
        assert here.duty == on_duty(rota, now, CALENDAR, ALL)


@given(rotas, moments)
def test_reading_changes_exactly_when_it_says(rota: Rota, moment: dt.datetime) -> None:
    said = reading(rota, moment, CALENDAR, ALL)
    assert said.now == on_duty(rota, moment, CALENDAR, ALL).is_reading
    if said.until is None:
        checked = [moment + number * dt.timedelta(hours=5) for number in range(100)]
        assert all(
            on_duty(rota, now, CALENDAR, ALL).is_reading == said.now
            for now in checked
            if now < moment + HORIZON
        )
        return
    just_before = said.until - dt.timedelta(microseconds=1)
    assert on_duty(rota, said.until, CALENDAR, ALL).is_reading != said.now
    assert on_duty(rota, just_before, CALENDAR, ALL).is_reading == said.now


def test_a_stretch_is_plain_data() -> None:
    begins, ends = at("2026-11-23T10:00"), at("2026-11-23T11:00")
    [only] = stretches(Rota({0: (OFFICE,)}), begins, ends, CALENDAR, ALL)
    assert isinstance(only, Stretch)
    assert only.shifts == (OFFICE,)
