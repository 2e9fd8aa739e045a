"""An organisation as a client: recorded, found, compared under its name."""

from __future__ import annotations

import itertools
import re

import pytest

from tests.cases.pages.conftest import long_form
from tests.support.world import Browser, World

_COUNT = itertools.count(1)


def organisation(**changes: object) -> dict[str, object]:
    """The long form for an association."""
    nothing = {"father": "", "mother": "", "birth": ["", "", ""], "sex": "unknown", "code_word": ""}
    number = f"34-{next(_COUNT):03}-771"
    register = {"numbers-0-kind": "association_register", "numbers-0-value": number}
    named = {"name_ar": "جمعية الأمل", "name_latin": "Emel Derneği", "legal_form": "association"}
    phone = {"phones-0-number": f"0532 999 88 {next(_COUNT):02}"}
    return long_form(**{**nothing, **register, **named, **phone, "issue": "R01", **changes})


def record(browser: Browser, **changes: object) -> str:
    """Record it as a caseworker does; gives where it stands."""
    browser.get("/cases/new")
    answer = browser.post("/cases/new", **organisation(**changes))
    assert answer.status_code == 303, browser.errors
    return str(answer.location)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Organisation", "Association", "Number in the register of associations")),
        ("ar", ("المنظمة", "جمعية", "الرقم في سجل الجمعيات")),
        ("tr", ("Kuruluş", "Dernek", "Dernek kütük numarası")),
    ],
)
def test_an_organisation_is_recorded_and_found(world: World, language: str, words: tuple[str, ...]) -> None:
    browser = world.browser("caseworker", language)
    name = {"en": "Zerdali", "ar": "Mimoza", "tr": "Lavanta"}[language]
    browser.get("/cases/new")
    wrong = organisation(name_latin=f"{name} Derneği", father="أحمد")
    assert browser.post("/cases/new", **wrong).status_code == 422
    assert len(browser.errors) == 1
    case = record(browser, name_ar="", name_latin=f"{name} Derneği", **{"numbers-0-value": f"35-{name}-1"})
    browser.get(case)
    for said in (*words, f"{name} Derneği", f"35-{name}-1"):
        assert said in browser.text, said
    for asked in (name.lower(), f"35-{name}-1"):
        browser.get("/cases")
        browser.post("/cases/search", q=asked)
        assert f'href="{case}"' in browser.page, asked


def named_as(browser: Browser, case: str, **party: str) -> None:
    browser.get(f"{case}/parties")
    carried = dict(re.findall(r'name="(version|token)"[^>]*value="([^"]+)"', browser.page))
    assert browser.post(f"{case}/parties/add", **carried, **party).status_code == 303, browser.errors


@pytest.mark.parametrize(
    ("client", "theirs", "meets"),
    [
        ("Kardelen Derneği", {"name_latin": "KARDELEN", "legal_form": "association"}, True),
        ("Papatya Derneği", {"name_latin": "Papatya Dernegi"}, True),  # though nobody said what it is
        (
            "Nergis Suriye Derneği",
            {"name_latin": "Sümbül Suriye Derneği", "legal_form": "association"},
            False,
        ),
        ("Yasemin Suriye Derneği", {"name_latin": "Yasemin Suriye"}, False),  # a person of that name
    ],
)
def test_it_is_compared_under_its_whole_name(
    world: World, client: str, theirs: dict[str, str], *, meets: bool
) -> None:
    """Whoever is against us in a file that the caseworker cannot open is found by tokens alone."""
    colleague, browser = world.browser("colleague"), world.browser("caseworker")
    other = f"/cases/{world.record(by='colleague')}"
    named_as(colleague, other, role="employer", **theirs)
    case = record(browser, name_ar="", name_latin=client)
    browser.get(f"{case}/conflict")
    assert ("No conflict" not in browser.text and "Conflict" in browser.text) is meets, browser.text
    assert other not in browser.page
