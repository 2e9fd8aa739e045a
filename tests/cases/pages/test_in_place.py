"""A line of the timeline sent by htmx: the timeline answers, a refusal in few words, a door whole."""

import re
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from accounts.service import sessions
from core.store.transaction import transaction
from tests.cases.pages.test_supervision import aged
from tests.support.world import HOME, Browser, World


def send(browser: Browser, path: str, **fields: object) -> TestResponse:
    """Send a form as htmx does."""
    return browser.client.post(
        path,
        data={"csrf_token": browser.csrf, **fields},
        base_url=HOME,
        headers={"HX-Request": "true", "HX-Target": "timeline", "Referer": f"{HOME}/cases"},
    )


def test_the_answer_is_the_timeline_with_an_empty_form(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(path)
    answer = send(browser, f"{path}/notes", kind="call", text="تحدثنا بالهاتف")
    assert answer.status_code == 200
    assert answer.text.count("تحدثنا بالهاتف") == 1
    assert answer.text.count('id="timeline"') == 1
    assert "The line is in the timeline." in answer.text
    assert "<html" not in answer.text
    browser.get(path)
    assert "The line is in the timeline." not in browser.page
    assert browser.page.count("تحدثنا بالهاتف") == 1


def test_what_is_wrong_stands_beside_the_field_and_what_was_chosen_stays(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(path)
    answer = send(browser, f"{path}/notes", kind="visit", text=" ")
    assert answer.status_code == 422
    assert "Write something first" in answer.text
    assert re.search(r'value="visit"[^>]*checked|checked[^>]*value="visit"', answer.text)
    assert "<html" not in answer.text


@pytest.mark.parametrize(("target", "place"), [("timeline", "#timeline-failed"), ("x, body", None)])
def test_a_refusal_is_said_in_the_form(world: World, target: str, place: str | None) -> None:
    browser, path = world.browser("colleague"), f"/cases/{world.record()}"
    browser.get("/desk")
    answer = browser.client.post(
        f"{path}/notes",
        data={"csrf_token": browser.csrf, "kind": "note", "text": "x"},
        base_url=HOME,
        headers={"HX-Request": "true", "HX-Target": target, "Referer": f"{HOME}/cases"},
    )
    assert answer.status_code == 404
    assert answer.headers.get("HX-Retarget") == place
    assert "<html" not in answer.text
    assert "Nothing is here for you" in answer.text


def test_a_session_that_is_over_leads_to_the_door_and_keeps_the_text(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(path)
    with world.app.app_context(), transaction():
        sessions.end_all(world.cast.players["caseworker"].id)
    answer = send(browser, f"{path}/notes", kind="note", text="لم تُفقد")
    assert "/sign-in" in answer.headers["HX-Redirect"]
    assert answer.location is None
    again = world.browser("caseworker")
    again.get(path)
    assert "لم تُفقد" in again.page
    assert "This is what you typed last time" in again.page


@pytest.mark.parametrize("language", ["ar", "tr"])
@pytest.mark.parametrize(("form", "name"), [("todo/new/task", "title"), ("services", "grant")])
def test_what_was_typed_while_a_colleague_closed_the_case_stays_and_says_why(
    world: World, form: str, name: str, language: str
) -> None:
    case_id, browser = world.record(), world.browser("caseworker", language)
    path, typed = f"/cases/{case_id}", "AB-2026"
    browser.get(path)
    fields = (
        {"agreed": "S3", "level": "S2", "activity": "contact", "minutes": "40"} if name == "grant" else {}
    )
    sent = {"token": str(uuid4()), "owner": "", **fields, name: typed}
    aged(world, case_id, state="closed")
    why = {"ar": "لا يُعدَّل ملف مغلق", "tr": "Kapatılmış dosya düzenlenmez"}[language]
    answer = send(browser, f"{path}/{form}", **sent)
    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{typed}"' in answer.text
    assert browser.post(f"{path}/{form}", **sent).status_code == 422
    assert why in browser.text
    assert f'value="{typed}"' in browser.page
