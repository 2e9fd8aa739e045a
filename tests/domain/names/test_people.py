"""Two records, field by field: what each field says, and that a doubt is never decided by a machine."""

from datetime import date

import pytest

from domain.identity import BirthDate
from domain.names.people import Evidence, Field, Finding, Person, PersonMatch
from domain.names.wording import evidence
from tests.domain.names.support import persons

TODAY = date(2026, 11, 1)


def born(text: str) -> BirthDate:
    return BirthDate.parse(text, TODAY)


def findings(found: PersonMatch) -> dict[str, str]:
    return {str(each.field): str(each.finding) for each in found.evidence}


def test_father_and_mother_separate_and_every_field_is_told() -> None:
    one = Person(given="محمد", family="الحلبي", father="خالد", mother="فاطمة", birth=born("1990-05-12"))
    other = Person(given="MUHAMMED", family="ELHALEBİ", father="Khaled", mother="Fatma", birth=born("1990"))
    found = persons(one, other)
    assert found.verdict == "same"
    assert findings(found) == {
        "given": "same",
        "family": "same",
        "father": "same",
        "mother": "possible",
        "birth": "year_only",
    }
    told = evidence(found.evidence, str)
    assert told.startswith("Given name: محمد and MUHAMMED are spellings of one name.")
    assert told.endswith("The year of birth is the same; the day says nothing.")
    stranger = persons(one, Person(given="Muhammed", family="Elhalebi", father="Halil", mother="Meryem"))
    assert stranger.verdict == "different"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("1990-05-12", "1990-05-12", "same"),
        ("1990-05-12", "1990-12-05", "exchanged"),
        ("1990-05-12", "1990-05-13", "year_only"),
        ("1990-01-01", "1990-01-01", "year_only"),
        ("1990-01-01", "1990-05-12", "year_only"),
        ("1990-05", "1990-05", "year_only"),
        ("1990-05-12", "1991-05-12", "year_beside"),
        ("1990-05-12", "1992-05-12", "different"),
        ("1990-05-12", "", None),
    ],
)
def test_birth_dates(one: str, other: str, said: str | None) -> None:
    found = persons(Person(name="Ali", birth=born(one)), Person(name="Ali", birth=born(other)))
    assert findings(found).get("birth") == said


def test_the_first_of_january_says_little() -> None:
    names = ("Ahmad Hassan", "Ahmad Jasim")
    real = [Person(name=name, birth=born("1990-05-12")) for name in names]
    unknown = [Person(name=name, birth=born("1990-01-01")) for name in names]
    assert persons(real[0], real[0]).score > persons(unknown[0], unknown[0]).score
    assert persons(*unknown).verdict == "different"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("99 123 456 780", "٩٩١٢٣٤٥٦٧٨٠", "same"),
        ("99123456780", "99123456790", "one_digit"),
        ("99123456780", "99123465780", "one_digit"),
        ("99123456780", "99123456087", "different"),
        ("99123456780", "9912345678", "different"),
        ("99123456780", "99213456870", "different"),
        ("-", "99123456780", None),
    ],
)
def test_numbers(one: str, other: str, said: str | None) -> None:
    found = persons(Person(name="Ali", numbers=(one,)), Person(name="Ali", numbers=(other,)))
    assert findings(found).get("number") == said


def test_one_number_under_two_names_is_an_alarm_for_a_person() -> None:
    found = persons(Person(given="Qasim", numbers=("991",)), Person(given="Jasim", numbers=("991",)))
    assert (found.verdict, findings(found)["number"]) == ("possible", "alarm")
    assert "somebody else's number" in evidence(found.evidence, str)
    similar = persons(Person(given="Kasım", numbers=("991",)), Person(given="قاسم", numbers=("991",)))
    assert similar.verdict == "same"


def test_a_number_without_a_name_is_not_enough() -> None:
    found = persons(Person(given="Ali", numbers=("991",)), Person(numbers=("991",)))
    assert found.verdict == "possible"


def test_a_phone_is_evidence_and_another_one_is_none() -> None:
    one, other = Person(name="Ali", phones=("+905321234567",)), Person(name="Ali", phones=("+905330000000",))
    assert "phone" not in findings(persons(one, other))
    assert findings(persons(one, one))["phone"] == "same"


def test_a_family_that_repeats_the_father_says_nothing() -> None:
    one = Person(given="حسين", family="يوسف", father="يوسف")
    other = Person(given="Hüseyin", family="Halebi", father="Yusuf")
    assert findings(persons(one, other))["family"] == "repeats"
    assert findings(persons(other, one))["family"] == "repeats"
    stranger = Person(given="Hüseyin", family="Halebi")
    assert findings(persons(Person(given="حسين", family="الشامي"), stranger))["family"] == "different"


def test_given_name_and_family_may_be_exchanged() -> None:
    found = persons(Person(given="Ahmad", family="Hassan"), Person(given="Hassan", family="أحمد"))
    assert (findings(found), found.verdict) == ({"name": "possible"}, "possible")


def test_records_without_a_common_field() -> None:
    found = persons(Person(father="Ali"), Person(mother="Emine"))
    assert (found.verdict, found.evidence) == ("different", ())
    assert evidence(found.evidence, str) == "There is no name to compare."


def test_names_alone_are_compared_as_names() -> None:
    found = persons(Person(name="محمد علي"), Person(given="Muhammed", family="Ali"))
    assert (found.score, found.verdict) == (1.0, "same")


def test_little_evidence_stays_low_and_much_is_certain() -> None:
    father = persons(Person(father="Qasim", mother="Rim"), Person(father="Jasim", mother="Hala"))
    assert father.verdict == "different"
    assert 0 < father.score < 0.6
    full = Person(
        given="Ali",
        family="Halabi",
        father="Omar",
        mother="Rim",
        birth=born("1980-03-04"),
        numbers=("1",),
    )
    assert persons(full, full).score == 1.0


def test_every_finding_has_words() -> None:
    single = {
        Field.FAMILY: [Finding.REPEATS],
        Field.BIRTH: [
            Finding.SAME,
            Finding.EXCHANGED,
            Finding.YEAR_ONLY,
            Finding.YEAR_BESIDE,
            Finding.DIFFERENT,
        ],
        Field.NUMBER: [Finding.SAME, Finding.ONE_DIGIT, Finding.ALARM, Finding.DIFFERENT],
        Field.PHONE: [Finding.SAME],
    }
    for field, found in single.items():
        for finding in found:
            assert evidence([Evidence(field, finding, 0)], str).endswith(".")
