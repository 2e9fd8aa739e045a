"""Which files are drawn for review, and what a review has to say."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.file_reviews import (
    QUESTIONS,
    Answer,
    Missing,
    digest_of,
    found,
    missing,
    month_before,
    month_of,
    sample,
)

files = st.sets(st.integers(1, 10_000), max_size=80)
answers = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from([*Answer, "", "maybe"]))


@given(st.text(max_size=20), files, st.integers(1, 30))
def test_one_in_so_many_is_drawn_and_of_a_few_one(seed: str, numbers: set[int], one_in: int) -> None:
    drawn = sample(seed, numbers, one_in)
    assert set(drawn) <= numbers
    assert len(drawn) == len(set(drawn))
    assert len(drawn) * one_in >= len(numbers) > (len(drawn) - 1) * one_in or not numbers
    assert bool(drawn) == bool(numbers)
    assert drawn == sample(seed, sorted(numbers, reverse=True), one_in)


def test_every_file_has_about_the_same_chance() -> None:
    times = dict.fromkeys(range(20), 0)
    for seed in range(2000):
        for number in sample(str(seed), times, 10):
            times[number] += 1
    assert min(times.values()) > 140  # of 200 on average
    assert max(times.values()) < 260


def test_another_result_has_another_digest() -> None:
    assert digest_of("a", [1], [2], [1]) == digest_of("a", [1], [2], [1])
    others = [("b", [1], [2], [1]), ("a", [1, 2], [], [1]), ("a", [1], [2], [2])]
    assert digest_of("a", [1], [2], [1]) not in [digest_of(*other) for other in others]


@given(answers, st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(["", " ", "no stamp"])))
def test_each_is_answered_and_a_no_says_what_is_wrong(said: dict[str, str], words: dict[str, str]) -> None:
    lacking = missing(said, words)
    for name in QUESTIONS:
        unanswered = said.get(name) not in {"yes", "no", "not_here"}
        assert (lacking.get(name) is Missing.ANSWER) == unanswered
        silent = name in found(said) and not words.get(name, "").strip()
        assert (lacking.get(name) is Missing.WORDS) == silent


@pytest.mark.parametrize(
    ("day", "before"),
    [(dt.date(2027, 1, 31), dt.date(2026, 12, 1)), (dt.date(2026, 3, 1), dt.date(2026, 2, 1))],
)
def test_months_follow_each_other(day: dt.date, before: dt.date) -> None:
    assert month_before(month_of(day)) == month_before(day) == before
