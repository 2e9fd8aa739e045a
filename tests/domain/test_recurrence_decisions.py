"""What was decided on does not nag, and what changed comes back."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lists import CodeList
from domain.recurrence.decisions import Decision, News, Verdict, news
from domain.recurrence.occurrences import Axis, Series
from domain.recurrence.signals import Reason, Signal

LAST = date(2026, 11, 29)
SIGNAL = Signal(
    Series("A02", Axis.PROVINCE, "34"),
    LAST - timedelta(days=90),
    LAST,
    observed=10,
    urgent=0,
    reasons=(Reason.CASES,),
    organisations=("own",),
    weeks=(),
    method="m",
)
BOTH = (Reason.CASES, Reason.URGENT)


def later(days: int = 7, **more: object) -> Signal:
    step = timedelta(days=days)
    return replace(SIGNAL, first=SIGNAL.first + step, last=LAST + step, **more)  # type: ignore[arg-type]  # named by the test


def test_codes_have_names_for_people() -> None:
    lists = Path(__file__).parents[2] / "config" / "lists"
    for name, codes in (("pattern_reason", Reason), ("pattern_verdict", Verdict), ("pattern_news", News)):
        assert CodeList.load(lists / f"{name}.tsv").codes == tuple(codes)


def test_what_nobody_judged_is_news() -> None:
    assert news(SIGNAL, None) is News.FIRST


@pytest.mark.parametrize("verdict", Verdict)
def test_the_same_figures_do_not_nag(verdict: Verdict) -> None:
    assert news(later(), Decision.on(SIGNAL, verdict)) is None


@pytest.mark.parametrize(
    ("verdict", "observed", "answer"),
    [
        (Verdict.REJECTED, 14, None),
        (Verdict.REJECTED, 15, News.GROWN),
        (Verdict.WATCHED, 11, None),
        (Verdict.WATCHED, 12, News.GROWN),
        (Verdict.ACCEPTED, 99, None),
    ],
)
def test_growth_brings_back_what_was_not_accepted(
    verdict: Verdict, observed: int, answer: News | None
) -> None:
    assert news(later(observed=observed), Decision.on(SIGNAL, verdict)) is answer


def test_urgent_cases_bring_a_pattern_back() -> None:
    rejected = Decision.on(replace(SIGNAL, urgent=2), Verdict.REJECTED)
    assert news(later(urgent=3, reasons=BOTH), rejected) is News.NOW_URGENT
    judged_urgent = Decision.on(replace(SIGNAL, urgent=4, reasons=BOTH), Verdict.REJECTED)
    assert news(later(urgent=5, reasons=BOTH), judged_urgent) is None
    assert news(later(urgent=6, reasons=BOTH), judged_urgent) is News.GROWN
    assert news(later(urgent=2), rejected) is None


def test_another_method_alone_is_no_news() -> None:
    modelled = later(reasons=(Reason.UNUSUAL,), method="model", expected=2.0, upper=6.5, q=0.01)
    assert news(modelled, Decision.on(SIGNAL, Verdict.REJECTED)) is None


def test_a_window_of_new_cases_only_is_news() -> None:
    rejected = Decision.on(SIGNAL, Verdict.REJECTED)
    assert news(later(84, observed=5), rejected) is None
    assert news(later(91, observed=5), rejected) is News.NEW_WINDOW
    assert news(later(91), Decision.on(SIGNAL, Verdict.ACCEPTED)) is None


def test_a_decision_on_another_line_is_refused() -> None:
    other = replace(SIGNAL, series=Series("A02", Axis.PROVINCE, "27"))
    with pytest.raises(ValueError, match=r"A02\.province\.27 says nothing of A02\.province\.34"):
        news(SIGNAL, Decision.on(other, Verdict.REJECTED))


@given(st.integers(1, 500), st.integers(1, 500))
def test_watching_tells_no_later_than_rejecting(judged: int, now: int) -> None:
    before = replace(SIGNAL, observed=judged)
    answers = {verdict: news(later(observed=now), Decision.on(before, verdict)) for verdict in Verdict}
    assert answers[Verdict.ACCEPTED] is None
    if answers[Verdict.REJECTED]:
        assert answers[Verdict.WATCHED]
    if now <= judged:
        assert set(answers.values()) == {None}
