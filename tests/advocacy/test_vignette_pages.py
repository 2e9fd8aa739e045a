"""A vignette on its pages: chosen, shown in three languages, sent without a word typed, checked, signed."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from advocacy.service import scanning
from core import clock
from core.store.base import db
from tests.advocacy.test_dossier_pages import begin, hidden
from tests.advocacy.test_vignettes import AGREED, asked, check, recorded, sign, tell, withdraw
from tests.support.world import Browser, World

SHOWN = {"en": "Region: Istanbul", "tr": "Bölge: İstanbul", "ar": "المنطقة: إسطنبول"}
ISSUES = {"en": "A02", "tr": "B03", "ar": "B05"}  # one house for all: nobody counts for another language
ALONE = {"en": "Coded vignette", "tr": "Kodlu özet", "ar": "ملخص مرمّز"}


def written(caseworker: Browser, form: str, case: str) -> None:
    """Choose, look, sign."""
    caseworker.get(form)
    token = hidden(caseworker.page, "token")
    sent = {"token": token, "version": "0", "case": case, "level": "3", "agreed": clock.today().isoformat()}
    assert caseworker.post(form, token=token, version="0", case="", level="3").status_code == 422
    assert caseworker.errors
    caseworker.post(form, **sent, seen="A02.TRC")  # not what stands in the file: it is shown first
    assert all(line in caseworker.text for line in SHOWN.values())
    assert "<textarea" not in caseworker.page
    seen = hidden(caseworker.page, "seen")
    assert caseworker.post(form, **sent, seen=seen).location == "/stories"
    assert caseworker.post(form, **sent, seen=seen).location == "/stories"  # a double click


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_from_the_choice_to_the_second_signature(world: World, language: str) -> None:
    cast = world.cast
    with world.app.app_context():
        case_id, *_others = recorded(cast, 4, issue=ISSUES[language])
        silent = cast.record(consents=AGREED[1:], token=uuid4())
        db.session.rollback()
    manager, caseworker = world.browser("manager", language), world.browser("caseworker", language)
    path = begin(manager)
    manager.fill(f"{path}/ask", people=str(cast["caseworker"].person_id), text="One example")
    caseworker.get("/stories")
    caseworker.get(re.findall(r'href="(/stories/new/[^"]+)"', caseworker.page)[0])
    form = re.findall(r'href="(/stories/new/[^"]+/vignette)"', caseworker.page)[0]
    caseworker.get(form)
    token = hidden(caseworker.page, "token")
    caseworker.post(form, token=token, version="0", case=str(silent), level="3")
    assert caseworker.errors  # the person is in no statistics
    written(caseworker, form, str(case_id))

    coordinator = world.browser("coordinator", language)
    manager.get(path)
    story = re.findall(r'href="(/dossiers/[^"]+/stories/[^"]+)"', manager.page)[0]
    coordinator.get(story)
    assert SHOWN[language] not in coordinator.text
    assert "/confirm" not in coordinator.page
    assert coordinator.post(f"{story}/confirm", version="1").status_code == 422
    assert coordinator.post(f"{path}/vignettes").status_code == 404  # it is not there for them
    manager.get(path)
    assert manager.post(f"{path}/vignettes").location == path
    coordinator.get(story)
    assert "message-warning" in coordinator.page  # four people are too few, and it says so
    assert SHOWN[language] not in coordinator.text
    with world.app.app_context():
        recorded(cast, 6, issue=ISSUES[language])
        db.session.rollback()
    manager.get(path)
    manager.post(f"{path}/vignettes")
    coordinator.get(story)
    assert SHOWN[language] in coordinator.text
    assert ALONE[language] in coordinator.text
    assert str(case_id) not in coordinator.page
    read = hidden(coordinator.page, "read")
    assert coordinator.post(f"{story}/confirm", version="1", read="other").status_code == 409
    coordinator.get(story)
    assert coordinator.post(f"{story}/confirm", version="1", read=read).location == path

    caseworker.get("/stories")
    own = re.findall(r'href="(/stories/[^"]+/vignette)"', caseworker.page)[0]
    caseworker.get(own)
    again = {"version": hidden(caseworker.page, "version"), "case": str(case_id), "level": "3"}
    caseworker.post(own, **again, agreed=clock.today().isoformat())
    assert SHOWN[language] in caseworker.text
    assert caseworker.post(own, **again, seen=hidden(caseworker.page, "seen")).location == "/stories"
    assert "badge-done" not in (coordinator.get(path), coordinator.page)[1].partition('id="stories"')[2]


def test_what_fell_with_its_composite_says_why_and_what_to_do(world: World) -> None:
    cast = world.cast
    with world.app.app_context():
        alike = [recorded(cast, 4, province=province, issue="G03") for province in ("34", "06", "27")]
        cases = [some[0] for some in alike]
        dossier_id = asked(cast)
        told = [tell(cast, dossier_id, case_id) for case_id in cases]
        check(cast, dossier_id)
        sign(cast, dossier_id, *told)
        withdraw(cast, cases[0])
        db.session.rollback()
    manager, coordinator = world.browser("manager"), world.browser("coordinator")
    manager.get(f"/dossiers/{dossier_id}")
    assert manager.text.count("Its composite fell: another case in it was taken back") == 2
    coordinator.get(f"/dossiers/{dossier_id}/stories/{told[1]}")
    assert "another case in it was taken back" in coordinator.text
    assert "The vignettes are checked again on the page of the dossier." in coordinator.text
    assert "Kişi coordinator Does not hold" in coordinator.text
    assert "I read it and sign" not in coordinator.text
    manager.get(f"/dossiers/{dossier_id}")
    assert manager.post(f"/dossiers/{dossier_id}/vignettes").status_code == 303
    coordinator.get(f"/dossiers/{dossier_id}/stories/{told[1]}")
    assert "This vignette is not told" in coordinator.text


def test_a_check_of_many_facts_shows_how_far_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = world.cast
    with world.app.app_context():
        case_id, *_others = recorded(cast, 5, issue="K02")
        dossier_id = asked(cast)
        tell(cast, dossier_id, case_id)
        db.session.rollback()
    monkeypatch.setattr(scanning, "_CHUNK", 2)
    prepare = scanning.prepare
    monkeypatch.setattr(scanning, "prepare", lambda actor: prepare(actor, 0))
    manager, page = world.browser("manager"), f"/dossiers/{dossier_id}/vignettes"
    manager.get(f"/dossiers/{dossier_id}")
    assert manager.post(page).location == f"{page}/facts"
    answer = manager.get(f"{page}/facts")
    assert answer.headers["Refresh"] == "1"
    assert re.search(r"\d+ facts? (is|are) left", manager.text)
    for _load in range(200):
        if "Refresh" not in (answer := manager.get(f"{page}/facts")).headers:
            break
    assert "All facts are read." in manager.text
    assert manager.post(page).location == f"/dossiers/{dossier_id}"
    manager.get(f"/dossiers/{dossier_id}")
    assert "Not told" in manager.text
    assert world.browser("coordinator").get(f"{page}/facts").status_code == 404
