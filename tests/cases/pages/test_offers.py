"""What a lawyer is asked follows the file: who is in it, how urgent it is, and whether it may be taken on."""

import re
from uuid import UUID

import pytest

from cases.models import Assignment, Case
from cases.service import assignment, files, keys, records
from cases.tasks import expire_offers
from core import clock as now
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.conflicting import matter, name, party
from tests.cases.pages.test_legal_drafts import ask, begun
from tests.support.clock import FrozenClock
from tests.support.world import Browser, World


def offer(world: World, case_id: UUID, lawyer: str = "lawyer") -> UUID:
    with world.app.app_context(), transaction():
        version = db.session.get_one(Case, case_id).version
        return assignment.offer(world.cast["coordinator"], case_id, version, world.cast[lawyer].person_id)


def urgency(world: World, case_id: UUID, to: str) -> None:
    caseworker = world.cast["caseworker"]
    with world.app.app_context(), transaction():
        case = db.session.get_one(Case, case_id)
        key = keys.case_key(caseworker, case)
        files.save_record(caseworker, case, key, records.open_record(key, case), urgency=to)


def read(browser: Browser) -> str:
    """What the brief on the page lets its reader say they have read."""
    return str(re.findall(r'name="read" value="([^"]*)"', browser.page)[0])


@pytest.mark.parametrize(
    ("language", "said", "new"),
    [
        ("ar", "تغيّر شيء هنا بعد أن قرأته. انظر إليه مرة أخرى ثم أجب.", "جديد"),
        ("tr", "Siz okuduktan sonra burada bir şey değişti. Yeniden bakın, sonra yanıt verin.", "Yeni"),
    ],
)
def test_a_yes_holds_for_the_names_that_were_read(world: World, language: str, said: str, new: str) -> None:
    with world.app.app_context():
        case_id = world.cast.record(record=matter("سمير النمر"))
    page, lawyer = f"/assignments/{offer(world, case_id)}", world.browser("lawyer", language)
    lawyer.get(page)
    before = read(lawyer)
    with world.app.app_context():
        name(world.cast, "caseworker", case_id, party("opposing", "كريم الدباغ", "KERIM DABBAG"))
    assert lawyer.post(f"{page}/accept", read=before).status_code == 409
    assert said in lawyer.text
    assert re.search(rf"KERIM DABBAG.{{0,40}}{new}", lawyer.text)
    assert len(re.findall(rf"\b{new}\b", lawyer.text)) == 1  # nothing else came
    assert world.browser("lawyer").get(f"/cases/{case_id}").status_code == 404
    assert lawyer.post(f"{page}/accept", read=read(lawyer)).status_code == 303
    assert lawyer.post(f"{page}/accept", read=before).status_code == 303  # twice is once


def test_who_is_asked_about_a_matter_that_became_urgent_answers_sooner(world: World) -> None:
    case_id = world.record(urgency="U3")
    offer_id = offer(world, case_id)
    urgency(world, case_id, "U0")
    with world.app.app_context():
        hours = (db.session.get_one(Assignment, offer_id).answer_by - now.now()).total_seconds() / 3600
        db.session.rollback()
    assert hours <= 4
    urgency(world, case_id, "U3")  # and no later again
    with world.app.app_context():
        later = (db.session.get_one(Assignment, offer_id).answer_by - now.now()).total_seconds() / 3600
        db.session.rollback()
    assert later <= hours


@pytest.mark.parametrize(
    ("language", "to_lawyer", "on_desk"),
    [
        ("ar", "قد يوجد تضارب في المصالح في هذا الملف", "سُحب العرض لاحتمال وجود تضارب في المصالح"),
        ("tr", "Bu dosyada menfaat çatışması olabilir", "Olası bir menfaat çatışması nedeniyle geri alındı"),
    ],
)
def test_a_conflict_that_comes_up_takes_back_what_was_asked(
    world: World, language: str, to_lawyer: str, on_desk: str
) -> None:
    with world.app.app_context():
        world.cast.record(
            "colleague", record=matter("", name_latin="ZEKERIYA KOCABAS", father="ALI", birth="1970")
        )
        case_id = world.cast.record(record=matter("نور الشامي"))
    page, lawyer = f"/assignments/{offer(world, case_id)}", world.browser("lawyer", language)
    lawyer.get(page)
    before = read(lawyer)
    with world.app.app_context():
        name(world.cast, "caseworker", case_id, party("landlord", "", "ZEKERIYA KOCABAS", "ALI"))
    assert lawyer.post(f"{page}/accept", read=before).status_code == 404
    assert to_lawyer in lawyer.text
    coordinator = world.browser("coordinator", language)
    coordinator.get("/desk")
    assert on_desk in coordinator.text


def test_a_second_click_on_asking_is_answered_as_the_first(world: World) -> None:
    page, lead = f"/cases/{world.record()}/assign", world.browser("coordinator")
    lead.get(page)
    asked = {"version": lead.version, "lawyer": str(world.cast["lawyer"].person_id)}
    for _twice in range(2):
        assert lead.post(page, **asked).location == page.removesuffix("/assign")
    lead.get(page.removesuffix("/assign"))
    assert "This time nothing was done" not in lead.text
    lead.get("/desk")
    assert "Asking a lawyer" not in lead.text


@pytest.mark.parametrize("worker", ["came round", "is down"])
def test_why_somebody_declines_is_told_after_the_time_too(
    world: World, clock: FrozenClock, worker: str
) -> None:
    case_id = world.record(urgency="U0")
    page = f"/assignments/{offer(world, case_id)}/decline"
    clock.advance(hours=5)
    lawyer = world.browser("lawyer")
    lawyer.get("/desk")
    if worker == "came round":
        with world.app.app_context():
            expire_offers()
    assert lawyer.post(page, code="workload", reason="two hearings this week").status_code == 303
    lead = world.browser("coordinator")
    lead.get(f"/cases/{case_id}")
    assert "two hearings this week" in lead.text
    assert "Assign lawyer" in lead.text


def test_a_conflict_takes_back_what_a_reviewer_was_asked_too(world: World) -> None:
    with world.app.app_context():
        landlord = matter("", name_latin="BEKIR ALTINOK", father="ALI", birth="1970")
        world.cast.record("colleague", record=landlord)
        case_id = world.cast.record(record=matter("هالة الشامي"))
        world.cast.assign(case_id)
        db.session.rollback()
    draft = begun(world, f"/cases/{case_id}")
    ask(world, draft)
    with world.app.app_context():
        name(world.cast, "caseworker", case_id, party("landlord", "", "BEKIR ALTINOK", "ALI"))
    lawyer = world.browser("lawyer")
    lawyer.get(draft)
    assert "taken back for a possible conflict of interest" in lawyer.text
