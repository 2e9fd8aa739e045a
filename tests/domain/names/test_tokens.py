"""What leaves a record to be compared unseen: pairs, never a single name."""

from datetime import date

import pytest

from domain.identity import BirthDate
from domain.names.people import Person
from domain.names.reading import Reader
from domain.names.tokens import FAMILY_YEAR, GIVEN_FAMILY, GIVEN_FATHER, NUMBER, PHONE, skeletons, tokens


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
