"""A note is added while the page stays; without scripts the same page does the same, more slowly."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage
from tests.browser.player import Player

DEVICES = [("ar", 360), ("tr", 1280)]


def composer(player: Player, text: str) -> None:
    """Type a line and press the button, without waiting for anything."""
    player.page.locator("[name=text]").fill(text)
    player.page.locator("#timeline form.form button[type=submit]").click()


@pytest.mark.parametrize(("language", "width"), DEVICES)
def test_a_line_comes_into_the_timeline_while_the_page_stays(stage: Stage, language: str, width: int) -> None:
    case = stage.world.record(by="coordinator")
    person = stage.enter("coordinator", language, width)
    person.go(f"/cases/{case}")
    person.page.evaluate("window.stayed = true")
    for text in ("konuştuk 👋 <b>kalın</b>", "ikinci satır"):
        composer(person, text)
        expect(person.page.locator("#timeline .entry .typed").first).to_have_text(text)
        expect(person.page.locator("[name=text]")).to_have_value("")
        expect(person.page.locator("#timeline .message-done")).to_be_focused()
    assert person.page.evaluate("window.stayed")
    assert person.page.url.endswith(f"/cases/{case}")
    person.look()


def test_a_refusal_stands_beside_the_field_and_the_text_stays(stage: Stage) -> None:
    case = stage.world.record(by="coordinator")
    person = stage.enter("coordinator")
    person.go(f"/cases/{case}")
    person.page.evaluate("window.stayed = true")
    composer(person, "x" * 20_001)
    expect(person.page.locator("#timeline .field-wrong .error")).to_be_visible()
    expect(person.page.locator("[name=text]")).to_have_value("x" * 20_001)
    person.page.context.set_offline(True)
    composer(person, "çevrimdışı")
    expect(person.page.locator("#timeline-failed [role=alert]")).to_be_visible()
    expect(person.page.locator("[name=text]")).to_have_value("çevrimdışı")
    person.page.context.set_offline(False)
    composer(person, "yeniden çevrimiçi")
    expect(person.page.locator("#timeline .entry .typed").first).to_have_text("yeniden çevrimiçi")
    expect(person.page.locator("#timeline-failed [role=alert]")).to_have_count(0)
    assert person.page.evaluate("window.stayed")


def test_a_session_that_ended_keeps_the_line_and_gives_it_back(stage: Stage) -> None:
    case = stage.world.record(by="coordinator")
    person = stage.enter("coordinator")
    person.go(f"/cases/{case}")
    stage.end_sessions("coordinator")
    composer(person, "kaybolmadı")
    person.page.wait_for_url(re.compile(r"/sign-in\?next=/cases/"))
    person.look()
    person.pass_doors()
    assert person.page.url.endswith(f"/cases/{case}")
    expect(person.page.locator("[name=text]")).to_have_value("kaybolmadı")
    composer(person, "kaybolmadı")
    expect(person.page.locator("#timeline .entry .typed").first).to_have_text("kaybolmadı")


def test_without_scripts_the_line_is_there_too(stage: Stage) -> None:
    case = stage.world.record(by="coordinator")
    person = stage.enter("coordinator", scripts=False)
    person.go(f"/cases/{case}")
    person.fill(text="betiksiz")
    person.send("text")
    assert "betiksiz" in person.text
