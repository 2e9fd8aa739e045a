"""Whether a person is told: nothing goes where, when or by which way they did not allow it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intake.safe_hours import may_leave
from domain.intake.telling import At, Days, Never, Now, Part, Rules, Way, Why, may, windows
from domain.intake.wall_clock import wall
from tests.domain.intake.support import NAIVE, at, instants

ALL = windows(list(Part), Days.ALL)
INSTANTS = instants("2020-01-01", "2040-01-01")
MAIL = Rules(Way.MAIL, "a@b.example", ALL)

rules = st.builds(
    Rules,
    st.none() | st.sampled_from(Way),
    st.sampled_from(["", " ", "a@b.example", "+905320000007"]),
    st.builds(windows, st.sets(st.sampled_from(Part)), st.sampled_from(Days)),
    st.frozensets(st.sampled_from(Way)),
)


@given(st.sampled_from(Way), rules, INSTANTS)
def test_what_leaves_was_chosen_is_not_refused_has_an_address_and_a_safe_hour(
    way: Way, said: Rules, now: dt.datetime
) -> None:
    allowed = said.chosen is way and way not in said.refused and bool(said.to.strip()) and bool(said.hours)
    match may(way, said, now):
        case Now():
            assert allowed
            assert may_leave(said.hours, now)
        case At(moment):
            assert allowed
            assert not may_leave(said.hours, now)
            assert moment > now
            assert isinstance(may(way, said, moment), Now)  # the one that waits until then goes then
        case Never():
            assert not allowed


@given(st.sets(st.sampled_from(Part)), st.sampled_from(Days), INSTANTS)
def test_no_choice_of_hours_is_at_night(parts: set[Part], days: Days, now: dt.datetime) -> None:
    if not 9 <= wall(now).hour < 20:
        assert not may_leave(windows(parts, days), now)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Rules(None, "a@b.example", ALL), Why.NOT_CHOSEN),
        (Rules(Way.SMS, "+905320000007", ALL), Why.NOT_CHOSEN),
        (Rules(Way.MAIL, "a@b.example", ALL, frozenset({Way.MAIL})), Why.REFUSED),
        (Rules(Way.MAIL, " ", ALL), Why.NOWHERE),
        (Rules(Way.MAIL, "a@b.example", ()), Why.NO_HOUR),
    ],
)
def test_why_nothing_goes(said: Rules, why: Why) -> None:
    assert may(Way.MAIL, said, at("2026-11-24T10:00")) == Never(why)


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-11-24T09:00", "2026-11-24T09:00"),
        ("2026-11-24T19:59:59", "2026-11-24T19:59:59"),
        ("2026-11-24T20:00", "2026-11-25T09:00"),
        ("2026-11-25T03:00", "2026-11-25T09:00"),
    ],
)
def test_never_at_night(moment: str, leaves: str) -> None:
    expected = Now() if moment == leaves else At(at(leaves))
    assert may(Way.MAIL, MAIL, at(moment)) == expected


def test_the_weekend_alone() -> None:
    said = Rules(Way.MAIL, "a@b.example", windows([Part.EVENING], Days.WEEKEND))
    assert may(Way.MAIL, said, at("2026-11-24T18:00")) == At(at("2026-11-28T17:00"))


def test_an_instant_has_a_zone_and_no_address_shows() -> None:
    with pytest.raises(ValueError, match="time zone"):
        may(Way.MAIL, MAIL, NAIVE)
    assert "a@b" not in repr(MAIL)
