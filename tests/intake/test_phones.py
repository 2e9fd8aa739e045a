"""One phone in two places: whoever opens a file is told where else it stands, and decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from cases.models import Case
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Request
from intake.service import deciding
from tests.intake.stage import token
from tests.intake.urgent import ask
from tests.support.cast import record_of
from tests.support.world import Browser, World

PHONE = "0532 000 00 07"


def taken(world: World, **answers: Any) -> UUID:
    """A request that the caseworker has taken on."""
    with world.app.app_context():
        request_id = ask(world.cast, "U2", whom="me", phone=PHONE, **answers)
        with transaction():
            deciding.claim(world.cast["caseworker"], request_id, 1)
    return request_id


def ended(world: World, request_id: UUID) -> str:
    with world.app.app_context():
        with transaction():
            worker = world.cast["caseworker"]
            deciding.end(worker, request_id, 2, uuid4(), "declined", "Bilgi")
        return db.session.get_one(Request, request_id).reference


def accepting(world: World, request_id: UUID) -> Browser:
    browser = world.browser("caseworker")
    browser.get(f"/requests/{request_id}/accept")
    return browser


def test_a_phone_that_stands_elsewhere_is_said_and_a_person_decides(world: World) -> None:
    request_id = taken(world, name="سلمى")
    browser = accepting(world, request_id)
    assert "This phone stands elsewhere" not in browser.text
    # In a file that the caseworker may not open, of somebody whose name is another one; as another party's.
    with world.app.app_context():
        mother = record_of(name_ar="خديجة", name_latin="", phones=[{"number": "+90 532 000 0007"}])
        restricted = world.cast.record(
            "colleague", record=mother, restricted=True, named=[world.cast["coordinator"].person_id]
        )
        reference = db.session.get_one(Case, restricted).reference
    waits, turned_away = taken(world, name="أحمد"), ended(world, taken(world, name="هدى"))
    with world.app.app_context():
        waiting = db.session.scalars(select(Request.reference).where(Request.id == waits)).one()
        own = db.session.scalars(select(Request.reference).where(Request.id == request_id)).one()
    browser = accepting(world, request_id)
    warned = browser.text.split("This phone stands elsewhere", 1)[1].split("Name in", 1)[0][:600]
    for shown in (reference, waiting, turned_away, "Kişi colleague"):
        assert shown in warned, shown
    assert own not in warned
    assert "خديجة" not in browser.page  # no word of what that file says
    fields = {"issue": "B01", "urgency": "U2", "name_ar": "سلمى", "token": token(browser)}
    path = f"/requests/{request_id}/accept"
    assert browser.post(path, **fields, save="1").status_code == 200
    assert browser.errors == []
    assert "Save as it is" in browser.text
    assert browser.post(path, **fields, anyway="1").status_code == 303
