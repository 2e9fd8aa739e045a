"""Journey 5: two organisations, a nameless enquiry, the packet under consent, the outcome, the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from core.store.base import db
from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.conftest import serving
from tests.referrals.conftest import NAME, Pair, partnered
from tests.support.databases import SqliteTemplate
from tests.support.servers import serving_at
from tests.support.world import World

DEVICES = [("ar", 360), ("tr", 1280)]
SUMMARY = "الإخلاء يوم الجمعة، وثلاثة أطفال."


@dataclass
class Two:
    """Both organisations on one server."""

    pair: Pair
    ours: Stage
    theirs: Stage


@pytest.fixture(scope="module")
def two(
    browser: Browser, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Two]:
    home = tmp_path_factory.mktemp("two")
    sqlite_template.copy(home / "himaya.db")
    with serving_at(home) as server:
        for app in serving(server.settings):
            with app.app_context():
                pair = partnered(app)
                db.session.rollback()
            ours, theirs = (Stage(browser, server, World(app, cast)) for cast in (pair.ours, pair.theirs))
            yield Two(pair, ours, theirs)


@pytest.mark.parametrize(("language", "width"), DEVICES)
def test_from_the_enquiry_to_the_end_of_access(two: Two, language: str, width: int) -> None:
    with two.ours.world.app.app_context():
        case_id = two.pair.case()
        db.session.rollback()
    caseworker = two.ours.enter("caseworker", language, width)
    focal = two.theirs.enter("focal", language, width)
    path = ask(caseworker, case_id, two.pair.entry)
    theirs = path.replace("/referrals/", "/referrals/received/")
    answer(focal, theirs)
    release(caseworker, path)
    work(focal, theirs)
    finish(caseworker, path)
    focal.go(theirs)
    assert NAME not in focal.text
    for page in ("/referrals?all=1", "/directory", f"/directory/{two.pair.entry}", f"/cases/{case_id}"):
        caseworker.go(page)
    focal.go("/referrals/received?all=1")


def ask(caseworker: Player, case_id: UUID, entry: UUID) -> str:
    """From the case: what is needed, where, how soon, to whom; then the enquiry goes."""
    caseworker.go(f"/cases/{case_id}")
    caseworker.press(f"/cases/{case_id}/refer")
    caseworker.fill(need="housing", province="31", priority="emergency")
    caseworker.page.locator("main button[name=look]").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    assert caseworker.page.locator("[name=entry]").count() == 1
    caseworker.fill(entry=str(entry))
    caseworker.send("need")
    found = re.search(r"/referrals/[0-9a-f-]{36}$", caseworker.page.url)
    assert found, caseworker.text[:500]
    assert NAME not in caseworker.page.title()
    caseworker.page.locator("main form[action$='/send'] button").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    return found[0]


def answer(focal: Player, path: str) -> None:
    """The enquiry waits on the desk and names nobody; they take it."""
    focal.go("/desk")
    focal.press(path)
    assert NAME not in focal.text
    focal.page.locator("main form[action$='/accept'] button").click()
    focal.page.wait_for_load_state()
    focal.look()
    assert NAME not in focal.text


def release(caseworker: Player, path: str) -> None:
    """Nothing may go before the person is asked; then what was agreed to goes."""
    caseworker.go("/desk")
    caseworker.press(path)
    caseworker.press("/release")
    assert caseworker.page.locator("[name=summary]").count() == 0
    caseworker.press("/consent")
    caseworker.fill(answer="given")
    caseworker.send("answer")
    caseworker.fill(fields=["name", "summary"], summary=SUMMARY)
    caseworker.send("summary")
    assert SUMMARY in caseworker.text


def work(focal: Player, path: str) -> None:
    focal.go(path)
    assert NAME in focal.text
    assert SUMMARY in focal.text
    assert NAME not in focal.page.title()
    focal.fill(text="bugün 14:00 👋 <b>görüşelim</b>")
    focal.send("text")
    assert "<b>görüşelim</b>" in focal.text
    focal.press("/outcome")
    focal.fill(code="provided", text="yer bulundu")
    focal.send("code")


def finish(caseworker: Player, path: str) -> None:
    caseworker.go(path)
    assert "yer bulundu" in caseworker.text
    caseworker.press("/feedback")
    caseworker.fill(code="helped")
    caseworker.send("code")
    caseworker.press("/close")
    caseworker.send("text")


def test_whether_they_act_for_the_other_side(two: Two) -> None:
    """Asked without a name, answered with a word; whoever works on the case next finds it held."""
    with two.ours.world.app.app_context():
        case_id = two.pair.case()
        db.session.rollback()
    asker, focal = two.ours.enter("coordinator", "tr", 1280), two.theirs.enter("focal", "ar", 360)
    asker.go(f"/cases/{case_id}/conflict")
    asker.press("/conflict/ask")
    asker.fill(to=str(two.pair.theirs.organisation_id), kind="person", role="landlord", priority="urgent")
    asker.send("kind")
    assert NAME not in asker.page.locator("#preview").inner_text()  # what leaves, word for word
    asker.page.locator("button[name=send]").click()
    asker.page.wait_for_load_state()
    asker.look()
    assert asker.page.url.endswith(f"/cases/{case_id}/conflict")
    focal.go("/desk")
    focal.press("/referrals/conflicts/")
    assert NAME not in focal.page.content()
    focal.send_wrongly("reply")
    focal.fill(reply="ask_us")
    focal.send("reply")
    worker = two.ours.enter("caseworker", "tr", 360)
    worker.go(f"/cases/{case_id}")
    worker.press(f"/cases/{case_id}/conflict")
    asker.go("/desk")
    asker.press(f"/cases/{case_id}/conflict")
    asker.fill(outcome="accept", reason="Telefonla konuştuk: başka bir kişi.")
    asker.send("outcome")
    worker.go(f"/cases/{case_id}")
    assert worker.page.locator(f"main a[href='/cases/{case_id}/conflict']").count() == 0
