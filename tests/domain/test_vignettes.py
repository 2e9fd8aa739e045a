"""A story is told only where ten people could be meant and three offices, alone or as a composite."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.lists import CodeList
from domain.places import Places
from domain.recurrence.occurrences import tied_groups
from domain.stories.vignettes import (
    BROAD_AGES,
    CodedCase,
    Detail,
    Refusal,
    TooRecognisable,
    Vignette,
    vignette,
)

CONFIG = Path(__file__).parents[2] / "config"
BLANK = CodedCase("", "", "", "", "B03", "TRC", "2026-Q3", "adult", "ggm", statistics=True)
ALL = tuple(Detail)


def facts(number: int, name: str = "c", **more: object) -> list[CodedCase]:
    """Cases of so many clients, in turn with three authorities."""
    blank = replace(BLANK, **more)  # type: ignore[arg-type]  # named by the test
    offices = ("ggm", "police", "court") if "authority" not in more else (blank.authority,)
    return [
        replace(
            blank, case=f"{name}{serial}", client=f"p{name}{serial}", authority=offices[serial % len(offices)]
        )
        for serial in range(number)
    ]


def reasons(case: str, others: Iterable[str], known: Sequence[CodedCase]) -> tuple[Refusal, ...]:
    with pytest.raises(TooRecognisable) as refused:
        vignette(case, others, known)
    return refused.value.reasons


def test_codes_have_names_for_people() -> None:
    lists = CONFIG / "lists"
    assert CodeList.load(lists / "story_refusal.tsv").codes == tuple(Refusal)
    assert CodeList.load(lists / "story_detail.tsv").codes == ALL
    assert CodeList.load(lists / "broad_age.tsv").codes == tuple(dict.fromkeys(BROAD_AGES.values()))
    bands = set(CodeList.load(lists / "age_band.tsv").codes)
    assert bands - set(BROAD_AGES) == {"unknown"}


def test_ten_people_and_three_authorities_let_a_case_stand_alone() -> None:
    assert vignette("c0", [], facts(10)) == Vignette(
        ((Detail.ISSUE, "B03"), (Detail.REGION, "TRC"), (Detail.QUARTER, "2026-Q3"), (Detail.AGE, "adult")),
        ("c0",),
        10,
        3,
    )
    assert not vignette("c0", [], facts(10)).is_composite
    assert reasons("c0", [], facts(9)) == (Refusal.FEW_CASES, Refusal.FEW_PEOPLE)


def test_people_count_not_cases() -> None:
    again = [replace(fact, case=f"again{fact.case}") for fact in facts(9)]
    assert Refusal.FEW_PEOPLE in reasons("c0", [], facts(9) + again)
    nameless = replace(BLANK, case="n", authority="police")
    assert vignette("c0", [], [*facts(9), nameless]).people == 10


@pytest.mark.parametrize("office", ["ggm", "", "unknown", "other", "none"])
def test_two_authorities_are_too_few(office: str) -> None:
    known = facts(6, authority="ggm") + facts(6, "d", authority="police") + facts(6, "e", authority=office)
    assert reasons("c0", [], known) == (Refusal.FEW_AUTHORITIES, Refusal.FEW_CASES)


def test_whoever_refused_statistics_is_neither_told_nor_counted() -> None:
    known = [*facts(9), replace(BLANK, case="r", client="pr", statistics=False)]
    assert Refusal.FEW_PEOPLE in reasons("c0", ["r"], known)
    assert reasons("r", [], known) == (Refusal.NOT_COUNTED,)
    assert reasons("nobody", [], known) == (Refusal.NOT_COUNTED,)


def test_what_is_unknown_is_not_told() -> None:
    told = vignette("c0", [], facts(10, age="unknown", region="")).told
    assert told == ((Detail.ISSUE, "B03"), (Detail.QUARTER, "2026-Q3"))
    nothing = facts(20, age="unknown", region="", issue="", quarter="")
    assert reasons("c0", [], nothing) == (Refusal.NOT_COUNTED,)


def test_only_what_is_asked_for_is_told() -> None:
    story = vignette("c0", [], facts(5) + facts(5, "d", region="TR1"), (Detail.AGE, Detail.ISSUE))
    assert story.told == ((Detail.ISSUE, "B03"), (Detail.AGE, "adult"))


def test_a_case_too_rare_alone_becomes_a_composite_of_what_is_shared() -> None:
    known = facts(4) + facts(4, "d", region="TR6") + facts(4, "e", region="TR1", age="child")
    story = vignette("c0", ["d0", "e1", "missing", "c0"], known)
    assert story.is_composite
    assert story.cases == ("c0", "d0", "e1")
    assert story.told == ((Detail.ISSUE, "B03"), (Detail.QUARTER, "2026-Q3"))
    assert story.people == 12
    assert reasons("c0", ["d0"], known) == (Refusal.FEW_CASES, Refusal.FEW_PEOPLE)


@pytest.mark.parametrize("number", ["client", "household", "event"])
def test_a_composite_needs_three_separate_stories(number: str) -> None:
    known = facts(4) + [replace(fact, **{number: "same"}) for fact in facts(8, "d", region="TR6")]  # type: ignore[arg-type]  # one of the numbers
    assert Refusal.FEW_CASES in reasons("c0", ["d0", "d1", "d2"], known)


def test_facts_are_coarsened() -> None:
    places = Places.load(CONFIG / "places")
    fact = CodedCase.of(
        places,
        case="c",
        client="p",
        household="h",
        event="",
        issue="A02",
        province="27",
        opened=date(2026, 7, 2),
        age_band="30-44",
        authority="pdmm",
        statistics=True,
    )
    assert (fact.region, fact.quarter, fact.age) == ("TRC", "2026-Q3", "adult")
    assert fact.ties == (("client", "p"), ("household", "h"))
    unknown = CodedCase.of(
        places,
        case="c",
        client="",
        household="",
        event="",
        issue="",
        province="unknown",
        opened=date(2026, 7, 2),
        age_band="unknown",
        authority="",
        statistics=True,
    )
    assert (unknown.region, unknown.age, unknown.ties) == ("", "", ())


CODED = st.lists(
    st.builds(
        CodedCase,
        case=st.integers(0, 10**6).map(str),
        client=st.integers(0, 30).map(lambda number: str(number or "")),
        household=st.sampled_from(["", "", "1", "2"]),
        event=st.sampled_from(["", "", "", "1"]),
        issue=st.sampled_from(["A02", "B03"]),
        region=st.sampled_from(["TR1", "TRC", ""]),
        quarter=st.sampled_from(["2026-Q3", "2026-Q2"]),
        age=st.sampled_from(["adult", "child", "unknown"]),
        authority=st.sampled_from(["pdmm", "ggm", "court", "other"]),
        statistics=st.sampled_from([True, True, True, False]),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda fact: fact.case,
)


def class_of(told: Iterable[tuple[Detail, str]], known: Iterable[CodedCase]) -> list[CodedCase]:
    wanted = list(told)
    return [
        fact
        for fact in known
        if fact.statistics and all(getattr(fact, detail) == code for detail, code in wanted)
    ]


def may_be_told(told: Iterable[tuple[Detail, str]], known: Iterable[CodedCase]) -> bool:
    alike = class_of(told, known)
    people = {fact.client or f"case {fact.case}" for fact in alike}
    return len(people) >= 10 and len({fact.authority for fact in alike} - {"other"}) >= 3


def outcome(
    case: str, others: Sequence[str], known: Iterable[CodedCase]
) -> tuple[Vignette | None, tuple[Refusal, ...]]:
    try:
        return vignette(case, others, known), ()
    except TooRecognisable as error:
        return None, error.reasons


@settings(deadline=None)
@given(CODED, st.randoms(use_true_random=False), st.integers(0, 20))
def test_whatever_is_told_could_be_of_ten_people_and_nothing_more_could_be_told(
    known: list[CodedCase], random: object, number: int
) -> None:
    case, *others = [fact.case for fact in known]
    others = others[:number]
    by_case = {fact.case: fact for fact in known}
    wanted = by_case[case]
    known_details = [
        (detail, str(getattr(wanted, detail)))
        for detail in Detail
        if getattr(wanted, detail) not in {"", "unknown"}
    ]
    shuffled = list(known)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    story, refused = outcome(case, others, known)
    assert outcome(case, others[::-1], shuffled) == (story, refused)
    best = 0
    if story is not None:
        assert may_be_told(story.told, known)
        assert set(story.told) <= set(known_details)
        assert all(by_case[other] in class_of(story.told, known) for other in story.cases)
        assert story.cases[0] == case
        if not story.is_composite:
            assert story.told == tuple(known_details)
            return
        assert len(tied_groups(by_case[other] for other in story.cases)) >= 3
        assert not may_be_told(known_details, known)
        best = len(story.told)
    for told in (told for size in range(best + 1, 5) for told in combinations(known_details, size)):
        partners = [fact for fact in class_of(told, known) if fact.case in {case, *others}]
        enough = wanted.statistics and len(tied_groups(partners)) >= 3
        assert not (enough and may_be_told(told, known))
