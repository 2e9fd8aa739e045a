"""Recording a case on its page."""

import re
from urllib.parse import unquote

import pytest
from sqlalchemy import update

from accounts.models import SignInSession
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.conftest import long_form
from tests.support.world import Browser, World


def begun(form: dict[str, object]) -> str:
    """Where a case goes on whose form was kept."""
    return f"/cases/new?draft={form['token']}"


@pytest.mark.parametrize(
    ("language", "born"),
    [
        ("ar", "آذار ١٩٩١ (اليوم غير معروف)"),
        ("tr", "Mart 1991 (gün bilinmiyor)"),
        ("en", "March 1991 (day not known)"),
    ],
)
def test_a_case_is_recorded_and_shown(world: World, language: str, born: str) -> None:
    browser = world.browser("caseworker", language)
    assert browser.get("/cases/new").status_code == 200
    answer = browser.post("/cases/new", **long_form())
    assert answer.status_code == 303, browser.page
    assert browser.get(answer.location).status_code == 200
    for shown in ("سلمى الخطيب", "0532 123 45 67", "Ayşe from the bakery", "zeytin", born, "N00123"):
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


def test_a_number_that_looks_wrong_is_asked_about_and_saved_as_it_is(caseworker: Browser) -> None:
    form = long_form(looked=False, **{"numbers-0-kind": "foreigner_number", "numbers-0-value": "٩٩١٢٣"})
    caseworker.get("/cases/new")
    assert caseworker.post("/cases/new", **form).status_code == 200
    assert "This number does not have 11 digits" in caseworker.page
    assert 'value="99123"' in caseworker.page
    answer = caseworker.post("/cases/new", **form, anyway="1")
    assert answer.status_code == 303
    caseworker.get(answer.location)
    assert "99123" in caseworker.page


def test_one_more_phone_keeps_what_was_typed(caseworker: Browser) -> None:
    caseworker.get("/cases/new")
    assert "phones-2-number" not in caseworker.page
    assert caseworker.post("/cases/new", **long_form(), add="phone").status_code == 200
    assert "phones-2-number" in caseworker.page
    for typed in ("Ayşe from the bakery", "0532 123 45 67", "N00123", "her brother", "zeytin"):
        assert f'value="{typed}"' in caseworker.page
    assert caseworker.errors == []


def test_a_delicate_matter_asks_who_may_open_it(world: World) -> None:
    caseworker, coordinator = world.browser("caseworker"), world.browser("coordinator")
    form = long_form(issue="L01")
    caseworker.get("/cases/new")
    assert caseworker.post("/cases/new", **form).status_code == 200
    assert re.search(r'checked[^>]*name="restricted"[^>]*value="yes"', caseworker.page)
    asked = {**form, "asked": "1", "restricted": "yes"}
    assert caseworker.post("/cases/new", **asked).status_code == 422
    assert "Name at least one other person" in " ".join(caseworker.errors)
    colleague = str(world.cast["colleague"].person_id)
    answer = caseworker.post("/cases/new", **asked, named=[colleague])
    assert answer.status_code == 303
    assert caseworker.get(answer.location).status_code == 200
    assert "Named people only" in caseworker.page
    assert coordinator.get(answer.location).status_code == 404
    assert world.browser("colleague").get(answer.location).status_code == 200


def test_the_answer_may_be_no(caseworker: Browser) -> None:
    caseworker.get("/cases/new")
    answer = caseworker.post("/cases/new", **long_form(issue="M01"), asked="1")
    assert answer.status_code == 303


def test_consents_are_recorded_one_by_one(caseworker: Browser) -> None:
    caseworker.get("/cases/new")
    kinds = dict(re.findall(r'name="consents-(\d+)-kind"[^>]*value="(\w+)"', caseworker.page))
    assert len(kinds) == 7
    assert "story" not in kinds.values()  # nobody is asked before there is one to tell
    form = long_form()
    for number, kind in kinds.items():
        form |= {f"consents-{number}-kind": kind, f"consents-{number}-version": "1"}
        form |= {f"consents-{number}-answer": "not_asked", f"consents-{number}-how": "oral"}
        form |= {f"consents-{number}-language": "ar"}
        if kind == "statistics":
            form[f"consents-{number}-answer"] = "given"
        if kind == "advocacy":
            form[f"consents-{number}-answer"] = "refused"
    answer = caseworker.post("/cases/new", **form)
    assert answer.status_code == 303, caseworker.errors
    caseworker.get(answer.location)
    assert caseworker.page.count("Not asked") >= 6
    assert "Given" in caseworker.page
    assert "Refused" in caseworker.page


def test_an_older_wording_is_not_taken_for_the_present_one(caseworker: Browser) -> None:
    caseworker.get("/cases/new")
    form = long_form(**{"consents-0-kind": "story", "consents-0-version": "0", "consents-0-answer": "given"})
    assert caseworker.post("/cases/new", **form).status_code == 422
    assert "The wording has changed" in " ".join(caseworker.errors)


def test_a_draft_comes_back_and_goes_when_the_case_is_recorded(world: World) -> None:
    browser, form = world.browser("colleague"), long_form(name_ar="هدى الدرويش")
    browser.get("/cases/new")
    assert browser.post("/cases/draft", **form).status_code == 204
    browser.get("/desk")
    assert "A new case" in browser.page
    assert "هدى" not in browser.page
    assert begun(form) in browser.page
    browser.get(begun(form))
    assert "هدى الدرويش" in browser.page
    assert "Discard and begin afresh" in browser.page
    assert "هدى" not in world.browser("caseworker").get(begun(form)).text
    assert browser.post(begun(form), **form).status_code == 303
    browser.get("/cases/new")
    assert "Discard and begin afresh" not in browser.page
    assert begun(form) not in browser.page


def test_a_draft_can_be_thrown_away(world: World) -> None:
    browser, form = world.browser("colleague"), long_form(name_ar="هدى الدرويش")
    browser.get("/cases/new")
    browser.post("/cases/draft", **form)
    browser.get("/cases/new")
    assert begun(form) in browser.page
    browser.post("/desk/drafts/discard", form="cases.new", about=form["token"])
    browser.get(begun(form))
    assert "هدى" not in browser.page
    browser.get("/cases/new")
    assert begun(form) not in browser.page


def test_a_session_that_ends_in_the_middle_loses_nothing(world: World) -> None:
    browser = world.browser("colleague")
    browser.get("/cases/new")
    with world.app.app_context(), transaction():
        db.session.execute(
            update(SignInSession)
            .where(SignInSession.person_id == world.cast["colleague"].person_id)
            .values(state="locked")
        )
    sent = browser.post("/cases/new", **long_form(name_ar="هدى الدرويش"))
    assert "unlock" in sent.location
    back = world.browser("colleague")
    back.get(unquote(sent.location.partition("next=")[2]))
    assert "هدى الدرويش" in back.page


def test_a_draft_that_comes_after_its_case_is_not_kept(world: World) -> None:
    """It was on its way while the form was sent."""
    browser, form = world.browser("colleague"), long_form()
    browser.get("/cases/new")
    assert browser.post("/cases/new", **form).status_code == 303
    assert browser.post("/cases/draft", **form).status_code == 204
    browser.get(begun(form))
    assert "typed last time" not in browser.text
    browser.get("/cases/new")
    assert begun(form) not in browser.page
