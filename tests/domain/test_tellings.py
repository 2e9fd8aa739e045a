"""All vignettes of a dossier: each case once, alone or in a composite, where many could be meant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.recurrence.occurrences import tied_groups
from domain.stories.tellings import tellings
from domain.stories.vignettes import CodedCase, Detail, Refusal
from tests.domain.test_vignettes import CODED, facts, may_be_told

FULL = {"issue": "B03", "region": "TRC", "quarter": "2026-Q3", "age": "adult"}
ABROAD = {**FULL, "region": "TR6"}


def test_what_stands_alone_joins_no_composite() -> None:
    known = facts(10) + facts(3, "d", region="TR6")
    found = tellings({"c0": FULL, "d0": ABROAD, "d1": ABROAD}, known)
    assert [one.cases for one in found.told] == [("c0",)]
    assert set(found.refused) == {"d0", "d1"}
    assert all(Refusal.FEW_CASES in reasons for reasons in found.refused.values())


def test_the_rare_ones_stand_together_once() -> None:
    known = facts(9) + facts(3, "d", region="TR6") + facts(3, "e", region="TR1")
    found = tellings({"d0": ABROAD, "c0": FULL, "e1": {**FULL, "region": "TR1"}}, known)
    [composite] = found.told
    assert set(composite.cases) == {"d0", "c0", "e1"}
    assert [detail for detail, _code in composite.told] == [Detail.ISSUE, Detail.QUARTER, Detail.AGE]
    assert not found.refused


def test_a_detail_that_was_not_offered_is_not_told() -> None:
    without = {name: code for name, code in FULL.items() if name != "age"}
    [told] = tellings({"c0": without}, facts(11)).told
    assert Detail.AGE not in dict(told.told)
    assert len(told.told) == 3


def test_what_was_offered_counts_and_not_what_the_fact_says() -> None:
    """The codes its author signed are told; if nobody else has them, they are not."""
    assert tellings({"c0": ABROAD}, facts(12)).refused["c0"]


@pytest.mark.parametrize("case", ["nobody", "refused"])
def test_who_is_not_counted_is_not_told(case: str) -> None:
    known = [*facts(12), replace(facts(1, "x")[0], case="refused", statistics=False)]
    assert tellings({case: FULL}, known).refused == {case: (Refusal.NOT_COUNTED,)}


@settings(deadline=None, max_examples=60)
@given(CODED, st.integers(1, 15))
def test_each_is_told_once_or_refused(known: list[CodedCase], number: int) -> None:
    wanted = known[:number]
    codes = {
        fact.case: {detail.value: code for detail in Detail if (code := fact.detail(detail))}
        for fact in wanted
    }
    found = tellings(codes, known)
    told = [case for one in found.told for case in one.cases]
    assert sorted([*told, *found.refused]) == sorted(codes)
    by_case = {fact.case: fact for fact in known}
    for one in found.told:
        assert may_be_told(one.told, known)
        if one.is_composite:
            assert len(tied_groups(by_case[case] for case in one.cases)) >= 3
        for case in one.cases:
            assert all(codes[case][detail] == code for detail, code in one.told)
