"""A colleague closes a case while somebody types: what was typed is never lost, and the page says why."""

import re

import pytest

from domain import reviews
from tests.cases.pages.conftest import long_form
from tests.cases.pages.test_documents import bring
from tests.cases.pages.test_matter import hidden
from tests.documents.corpus import page_pdf, saved
from tests.intake.papers import upload
from tests.support.world import Browser, World

CLOSING = {"level": "S2", "code": "A", "outcome": "achieved", "benefit": "document", "why": "completed"}
CLOSED = re.compile("A closed file (is not edited|takes nothing new)")


@pytest.fixture(autouse=True)
def nobody_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some closings need a second coordinator, by chance: none here does."""
    monkeypatch.setattr(reviews, "drawn", lambda *_said: False)


def close(world: World, case: str) -> None:
    coordinator = world.browser("coordinator")
    coordinator.get(f"{case}/close")
    answer = coordinator.post(f"{case}/close", version=coordinator.version, **CLOSING)
    assert answer.status_code == 303, coordinator.errors


def shown(browser: Browser, words: str) -> bool:
    """Whether the page says what was typed, that the case is closed, and lets it go."""
    return words in browser.text and bool(CLOSED.search(browser.text)) and "/desk/drafts" in browser.page


@pytest.mark.parametrize("saved_itself", [False, True])
def test_changes_to_the_record(world: World, *, saved_itself: bool) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(f"{case}/edit")
    typed = long_form(narrative="Kapıda bekletildi " * 9, version=browser.version)
    typed["phones-0-others"] = "komşusu Rana"
    if saved_itself:
        assert browser.post(f"{case}/draft", **typed).status_code == 204
    close(world, case)
    if not saved_itself:
        assert browser.post(f"{case}/edit", **typed).location == f"{case}/edit"
    browser.get("/desk")
    assert f'href="{case}/edit' in browser.page
    browser.get(f"{case}/edit")
    assert shown(browser, "Kapıda bekletildi")
    assert "komşusu Rana" in browser.text


def test_somebody_named_a_paper_taken_out_a_step(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    [paper] = bring(browser, case, upload(saved(page_pdf("karar")), "Karar.pdf"))
    forms = {
        f"{case}/parties": (f"{case}/parties/add", {"role": "opposing", "name_latin": "EV SAHİBİ MEHMET"}),
        f"{paper}/remove": (f"{paper}/remove", {"reason": "EV SAHİBİ MEHMET"}),
        f"{case}/state": (f"{case}/state", {"to": "waiting_person", "reason": "EV SAHİBİ MEHMET"}),
    }
    carried = {}
    for page in forms:
        browser.get(page)
        carried[page] = hidden(browser)
    close(world, case)
    for page, (path, said) in forms.items():
        sent = browser.post(path, **carried[page], **said)
        assert sent.status_code == 303, path
        browser.get(sent.location)
        assert "EV SAHİBİ MEHMET" in browser.text, path
        assert CLOSED.search(browser.text) or path.endswith("/state")
    coordinator = world.browser("coordinator")
    coordinator.get(f"{case}/conflict")
    said = {"outcome": "none", "reason": "EV SAHİBİ MEHMET", "version": "1"}
    coordinator.get(coordinator.post(f"{case}/conflict/decide", **said).location)
    assert shown(coordinator, "EV SAHİBİ MEHMET")
    for page in (f"{case}/documents/add", f"{case}/matter/fee/new"):
        assert browser.get(page).location == case
        browser.get(case)
        assert CLOSED.search(browser.text)
