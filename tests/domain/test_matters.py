"""Powers of attorney and stays in detention: what several entries come to."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matters import Kind, Powers, detained_since, holds_on, is_over, powers, speaks_on, spent

DAY = dt.date(2026, 11, 27)


def day(offset: int) -> str:
    return (DAY + dt.timedelta(days=offset)).isoformat()


def test_a_power_holds_from_the_first_that_was_given_and_has_not_ended() -> None:
    refused = {"result": "refused", "on": day(-20)}
    first = {"result": "given", "on": day(-10), "until": day(0)}
    second = {"result": "given", "on": day(-5)}
    assert powers([refused, refused], DAY) == Powers(None, 2)
    assert powers([refused, second, first], DAY) == Powers(DAY - dt.timedelta(days=10), 1)
    assert powers([first, second], DAY + dt.timedelta(days=1)) == Powers(DAY - dt.timedelta(days=5), 0)
    assert powers([{**second, "ended_on": day(-1)}], DAY) == Powers(None, 0)
    assert not holds_on({"result": "wanted", "on": day(-1)}, DAY)
    assert powers([{"result": "given"}], DAY) == Powers(None, 0)


def test_what_has_a_last_day_is_over() -> None:
    assert is_over("restriction", {"lifted_on": day(-1)})
    assert not is_over(Kind.REFERENCE, {"ended_on": ""})
    assert not is_over(Kind.COST, {"amount": "450"})
    assert spent([{"amount": "450"}, {"amount": "1250"}]) == 1700


@pytest.mark.parametrize(
    ("mandate", "stands"),
    [
        ({"paper": "minutes", "since": day(-9), "until": day(0)}, True),
        ({"paper": "minutes"}, True),
        ({"paper": "none", "since": day(-9)}, False),
        ({"paper": "minutes", "until": day(-1)}, False),
        ({"paper": "minutes", "since": day(1)}, False),
        ({"paper": "minutes", "ended_on": day(-1)}, False),
    ],
)
def test_who_speaks_for_an_organisation(mandate: dict[str, str], *, stands: bool) -> None:
    assert speaks_on(mandate, DAY) is stands


def test_a_stay_goes_on_through_transfers_and_ends_with_a_release() -> None:
    police = {"since": day(-12), "left_on": day(-10), "why_left": "transferred"}
    centre = {"since": day(-9), "left_on": day(-3), "why_left": "transferred"}
    now = {"since": day(-3)}
    assert detained_since([now, centre, police]) == DAY - dt.timedelta(days=12)
    assert detained_since([now, {**centre, "why_left": "released"}, police]) == DAY - dt.timedelta(days=3)
    assert detained_since([now, police]) == DAY - dt.timedelta(days=3)
    assert detained_since([police, centre]) is None
    assert detained_since([{"since": ""}, {}]) is None


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 1)), max_size=8), st.randoms())
def test_however_many_transfers_the_first_day_counts(legs: list[tuple[int, int]], random: object) -> None:
    at, stays = -100, []
    for stayed, on_the_way in legs:
        stays.append({"since": day(at), "left_on": day(at + stayed), "why_left": "transferred"})
        at += stayed + on_the_way
    stays.append({"since": day(at)})
    random.shuffle(stays)  # type: ignore[attr-defined] # hypothesis' own
    assert detained_since(stays) == DAY - dt.timedelta(days=100)
