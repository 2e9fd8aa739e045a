"""Outcomes climb, never slip down unseen; a changed practice is shown by cases; reviews come back."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lists import CodeList
from domain.outcomes import (
    REVERSIBLE,
    REVIEW_DAYS,
    Reached,
    Refusal,
    Step,
    StepRefused,
    allowed,
    later_cases,
    reach,
    reviews,
)
from domain.recurrence.occurrences import Occurrence

LISTS = Path(__file__).parents[2] / "config" / "lists"
ASKED = date(2026, 7, 1)
THURSDAY = date(2026, 11, 26)
BLANK = Occurrence("", "", "", "", THURSDAY, "own", "A02", "34", "pdmm", "U1", statistics=True)


def cases(number: int, **more: object) -> list[Occurrence]:
    return [
        replace(BLANK, case=f"{serial}", client=f"{serial}", **more)  # type: ignore[arg-type]  # named by the test
        for serial in range(number)
    ]


def counted(history: list[Reached], confirmed: list[Occurrence]) -> int:
    return later_cases(confirmed, history[-1].on if history else ASKED)


def refusal(history: list[Reached], step: Step, on: date, confirmed: list[Occurrence]) -> Refusal:
    with pytest.raises(StepRefused) as refused:
        reach(history, step, on, ASKED, counted(history, confirmed))
    return refused.value.reason


def test_codes_have_names_for_people() -> None:
    assert CodeList.load(LISTS / "advocacy_outcome.tsv").codes == tuple(Step)
    assert CodeList.load(LISTS / "advocacy_refusal.tsv").codes == tuple(Refusal)


def test_steps_may_be_jumped_over_and_taken_back() -> None:
    history: list[Reached] = []
    assert allowed(history) == tuple(Step)[:-1]
    history.append(reach(history, Step.MEETING, ASKED, ASKED))
    assert allowed(history) == (Step.COMMITMENT, Step.INSTRUCTION, Step.PRACTICE_CHANGED, Step.NORM_CHANGED)
    history.append(reach(history, Step.INSTRUCTION, ASKED, ASKED))
    assert allowed(history) == (Step.PRACTICE_CHANGED, Step.NORM_CHANGED, Step.REVERSED)
    history.append(reach(history, Step.REVERSED, date(2026, 8, 1), ASKED))
    assert allowed(history) == tuple(Step)[:-1]
    assert reach(history, Step.ACKNOWLEDGED, date(2026, 8, 1), ASKED) == Reached(
        Step.ACKNOWLEDGED, date(2026, 8, 1)
    )
    assert allowed([Reached(Step.NORM_CHANGED, ASKED)]) == (Step.REVERSED,)


def test_steps_out_of_order_are_refused() -> None:
    assert refusal([], Step.REVERSED, ASKED, []) is Refusal.NOT_FROM_HERE
    assert refusal([Reached(Step.MEETING, ASKED)], Step.MEETING, ASKED, []) is Refusal.NOT_FROM_HERE
    early = ASKED - timedelta(days=1)
    assert refusal([], Step.MEETING, early, []) is Refusal.BEFORE_THE_LAST
    assert refusal([Reached(Step.MEETING, ASKED)], Step.COMMITMENT, early, []) is Refusal.BEFORE_THE_LAST


def test_a_changed_practice_needs_five_later_cases() -> None:
    assert refusal([], Step.PRACTICE_CHANGED, THURSDAY, cases(4)) is Refusal.TOO_FEW_CASES
    assert reach([], Step.PRACTICE_CHANGED, THURSDAY, ASKED, counted([], cases(5))).later_cases == 5
    family = [replace(case, household="same") for case in cases(9)]
    assert refusal([], Step.PRACTICE_CHANGED, THURSDAY, family) is Refusal.TOO_FEW_CASES
    assert refusal([], Step.PRACTICE_CHANGED, THURSDAY, cases(9, statistics=False)) is Refusal.TOO_FEW_CASES
    instructed = [Reached(Step.INSTRUCTION, THURSDAY - timedelta(days=1))]
    assert refusal(instructed, Step.PRACTICE_CHANGED, THURSDAY, cases(9)) is Refusal.TOO_FEW_CASES
    assert later_cases(cases(5), THURSDAY - timedelta(days=4)) == 5


def test_reviews_follow_the_last_step() -> None:
    coming = reviews([], ASKED, [])
    assert [(review.days, review.due.isoformat()) for review in coming] == [
        (30, "2026-07-31"),
        (90, "2026-09-29"),
        (180, "2026-12-28"),
    ]
    assert not coming[0].is_overdue(date(2026, 7, 31))
    assert coming[0].is_overdue(date(2026, 8, 1))
    later = reviews([Reached(Step.MEETING, date(2026, 8, 1))], ASKED, [date(2026, 7, 31)])
    assert later[0].due == date(2026, 8, 31)
    assert not any(review.is_done for review in later)
    done = reviews([], ASKED, [date(2026, 10, 5)])
    assert [review.is_done for review in done] == [True, True, False]
    assert not done[0].is_overdue(date(2027, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(Step), st.integers(-5, 40), st.integers(0, 8)), max_size=12))
def test_no_history_slips_down_unseen(attempts: list[tuple[Step, int, int]]) -> None:
    history: list[Reached] = []
    day = ASKED
    for step, days, number in attempts:
        on = day + timedelta(days=days)
        try:
            later = counted(history, cases(number, opened=date(2100, 1, 7)))
            history.append(reach(history, step, on, ASKED, later))
        except StepRefused as refused:
            if refused.reason is Refusal.TOO_FEW_CASES:
                continue
        else:
            day = on
    order = list(Step)
    for before, after in zip([None, *history], history, strict=False):
        if after.step is Step.REVERSED:
            assert before is not None
            assert before.step in REVERSIBLE
        elif before is not None and before.step is not Step.REVERSED:
            assert order.index(after.step) > order.index(before.step)
        assert after.on >= (before.on if before else ASKED)
        assert (after.later_cases >= 5) == (after.step is Step.PRACTICE_CHANGED)
    assert [review.days for review in reviews(history, ASKED, [])] == list(REVIEW_DAYS)
