"""How soon somebody looks: nobody in danger waits, and no answer makes anything less urgent."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reference import reference
from domain.intake.urgency import Answer, Answers, Assessed, Ground, assess, of_subject
from domain.taxonomy import URGENCIES

YES, NO, UNSURE = Answer
QUESTIONS = [field.name for field in fields(Answers)]
GROWING = (None, NO, UNSURE, YES)
one = st.sampled_from(GROWING)
answers = st.builds(Answers, one, one, one, one)
defaults = st.sampled_from([None, *URGENCIES])


@pytest.mark.parametrize("question", ["danger", "detained", "removal"])
@pytest.mark.parametrize("default", [None, *URGENCIES])
def test_danger_detention_and_removal_are_of_the_same_day_whatever_the_issue(
    question: str, default: str | None
) -> None:
    assert assess(Answers(**{question: YES}), default) == Assessed("U0", Ground(question))


def test_the_first_of_several_grounds_is_told() -> None:
    assert assess(Answers(detained=YES, danger=YES, deadline=YES), "U0").ground is Ground.DANGER
    assert assess(Answers(detained=YES, removal=YES), None).ground is Ground.DETAINED
    assert assess(Answers(deadline=YES, danger=UNSURE), "U1").ground is Ground.DEADLINE
    assert assess(Answers(danger=UNSURE), "U1").ground is Ground.UNSURE


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        (None, Assessed("U1", Ground.DEADLINE)),
        ("U0", Assessed("U0", Ground.ISSUE)),
        ("U1", Assessed("U1", Ground.DEADLINE)),
        ("U3", Assessed("U1", Ground.DEADLINE)),
    ],
)
def test_a_paper_with_a_date_is_looked_at_within_a_day(default: str | None, expected: Assessed) -> None:
    assert assess(Answers(deadline=YES), default) == expected


def test_who_is_not_sure_is_looked_at_within_a_day() -> None:
    for question in QUESTIONS:
        assert assess(Answers(**{question: UNSURE}), "U3") == Assessed("U1", Ground.UNSURE)


def test_without_an_answer_the_issue_decides_and_without_an_issue_the_middle() -> None:
    for silent in (Answers(), Answers(NO, NO, NO, NO)):
        assert [assess(silent, default) for default in URGENCIES] == [
            Assessed(default, Ground.ISSUE) for default in URGENCIES
        ]
        assert assess(silent, None) == Assessed("U2", Ground.NOT_SAID)


def test_every_issue_of_the_taxonomy_has_its_urgency() -> None:
    for issue in reference().taxonomy.leaves.values():
        assert assess(Answers(), issue.urgency).urgency == issue.urgency


@pytest.mark.parametrize("default", ["", "U4", "u0", "urgent"])
def test_what_is_no_urgency_is_refused(default: str) -> None:
    with pytest.raises(ValueError, match="no urgency"):
        assess(Answers(danger=YES), default)


@given(answers, defaults, st.sampled_from(QUESTIONS), one)
def test_a_worse_answer_never_makes_it_less_urgent(
    given_: Answers, default: str | None, question: str, other: Answer | None
) -> None:
    better, worse = sorted((getattr(given_, question), other), key=GROWING.index)
    less = assess(replace(given_, **{question: better}), default).urgency
    assert assess(replace(given_, **{question: worse}), default).urgency <= less


@given(answers, st.sampled_from(URGENCIES))
def test_no_answer_makes_it_less_urgent_than_its_issue(given_: Answers, default: str) -> None:
    assert assess(given_, default).urgency <= default


@pytest.mark.parametrize(
    ("issues", "expected"),
    [(["U0"], "U1"), (["U0", "U0", "U2"], "U1"), (["U3", "U1", "U2"], "U2"), (["U2", "U3"], "U2")],
)
def test_a_subject_is_as_urgent_as_the_middle_one_of_its_issues_and_never_of_the_same_day(
    issues: list[str], expected: str
) -> None:
    assert of_subject(issues) == expected


def test_every_subject_of_the_taxonomy_has_an_urgency_and_none_without_issues() -> None:
    taxonomy = reference().taxonomy
    for group in taxonomy.groups:
        assert of_subject([issue.urgency for issue in taxonomy.leaves_of(group)]) in URGENCIES[1:]
    with pytest.raises(ValueError, match="no urgency"):
        of_subject([])
