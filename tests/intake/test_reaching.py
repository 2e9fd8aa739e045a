"""How somebody is reached is asked a thing a page, and no page contradicts another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import get_template_attribute

from core.store.transaction import transaction
from intake.forms.reaching import settled
from intake.service import deciding, queue
from tests.intake.stage import ANSWERS, LAST, open_door, phone, requests_on, send, write
from tests.support.cast import record_of
from tests.support.world import World

PHONE = {"way": "code", "phone": "0532 000 00 07", "whose": "own"}
USE: dict[str, Any] = {"channels": ["sms"], "hours": "sabah", "message_ok": "yes", "cover_name": "Okul"}


@pytest.fixture(scope="module")
def desk(world: World) -> World:
    open_door(world)
    return world


def test_who_gives_no_number_is_not_asked_how_it_may_be_used(desk: World) -> None:
    browser = phone(desk)
    for number in range(1, 5):
        browser.fill(f"/m/en/{number}", **ANSWERS[number])
    browser.get("/m/en/5")
    assert "Step 5 of 8" in browser.text
    assert browser.fill("/m/en/5", way="code", phone="", whose="unknown").location == "/m/en/6"
    browser.get("/m/en/6")
    assert "Step 6 of 7" in browser.text
    assert 'name="channels"' not in browser.page
    assert browser.fill("/m/en/6").location == "/m/en/7"  # nothing has to be answered
    browser.get("/m/en/7")
    assert "May we leave a message" not in browser.text
    assert send(browser, "en", 7)


def test_a_number_that_is_taken_out_takes_its_use_along(desk: World) -> None:
    browser = write(phone(desk), "en")
    assert "المدرسة" in browser.text
    assert browser.fill("/m/en/5", way="code", phone="", whose="unknown").location == "/m/en/6"
    browser.get(f"/m/en/{LAST - 1}")
    send(browser, "en", LAST - 1)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    assert "How we may reach them Not recorded Safe hours Not recorded" in colleague.text
    assert "المدرسة" not in colleague.text


def test_a_number_for_which_no_way_was_chosen_says_everywhere_that_it_is_not_rung(desk: World) -> None:
    send(write(phone(desk), "en", page_6={"channels": [], "hours": "", "cover_name": ""}), "en")
    colleague = desk.browser("caseworker")
    page = requests_on(colleague)[-1]
    colleague.get(page)
    assert "Do not call or write to this number: the person chose no way." in colleague.text
    with desk.app.app_context(), transaction():
        worker, request_id = desk.cast["caseworker"], UUID(page.rpartition("/")[2])
        deciding.claim(worker, request_id, 1)
        found = deciding.as_record(queue.open_request(worker, request_id).answers, "U2")
    case_id = desk.record(record=record_of(phones=found["phones"]))
    for shown in (f"/cases/{case_id}", f"/cases/{case_id}/hand-over"):
        colleague.get(shown)
        assert "it was not allowed, or not asked" in colleague.text
    with desk.app.test_request_context(headers={"Accept-Language": "en"}):
        packet = get_template_attribute("referrals/_packet.html", "phone")(found["phones"][0])
    assert "it was not allowed, or not asked" in packet


def test_another_number_is_asked_about_anew_with_what_was_said_of_the_first(desk: World) -> None:
    browser = write(phone(desk), "en")
    browser.fill("/m/en/5", way="code", phone="0532 111 11 11", whose="own")
    assert browser.get(f"/m/en/{LAST}").location == "/m/en/6"
    browser.get("/m/en/6")
    assert "المدرسة" in browser.page
    assert "0532 111 11 11" in browser.text


@pytest.mark.parametrize(
    ("before", "now", "follows"),
    [
        ({}, {"text": "x"}, {}),
        ({**PHONE, **USE}, PHONE | {"way": "call"}, {"channels": ["call", "sms"]}),
        (
            {**PHONE, **USE, "whom": "other"},
            {"safe_call": "no"} | USE | {"channels": ["call"]},
            {"channels": []},
        ),
        ({**PHONE, **USE, "whom": "me", "safe_call": "no"}, {"channels": ["call"]}, {"channels": ["call"]}),
        ({**PHONE, "notice": "sms", "notice_phone": "+90 532 0000007"}, USE, {"channels": ["sms"]}),
        ({**PHONE, "notice": "sms", "notice_phone": "0532 9"}, {"channels": []}, {"channels": []}),
        (
            {**PHONE, **USE, "notice": "sms", "notice_phone": "+90 532 0000007"},
            {"channels": []},
            {"channels": [], "notice": "", "notice_mail": "", "notice_phone": "", "page 7": False},
        ),
        (
            {**PHONE, **USE, "notice": "mail", "notice_mail": "a@b.c"},
            {"way": "call"},
            {"channels": ["call", "sms"], "notice": "", "notice_mail": "", "notice_phone": ""},
        ),
    ],
)
def test_what_follows_from_an_answer(
    before: dict[str, Any], now: dict[str, Any], follows: dict[str, Any]
) -> None:
    assert settled(before, now) == follows
