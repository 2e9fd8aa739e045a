"""What people are owed: on the page of a case, on the desk of who owes it, and before coordinators."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from cases.models import Case
from cases.service import clocks
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from intake.service import codes
from tests.cases.pages.test_lists import statements
from tests.support.world import Browser, World


def days_ago(count: int) -> dt.date:
    return clock.today() - dt.timedelta(days=count)


def aged(world: World, case_id: UUID, **columns: Any) -> None:
    """Let a case be older than the test."""
    with world.app.app_context(), transaction():
        db.session.execute(update(Case).where(Case.id == case_id).values(**columns))


def part(browser: Browser, path: str, name: str = "owed") -> str:
    """A section of a page, "" where it has none."""
    browser.get(path)
    found = re.findall(rf'<section[^>]*id="{name}".*?</section>', browser.page, re.DOTALL)
    return str(found[0]) if found else ""


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_who_talks_to_the_person_owes_a_word_until_it_is_noted(world: World, language: str) -> None:
    case_id = world.record(urgency="U3")
    aged(world, case_id, opened_on=days_ago(15), stepped_on=days_ago(1))
    case = f"/cases/{case_id}"
    browser, lead = world.browser("caseworker", language), world.browser("coordinator", language)
    for page, there in ((browser, "/desk"), (lead, "/supervision")):
        shown = part(page, there)
        assert f'href="{case}"' in shown
        assert "badge danger" in shown or "badge-danger" in shown
        assert re.search("متأخر يومًا واحدًا|1 gün gecikti", shown)
    assert "محمد" in part(lead, "/supervision")  # whom it is about is shown to who can open the case
    browser.get(case)
    assert re.search("لم يُدوَّن شيء منذ فتح الملف|Dosya açıldığından beri bir kayıt yok", browser.text)
    # They called us: that is no word of ours. We called them: it is.
    for direction, owed in (("from_client", True), ("to_client", False)):
        sent = browser.post(f"{case}/notes", kind="call", text="x", direction=direction, token=str(uuid4()))
        assert sent.status_code == 303
        assert (f'href="{case}"' in part(browser, "/desk")) == owed
    assert f'href="{case}"' not in part(lead, "/supervision")
    browser.get(case)
    assert not re.search("لم يُدوَّن شيء منذ فتح الملف|Dosya açıldığından beri bir kayıt yok", browser.text)


def test_an_answer_in_a_conversation_is_a_word_to_the_client_and_to_nobody_else(world: World) -> None:
    case_id = world.record()
    aged(world, case_id, opened_on=days_ago(20), stepped_on=days_ago(9))
    browser = world.browser("caseworker")
    for client in (False, True):
        with world.app.app_context():
            fresh = codes.prepare(world.cast.settings)
            db.session.rollback()
            with transaction():
                codes.begin(world.cast["caseworker"], fresh, case_id, uuid4(), "Selma", client=client)
        talk = f"/cases/{case_id}/conversations/{fresh.request_id}"
        browser.get(talk)
        assert browser.post(f"{talk}/say", text="x", token=str(uuid4())).status_code == 303
        assert (str(case_id) in part(browser, "/desk")) is not client


def test_a_first_step_is_owed_by_the_urgency_and_a_waiting_case_leaves_more_time(world: World) -> None:
    lead = world.browser("coordinator")
    case_id = world.record(urgency="U1")
    aged(world, case_id, opened_on=days_ago(4))
    shown = part(lead, "/supervision")
    [line] = [row for row in shown.split("<tr") if str(case_id) in row]
    assert "First legal step" in line
    assert "Nobody yet" in line  # the caseworker is on it; a legal step takes a lawyer
    browser = world.browser("caseworker")
    assert str(case_id) not in part(browser, "/desk")
    browser.get(f"/cases/{case_id}")
    browser.post(f"/cases/{case_id}/notes", kind="step", text="objection written", token=str(uuid4()))
    assert str(case_id) not in part(lead, "/supervision")
    aged(world, case_id, opened_on=days_ago(20), told_on=days_ago(20))
    assert str(case_id) in part(lead, "/supervision")
    for state in ("waiting_court", "lost_contact", "closed"):
        aged(world, case_id, state=state)
        assert str(case_id) not in part(lead, "/supervision"), state
        assert str(case_id) not in part(browser, "/desk"), state


def test_a_reopened_case_counts_from_that_day(world: World) -> None:
    case_id = world.record()
    aged(world, case_id, opened_on=days_ago(200), told_on=days_ago(100), stepped_on=days_ago(199))
    assert str(case_id) in part(world.browser("coordinator"), "/supervision")
    with world.app.app_context(), transaction():
        clocks.heed(db.session.get_one(Case, case_id), "state", {"from": "closed", "to": "open"})
    assert str(case_id) not in part(world.browser("coordinator"), "/supervision")


def test_a_restricted_file_stands_there_only_for_those_who_are_named(world: World) -> None:
    case_id = world.record(restricted=True, named=[world.cast["colleague"].person_id])
    aged(world, case_id, opened_on=days_ago(40))
    assert str(case_id) in part(world.browser("caseworker"), "/desk")
    assert str(case_id) not in part(world.browser("coordinator"), "/supervision")


def test_the_page_is_the_coordinators_and_costs_the_same_however_much_is_late(world: World) -> None:
    for name in ("caseworker", "lawyer", "manager", "admin"):
        assert world.browser(name).get("/supervision").status_code == 404
    lead = world.browser("coordinator")

    def cost() -> int:
        lead.get("/supervision")
        with statements(world) as said:
            lead.get("/supervision")
        return len(said)

    aged(world, world.record(), opened_on=days_ago(40))
    few = cost()
    for _ in range(5):
        aged(world, world.record(), opened_on=days_ago(40))
    assert cost() == few
