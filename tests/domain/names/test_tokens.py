"""What leaves a record to be compared unseen: pairs, never a single name."""

from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final

import orjson
import pytest

from domain.identity import BirthDate
from domain.names.matching import Matcher
from domain.names.people import Person, compare
from domain.names.reading import Reader
from domain.names.reasons import Verdict
from domain.names.tokens import (
    FAMILY_YEAR,
    GIVEN_FAMILY,
    GIVEN_FATHER,
    LAW,
    NUMBER,
    PHONE,
    skeletons,
    tokens,
)

EXAMPLES: Final = Path(__file__).parent / "examples.json"


def born(text: str) -> BirthDate:
    return BirthDate.parse(text, date(2026, 11, 1))


def test_two_records_of_one_person_share_a_pair_and_a_number() -> None:
    one = tokens(
        Person(
            given="محمد",
            family="الحلبي",
            father="خالد",
            birth=born("1990"),
            numbers=("٩٩١",),
            phones=("+905321234567",),
        )
    )
    other = tokens(
        Person(
            name="MUHAMMED ELHALEBİ",
            father="Halit",
            birth=born("1990-01-01"),
            numbers=("99 1",),
            phones=("+90 532 123 4567", "-"),
        )
    )
    assert {kind for kind, *_ in one.pairs & other.pairs} == {GIVEN_FATHER, GIVEN_FAMILY, FAMILY_YEAR}
    assert other.single == one.single == {(NUMBER, "991"), (PHONE, "905321234567")}


def test_other_rules_have_another_number() -> None:
    """Whoever changes what a name becomes raises `LAW`: then the tokens of every file are made anew."""
    groups = orjson.loads(EXAMPLES.read_bytes())["groups"]
    names = sorted({name for group in groups for script in ("ar", "tr", "latin") for name in group[script]})
    made = [
        sorted(
            tokens(Person(name=f"{one} {other}", father=one, birth=born("1990"), numbers=(str(at),))).pairs
        )
        for at, (one, other) in enumerate(pairwise(names))
    ]
    assert (LAW, sha256(orjson.dumps(made)).hexdigest()[:16]) == (2, "bf4b9188998aa057")


@pytest.mark.parametrize(
    "other",
    [
        Person(name="AHMED ELHALEBİ", father="HALİT"),  # Muhammed stands before the name he is called by
        Person(name="ELHALEBİ MUHAMMED"),  # the family first
        Person(name="ELHALEBİ AHMED"),
        Person(name="MHD. AHMED ELHALEBİ"),
        Person(name="Mehmet Ahmed Halabi"),
    ],
)
def test_the_daily_name_and_the_other_order_meet(other: Person) -> None:
    one = Person(name="محمد أحمد الحلبي", father="خالد")
    assert compare(Matcher(), one, other).verdict is not Verdict.DIFFERENT
    assert tokens(one).pairs & tokens(other).pairs


def test_only_before_another_name_the_second_is_given_too() -> None:
    def given(name: str) -> set[str]:
        return {
            first for kind, first, _ in tokens(Person(name=name, father="Omar")).pairs if kind == GIVEN_FATHER
        }

    assert given("Khaled Ahmed Halabi") == given("Khaled Halabi")
    assert given("Muhammed Halabi") == given("Muhammed")
    assert given("Muhammed Ahmed Halabi") == given("Muhammed") | given("Ahmed")


def test_no_name_leaves_alone() -> None:
    assert tokens(Person(given="Ali")) == tokens(Person(birth=born("1990"))) == tokens(Person())
    assert not tokens(Person(given="Ali")).pairs
    assert not tokens(Person(family="Halabi", birth=born(""))).pairs
    assert {kind for kind, *_ in tokens(Person(given="Ali", father="Omar")).pairs} == {GIVEN_FATHER}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gamal", "Cemal"),
        ("Hayat", "حياة"),
        ("خديجة", "Hatice"),
        ("Nour", "نورة"),
        ("Aya", "آية"),
        ("Abdurrahman", "عبد الرحمن"),
        ("陈", "陈"),
    ],
)
def test_spellings_share_a_skeleton(one: str, other: str) -> None:
    reader = Reader()
    found = [
        {skeleton for part in reader.name(name).parts for skeleton in skeletons(part)}
        for name in (one, other)
    ]
    assert found[0] & found[1]
    assert all(len(each) <= 8 for each in found)


def test_other_names_do_not() -> None:
    reader = Reader()
    one, other = (skeletons(reader.name(name).parts[0]) for name in ("Khaled", "جمال"))
    assert not one & other
