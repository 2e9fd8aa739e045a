"""What a case holds, put into it without a browser by somebody who works on it."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from cases.models import CaseItem, Entry
from cases.note_models import LawyerNote
from cases.service import filings, given, items, lawyer_notes, matters, originals, work_talks
from cases.service.items import Said
from cases.talk_models import WorkTalk
from core import clock
from core.access.actors import Actor
from core.store.base import db
from core.store.transaction import transaction


def note(by: Actor, case_id: UUID) -> UUID:
    """A note for lawyers."""
    token = uuid4()
    with transaction():
        lawyer_notes.write(by, case_id, "سرّ", token)
        return db.session.scalars(select(LawyerNote.id).where(LawyerNote.token == token)).one()


def filing(by: Actor, case_id: UUID) -> UUID:
    """A line that says what was filed."""
    said = {"what": "عريضة", "authority": "court", "on": "2026-11-02", "proof": "UYAP 4471", "document": ""}
    token = uuid4()
    with transaction():
        filings.file(by, case_id, said, "", token)
        return db.session.scalars(select(Entry.id).where(Entry.token == token)).one()


def restriction(by: Actor, case_id: UUID) -> UUID:
    """A restriction code."""
    with transaction():
        return matters.add(by, case_id, "restriction", {"code": "V-87"}, uuid4())


def declaration(by: Actor, case_id: UUID) -> UUID:
    """A declaration that is owed."""
    data = {"what": "tax", "after": "", "period": "", "authority": "tax_office", "more": "",
            "every": "once", "begun": "", "due": "2026-12-01"}  # fmt: skip # one record
    with transaction():
        return items.add(by, case_id, "declaration", Said(data, date(2026, 12, 1)), uuid4())


def service(by: Actor, case_id: UUID) -> UUID:
    """A service that was given."""
    token = uuid4()
    with transaction():
        given.give(
            by, case_id, on=date(2026, 11, 20), agreed="S2", level="S2", activity="contact",
            minutes=30, grant="", token=token,
        )  # fmt: skip # one call
        return db.session.scalars(select(CaseItem.id).where(CaseItem.token == token)).one()


def original(by: Actor, case_id: UUID) -> UUID:
    """An original that lies with us."""
    data = {"title": "جواز", "giver": "Selma", "place": "3", "more": "", "received_on": "2026-11-02"}
    with transaction():
        return originals.receive(by, case_id, data, uuid4())


def talk(actor: Actor, other: UUID, text: str = "x") -> UUID:
    """A note of a talk about the work."""
    token = uuid4()
    with transaction():
        work_talks.write(actor, other, clock.today(), text, token)
    return db.session.scalars(select(WorkTalk.id).where(WorkTalk.token == token)).one()
