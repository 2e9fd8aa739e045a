"""The person says that they are reached otherwise: the file shows it, and takes it over when asked."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from cases.models import Case
from cases.service import files, match_tokens
from core.errors import Conflict
from core.store.base import db
from core.store.transaction import transaction
from intake.service import contact, deciding, visiting
from tests.intake.stage import asked_with_code, back_with, token
from tests.support.cast import Cast, record_of
from tests.support.world import Browser, World

OLD, NEW = "+905320000007", "+905551112233"
SAID = {
    "phone": NEW,
    "whose": "own",
    "channels": ["whatsapp"],
    "hours": "بعد السادسة",
    "message_ok": "no",
    "cover_name": "المدرسة",
}


def accepted(cast: Cast, **answers: str) -> tuple[UUID, UUID, str]:
    """A case that came from a request, with its conversation open on a phone."""
    request_id, code = asked_with_code(cast, phone=OLD, **answers)
    record = record_of()
    record["client"]["phones"] = [
        {"number": OLD, "whose": "own", "channels": ["call"], "hours": "10-12", "message_ok": "no",
         "cover_name": "Ayşe", "others": "her brother"},
    ]  # fmt: skip # one phone
    with transaction():
        deciding.claim(cast["caseworker"], request_id, 1)
    with transaction():
        case_id = deciding.accept(
            cast["caseworker"], request_id, record,
            urgency="U2", restricted=False, named=[], consents=[], token=uuid4(),
        )  # fmt: skip # what a test does not ask about
    return case_id, request_id, back_with(cast, code) or ""


def changes(cookie: str, **said: Any) -> None:
    with transaction():
        visiting.change_reach(visiting.visit(cookie), uuid4(), {**SAID, **said}, "ar")


def press(browser: Browser, take: str, page: str = "") -> int:
    """Press one of the buttons as the page shows it."""
    for fields in re.findall(r'<form class="act"[^>]*/contact".*?</form>', page or browser.page, re.DOTALL):
        hidden = dict(re.findall(r'name="(version|said_at|take)" value="([^"]*)"', fields))
        if hidden["take"] == take:
            [path] = re.findall(r'action="([^"]+/contact)"', fields)
            return browser.post(path, **hidden).status_code
    raise AssertionError("no such button")


def test_the_file_shows_the_newer_contact_and_takes_it_over(world: World) -> None:
    with world.app.app_context():
        case_id, _request, cookie = accepted(world.cast)
        browser = world.browser("caseworker")
        browser.get(f"/cases/{case_id}")
        assert "how they are reached now" not in browser.text
        changes(cookie)
    browser.get(f"/cases/{case_id}")
    assert "The person said later how they are reached now" in browser.text
    assert OLD in browser.text
    assert NEW in browser.text
    shown = browser.page
    assert press(browser, "yes") == 303
    assert press(browser, "yes", shown) == 303  # a double click
    browser.get(f"/cases/{case_id}")
    assert "how they are reached now" not in browser.text
    assert browser.text.count("taken over from a conversation") == 1
    stood = browser.text[browser.text.index("Before:") :]  # with what was agreed about it
    for said in (OLD, "Phone call", "10-12", "Ayşe", "her brother"):
        assert said in stood
    # The number is searched for by tokens: the new one finds the file, the old one does not any more.
    with world.app.app_context():
        worker = world.cast["caseworker"]
        assert case_id in match_tokens.with_number(worker, NEW)
        assert case_id not in match_tokens.with_number(worker, OLD)
        with transaction():
            [phone] = files.open_case(worker, case_id).record["client"]["phones"]
    assert (phone["number"], phone["hours"], phone["cover_name"]) == (NEW, SAID["hours"], SAID["cover_name"])


def test_what_was_not_shown_is_never_taken_over(world: World) -> None:
    with world.app.app_context():
        case_id, request_id, cookie = accepted(world.cast)
        worker = world.cast["caseworker"]
        changes(cookie)
        with transaction():
            before = files.open_case(worker, case_id)
        [row] = before.beside["conversations"]
        changes(cookie, phone="+905554445566")  # while somebody looks at the page
        with pytest.raises(Conflict), transaction():
            contact.settle(worker, case_id, request_id, before.version, row.reach["said_at"], take=True)
        db.session.rollback()
    browser = world.browser("caseworker")
    browser.get(f"/cases/{case_id}")
    assert press(browser, "no") == 303
    browser.get(f"/cases/{case_id}")
    assert OLD in browser.text
    assert "how they are reached now" not in browser.text


def test_who_asked_for_somebody_else_is_not_the_client(world: World) -> None:
    with world.app.app_context():
        case_id, _request, cookie = accepted(world.cast, whom="other")
        changes(cookie)
    browser = world.browser("caseworker")
    browser.get(f"/cases/{case_id}")
    assert NEW not in browser.text


def test_another_adult_who_was_added_is_not_taken_for_the_client(world: World) -> None:
    with world.app.app_context():
        cast = world.cast
        refused = {"number": OLD, "whose": "own", "channels": [], "hours": "", "message_ok": "no"}
        record = record_of(
            name_ar="سلمى الحسن",
            name_latin="",
            code_word="زيتون",
            phones=[{**refused, "cover_name": "", "others": ""}],
        )
        case_id = cast.record(record=record)
        reference = db.session.get_one(Case, case_id).reference
        request_id, code = asked_with_code(cast, name="هند العلي", phone=OLD)
        cookie = back_with(cast, code) or ""
        changes(cookie, channels=["sms"], notice="sms", notice_phone=NEW, notice_parts=["morning"])
        with transaction():
            deciding.claim(cast["caseworker"], request_id, 1)
    browser, merge = world.browser("caseworker"), f"/requests/{request_id}/merge"
    browser.get(merge)
    given = {"version": browser.version, "reference": reference}
    assert browser.post(merge, **given).status_code == 200
    [ticked] = [
        one
        for one in re.findall(r"<input[^>]*>", browser.page)
        if 'name="client"' in one and "checked" in one
    ]
    assert 'value="no"' in ticked
    assert browser.post(merge, **given, seen=reference, client="no").status_code == 303
    browser.get(f"/cases/{case_id}")
    assert "how they are reached now" not in browser.text
    assert "not the client" in browser.text
    talk = f"/cases/{case_id}/conversations/{request_id}"
    browser.get(talk)
    assert "Who writes here is not the client" in browser.text
    assert "does not allow it" not in browser.text  # what the client refused is not refused for them
    browser.get(f"{talk}/code")
    assert "زيتون" not in browser.text
    with world.app.app_context():  # what stands beside a number holds for whoever chooses it
        cookie = back_with(world.cast, code) or ""
        changes(cookie, channels=["sms"], notice="sms", notice_phone=OLD, notice_parts=["morning"])
    browser.get(talk)
    assert browser.post(f"{talk}/say", token=token(browser), text="نعم").status_code == 303
    browser.get(talk)
    assert "does not allow it" in browser.text
    assert browser.post(f"{talk}/client", client="yes").status_code == 303
    browser.get(talk)
    assert "Who writes here is not the client" not in browser.text
    browser.get(f"{talk}/code")
    assert "زيتون" in browser.text


def test_whoever_begins_a_conversation_says_whether_it_is_the_client(world: World) -> None:
    with world.app.app_context():
        case_id = world.cast.record()
    browser, page = world.browser("caseworker"), f"/cases/{case_id}/conversations"
    browser.get(page)
    assert browser.post(page, token=token(browser), name="Kız kardeş").status_code == 422
    assert browser.post(page, token=token(browser), name="Kız kardeş", client="no").status_code == 200
    browser.get(re.findall(rf'href="(/cases/{case_id}/conversations/[^"]+)"', browser.page)[0])
    assert "Who writes here is not the client" in browser.text


def test_a_request_without_a_name_is_added_once_somebody_says_whether_it_is_the_client(world: World) -> None:
    with world.app.app_context():
        cast = world.cast
        case_id = cast.record()
        reference = db.session.get_one(Case, case_id).reference
        request_id, _code = asked_with_code(cast)
        with transaction():
            deciding.claim(cast["caseworker"], request_id, 1)
    browser, merge = world.browser("caseworker"), f"/requests/{request_id}/merge"
    browser.get(merge)
    given = {"version": browser.version, "reference": reference}
    assert browser.post(merge, **given).status_code == 200
    assert not [
        one for one in re.findall(r'<input[^>]*name="client"[^>]*>', browser.page) if "checked" in one
    ]
    assert browser.post(merge, **given, seen=reference).status_code == 422
    assert browser.errors == ["Is whoever writes the client of the case?: Choose one."]
    assert browser.post(merge, **given, seen=reference, client="yes").status_code == 303


def test_whoever_asked_and_is_not_the_client_stands_among_the_people_of_the_case(world: World) -> None:
    with world.app.app_context():
        case_id, request_id, _cookie = accepted(world.cast, name="هند العلي")
    browser = world.browser("caseworker")
    browser.get(f"/cases/{case_id}")
    assert "هند العلي" in browser.text
    browser.get(f"/cases/{case_id}/conversations/{request_id}")
    assert "Who writes here is not the client" in browser.text
