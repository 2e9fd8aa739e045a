"""A file changes hands and ends: declined, left, closed, reopened, restricted; outsiders find nothing."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from cases.service import reminders
from core.store.transaction import transaction
from tests.browser.conftest import Stage
from tests.browser.player import Player

DEVICES = [("ar", 360), ("tr", 1280)]
BUSY = "bu ay dosya yükü ağır"
LEAVES = "doğum iznine ayrılıyorum"
DONE = "kimlik yeniden verildi"
AGAIN = "yeni bir karar tebliğ edildi"


@pytest.mark.parametrize(("language", "width"), DEVICES)
def test_a_file_is_declined_and_then_left(stage: Stage, language: str, width: int) -> None:
    case = f"/cases/{stage.world.record(by='caseworker')}"
    people = {
        name: stage.enter(name, language, width)
        for name in ("caseworker", "coordinator", "lawyer", "other_lawyer")
    }
    ask(people["coordinator"], case, stage, "lawyer")
    declines(people["lawyer"])
    assert people["lawyer"].is_shut_out(case)
    people["coordinator"].go(case)
    assert BUSY in people["coordinator"].text

    ask(people["coordinator"], case, stage, "other_lawyer")
    lawyer = people["other_lawyer"]
    lawyer.go("/desk")
    lawyer.press("/assignments/")
    lawyer.page.locator("main form[action*=accept] button").click()
    lawyer.page.wait_for_url(f"**{case}")
    lawyer.press("/step-off")
    lawyer.send_wrongly("reason")
    lawyer.fill(reason=LEAVES)
    lawyer.send("reason")
    assert lawyer.page.url.endswith("/desk")
    assert lawyer.is_shut_out(case)
    people["caseworker"].go(case)
    assert LEAVES in people["caseworker"].text


@pytest.mark.parametrize(("language", "width"), DEVICES)
def test_a_case_is_closed_with_its_reasons_and_reopened(stage: Stage, language: str, width: int) -> None:
    case = f"/cases/{stage.world.record(by='caseworker')}"
    caseworker, coordinator = (stage.enter(name, language, width) for name in ("caseworker", "coordinator"))
    move(caseworker, case, "in_review")
    coordinator.go("/desk")
    coordinator.press(case)
    coordinator.press("/close")
    coordinator.send_wrongly("level")
    coordinator.fill(
        level="S2", code="A", outcome="achieved", benefit="document", why="completed", reason=DONE
    )
    coordinator.send("level")
    assert coordinator.page.url.endswith(case)
    assert DONE in coordinator.text
    assert coordinator.page.locator("main a[href$='/edit']").count() == 0
    coordinator.press("/reopen")
    coordinator.send_wrongly("why")
    coordinator.fill(why="new_facts", reason=AGAIN)
    coordinator.send("why")
    assert AGAIN in coordinator.text
    caseworker.go(f"{case}/edit")
    assert caseworker.page.locator("[name=narrative]").count() == 1


@pytest.mark.parametrize(("language", "width"), DEVICES)
def test_a_restricted_case_is_there_for_those_it_names(stage: Stage, language: str, width: int) -> None:
    case = f"/cases/{stage.world.record(by='caseworker')}"
    names = ("caseworker", "colleague", "coordinator", "manager")
    caseworker, colleague, coordinator, manager = (stage.enter(name, language, width) for name in names)
    coordinator.go(case)
    assert colleague.is_shut_out(case)
    caseworker.go(case)
    caseworker.press(f"{case}/restrict")
    caseworker.send_wrongly("named")
    caseworker.fill(named=[str(stage.world.cast.players["colleague"].id)])
    caseworker.send("named")
    assert caseworker.page.url.endswith(case)
    assert caseworker.page.locator("main .page-title .badge-warning").count() == 1
    colleague.go(case)
    for outsider in (coordinator, manager):
        assert outsider.is_shut_out(case)
        assert outsider.page.locator("main .typed").count() == 0
    coordinator.go("/cases")
    assert case not in coordinator.page.content()


def move(person: Player, case: str, to: str) -> None:
    person.go(f"{case}/state")
    person.fill(to=to)
    person.send("to")


def ask(coordinator: Player, case: str, stage: Stage, lawyer: str) -> None:
    """Offer the file to a lawyer."""
    coordinator.go(case)
    coordinator.press("/assign")
    coordinator.fill(lawyer=str(stage.world.cast.players[lawyer].id))
    coordinator.send("lawyer")


def declines(lawyer: Player) -> None:
    """Without a reason it is not accepted; with one the desk is empty again."""
    lawyer.go("/desk")
    lawyer.press("/assignments/")
    lawyer.press("/decline")
    lawyer.send_wrongly("code")
    lawyer.fill(code="workload", reason=BUSY)
    lawyer.send("code")
    assert lawyer.page.url.endswith("/desk")
    assert lawyer.page.locator("#offers").count() == 0


@pytest.mark.parametrize(("language", "width"), DEVICES)
def test_a_deadline_is_counted_watched_and_met(stage: Stage, language: str, width: int) -> None:
    case = f"/cases/{stage.world.record(by='caseworker')}"
    caseworker = stage.enter("caseworker", language, width)
    caseworker.go(case)
    caseworker.press("/deadlines/new")
    caseworker.fill(rule="DEP_SUIT", served_on=dt.date(2026, 11, 2))
    coordinator = str(stage.world.cast["coordinator"].person_id)
    caseworker.fill(second=coordinator)
    caseworker.send("rule")
    assert caseworker.page.locator("#counted ol.steps li").count() > 3
    caseworker.send("rule")
    with stage.world.app.app_context(), transaction():
        reminders.write_due()
    caseworker.go("/desk")
    caseworker.page.locator("#reminders form[action$='/seen'] button").click()
    caseworker.page.wait_for_url("**/desk")
    caseworker.look()
    assert caseworker.page.locator("#reminders").count() == 0
    caseworker.press("/deadlines/")
    assert caseworker.page.locator("#told li").count() == 2  # the coordinator has not seen it
    caseworker.press("/meet")
    caseworker.fill(proof="UYAP 2026/12")
    caseworker.send("proof")
    caseworker.go("/desk")
    assert caseworker.page.locator("main a[href*='/deadlines/']").count() == 0
    caseworker.go("/account/calendar")
    caseworker.send()
    assert re.search(r"/calendar/[\w-]{43}\.ics", caseworker.text)
