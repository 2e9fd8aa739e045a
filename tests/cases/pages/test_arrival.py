"""How a matter came to us: by which channel, and what was written on paper first."""

from datetime import date, timedelta

import pytest

from core import clock
from tests.cases.pages.conftest import long_form
from tests.support.world import Browser, World

PLACE = "Harran GGM, ikinci blok"


def boxes(day: date) -> list[str]:
    """A day as somebody types it."""
    return [str(day.day), str(day.month), str(day.year)]


@pytest.mark.parametrize(
    ("language", "channel", "on_paper"),
    [("ar", "زيارة ميدانية", "كُتب على الورق في"), ("tr", "Saha ziyareti", "Kâğıda yazıldığı tarih:")],
)
def test_a_first_contact_on_paper_keeps_its_day_hour_and_place(
    world: World, language: str, channel: str, on_paper: str
) -> None:
    browser, day = world.browser("caseworker", language), clock.today() - timedelta(days=9)
    browser.get("/cases/new")
    typed = {"channel": "outreach", "paper_on": boxes(day), "paper_at": "٩:٠٥", "paper_where": PLACE}
    answer = browser.post("/cases/new", **long_form(**typed))
    assert answer.status_code == 303, browser.errors
    browser.get(answer.location)
    hour = {"ar": "٠٩:٠٥", "tr": "09:05"}[language]
    # Beside the person, and in the line of the timeline.
    assert browser.page.count(f"<li>{channel}</li>") == 2
    for words in (on_paper, hour, PLACE):
        assert browser.text.count(words) == 2, words
    # It stays when the record is changed.
    browser.get(f"{answer.location}/edit")
    changed = long_form(version=browser.version, narrative="başka")
    assert browser.post(f"{answer.location}/edit", **changed).status_code == 303, browser.errors
    browser.get(answer.location)
    assert browser.text.count(PLACE) == 2


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"paper_on": boxes(date(2099, 1, 1))}, "still to come"),
        ({"paper_on": boxes(date(2006, 11, 3))}, "Look at the year once more"),
        ({"paper_where": PLACE}, "Enter the day on which the paper was written too"),
        ({"paper_on": boxes(date(2026, 11, 3)), "paper_at": "25:10"}, "Enter a time"),
    ],
)
def test_a_day_that_cannot_be_is_said_beside_it_and_what_was_typed_stays(
    caseworker: Browser, typed: dict[str, object], why: str
) -> None:
    caseworker.get("/cases/new")
    assert caseworker.post("/cases/new", **long_form(**{"paper_where": PLACE, **typed})).status_code == 422
    assert any(why in error for error in caseworker.errors)
    assert f'value="{PLACE}"' in caseworker.page


def test_a_call_has_come_by_phone_without_being_asked(caseworker: Browser) -> None:
    caseworker.get("/cases/new?call=1")
    assert 'name="channel" value="call"' in caseworker.page
    answer = caseworker.post("/cases/new?call=1", **long_form(channel="call"))
    caseworker.get(answer.location)
    assert caseworker.page.count("<li>Phone call</li>") == 2
    assert "Recorded on paper" not in caseworker.text
