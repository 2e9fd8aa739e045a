"""The panel while a client is recorded, two files beside each other, and what somebody says of them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from cases.models import Case
from cases.service import sameness
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.conftest import long_form
from tests.support.cast import record_of
from tests.support.world import Browser, World


def recorded(world: World, name: str, by: str = "caseworker", **more: object) -> UUID:
    record = record_of()
    record["client"] |= {
        "name_ar": name,
        "name_latin": "",
        "father": "خالد",
        "mother": "منى",
        "birth": "1991",
    }
    record["client"] |= {"numbers": [], "phones": []}
    with world.app.app_context():
        case_id = world.cast.record(by, record=record, **more)
        db.session.rollback()
    return case_id


def form(name: str) -> dict[str, object]:
    own = {"numbers-0-value": "", "phones-0-number": "", "birth": ["", "", ""]}
    return long_form(looked=False, name_ar="", name_latin=name, father="HALİT", mother="MÜNA", **own)


def test_a_linked_file_that_one_may_not_open_names_whom_to_ask(world: World) -> None:
    cast = world.cast
    one = recorded(world, "سناء القباني")
    other = recorded(
        world, "سناء القباني", "colleague", restricted=True, named=[cast["coordinator"].person_id]
    )
    with world.app.app_context():
        with transaction():
            sameness.say(cast["coordinator"], one, other, (1, 1), sameness.LINKED)
        reference = db.session.get_one(Case, other).reference
        db.session.rollback()
    browser = world.browser("caseworker")
    browser.get(f"/cases/{one}/same")
    linked = browser.text.split("Perhaps the same person")[0]
    assert reference in linked
    assert "Kişi colleague" in linked.split("Ask who works on it:")[1]
    assert str(other) not in browser.page  # no way in


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_whoever_records_sees_it_and_says_so(world: World, language: str) -> None:
    family = {"en": "النجار", "ar": "الحداد", "tr": "الطيار"}[language]
    typed = {"en": "RANA ELNECCAR", "ar": "RANA ELHADDAD", "tr": "RANA ELTAYYAR"}[language]
    case_id = recorded(world, f"رنا {family}")
    browser = world.browser("caseworker", language)
    browser.get("/cases/new")
    assert "/cases/duplicates" in browser.page
    panel = browser.post("/cases/duplicates", **form(typed))
    assert panel.status_code == 200
    assert f"رنا {family}" in browser.page
    assert "<html" not in browser.page
    browser.get("/cases/new")
    assert browser.post("/cases/new", **form(typed), look="1").status_code == 200  # without scripts
    assert f'value="{case_id}"' in browser.page
    assert "held-title" not in browser.page  # nobody wanted to save
    assert browser.post("/cases/new", **form(typed)).status_code == 200  # it is asked once more
    assert browser.page.index('id="held-title"') < browser.page.index('id="who"')  # and said on top
    assert f"رنا {family}" in browser.page
    made = browser.post("/cases/new", **form(typed), apart=str(case_id))
    assert made.status_code == 303
    one, other = made.location, f"/cases/{case_id}"
    for page, goal in ((one, other), (other, one)):  # remembered, from the other side too
        browser.get(f"{page}/same")
        perhaps, apart = browser.page.split('id="apart"')
        assert goal.rsplit("/", 1)[-1] not in perhaps
        assert f"{page}/same/{goal.rsplit('/', 1)[-1]}" in apart  # the way back


def test_it_can_be_saved_as_it_is_and_linked_afterwards(world: World) -> None:
    case_id = recorded(world, "ريم السويدان")
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    made = browser.post("/cases/new", **form("RİM SUVEYDAN"), anyway="1")
    assert made.status_code == 303
    browser.get(f"{made.location}/same")
    link = re.findall(r'href="(/cases/[^"]+/same/[^"]+)"', browser.page)[0]
    assert str(case_id) in link
    browser.get(link)
    for words in ("ريم السويدان", "RİM SUVEYDAN", "spellings of one name"):
        assert words in browser.text
    versions = dict(re.findall(r'name="(version|other)"[^>]*value="(\d+)"', browser.page))
    assert browser.post(link, **versions).status_code == 422
    assert browser.post(link, **versions, said="same_person").location == f"{made.location}/same"
    browser.get(made.location)
    assert "Linked with another file of the same person" in browser.text
    browser.get(f"{made.location}/same")
    assert "Of the same person" in browser.text
    assert browser.post(link, version="1", other="1", said="not_same").status_code == 409


def test_of_a_file_of_others_only_the_reference_and_whom_to_ask(world: World) -> None:
    recorded(
        world, "لميس كنعان", by="colleague", restricted=True, named=[world.cast["coordinator"].person_id]
    )
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    browser.post("/cases/duplicates", **form("LEMİS KENAN"))
    assert "Ask who works on it" in browser.text
    assert re.search(r"HAM-\d\d-\d{5}", browser.text)
    assert "لميس" not in browser.page
    assert "/cases/" not in browser.page
    browser.get("/cases/new")
    assert browser.post("/cases/new", **form("LEMİS KENAN")).status_code == 200
    assert browser.post("/cases/new", **form("LEMİS KENAN"), anyway="1").status_code == 303


def test_whoever_changes_a_name_sees_it_too(world: World) -> None:
    other = recorded(world, "نجلاء مرعشلي")
    kept = recorded(world, "نجلاء مرعشلي", "colleague")
    mine = recorded(world, "وداد ساعاتي")
    page, browser = f"/cases/{mine}/edit", world.browser("coordinator")
    renamed = form("NECLA MARAŞLI")
    browser.get(page)
    assert f"/cases/{mine}/duplicates" in browser.page
    renamed |= {"version": browser.version}
    assert browser.post(f"/cases/{mine}/duplicates", **renamed).status_code == 200
    assert "<html" not in browser.page
    for case_id in (other, kept):
        assert f'value="{case_id}"' in browser.page
    assert browser.post(page, **renamed, look="1").status_code == 200  # without scripts
    assert f'value="{other}"' in browser.page
    assert browser.post(page, **renamed, apart=str(other)).status_code == 200  # of one nothing is said yet
    assert 'name="anyway"' in browser.page
    assert browser.post(page, **renamed, apart=[str(other), str(kept)]).status_code == 303
    for case_id in (mine, other, kept):
        browser.get(f"/cases/{case_id}/same")
        perhaps = browser.page.split('id="apart"')[0].replace(f"/cases/{case_id}", "")
        assert str(mine if case_id != mine else other) not in perhaps
    browser.get(page)
    plain = renamed | {"version": browser.version, "next_step": "dilekçe"}
    assert browser.post(page, **plain).status_code == 303  # whose names stay is asked about nothing


def test_a_lawyer_who_changes_a_name_does_not_compare(world: World) -> None:
    case_id = recorded(world, "سهيلة طرابيشي")
    with world.app.app_context():
        world.cast.assign(case_id)
        db.session.rollback()
    lawyer = world.browser("lawyer")
    lawyer.get(f"/cases/{case_id}/edit")
    assert "duplicates" not in lawyer.page
    changed = form("SÜHEYLA TRABİŞİ") | {"version": lawyer.version}
    assert lawyer.post(f"/cases/{case_id}/edit", **changed).status_code == 303


@pytest.mark.parametrize("hostile", ["<b>x</b>", "'; DROP", "\u202eabc", "a" * 120])
def test_anything_may_be_typed(caseworker: Browser, hostile: str) -> None:
    caseworker.get("/cases/new")
    sent = long_form(
        name_ar=hostile, **{"phones-0-number": hostile, "numbers-0-value": hostile, "birth": hostile}
    )
    assert caseworker.post("/cases/duplicates", **sent, apart=hostile).status_code == 200
    assert "<b>x" not in caseworker.page
