"""Whoever reads complaints may leave; what they were told does not go with them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Person
from accounts.service import recovery
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Complaint, ComplaintReader
from intake.service import codes, complaints, deciding, readers, visiting
from tests.intake.stage import (
    ask,
    asked_with_code,
    back_with,
    come_back,
    complained,
    open_door,
    requests_on,
    take_on,
)
from tests.support.cast import Cast, on_stage
from tests.support.world import World

WRONG = "طلب مني أحدهم مالًا"


def test_no_complaint_goes_unread_with_those_who_leave(world: World) -> None:
    open_door(world)
    code = ask(world)
    take_on(inside := world.browser("coordinator"), request := requests_on(inside)[-1])
    back = come_back(world, code)
    back.fill("/n/ar/else", text=WRONG, token=str(uuid4()))
    with world.app.app_context():
        cast = world.cast
        page = f"/complaints/{db.session.scalars(select(Complaint.id)).one()}"
        later = cast.join("later", Role.MANAGER)
        manager, had_it = cast["manager"].person_id, cast["coordinator"].person_id
        db.session.rollback()
    reader, admin = world.browser("manager"), world.browser("admin")
    assert "You alone read it" in (reader.get("/complaints"), reader.text)[1]
    assert admin.fill(f"/people/{manager}/end", understood="yes").status_code == 422
    assert "nobody else here reads" in admin.text
    reader.get(page)
    for nobody in ("", str(had_it), str(uuid4())):
        assert reader.post(f"{page}/share", person=nobody).status_code == 422
    assert world.browser("later").get(page).status_code == 404
    for _twice in range(2):
        assert reader.post(f"{page}/share", person=str(later.person_id)).status_code == 303
    assert WRONG in world.browser("later").get(page).text
    assert "Kişi later" in (reader.get(page), reader.text)[1]

    admin.fill(f"/people/{manager}/end", understood="yes")
    assert "nobody else here reads" not in admin.text
    for person in (manager, later.person_id):
        admin.get(f"/people/{person}/end")
        assert admin.post(f"/people/{person}/end", understood="yes", forced="yes").status_code == 303
    for where in ("/desk", "/complaints"):
        admin.get(where)
        assert "One complaint waits for an answer, and nobody who is here can read it." in admin.text
    assert WRONG not in admin.page
    assert admin.get(page).status_code == 404
    back.get("/n/ar/all")  # the code gives it to whoever may read it now
    assert "nobody who is here" not in (admin.get("/desk"), admin.text)[1]
    assert WRONG in (admin.get(page), admin.text)[1]
    with world.app.app_context():
        acts = select(AuditEntry.act).where(AuditEntry.act == "complaint.hand_on")
        assert len(db.session.scalars(acts).all()) == 1
        db.session.rollback()
    inside.fill(f"{request}/code", version=inside.version, how="word")
    assert "nobody can ever read it again" in (admin.get(page), admin.text)[1]
    with world.app.app_context(), transaction():
        readers.person_left(None, world.cast["admin"].person_id)
    assert "One complaint can be read by nobody any more" in (admin.get("/desk"), admin.text)[1]


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def test_whoever_gets_a_new_key_reads_again_what_others_let_them(cast: Cast) -> None:
    request_id, code = asked_with_code(cast)
    with transaction():
        deciding.claim(cast["coordinator"], request_id, 1)
    cookie = back_with(cast, code) or ""
    with transaction():
        complaints.write(visiting.visit(cookie), uuid4(), WRONG)
    complaint_id = db.session.scalars(select(Complaint.id)).one()
    later = cast.join("later", Role.MANAGER)
    with transaction():
        person = db.session.get_one(Person, cast["manager"].person_id)
        assert readers.would_be_unheard(person)
        complaints.share(cast["manager"], complaint_id, later.person_id)
        assert not readers.would_be_unheard(person)
    papers = {number: paper for number, _name, paper in cast.papers[:2]}
    home, address = cast.organisation_id, cast.address("manager")
    prepared = recovery.prepare(cast.settings, home, papers, address)
    with transaction():
        recovery.recover_person(prepared)
    assert _reading(complaint_id) == {later.person_id}
    with transaction():
        could = [one.id for one in complaints.audience(later, complaint_id).could]
        assert could == [cast["manager"].person_id]
        readers.person_left(None, later.person_id)
        assert readers.unread(cast["admin"]) == (1, 0)
    fresh = codes.prepare(cast.settings, request_id)
    with transaction():
        codes.replace(cast["coordinator"], fresh, 2, "word")
        assert readers.unread(cast["admin"]) == (0, 1)
    cookie = back_with(cast, fresh.code.words) or ""
    with transaction():
        complaints.hand_on(visiting.visit(cookie))
    assert _reading(complaint_id) == set()
    with pytest.raises(NotFound), transaction():
        complaints.read(cast["admin"], complaint_id)


def test_whoever_alone_reads_what_no_code_opens_does_not_leave_unwarned(cast: Cast) -> None:
    complained(cast)
    person = db.session.get_one(Person, cast["manager"].person_id)
    reads = set(db.session.scalars(select(ComplaintReader.person_id))) - {person.id}
    request_id = db.session.scalars(select(Complaint.request_id)).one()
    with transaction():
        for other in reads:
            readers.person_left(None, other)
        assert "قبل أن يعود كاتبها برمزه" in str(*readers.would_be_unheard(person))
        codes.replace(cast["coordinator"], codes.prepare(cast.settings, request_id), 1, "word")
        assert "بعد ذلك أبدًا" in str(*readers.would_be_unheard(person))


def _reading(complaint_id: UUID) -> set[UUID]:
    with transaction():
        found = select(ComplaintReader.person_id).where(ComplaintReader.complaint_id == complaint_id)
        return set(db.session.scalars(found))
