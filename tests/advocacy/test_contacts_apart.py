"""Contacts that concern no dossier yet: written at the addressee, sealed, and on the desk when due."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from advocacy.models.contacts import ContactEntry
from advocacy.service import contacts
from advocacy.service.contact_seal import Note
from core import clock as house_clock
from core.audit.models import AuditEntry
from core.errors import DomainError, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.advocacy.test_contacts import SECRET, listed, note, write
from tests.advocacy.test_dossiers import begun
from tests.support.cast import Cast
from tests.support.clock import FrozenClock
from tests.support.world import World


def apart(cast: Cast, written: Note, *promise: object, token: UUID | None = None) -> UUID:
    with transaction():
        return contacts.write(cast["manager"], None, token or uuid4(), written, *promise)  # type: ignore[arg-type] # day, owner


def test_it_stands_with_the_addressee_and_nowhere_else(ours: Cast, theirs: Cast) -> None:
    places, token = listed(ours), uuid4()
    for _ in range(2):
        apart(ours, note(places["interior"], "meeting", words=f"{SECRET} dinledi"), token=token)
    dossier_id = begun(ours)
    write(ours, dossier_id, note(places["interior"], "meeting", words="dosya için"))
    write(ours, dossier_id, note(places["kdk"], "meeting"))
    both = contacts.with_addressee(ours["coordinator"], places["interior"])
    assert {(line.dossier_id, line.note.words) for line in both} == {
        (None, f"{SECRET} dinledi"),
        (dossier_id, "dosya için"),
    }
    assert [line.note.words for line in contacts.log(ours["manager"], dossier_id)].count("dosya için") == 1
    rows = db.session.scalars(select(ContactEntry)).all()
    assert len(rows) == 3
    acts = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "contact.write")).all()
    about = {entry.object_id for entry in acts}
    assert not about & set(places.values())  # the chain does not say who was contacted
    db.session.rollback()
    for actor in (ours["lawyer"], ours["admin"], theirs["manager"]):
        assert contacts.with_addressee(actor, places["interior"]) == []
    with pytest.raises(Refused), transaction():
        contacts.write(ours["coordinator"], None, uuid4(), note(places["interior"]))
    with pytest.raises(NotFound), transaction():
        contacts.write(theirs["manager"], None, uuid4(), note(places["interior"]))
    with pytest.raises(DomainError):  # there is no version of nothing
        apart(ours, note(places["interior"], number=1))


def test_its_promise_comes_back(ours: Cast, clock: FrozenClock) -> None:
    places = listed(ours)
    promised = note(places["interior"], "promise")
    entry = apart(ours, promised, promised.on + dt.timedelta(days=3), ours["coordinator"].person_id)
    clock.advance(days=4)
    assert (contacts.due(ours["manager"]), contacts.due(ours["coordinator"])) == (1, 1)
    with transaction():
        assert contacts.settle(ours["manager"], entry, 1, kept=False) == (None, places["interior"])
    assert contacts.due(ours["manager"]) == 0


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_it_is_written_on_the_page_of_the_addressee(world: World, language: str) -> None:
    with world.app.app_context():
        place = listed(world.cast)["interior"]
    manager, path = world.browser("manager", language), f"/institutions/{place}"
    manager.get(path)
    assert f"{path}/contacts/new" in manager.page
    manager.get(f"{path}/contacts/new")
    assert 'name="number"' not in manager.page
    assert 'name="anyway"' not in manager.page
    fields = {
        "token": re.findall(r'name="token"[^>]*value="([^"]+)"', manager.page)[0],
        "on": house_clock.today().isoformat(),
        "institution": str(place),
        "kind": "promise",
        "words": "Bakacaklar",
    }
    assert manager.post(f"{path}/contacts/new", **fields).status_code == 422
    assert manager.errors
    due = (house_clock.today() + dt.timedelta(days=2)).isoformat()
    owner = str(world.cast["manager"].person_id)
    assert manager.post(f"{path}/contacts/new", **fields, due_on=due, owner=owner).location == path
    manager.get(path)
    assert "Bakacaklar" in manager.text
    manager.get("/contacts")
    assert "Bakacaklar" in manager.text
    settle = re.findall(r'action="(/contacts/[^"]+/kept)"', manager.page)[0]
    assert manager.post(settle, version="1").location == path
    administrator = world.browser("admin", language)
    administrator.get(path)
    assert "Bakacaklar" not in administrator.text
