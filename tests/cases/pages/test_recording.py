"""Recording a case on its page."""

import re

import pytest

from tests.cases.pages.conftest import Browser, World, long_form


def case_of(answer_location: str) -> str:
    return re.findall(r"/cases/([0-9a-f-]{36})$", answer_location)[0]


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
def test_a_case_is_recorded_and_shown(world: World, language: str) -> None:
    browser = world.browser("caseworker", language)
    assert browser.get("/cases/new").status_code == 200
    answer = browser.post("/cases/new", **long_form())
    assert answer.status_code == 303, browser.page
    assert browser.get(answer.location).status_code == 200
    for shown in ("سلمى الخطيب", "0532 123 45 67", "Ayşe from the bakery", "zeytin", "1991-03", "N00123"):
        assert shown in browser.page
    assert "سلمى" not in browser.title
    assert "HAM-" in browser.title


def test_sending_twice_records_once(caseworker: Browser) -> None:
    form = long_form()
    caseworker.get("/cases/new")
    first = caseworker.post("/cases/new", **form)
    second = caseworker.post("/cases/new", **form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location


def test_what_is_missing_is_said_beside_its_field(caseworker: Browser) -> None:
    caseworker.get("/cases/new")
    assert caseworker.post("/cases/new").status_code == 422
    assert "Choose what it is about" in caseworker.page


def test_almost_everything_may_stay_unknown(caseworker: Browser) -> None:
    caseworker.get("/cases/new")
    answer = caseworker.post("/cases/new", issue="Z01", urgency="U3")
    assert answer.status_code == 303, caseworker.errors
    assert caseworker.get(answer.location).status_code == 200
    assert "No name recorded" in caseworker.page
