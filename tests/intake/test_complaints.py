"""A complaint reaches people outside the case and nobody else; their answer reaches who wrote it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cases.review_models import DrawnFile
from core.access.permissions import Role
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Complaint, Request
from intake.service import complaints, deciding, visiting
from tests.cases.conflicting import LANDLORD, decide, matter, party
from tests.cases.pages.test_lists import statements
from tests.intake.stage import (
    ask,
    asked_with_code,
    back_with,
    come_back,
    complained,
    open_door,
    requests_on,
    token,
)
from tests.support.cast import Cast, record_of
from tests.support.world import World

WRONG = "طلب مني أحدهم مالًا"


def test_whoever_took_the_request_on_does_not_see_what_is_said_of_them(world: World) -> None:
    open_door(world)
    code = ask(world)
    page = requests_on(inside := world.browser("coordinator"))[-1]
    inside.get(page)
    inside.post(f"{page}/claim", version=inside.version)
    back = come_back(world, code)
    back.get("/n/ar/else")
    form = token(back)
    for _twice in range(2):
        assert back.post("/n/ar/else", token=form, text=WRONG).status_code == 303
    back.get("/n/ar/else")
    assert back.text.count(WRONG) == 1
    inside.get("/complaints")
    assert "No complaint" in inside.text
    outside = world.browser("manager")
    outside.get("/desk")
    assert "complaint" in outside.text
    outside.get("/complaints")
    with world.app.app_context():
        reference = db.session.get_one(Request, UUID(page.rpartition("/")[2])).reference
    assert f"{reference} Somebody looks at it Waits for an answer" in outside.text
    assert "سلمى" not in outside.text
    found = outside.page.split('class="row-link" href="')[1].split('"')[0]
    assert WRONG in outside.get(found).text
    assert inside.get(found).status_code == 404
    assert outside.post(found, text="نحقق في الأمر ونكتب لك").status_code == 303
    assert world.browser("coordinator").get(found).status_code == 404
    back.get("/n/ar/else")
    assert "نحقق في الأمر" in back.text
    assert outside.post(found, text="غير ذلك").status_code in {303, 409}  # one answer stands
    assert "غير ذلك" not in (back.get("/n/ar/else"), back.text)[1]


def test_nothing_written_is_nothing_sent(world: World) -> None:
    open_door(world)
    back = come_back(world, ask(world))
    back.get("/n/ar/else")
    assert back.post("/n/ar/else", token=token(back), text=" ").status_code == 422


def test_only_those_to_whom_it_was_sealed_find_it(world: World) -> None:
    with world.app.app_context():
        complaint_id = complained(world.cast, WRONG)
        for name in ("coordinator", "manager"):
            with transaction():
                assert complaints.read(world.cast[name], complaint_id).text == WRONG
        with pytest.raises(NotFound), transaction():
            complaints.read(world.cast["admin"], complaint_id)
        with pytest.raises(NotFound), transaction():
            complaints.answer(world.cast["manager"], uuid4(), "yok")
        db.session.rollback()


def test_whoever_gave_a_request_back_was_inside(world: World) -> None:
    with world.app.app_context():
        cast = world.cast
        request_id, code = asked_with_code(cast)
        with transaction():
            deciding.claim(cast["coordinator"], request_id, 1)
        with transaction():
            deciding.give_back(cast["coordinator"], request_id, 2)
        complaint_id = _complain(cast, code)
        with transaction():
            assert complaints.read(cast["manager"], complaint_id).text == WRONG
        with pytest.raises(NotFound), transaction():
            complaints.read(cast["coordinator"], complaint_id)
        db.session.rollback()


def test_whoever_stands_behind_a_wall_reads_no_complaint_of_the_case(world: World) -> None:
    with world.app.app_context():
        cast = world.cast
        walled = cast.join("walled", Role.COORDINATOR)
        cast.hand_over()
        cast.record("colleague", record=matter(LANDLORD))
        request_id, code = asked_with_code(cast)
        worker = cast["caseworker"]
        with transaction():
            deciding.claim(worker, request_id, 1)
        early = _complain(cast, code)
        record = {**record_of(name_ar="سلمى الشامي", name_latin=""), "parties": [party("opposing", LANDLORD)]}
        with transaction():
            case_id = deciding.accept(
                worker, request_id, record, urgency="U1", restricted=False, named=[], consents=[],
                token=uuid4(),
            )  # fmt: skip # one call
        with transaction():
            assert complaints.read(walled, early).text == WRONG  # nobody has decided yet
            assert complaints.about_case(case_id)  # so a second coordinator looks at its closing
        decide(cast, "coordinator", case_id, "wall", walled=[walled.person_id])
        late = _complain(cast, code)
        for complaint_id in (early, late):
            with transaction():
                assert complaints.read(cast["manager"], complaint_id).text == WRONG
            with pytest.raises(NotFound), transaction():
                complaints.read(walled, complaint_id)
        with transaction():
            assert not {early, late} & {one.id for one in complaints.index(walled)}
        with transaction():  # nor can a reader, who does not open the case, let them in by hand
            assert complaints.audience(cast["manager"], early).walled
            assert not complaints.audience(cast["manager"], early).could
        with pytest.raises(NotFound), transaction():
            complaints.share(cast["manager"], early, walled.person_id)


def _complain(cast: Cast, code: str) -> UUID:
    cookie, token = back_with(cast, code), uuid4()
    with transaction():
        complaints.write(visiting.visit(cookie or ""), token, WRONG)
    found = db.session.scalars(select(Complaint.id).where(Complaint.token == token)).one()
    db.session.rollback()
    return found


def test_who_had_it_in_hands_is_found_by_an_index(world: World) -> None:
    """The record of acts grows with every page that somebody opens."""
    open_door(world)
    back = come_back(world, ask(world))
    back.get("/n/ar/else")
    with statements(world) as said:
        assert back.post("/n/ar/else", token=token(back), text=WRONG).status_code == 303
    acts = [one for one in said if "audit_entries.act IN" in one]
    assert acts
    with world.app.app_context(), db.engine.connect() as connection:
        for one in acts:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", (None,) * one.count("?")).all()
            assert any("ix_audit_entries_request" in str(step[-1]) for step in plan), plan


def test_a_complaint_on_what_becomes_a_case_months_later_brings_it_into_the_next_draw_once(
    world: World,
) -> None:
    cast, october, november, december = world.cast, *(dt.date(2026, month, 1) for month in (10, 11, 12))
    with world.app.app_context():
        complaint_id, case_id = complained(cast), cast.record()
        with transaction():
            row = db.session.get_one(Complaint, complaint_id)
            row.written_at = dt.datetime(2026, 10, 9, 12, tzinfo=dt.UTC)
            request = db.session.get_one(Request, row.request_id)
        home = cast.organisation_id
        assert case_id not in complaints.cases_about(home, october, november)
        db.session.rollback()
        with transaction():
            db.session.get_one(Request, request.id).case_id = case_id
        assert case_id in complaints.cases_about(home, november, december)
        db.session.rollback()
        with transaction():
            db.session.add(DrawnFile(month=december, case_id=case_id, organisation_id=home, review_id=None))
        assert case_id not in complaints.cases_about(home, december, dt.date(2027, 1, 1))
        db.session.rollback()
