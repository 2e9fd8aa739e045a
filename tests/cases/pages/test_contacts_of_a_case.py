"""Contacts in the timeline of a case: by which channel, from whom or to whom, on which day."""

import re
from datetime import timedelta

import pytest

from core import clock
from tests.cases.pages.test_arrival import boxes
from tests.support.world import Browser, World


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ("رسالة", "واتساب", "من شخص آخر", "بتاريخ")),
        ("tr", ("Mesaj", "WhatsApp", "Başka birinden", "tarihinde")),
        ("en", ("Message", "WhatsApp", "From somebody else", "on ")),
    ],
)
def test_a_contact_says_how_with_whom_and_when(world: World, language: str, words: tuple[str, ...]) -> None:
    browser, path = world.browser("caseworker", language), f"/cases/{world.record()}"
    browser.get(path)
    day = clock.today() - timedelta(days=3)
    typed = {"kind": "message", "channel": "whatsapp", "direction": "from_other", "on": boxes(day)}
    answer = browser.post(f"{path}/notes", text="أخوها يسأل عن الموعد", **typed)
    assert answer.status_code == 303, browser.errors
    browser.get(path)
    entry = re.findall(r'<li class="entry entry-message">.*?</li>\s*</ol>', browser.page, re.DOTALL)[0]
    assert all(word in entry for word in words)
    assert "أخوها يسأل عن الموعد" in entry


def test_a_call_needs_no_channel_and_a_letter_is_no_call(caseworker: Browser, world: World) -> None:
    path = f"/cases/{world.record()}"
    caseworker.get(path)
    assert caseworker.post(f"{path}/notes", kind="call", text="will call back").status_code == 303
    for typed, why in (
        ({"kind": "message"}, "Choose by which channel"),
        ({"kind": "call", "channel": "letter"}, "does not fit the kind"),
        ({"kind": "note", "channel": "sms"}, "Only a call"),
        ({"kind": "note", "on": boxes(clock.today() + timedelta(days=1))}, "still to come"),
        ({"kind": "call", "direction": "sideways"}, "Choose one of the answers"),
    ):
        assert caseworker.post(f"{path}/notes", text="kept words", **typed).status_code == 422, typed
        assert any(why in error for error in caseworker.errors), typed
        assert "kept words" in caseworker.page
        # What is wrong is in sight.
        assert re.search(r'<details class="disclosure" open>\s*<summary>.*?with whom', caseworker.page)
