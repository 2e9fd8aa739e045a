"""By what two names of organisations are one."""

import pytest

from domain.organisations import is_named_so, key_of, keys_of, numbers_of


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Emel Derneği", "EMEL DERNEGI", True),
        ("جمعية الأمل السورية", "الأمل السورية", True),
        ("جمعية الأمل السورية", "جمعية النور السورية", False),
        ("ÖZ TEKSTİL SAN. VE TİC. LTD. ŞTİ.", "Öz Tekstil A.Ş.", True),
        ("Derneği", "Dernek", False),
        ("Hope Society", "The Hope Association", True),
    ],
)
def test_what_an_organisation_is_does_not_tell_it_apart(one: str, other: str, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same


def test_a_person_is_no_organisation() -> None:
    assert not is_named_so("وفاق الأتاسي")
    assert not keys_of({"name_ar": "سلمى الخطيب", "name_latin": "Selma As"})
    assert keys_of({"name_latin": "Emel", "legal_form": "association"}) == {"emel"}
    assert keys_of({"name_ar": "", "name_latin": "Emel Vakfı"}) == {"emel"}
    assert not keys_of({"legal_form": "association"})


def test_numbers_are_compared_without_their_marks() -> None:
    given = {"numbers": [{"kind": "association_register", "value": "٣٤-123/045"}, {"value": " - "}]}
    assert numbers_of(given) == {"34123045"}
    assert not numbers_of({})
