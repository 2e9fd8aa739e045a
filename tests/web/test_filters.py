"""Dates, numbers and distances as each reader writes them."""

from __future__ import annotations

import datetime as dt
import html

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


@pytest.mark.parametrize(
    ("language", "known", "words"),
    [
        ("ar", "1987-03-12", "١٢ آذار ١٩٨٧"),
        ("tr", "1987-03-12", "12 Mart 1987"),
        ("en", "1987-03-12", "12 March 1987"),
        ("ar", "1987-03", "آذار ١٩٨٧ (اليوم غير معروف)"),
        ("tr", "1987-03", "Mart 1987 (gün bilinmiyor)"),
        ("en", "1987", "1987 (only the year is known)"),
        ("ar", "1987", "١٩٨٧ (السنة وحدها معروفة)"),
    ],
)
def test_a_date_known_in_part_says_how_far(language: str, known: str, words: str) -> None:
    assert said(language, "known_day", known) == words


def test_an_instant_is_shown_on_the_clock_of_turkey() -> None:
    late = dt.datetime(2026, 11, 1, 22, 30, tzinfo=dt.UTC)
    assert said("en", "datetime_long", late) == "2 November 2026, 01:30"
    assert said("tr", "datetime_long", late) == "2 Kasım 2026 01:30"
    assert said("tr", "clock_time", late) == "01:30"
    assert said("ar", "clock_time", dt.time(9)) == "٠٩:٠٠"
    assert said("en", "clock_time", dt.time()) == "00:00"
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


@given(st.text(alphabet='بت\u0651\u200d👩a<&" \n'), st.integers(0, 400))
def test_breaks_change_nothing_of_what_was_typed(text: str, times: int) -> None:
    text = text + "ب" * times + text
    shown = str(filters.soft_breaks(text))
    assert html.unescape(shown.replace("<wbr>", "")) == text
    assert "<" not in shown.replace("<wbr>", "")


def test_a_long_run_breaks_beside_no_mark_and_a_short_one_not_at_all() -> None:
    assert "<wbr>" not in filters.soft_breaks("بتث " * 10_000 + "ب" * 100)
    pieces = filters.soft_breaks("بّ" * 5_000).split("<wbr>")
    assert max(map(len, pieces)) <= filters.LONG_RUN + 20
    assert not [piece for piece in pieces if piece.startswith("\u0651")]


def test_a_fenced_code_is_marked_up_and_nothing_else_is() -> None:
    assert filters.fenced("القاعدة \u2068DEP <b>\u2069.") == "القاعدة <bdi>DEP &lt;b&gt;</bdi>."
