"""A rule changes: an administrator proposes, a lawyer signs, an open deadline says that it is touched."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from cases.service import deadlines
from core.reference import law_words
from core.store.base import db
from core.store.transaction import transaction
from tests.browser.conftest import Stage


@pytest.mark.parametrize(("language", "width", "days"), [("ar", 360, 10), ("tr", 1280, 12)])
def test_a_changed_rule_reaches_the_open_deadline(stage: Stage, language: str, width: int, days: int) -> None:
    case_id, cast = stage.world.record(), stage.world.cast
    with stage.world.app.app_context():
        asked = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {}}
        two = (cast["caseworker"].person_id, cast["coordinator"].person_id)
        with transaction():
            made = deadlines.add(cast["caseworker"], case_id, uuid4(), asked, *two)
        db.session.rollback()
    names = ("admin", "lawyer", "caseworker")
    admin, lawyer, caseworker = (stage.enter(name, language, width) for name in names)
    caseworker.go(f"/cases/{case_id}")
    assert caseworker.page.locator("#deadlines .message-warning").count() == 0
    admin.go("/law")
    admin.press("/law/rules/DEP_SUIT")
    admin.press("/law/rules/DEP_SUIT/new")
    admin.send_wrongly("valid_from")
    admin.fill(valid_from=dt.date(2026, 11, 1), n=str(days), source="Resmî Gazete 2026/1")
    admin.send("valid_from")
    assert admin.page.locator("main form[action$='/sign']").count() == 0  # somebody else has to
    lawyer.go("/desk")
    lawyer.press("/law")
    lawyer.press("/law/changes/")
    assert lawyer.page.locator("#examples tbody tr").count() == 4
    lawyer.act("/sign")
    caseworker.go(f"/cases/{case_id}")
    assert caseworker.page.locator("#deadlines .message-warning").count() == 1
    caseworker.press(f"/deadlines/{made}")
    until = {10: dt.date(2026, 11, 12), 12: dt.date(2026, 11, 16)}[days]  # twelve days end on a Saturday
    said = caseworker.page.locator("main .message-warning").first.inner_text()
    assert law_words().shown(until, language) in said
    for _step in range(20):  # a desk counts for a quarter of a second at a time
        caseworker.go("/desk")
        if not caseworker.page.locator("main a[href='/cases/orders']").count():
            break
    caseworker.press("/deadlines?whose=touched")
    caseworker.page.locator(f"main a[href*='{made}']").wait_for()
