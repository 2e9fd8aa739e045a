"""Somebody begins, breaks off and goes on; and reads what was wrong in words that help."""

from __future__ import annotations

import re

import pytest

from core.reference import reference
from intake.service.drafts import KEPT
from tests.intake.stage import ANSWERS, ask, come_back, open_door, phone, requests_on
from tests.support.world import HOME, World


@pytest.fixture
def desk(world: World) -> World:
    open_door(world)
    return world


def test_what_was_begun_can_be_gone_on_with_for_a_day(desk: World) -> None:
    browser = phone(desk)
    assert "تابع ما بدأته" not in browser.get("/m/ar").text
    answer = browser.fill("/m/ar/1", **ANSWERS[1])
    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-page")]
    assert f"Max-Age={int(KEPT.total_seconds())}" in cookie
    assert "تابع ما بدأته" in browser.get("/m/ar").text


def test_who_does_not_know_reads_whom_to_call_too(desk: World) -> None:
    browser = phone(desk)
    browser.fill("/m/ar/1", **ANSWERS[1])
    browser.fill("/m/ar/2", **{**ANSWERS[2], "danger": "unsure"})
    assert "tel:112" in browser.get("/m/ar/3").text


def test_what_is_too_large_is_said_so(desk: World) -> None:
    browser = phone(desk)
    browser.fill("/m/ar/1", **ANSWERS[1])
    browser.fill("/m/ar/2", **ANSWERS[2])
    browser.get("/m/ar/3")
    answer = browser.client.post(
        "/m/ar/3", base_url=HOME, environ_overrides={"CONTENT_LENGTH": str(120 * 1024 * 1024)}
    )
    assert answer.status_code == 413
    assert "كبير جدًا" in answer.text
    assert "Himaya" not in answer.text


def test_a_text_that_promises_more_is_not_sent_alone(desk: World) -> None:
    ask(desk)
    browser = desk.browser("coordinator")
    browser.get("/requests")
    request = requests_on(browser)[0]
    browser.get(request)
    browser.post(f"{request}/claim", version=browser.version)
    page = f"{request}/decline"
    text = reference().lists["answer_template"].label("not_ours", "ar")
    browser.get(page)
    answer = browser.post(page, text=text, version=browser.version)
    assert answer.status_code == 422
    assert any("more stands below" in error for error in browser.errors)
    assert text.partition(".")[0] in browser.page
    assert browser.post(page, text=f"{text} نقابة المحامين", version=browser.version).status_code == 303


def test_who_leaves_quickly_is_out_and_back_opens_nothing(desk: World) -> None:
    browser = come_back(desk, ask(desk))
    for page in ("/n/ar/all", "/n/ar/reach", "/n/ar/back", "/n/ar/else"):
        browser.get(page)
        assert 'class="exit" href="/n/ar/away"' in browser.page, page
    outside = re.findall(r'class="exit" href="([^"]+)"', phone(desk).get("/m/ar").text)
    away = browser.get("/n/ar/away")
    assert (away.status_code, [away.location]) == (303, outside)
    assert any("__Host-" in one and "Max-Age=0" in one for one in away.headers.getlist("Set-Cookie"))
    assert browser.get("/n/ar/all").location == "/n/ar"
    assert [browser.get("/n/ar/away").location] == outside  # again, it just leads on
