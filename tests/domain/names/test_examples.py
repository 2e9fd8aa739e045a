"""Names as people bear them: the examples of domain.md 6.3, none of which the rules were made for."""

from datetime import date

import pytest

from domain.identity import BirthDate
from domain.names.people import Finding, Person
from tests.domain.names.support import EXAMPLES, negatives, persons, positives, verdict


def test_spellings_of_one_name_are_found() -> None:
    pairs = positives()
    missed = [pair for pair in pairs if verdict(*pair) == "different"]
    assert len(pairs) > 700
    assert len(missed) <= 0.02 * len(pairs), missed


def test_names_that_look_alike_are_never_the_same_and_seldom_possible() -> None:
    found = {pair: verdict(*pair) for pair in negatives()}
    assert len(found) > 60
    assert [pair for pair, said in found.items() if said == "same"] == []
    possible = [pair for pair, said in found.items() if said == "possible"]
    assert len(possible) <= 0.3 * len(found), possible


def test_a_weak_equivalent_is_possible_and_not_the_same() -> None:
    weak = [
        verdict(name, equivalent)
        for group in EXAMPLES["groups"]
        for equivalent in group["weak_equivalents"]
        for name in group["ar"] + group["tr"]
    ]
    assert weak
    assert set(weak) == {"possible"}


@pytest.mark.parametrize("pair", EXAMPLES["full_name_pairs"], ids=lambda pair: str(pair["id"]))
def test_records_of_one_person_are_told_from_those_of_two(pair: dict[str, dict[str, str]]) -> None:
    found = persons(_person(pair["a"]), _person(pair["b"]))
    assert found.verdict == ("same" if pair["same"] else "different")
    assert Finding.SAME not in {each.finding for each in found.evidence if each.field == "birth"}


def _person(record: dict[str, str]) -> Person:
    return Person(
        name=record.get("ar") or record["tr"],
        father=record["father"],
        mother=record.get("mother", ""),
        birth=BirthDate.parse(record.get("dob", ""), date(2026, 11, 1)),
    )
