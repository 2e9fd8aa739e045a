"""Content leaves with three approvals by three people, and a paper is whole in its language or not made."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dossiers import (
    LANGUAGES,
    NEEDED,
    PARTS,
    Approval,
    Given,
    Paper,
    Section,
    may_approve,
    may_leave,
    missing,
    untranslated,
)

THIS, OTHER = b"this", b"other"
APPROVALS = st.builds(
    Given, st.sampled_from(Approval), st.sampled_from("abcd"), st.sampled_from([THIS, OTHER])
)
WRITTEN = st.dictionaries(st.sampled_from(Section), st.sets(st.sampled_from(LANGUAGES)))


def three(*people: str, digest: bytes = THIS) -> list[Given]:
    return [Given(kind, person, digest) for kind, person in zip(Approval, people, strict=True)]


def test_three_kinds_by_three_people_on_this_content() -> None:
    assert may_leave(THIS, three("a", "b", "c"), pulled=False)
    assert not may_leave(THIS, three("a", "b", "c"), pulled=True)
    assert not may_leave(THIS, three("a", "b", "a"), pulled=False)
    assert not may_leave(THIS, three("a", "b", "c", digest=OTHER), pulled=False)
    for left_out in range(3):
        rest = [one for at, one in enumerate(three("a", "b", "c")) if at != left_out]
        assert not may_leave(THIS, rest, pulled=False)
        assert not may_leave(THIS, [*rest, Given(rest[0].kind, "d", THIS)], pulled=False)


@given(st.lists(APPROVALS))
def test_what_leaves_was_approved_as_each_kind_by_as_many(approvals: list[Given]) -> None:
    of_this = [one for one in approvals if one.digest == THIS]
    assert may_leave(THIS, approvals, pulled=False) == (
        {one.kind for one in of_this} == set(Approval) and len({one.person for one in of_this}) >= 3
    )
    assert not may_leave(THIS, approvals, pulled=True)


@given(st.lists(APPROVALS, max_size=12))
def test_approvals_that_may_be_given_suffice_exactly_when_all_are(offered: list[Given]) -> None:
    """Taking only what may be approved, nobody and nothing comes twice; so three are all there is."""
    taken: list[Given] = []
    for one in offered:
        if may_approve(one.kind, one.person, taken, THIS):
            taken.append(Given(one.kind, one.person, THIS))
    assert len({one.kind for one in taken}) == len({one.person for one in taken}) == len(taken) <= 3
    assert may_leave(THIS, taken, pulled=False) == (len(taken) == 3)


def test_one_approval_each() -> None:
    given_ = [Given(Approval.LEGAL, "a", THIS)]
    assert not may_approve(Approval.LEGAL, "b", given_, THIS)
    assert not may_approve(Approval.DATA, "a", given_, THIS)
    assert may_approve(Approval.DATA, "b", given_, THIS)
    assert may_approve(Approval.LEGAL, "a", given_, OTHER)  # of other content nothing counts


@given(WRITTEN)
def test_what_is_needed_stands_in_some_language(written: dict[Section, set[str]]) -> None:
    lacking = missing(written)
    assert set(lacking) == {section for section in NEEDED if not written.get(section)}
    assert list(lacking) == [section for section in Section if section in lacking]


@given(st.sampled_from(Paper), st.sampled_from(LANGUAGES), WRITTEN)
def test_a_paper_is_whole_in_its_language(
    paper: Paper, language: str, written: dict[Section, set[str]]
) -> None:
    lacking = untranslated(paper, language, written)
    for section in Section:
        elsewhere = bool(written.get(section, set()) - {language}) and language not in written[section]
        assert (section in lacking) is (section in PARTS[paper] and elsewhere)


def test_what_is_said_of_risks_stays_in_the_house() -> None:
    assert all(Section.RISKS not in parts for parts in PARTS.values())
    assert set(PARTS[Paper.FULL]) == set(Section) - {Section.RISKS}
    assert Section.STORIES not in PARTS[Paper.POLICY]


@pytest.mark.parametrize(("paper", "language"), list(product(Paper, LANGUAGES)))
def test_nothing_written_is_nothing_untranslated(paper: Paper, language: str) -> None:
    assert untranslated(paper, language, {}) == ()
    assert untranslated(paper, language, {Section.PROBLEM: {language}}) == ()
