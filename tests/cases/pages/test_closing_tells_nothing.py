"""The page on which a case is closed says the same before and after somebody complained about it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from cases.service import progress
from core.store.transaction import transaction
from domain import reviews
from intake.service import codes, complaints, visiting
from tests.intake.stage import back_with
from tests.support.world import World

ENDED = {"level": "S3", "code": "H", "outcome": "partly", "why": "completed"}


def page(world: World, name: str, path: str) -> str:
    browser = world.browser(name)
    browser.get(path)
    return re.sub(r'value="[^"]*"|id="[^"]*"', "", browser.page[browser.page.index("<main") :])


def test_a_complaint_changes_no_page_of_closing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "drawn", lambda *_: False)
    case_id, worker = world.record(), world.cast["caseworker"]
    reviewed, path = world.record(), f"/cases/{case_id}/close"
    with world.app.app_context():
        with transaction():
            progress.move(world.cast["coordinator"], reviewed, 1, "in_review", reason="Bitti")
        prepared = [(one, codes.prepare(world.cast.settings)) for one in (case_id, reviewed)]
        for one, fresh in prepared:
            with transaction():
                codes.begin(worker, fresh, one, uuid4(), "Selma", client=True)
    paths = [path, f"/cases/{reviewed}/close"]
    asked = [(name, one) for name in ("caseworker", "coordinator") for one in paths]
    before = [page(world, *one) for one in asked]
    with world.app.app_context():
        for _one, fresh in prepared:
            cookie = back_with(world.cast, fresh.code.words)
            assert cookie
            with transaction():
                complaints.write(visiting.visit(cookie), uuid4(), "Benden para istedi")
    assert [page(world, *one) for one in asked] == before
    # Only what was sent tells that a second one looks, and it is kept as proposed.
    lead = world.browser("coordinator")
    lead.get(path)
    assert lead.post(path, version=lead.version, **ENDED).location == path
    lead.get(path)
    assert "is not closed yet" in lead.text
    assert "You proposed this closing" in lead.text
    assert 'name="level"' not in lead.page
