"""15. What is written of contacts and held in cases: in no letter, foreign page, log, job, clear column."""

from __future__ import annotations

import datetime as dt
import io
import re
from uuid import UUID

import pytest
from sqlalchemy import select

from advocacy.service import contacts
from cases.models import Case
from config.logs import configure_logs
from core import clock
from core.jobs.models import OutboxMessage
from core.store.base import db
from tests.advocacy.test_contacts import listed
from tests.attacks import thief
from tests.attacks.test_14_advocacy import PLANTED, approve, follow, opened, record, written
from tests.support.cast import found
from tests.support.world import Browser, World

OFFICIAL, SAID, PROMISED = "Zekâvet Görülmemişoğlu", "Yalnızca-görüşmede-geçen", "Yalnızca-sözde-geçen"
KNOWN, LOOKED, WORD = "Yalnızca-kanıtta-geçen", "Yalnızca-bakışta-geçen", "Yalnızca-habere-yazılan"
SEALED = (OFFICIAL, OFFICIAL.split()[1], SAID, PROMISED, KNOWN, LOOKED, WORD, "0312 999 88 77")


def hidden(browser: Browser, name: str) -> str:
    return follow(browser, rf'name="{name}"[^>]*value="([^"]*)"')


def send(browser: Browser, path: str, **fields: object) -> None:
    """Open a form and send it with its token; it is taken."""
    browser.get(path)
    answer = browser.post(path, token=hidden(browser, "token"), **fields)
    assert answer.status_code == 303, browser.errors


def carry_on(world: World, path: str) -> tuple[list[str], list[bytes]]:
    """A person, contacts with and without the dossier, an outcome and its review: pages, and letters."""
    manager, places = world.browser("manager"), addressees(world)
    place = f"/institutions/{places['interior']}"
    send(manager, f"{place}/people/new", name=OFFICIAL, version="1", phone="0312 999 88 77")
    when = {"on": day(100), "institution": str(places["interior"]), "language": "tr"}
    send(manager, f"{path}/contacts/new", kind="sent", words=SAID, **when)
    send(manager, f"{place}/contacts/new", kind="meeting", words=SAID, next_step=SAID, **when)
    owner = str(world.cast["manager"].person_id)
    send(manager, f"{path}/contacts/new", kind="promise", words=PROMISED, due_on=day(3), owner=owner, **when)
    send(manager, f"{path}/outcomes/new", step="instruction", on=day(95), evidence=KNOWN)
    assert manager.fill(f"{path}/outcomes/review", found=LOOKED).status_code == 303
    manager.get(f"{path}/contacts")
    tell = follow(manager, r'href="(/dossiers/[^"]+/tell)"')
    assert manager.fill(tell, words=WORD).status_code == 303
    seen = []
    for page in ("/institutions", place, "/contacts", "/desk", f"{path}/contacts", f"{path}/letter"):
        manager.get(page)
        seen.append(manager.page)
    assert all(any(word in page for page in seen) for word in (OFFICIAL, SAID, PROMISED, KNOWN, LOOKED))
    letter = f"{path}/letter/{places['interior']}/cover/tr"
    manager.get(letter)
    seen.append(manager.page)
    body = follow(manager, r"<textarea[^>]*>\s*([^<]+)</textarea>")
    return seen, [manager.post(letter, body=body, format=kind).data for kind in ("pdf", "docx")]


def addressees(world: World) -> dict[str, UUID]:
    with world.app.app_context():
        return listed(world.cast)


def day(before: int) -> str:
    return (clock.today() - dt.timedelta(days=before)).isoformat()


def of_others(world: World) -> list[str]:
    """What they read whom it does not concern: the other organisation, and colleagues without the key."""
    with world.app.app_context():
        other = World(world.app, found(world.app, "YAD"))
    place = f"/institutions/{addressees(world)['interior']}"
    read = []
    for house, name in ((other, "manager"), (other, "admin"), (world, "admin"), (world, "lawyer")):
        browser = house.browser(name)
        for page in ("/institutions", place, "/contacts", "/desk", "/audit"):
            browser.get(page)
            read.append(browser.page)
    return read


def test_contacts_and_cases_stay_apart_and_sealed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    configure_logs("debug", log)
    case_id = record(world)
    with world.app.app_context():
        reference = db.session.get_one(Case, case_id).reference
    path = f"/dossiers/{written(world, case_id)}"
    approve(world, path)
    seen, letters = carry_on(world, path)
    printed = [opened(one) for one in letters]
    assert all("savunuculuk dosyamızı" in " ".join(one.split()) for one in printed)
    caseworker = world.browser("caseworker")
    caseworker.get("/results")
    assert WORD in caseworker.page
    assert f"/cases/{case_id}" in caseworker.page
    assert OFFICIAL not in caseworker.page

    # A fault whose message holds what was written.
    def refuse(*_args: object, **_given: object) -> None:
        raise ValueError(f"{OFFICIAL} {SAID}")

    monkeypatch.setattr(contacts, "promises", refuse)
    manager = world.browser("manager")
    world.app.testing = False
    assert manager.get("/contacts").status_code == 500
    world.app.testing = True
    monkeypatch.undo()
    assert SAID not in manager.page
    assert "ValueError" in log.getvalue()

    for word in (*PLANTED, reference, case_id.hex, str(case_id)):
        assert not any(word in page for page in (*seen, *printed))
    theirs = of_others(world)
    with world.app.app_context():
        jobs = " ".join(str(vars(row)) for row in db.session.scalars(select(OutboxMessage)))
        clear = " ".join(str(value) for value in thief.values(binary=False))
    on_disk = b" ".join(thief.files(world.cast.settings.home))
    titles = re.findall(r"<title>(.*?)</title>", " ".join(seen), re.DOTALL)
    for word in (*PLANTED, *SEALED):
        assert not any(word in place for place in (*theirs, *titles, log.getvalue(), jobs, clear))
        assert word.encode() not in on_disk
        assert not any(word in one for one in printed)
