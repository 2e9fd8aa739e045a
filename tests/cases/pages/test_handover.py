"""The hand-over sheet of one case, and of all cases of somebody who goes away."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from cases.models import Case
from cases.service import deadlines, handover, items
from cases.service.items import Said
from core import clock
from core.audit.models import AuditEntry
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import record_of
from tests.support.world import World


def looks(world: World) -> int:
    with world.app.app_context():
        asked = select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "case.handover")
        return db.session.scalar(asked) or 0


def references_of(world: World) -> dict[UUID, str]:
    with world.app.app_context():
        return {case.id: case.reference for case in db.session.scalars(select(Case))}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ["ورقة التسليم", "ما يجب الانتباه إليه", "لا تترك رسالة", "موعد"]),
        ("tr", ["Devir sayfası", "Dikkat edilecekler", "Mesaj bırakmayın", "Randevu"]),
    ],
)
def test_the_sheet_says_what_whoever_takes_over_has_to_know(
    world: World, language: str, words: list[str]
) -> None:
    phone = {"number": "+905321234567", "whose": "own", "channels": ["call"], "hours": "10-12"}
    with world.app.app_context():
        record = record_of(phones=[{**phone, "message_ok": "no", "cover_name": "", "others": "شقيقها"}])
    case_id = world.record(record={**record, "next_step": "petition to the directorate"})
    day = clock.today() + dt.timedelta(days=9)
    with world.app.app_context():
        mine, lead = world.cast["caseworker"], world.cast["coordinator"]
        served = (clock.today() - dt.timedelta(days=20)).isoformat()
        asked = {"rule": "DET_IP", "served_on": served, "facts": {}}
        with transaction():
            deadlines.add(mine, case_id, uuid4(), asked, mine.person_id, lead.person_id)
        with transaction():
            said = Said({"title": "at the migration office"}, day, mine.person_id)
            items.add(mine, case_id, "appointment", said, uuid4())
    browser, before = world.browser("caseworker", language), looks(world)
    browser.get(f"/cases/{case_id}")
    assert f'href="/cases/{case_id}/hand-over"' in browser.page
    browser.get(f"/cases/{case_id}/hand-over")
    told = ["petition to the directorate", "+905321234567", "10-12", "شقيقها", "at the migration office"]
    for shown in (*words, *told, "محمد الأحمد", "Kişi caseworker", "Kişi coordinator"):
        assert shown in browser.text, shown
    assert "محمد" not in browser.title
    assert looks(world) == before + 1


def test_all_cases_of_somebody_page_by_page_and_only_those_that_one_may_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "PAGE", 2)
    colleague = world.cast["colleague"].person_id
    cases = [world.record(by="colleague") for _ in range(3)]
    closed = world.record(by="colleague")
    with world.app.app_context(), transaction():
        db.session.execute(update(Case).where(Case.id == closed).values(state="closed"))
    named = world.record(by="colleague", restricted=True, named=[world.cast["caseworker"].person_id])
    references = references_of(world)
    lead = world.browser("coordinator")
    lead.get("/people")
    assert f'href="/cases/hand-over?whose={colleague}"' in lead.page
    assert f'whose={world.cast["manager"].person_id}"' not in lead.page
    lead.get(f"/cases/hand-over?whose={colleague}")
    assert "Cases of Kişi colleague" in lead.text
    first = [case_id for case_id in cases if references[case_id] in lead.page]
    assert first == cases[1:]
    assert references[named] not in lead.page
    assert references[closed] not in lead.page
    lead.get(f"/cases/hand-over?whose={colleague}&before={int(references[cases[1]][-5:])}")
    assert references[cases[0]] in lead.page
    shared = world.browser("caseworker")
    shared.get(f"/cases/hand-over?whose={colleague}")
    assert [one for one in references.values() if one in shared.page] == [references[named]]
    for nobody in (uuid4(), "x", world.cast["manager"].person_id):
        assert shared.get(f"/cases/hand-over?whose={nobody}").status_code == 422
    assert "Kişi colleague" in (shared.get("/cases/hand-over"), shared.text)[1]


def test_a_case_that_was_tampered_with_keeps_no_other_from_being_printed(world: World) -> None:
    lawyer = world.cast["other_lawyer"].person_id
    good, bad = world.record(), world.record()
    with world.app.app_context():
        for case_id in (good, bad):
            world.cast.assign(case_id, "other_lawyer")
        with transaction():
            db.session.execute(update(Case).where(Case.id == bad).values(head=b"x"))
    browser = world.browser("other_lawyer")
    browser.get(f"/cases/hand-over?whose={lawyer}")
    assert browser.page.count('class="section handover"') == 1
    assert f"Open its page to see why: {references_of(world)[bad]}" in browser.text
