"""1. A draft beside a case tells a thief neither an issue of law, nor a kind of fact, nor a consent."""

from __future__ import annotations

import re

from accounts.service import drafts
from core.store.base import db
from tests.attacks import thief
from tests.support.cast import record_of
from tests.support.world import World

CODES = ("L01.order", "B01.detention", "detention", "hearing", "story", "statistics")
PLACES = (
    "checklist/L01.order",
    "checklist/B01.detention",
    "matter/detention/new",
    "todo/new/hearing",
    "consents/story",
    "consents/statistics",
)


def test_no_draft_tells_in_clear_what_a_case_is_about(world: World) -> None:
    case = world.record()
    browser = world.browser("caseworker")
    browser.get("/account")
    form = browser.csrf
    browser.post("/sign-out")
    for place in PLACES:  # saved with the public key alone, as everything after signing out
        browser.post(f"/cases/{case}/{place}", csrf_token=form, note="x", word="x", more="x", detail="x")
    with world.app.app_context():
        stolen = [repr(row) for table, row in thief.rows() if table == "drafts"]
        told = " ".join(one.form for one in drafts.kept(world.cast["caseworker"]))
        db.session.rollback()
    assert len(stolen) == len(PLACES)
    assert not [code for code in CODES for row in stolen if code in row]
    assert all(code in told for code in CODES)  # whose they are finds each again


def test_no_address_on_a_page_tells_what_a_case_is_about(world: World) -> None:
    """It stays in the history of a browser. Plain ones, of earlier pages, open still; none is written."""
    case = world.record(record=record_of() | {"issue": "L01"})
    browser = world.browser("caseworker")
    pages = (f"/cases/{case}", f"/cases/{case}/checklist", f"/cases/{case}/edit")
    told = re.compile(
        r"detention|power|hearing|signature|statistics|sharing|story|[A-Z]\d\d\.|filing|outcome"
    )
    for page in pages:
        assert browser.get(page).status_code == 200
        written = re.findall(r'(?:href|action|hx-post)="(/[^"]*)"', browser.page)
        assert [one for one in written if str(case) in one]
        assert [one for one in written if told.search(one)] == []
    assert browser.get(f"/cases/{case}/matter/detention/new").status_code == 200
