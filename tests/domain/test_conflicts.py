"""Which roles of one person in two matters are a conflict, which may be one; what a decision settles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conflicts import (
    CLIENT,
    LEVELS,
    MEMBER,
    ROLES,
    STAFF,
    Decision,
    Finding,
    Level,
    Outcome,
    Rule,
    Standing,
    judge,
    may_accept_as_lawyer,
    met_by,
    of_the_house,
    standing,
    undecided,
)
from domain.first_contact import BEYOND, BEYOND_OF_CLIENT, ONE_LINE, first_contact, says_more
from domain.lists import load_lists

LISTS = load_lists(Path(__file__).parents[2] / "config/lists")
roles = st.sampled_from(sorted(ROLES))
findings = st.builds(
    Finding,
    party=st.sampled_from(["client", "a", "b"]),
    role=roles,
    rule=st.sampled_from(Rule),
    theirs=roles,
    matter=st.sampled_from(["1", "2"]),
)
found = st.lists(findings, max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "family", "rule"),
    [
        ("client", "client", False, Rule.KNOWN_CLIENT),
        ("client", "opposing", False, Rule.BOTH_SIDES),
        ("client", "landlord", False, Rule.BOTH_SIDES),  # the client of one file lets the flat in another
        ("client", "employer", False, Rule.BOTH_SIDES),
        ("client", "spouse", True, Rule.SPOUSES),  # both spouses in a divorce
        ("client", "spouse", False, Rule.CLOSE_TO_CLIENT),
        ("client", "co_accused", False, Rule.CLOSE_TO_CLIENT),
        ("client", "heir", True, Rule.CLOSE_TO_CLIENT),
        ("client", "witness", False, Rule.WITNESS),
        ("opposing", "spouse", False, Rule.AGAINST_CLOSE),
        ("landlord", "landlord", False, Rule.SAME_SIDE),  # two tenants of one landlord
        ("spouse", "spouse", True, Rule.SAME_SIDE),
        ("witness", "opposing", False, Rule.SAME_SIDE),
        ("staff", "opposing", False, Rule.OWN_HOUSE),
        ("member_organisation", "employer", False, Rule.OWN_HOUSE),
    ],
)
def test_what_a_person_of_two_matters_means(one: str, other: str, family: bool, rule: Rule) -> None:
    assert judge(one, other, family=family) is rule


@given(roles, roles, st.booleans())
def test_it_does_not_matter_which_file_came_first(one: str, other: str, family: bool) -> None:
    assert judge(one, other, family=family) is judge(other, one, family=family)
    assert (other in met_by(one, family=family)) is (one in met_by(other, family=family))


@given(roles, roles)
def test_a_family_matter_is_never_looked_at_less_strictly(one: str, other: str) -> None:
    assert LEVELS[judge(one, other, family=True)] >= LEVELS[judge(one, other)]


@given(roles)
def test_the_other_side_is_never_a_client_unnoticed(role: str) -> None:
    assert (CLIENT in met_by(role)) is (role != CLIENT)


def test_an_unknown_role_is_no_role() -> None:
    with pytest.raises(KeyError):
        judge("client", "friend")


def test_somebody_of_the_house_is_always_decided() -> None:
    house = of_the_house([("a", STAFF), ("b", "opposing"), ("c", MEMBER), ("d", "of an older list")])
    assert [(one.party, one.rule, one.level) for one in house] == [
        ("a", Rule.OWN_HOUSE, Level.POSSIBLE),
        ("c", Rule.OWN_HOUSE, Level.POSSIBLE),
    ]
    assert not may_accept_as_lawyer(house)


@given(found, found, st.lists(st.builds(Decision, st.sampled_from(Outcome), st.just(frozenset()))))
def test_one_more_party_never_makes_it_clear(
    before: list[Finding], more: list[Finding], decisions: list[Decision]
) -> None:
    was = standing(before, decisions)
    now = standing([*before, *more], decisions)
    assert was is Standing.CLEAR or now is was
    assert {one.key for one in undecided(before, decisions)} <= {
        one.key for one in undecided([*before, *more], decisions)
    }


@given(found, st.sampled_from(Outcome), findings)
def test_a_decision_covers_what_was_found_and_nothing_that_is_found_later(
    before: list[Finding], outcome: Outcome, later: Finding
) -> None:
    waits = undecided(before, [])
    decided = [Decision(outcome, frozenset(one.key for one in waits))]
    expected = Standing.REFUSED if waits and outcome is Outcome.REFER_OUT else Standing.CLEAR
    assert standing(before, decided) is expected
    assert undecided(before, decided) == []
    is_new = later.level > Level.NONE and later.key not in {one.key for one in before}
    assert (standing([*before, later], decided) is Standing.POSSIBLE) is is_new


def test_the_last_decision_counts() -> None:
    one = Finding("client", "client", Rule.BOTH_SIDES, "opposing", "1", "HAM-1")
    covers = frozenset({one.key})
    out, accepted = Decision(Outcome.REFER_OUT, covers), Decision(Outcome.WALL, covers)
    assert standing([one], [out]) is Standing.REFUSED
    assert standing([one], [out, accepted]) is Standing.CLEAR
    assert standing([one], [accepted, out]) is Standing.REFUSED
    assert standing([], [out]) is Standing.CLEAR  # it is gone: the party was a mistake


def test_the_gravest_is_told_first_and_not_left_to_a_lawyer() -> None:
    grave = Finding("z", "client", Rule.BOTH_SIDES, "opposing", "1")
    light = Finding("a", "client", Rule.WITNESS, "witness", "2")
    assert undecided([light, grave], []) == [grave, light]
    assert may_accept_as_lawyer([light])
    assert not may_accept_as_lawyer([light, grave])


@given(findings)
def test_a_finding_is_kept_as_plain_values(one: Finding) -> None:
    assert Finding.of(one.stored()) == one


def test_every_code_has_its_words_and_every_conflict_its_source() -> None:
    assert set(LISTS["party_role"].codes) == set(ROLES)
    assert set(LISTS["conflict_rule"].codes) == {str(rule) for rule in Rule}
    assert set(LISTS["conflict_outcome"].codes) == {str(one) for one in Outcome}
    assert set(LISTS["conflict_result"].codes) == {str(one) for one in Standing}
    for rule in Rule:
        assert bool(LISTS["conflict_rule"][str(rule)].notes["source"]) is (LEVELS[rule] > Level.NONE)


CLIENT_OF = {
    "name_ar": "سلمى",
    "sex": "f",
    "nationality": "SYR",
    "status": "tp",
    "numbers": [{"value": "99"}],
}
RECORD: dict[str, Any] = {
    "client": CLIENT_OF, "authority": "pdmm", "narrative": "x" * (ONE_LINE + 1), "issue": "A02",
    "parties": [{"role": "opposing"}],
}  # fmt: skip # one record


def test_first_contact_says_who_and_one_line() -> None:
    first = first_contact(RECORD)
    assert first["client"] == {"name_ar": "سلمى", **BEYOND_OF_CLIENT}
    assert (first["authority"], first["narrative"]) == (BEYOND["authority"], "")
    assert (first["issue"], first["parties"]) == ("A02", RECORD["parties"])
    assert first_contact({**RECORD, "narrative": "kısa"})["narrative"] == "kısa"


def test_what_says_more_is_told_from_what_stood_there() -> None:
    first = first_contact(RECORD)
    assert not says_more(first, first)
    assert not says_more(RECORD, RECORD)  # of an older file: nobody adds anything
    for name in ("authority", "narrative"):
        assert says_more({**first, name: RECORD[name]}, first)
    for name in BEYOND_OF_CLIENT:
        assert says_more({**first, "client": {**first["client"], name: CLIENT_OF[name]}}, first)
    assert not says_more({**first, "client": {**first["client"], "name_ar": "منى"}, "issue": "A03"}, first)
