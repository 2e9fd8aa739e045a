"""Dates, numbers and distances as each reader writes them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web import filters
from tests.support.clock import FrozenClock
from tests.web.gallery import gallery_app

MONDAY = dt.date(2026, 11, 2)


def said(language: str, name: str, value: object) -> str:
    """What a filter shows to a reader of this language."""
    with gallery_app().test_request_context("/desk", headers={"Accept-Language": language}):
        return str(getattr(filters, name)(value))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "الاثنين ٢ تشرين الثاني ٢٠٢٦"),
        ("tr", "2 Kasım 2026 Pazartesi"),
        ("en", "Monday 2 November 2026"),
    ],
)
def test_a_day_in_full(language: str, words: str) -> None:
    assert said(language, "date_long", MONDAY) == words


def test_an_instant_is_shown_on_the_clock_of_turkey() -> None:
    late = dt.datetime(2026, 11, 1, 22, 30, tzinfo=dt.UTC)
    assert said("en", "datetime_long", late) == "2 November 2026, 01:30"
    assert said("tr", "datetime_long", late) == "2 Kasım 2026 01:30"
    assert said("ar", "datetime_long", late) == "٢ تشرين الثاني ٢٠٢٦، ٠١:٣٠"
    assert said("en", "date_long", late) == "Monday 2 November 2026"
    assert said("en", "date_short", late) == "2 Nov 2026"


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [
        ("en", 0, "today"),
        ("en", 1, "tomorrow"),
        ("en", -1, "yesterday"),
        ("en", 3, "in 3 days"),
        ("en", -40, "40 days ago"),
        ("tr", 3, "3 gün sonra"),
        ("ar", 3, "خلال ٣ أيام"),
        ("ar", 11, "خلال ١١ يومًا"),
    ],
)
def test_the_distance_of_a_day(clock: FrozenClock, language: str, days: int, words: str) -> None:
    from core import clock as the_clock

    assert said(language, "relative_days", the_clock.today() + dt.timedelta(days=days)) == words


def test_numbers_follow_the_reader() -> None:
    assert said("ar", "number", 1234567) == "١٬٢٣٤٬٥٦٧"
    assert said("tr", "number", 1234567) == "1.234.567"
    assert said("en", "number", 1234567) == "1,234,567"


@given(st.text(alphabet="ab\u202e\u2066\u2069\u200f\u061c "))
def test_isolated_text_turns_nothing_behind_it(text: str) -> None:
    fenced = filters.isolate(text)
    assert fenced[0] == "\u2068"
    assert fenced[-1] == "\u2069"
    assert set(fenced[1:-1]) <= set("ab ")
