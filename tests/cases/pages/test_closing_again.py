"""A closing is sent twice, or over what somebody else proposed: it ends where it did, and no word is lost."""

from __future__ import annotations

import pytest

from cases.service import closing, progress
from core.store.transaction import transaction
from domain import reviews
from tests.cases.pages.test_todo import token
from tests.support.world import World

ENDED = {"level": "S3", "code": "H", "outcome": "partly", "why": "completed"}


@pytest.mark.parametrize(
    ("name", "drawn", "urgency", "ends", "said"),
    [
        ("coordinator", False, "U3", "", "The case is closed."),
        ("coordinator", True, "U3", "/close", "a second coordinator looks at this closing"),
        ("coordinator", False, "U0", "", "The closing is proposed."),
        ("caseworker", False, "U3", "", "The closing is proposed."),
    ],
)
def test_a_second_click_on_a_closing_ends_where_the_first_did(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    drawn: bool,
    urgency: str,
    ends: str,
    said: str,
) -> None:
    monkeypatch.setattr(reviews, "drawn", lambda *_: drawn)
    case, browser = f"/cases/{world.record(urgency=urgency)}", world.browser(name)
    browser.get("/desk")
    kept = browser.text.count("Closing a case")
    browser.get(f"{case}/close")
    way = "propose" if "Propose to close" in browser.page else "close"
    assert f'value="{way}"' in browser.page
    sent = {
        "version": browser.version,
        "token": token(browser),
        "shown_way": way,
        "reason": "sebep 41",
        **ENDED,
    }
    for _click in range(2):
        assert browser.post(f"{case}/close", **sent).location == f"{case}{ends}"
        browser.get(f"{case}{ends}")
        assert said in browser.text
    browser.get("/desk")
    assert browser.text.count("Closing a case") == kept
    # Other words under the same token were not sent before: they are kept.
    assert browser.post(f"{case}/close", **{**sent, "reason": "başka 43"}).location == f"{case}/close"
    browser.get(f"{case}/close")
    assert "başka 43" in browser.page


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_over_what_somebody_else_proposed_the_words_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(reviews, "drawn", lambda *_: True)
    case_id, lead = world.record(urgency="U3"), world.cast["coordinator"]
    monkeypatch.setattr(closing, "_lawyers", lambda _case_id: frozenset({str(lead.person_id)}))
    theirs = {**ENDED, "outcome": "achieved"}
    with world.app.app_context(), transaction():
        progress.move(world.cast["caseworker"], case_id, 1, "in_review", reason="Bitti", closing=theirs)
    browser, path = world.browser("coordinator", language), f"/cases/{case_id}/close"
    browser.get(path)
    assert browser.post(path, version=browser.version, **ENDED, reason="benim sözlerim").location == path
    browser.get(path)
    assert {"ar": "يبقى ما اقترحه", "tr": "önerilen kapatma geçerli kalıyor"}[language] in browser.text
    assert "benim sözlerim" in browser.text
