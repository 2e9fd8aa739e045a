"""Who asks for somebody else, often a relative who is held, is asked in the third person."""

from __future__ import annotations

import re

import pytest

from intake.forms.pages import OF_THEM
from tests.intake.stage import (
    ANSWERS,
    open_door,
    phone,
    requests_on,
    send,
    write,
)
from tests.support.world import World

TOLD = ANSWERS[3]["text"]


@pytest.fixture(scope="module")
def desk(world: World) -> World:
    open_door(world)
    return world


THEM = {"relation": "sibling", "person": "Kerim", "knows": "no", "agrees": "no", "reachable": "visit"}


def test_who_asks_for_somebody_else_is_asked_about_them_and_the_desk_reads_it(desk: World) -> None:
    browser = phone(desk)
    browser.fill("/m/en/1", whom="other")
    browser.fill("/m/en/2", **THEM | {"relation": "", "agrees": ""})
    assert {"Choose who they are to you.", "Choose an answer."} <= {
        one.split(": ")[1] for one in browser.errors
    }
    browser.fill("/m/en/2", **THEM)
    browser.get("/m/en/3")
    assert "Are they held by the police" in browser.text
    browser.post("/m/en/3", **ANSWERS[2])
    browser.get("/m/en/4")
    assert "What happened to them?" in browser.text
    browser.post("/m/en/4", text="They took him from work", subject="")
    browser.get("/m/en/5")
    assert "Where are they now?" in browser.text
    browser.post("/m/en/5", **ANSWERS[4])
    browser.get("/m/en/6")
    browser.post("/m/en/6", **ANSWERS[5] | {"safe_call": "no", "way": "call"})
    assert "Choose the code if a call is not safe." in browser.errors[0]
    assert browser.post("/m/en/6", **ANSWERS[5] | {"safe_call": "no"}).location == "/m/en/7"
    assert browser.fill("/m/en/7", **ANSWERS[6]).location == "/m/en/8"
    assert browser.fill("/m/en/8", **ANSWERS[7]).location == "/m/en/9"
    browser.get("/m/en/9")
    assert browser.page.count("<dt>") == len([name for kind in OF_THEM for name in kind.names]) - 2
    assert "Kerim" in browser.text
    assert send(browser, "en", 9)
    first = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(first)
    for said in (
        "Brother or sister", "Kerim", "does not want our help", "on a visit only", "A call is not safe",
    ):  # fmt: skip # one list
        assert said in colleague.text
    colleague.post(f"{first}/claim", version=colleague.version)
    colleague.get(f"{first}/accept")
    assert 'value="Kerim"' in colleague.page
    of = dict(re.findall(r'name="([\w-]*name_ar)"[^>]*value="([^"]*)"', colleague.page))
    assert of["name_ar"] != "سلمى"  # whoever asks is not the client
    assert of["parties-1-name_ar"] == "سلمى"  # but somebody of the matter


def test_who_asks_for_themselves_after_all_sends_nothing_of_somebody_else(desk: World) -> None:
    browser = phone(desk)
    browser.fill("/m/ar/1", whom="other")
    browser.fill("/m/ar/2", **THEM)
    write(browser)
    assert "Kerim" not in browser.text
    send(browser)
    colleague = desk.browser("caseworker")
    assert TOLD in colleague.get(requests_on(colleague)[-1]).text
    assert "Kerim" not in colleague.text
