"""Addressees, the log and its promises, equal contact: sealed, double-click safe, and nobody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

import vault
from advocacy.models.contacts import ContactEntry, ContactPerson
from advocacy.models.dossiers import DossierOutput, DossierVersion
from advocacy.service import contacts, equal, institutions, letters, outcomes, results
from advocacy.service.contact_seal import Note
from core import clock
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from domain.contacts import Contact
from tests.advocacy.test_dossiers import approved, begun, read
from tests.support.cast import MANAGER, Cast
from tests.support.clock import FrozenClock

SECRET = "Zübeyde Karaaslan"


def listed(cast: Cast, by: str = "manager") -> dict[str, UUID]:
    """The addressees by their code."""
    with transaction():
        institutions.begin(cast[by])
    return {row.code: row.id for row in institutions.index(cast[by], "tr") if row.code}


def note(institution_id: UUID, kind: str = "sent", **changes: Any) -> Note:
    given: dict[str, Any] = {
        "on": clock.today(),
        "person_id": None,
        "channel": "",
        "language": "tr",
        "number": 0,
        "words": "",
        "next_step": "",
    }
    return Note(kind, institution_id=institution_id, **{**given, **changes})


def write(cast: Cast, dossier_id: UUID, written: Note, *promise: Any, anyway: bool = False) -> UUID:
    with transaction():
        return contacts.write(cast["manager"], dossier_id, uuid4(), written, *promise, anyway=anyway)


def printed(cast: Cast) -> UUID:
    """An approved dossier of which a file was made."""
    dossier_id = approved(cast)
    with transaction():
        version = db.session.scalars(
            select(DossierVersion).where(DossierVersion.dossier_id == dossier_id)
        ).one()
        db.session.add(
            DossierOutput(
                id=uuid4(),
                version_id=version.id,
                kind="paper",
                language="tr",
                format="pdf",
                sha256=bytes(32),
                blob_id=uuid4(),
                made_by=cast["manager"].person_id,
                made_at=clock.now(),
            )
        )
    return dossier_id


def test_the_list_begins_once_in_the_order_of_targets(ours: Cast) -> None:
    first = listed(ours)
    assert listed(ours, "admin") == first
    kinds = [row.kind for row in institutions.index(ours["manager"], "tr")]
    assert kinds[0] == "local"
    assert kinds.index("ministry") < kinds.index("parliament_group") < kinds.index("international")
    assert {"kdk", "pmm", "chp", "ak_parti"} <= set(first)
    for name in ("caseworker", "lawyer", "focal"):
        with pytest.raises(Refused), transaction():
            institutions.begin(ours[name])


def test_an_institution_is_changed_once_and_stays_with_its_organisation(ours: Cast, theirs: Cast) -> None:
    row_id = listed(ours)["kdk"]
    assert not institutions.confirmed(institutions.one(ours["manager"], row_id))
    with transaction():
        institutions.change(ours["manager"], row_id, 1, "oversight", {"name_tr": "Kamu Denetçiliği"})
    with pytest.raises(Conflict), transaction():
        institutions.change(ours["admin"], row_id, 1, "oversight", {"name_tr": "Başka"})
    row = institutions.one(ours["manager"], row_id)
    assert (row.name_tr, row.name_en, institutions.confirmed(row)) == (
        "Kamu Denetçiliği",
        "Kamu Denetçiliği",
        True,
    )
    db.session.rollback()
    with pytest.raises(NotFound):
        institutions.one(theirs["manager"], row_id)
    with pytest.raises(Refused), transaction():
        institutions.change(ours["coordinator"], row_id, 2, "oversight", {"name_tr": "x"})
    for kind, names in (("nothing", {"name_tr": "x"}), ("media", {"name_tr": " "})):
        with pytest.raises(DomainError), transaction():
            institutions.add(ours["manager"], uuid4(), kind, names)
    group = listed(ours)["chp"]
    with transaction():
        institutions.change(ours["manager"], group, 1, "media", {"name_tr": "CHP"})
    assert institutions.one(ours["manager"], group).kind == institutions.GROUP
    db.session.rollback()
    with transaction():
        institutions.retire(ours["manager"], row_id, 2)
    assert "kdk" not in listed(ours)  # and begin does not bring it back


def test_people_are_sealed_and_open_for_holders_alone(ours: Cast, theirs: Cast) -> None:
    row_id, token = listed(ours)["kdk"], uuid4()
    with transaction():
        made = institutions.add_person(ours["manager"], row_id, token, {"name": SECRET, "role": "Uzman"})
    with transaction():  # a double click
        institutions.add_person(ours["manager"], row_id, token, {"name": SECRET, "role": "Uzman"})
    for name in ("manager", "coordinator"):
        [person] = institutions.people(ours[name], row_id)
        assert person.values["name"] == SECRET
    row = db.session.get_one(ContactPerson, made)
    assert SECRET.encode() not in row.sealed
    db.session.rollback()
    newcomer = ours.join("second_manager", MANAGER)
    with pytest.raises(Locked):
        institutions.people(newcomer, row_id)
    for actor in (ours["lawyer"], ours["admin"], ours["caseworker"], theirs["manager"]):
        assert institutions.people(actor, row_id) == []
        with pytest.raises(NotFound):
            institutions.person(actor, row_id, made)
    with pytest.raises(Refused), transaction():
        institutions.add_person(ours["coordinator"], row_id, uuid4(), {"name": "x"})
    with transaction():
        institutions.change_person(ours["manager"], row_id, made, 1, {"name": "Ayla"})
    with pytest.raises(Conflict), transaction():
        institutions.change_person(ours["manager"], row_id, made, 1, {"name": "Ece"})
    with transaction():
        institutions.forget_person(ours["manager"], row_id, made, 2)
    assert institutions.people(ours["manager"], row_id) == []


def test_a_contact_is_written_once_and_read_by_holders(ours: Cast, theirs: Cast) -> None:
    dossier_id, places, token = begun(ours), listed(ours), uuid4()
    for _ in range(2):
        with transaction():
            contacts.write(
                ours["manager"], dossier_id, token, note(places["kdk"], "meeting", words=f"{SECRET} dinledi")
            )
    [line] = contacts.log(ours["coordinator"], dossier_id)
    assert line.note.words == f"{SECRET} dinledi"
    assert line.state == "noted"
    row = db.session.scalars(select(ContactEntry)).one()
    assert SECRET.encode() not in row.sealed
    db.session.rollback()
    for actor in (ours["lawyer"], ours["admin"], theirs["manager"]):
        assert contacts.log(actor, dossier_id) == []
    with pytest.raises(Refused), transaction():
        contacts.write(ours["coordinator"], dossier_id, uuid4(), note(places["kdk"]))
    with pytest.raises(NotFound), transaction():
        contacts.write(theirs["manager"], dossier_id, uuid4(), note(places["kdk"]))
    foreign = listed(theirs)["kdk"]
    with pytest.raises(NotFound):
        write(ours, dossier_id, note(foreign))
    with pytest.raises(DomainError):
        write(ours, dossier_id, note(places["kdk"], on=clock.today() + dt.timedelta(days=1)))
    with pytest.raises(DomainError):
        write(ours, dossier_id, note(places["kdk"], number=1))  # no file was made of it


def test_a_promise_comes_back_when_its_day_is_over(ours: Cast, clock: FrozenClock, theirs: Cast) -> None:
    dossier_id, places = begun(ours), listed(ours)
    promised = note(places["pmm"], "promise", words="Genelge çıkacak")
    day, owner = promised.on + dt.timedelta(days=10), ours["coordinator"].person_id
    for wrong in ((), (day,), (day, ours["lawyer"].person_id)):
        with pytest.raises(DomainError):
            write(ours, dossier_id, promised, *wrong)
    entry = write(ours, dossier_id, promised, day, owner)
    assert (contacts.due(ours["manager"]), contacts.due(ours["coordinator"])) == (0, 0)
    clock.advance(days=11)
    assert (contacts.due(ours["manager"]), contacts.due(ours["coordinator"])) == (1, 1)
    assert (contacts.due(theirs["manager"]), contacts.due(ours["lawyer"])) == (0, 0)
    [line] = contacts.promises(ours["coordinator"])
    assert line.overdue
    with pytest.raises(NotFound), transaction():
        contacts.settle(theirs["manager"], entry, 1, kept=True)
    with transaction():
        contacts.settle(ours["manager"], entry, 1, kept=True)
    with transaction():  # a second click
        assert contacts.settle(ours["manager"], entry, 1, kept=True) == (dossier_id, places["pmm"])
    for version, kept in ((1, False), (3, True)):
        with pytest.raises(Conflict), transaction():
            contacts.settle(ours["manager"], entry, version, kept=kept)
    with pytest.raises(NotFound), transaction():
        contacts.settle(ours["lawyer"], entry, 1, kept=True)
    assert contacts.due(ours["manager"]) == 0
    assert contacts.promises(ours["manager"]) == []
    assert [one.state for one in contacts.log(ours["manager"], dossier_id)] == ["kept"]


def test_whoever_looks_after_a_promise_says_what_became_of_it(ours: Cast) -> None:
    dossier_id, places = begun(ours), listed(ours)
    own, foreign = (
        write(ours, dossier_id, note(places["pmm"], "promise"), clock.today(), ours[name].person_id)
        for name in ("coordinator", "manager")
    )
    mine = {line.id: line.mine for line in contacts.promises(ours["coordinator"])}
    assert mine == {own: True, foreign: False}
    with transaction():
        contacts.settle(ours["coordinator"], own, 1, kept=False)
    with pytest.raises(NotFound), transaction():
        contacts.settle(ours["coordinator"], foreign, 1, kept=False)


def test_a_line_is_put_right_and_says_so(ours: Cast, theirs: Cast) -> None:
    dossier_id, places = begun(ours), listed(ours)
    entry = write(ours, dossier_id, note(places["kdk"], "meeting", words="Salı görüşüldü"))
    right = note(places["pmm"], "promise", words="Çarşamba görüşüldü")
    owner = ours["manager"].person_id
    foreign = note(listed(theirs)["kdk"])
    for who in ("coordinator", "lawyer"):
        with pytest.raises(Refused), transaction():
            contacts.correct(ours[who], entry, 1, right, clock.today(), owner)
    with pytest.raises(NotFound), transaction():
        contacts.correct(theirs["manager"], entry, 1, foreign)
    with pytest.raises(DomainError), transaction():
        contacts.correct(ours["manager"], entry, 1, right)  # a promise until when?
    with transaction():
        contacts.correct(ours["manager"], entry, 1, right, clock.today(), owner)
    with pytest.raises(Conflict), transaction():
        contacts.correct(ours["manager"], entry, 1, right, clock.today(), owner)
    [line] = contacts.log(ours["manager"], dossier_id)
    assert (line.note.words, line.state, line.institution.code) == ("Çarşamba görüşüldü", "open", "pmm")
    assert line.version == 2
    [put] = line.corrections
    assert (put.institution.code, put.due_on, put.owner) == ("kdk", None, "")
    assert (put.by, put.before.words, put.before.kind) == ("Kişi manager", "Salı görüşüldü", "meeting")
    with transaction():
        contacts.settle(ours["manager"], entry, 2, kept=True)
    with pytest.raises(NotFound), transaction():
        contacts.correct(ours["manager"], entry, 3, right, clock.today(), owner)  # what became of it stands
    [line] = contacts.log(ours["manager"], dossier_id)
    assert (line.state, [put.by for put in line.corrections]) == ("kept", ["Kişi manager"])


def test_what_was_written_of_an_addressee_stays_when_it_is_taken_out(ours: Cast) -> None:
    places = listed(ours)
    entry = write(ours, begun(ours), note(places["pmm"], "promise"), clock.today(), ours["manager"].person_id)
    with transaction():
        institutions.add_person(ours["manager"], places["pmm"], uuid4(), {"name": SECRET})
        institutions.retire(ours["manager"], places["pmm"], 1)
    with pytest.raises(NotFound):
        institutions.one(ours["manager"], places["pmm"])
    assert institutions.one(ours["manager"], places["pmm"], also_retired=True).retired_at
    assert [line.id for line in contacts.with_addressee(ours["manager"], places["pmm"])] == [entry]
    db.session.rollback()
    with transaction():
        assert contacts.settle(ours["manager"], entry, 1, kept=True)[1] == places["pmm"]
    with pytest.raises(NotFound):
        write(ours, begun(ours), note(places["pmm"], "call"))
    other = write(ours, begun(ours), note(places["kdk"], "call"))
    with pytest.raises(NotFound), transaction():
        contacts.correct(ours["manager"], other, 1, note(places["pmm"], "call"))  # taken out meanwhile
    with transaction():
        institutions.retire(ours["manager"], places["kdk"], 1)
    with transaction():  # what is there is put right without naming somebody else
        contacts.correct(ours["manager"], other, 1, note(places["kdk"], "call", words="Cuma arandı"))
    with pytest.raises(Refused), transaction():
        institutions.restore(ours["coordinator"], places["pmm"], 2)
    with transaction():
        institutions.restore(ours["manager"], places["pmm"], 2)
    assert listed(ours)["pmm"] == places["pmm"]


def test_a_promise_set_to_kept_in_the_database_does_not_open(ours: Cast) -> None:
    dossier_id, places = begun(ours), listed(ours)
    owner = ours["manager"].person_id
    write(ours, dossier_id, note(places["pmm"], "promise"), clock.today(), owner)
    assert contacts.log(ours["manager"], dossier_id)  # as it stands, it opens
    with transaction():
        db.session.scalars(select(ContactEntry)).one().state = "kept"
    with pytest.raises(vault.VaultError):
        contacts.log(ours["manager"], dossier_id)


def test_media_come_last(ours: Cast) -> None:
    dossier_id, places = begun(ours), listed(ours)
    with transaction():
        paper = institutions.add(ours["manager"], uuid4(), "media", {"name_tr": "Gazete"})
    with pytest.raises(DomainError):
        write(ours, dossier_id, note(paper, "call"))
    write(ours, dossier_id, note(places["kdk"], "call"))
    write(ours, dossier_id, note(paper, "call"), anyway=True)
    missing = contacts.steps_missing(contacts.log(ours["manager"], dossier_id))
    assert missing[0] == "local"
    assert not {"oversight", "media", "opinion_leader"} & set(missing)


def test_every_group_is_offered_the_same_version(ours: Cast, clock: FrozenClock) -> None:
    dossier_id, places = printed(ours), listed(ours)

    def compare() -> equal.Equality:
        return equal.check(ours["manager"], dossier_id, contacts.log(ours["manager"], dossier_id))

    with pytest.raises(DomainError):
        write(ours, dossier_id, note(places["chp"], number=0))  # which version, nobody could compare
    write(ours, dossier_id, note(places["kdk"], number=1))  # no group
    assert compare().groups == ()
    write(ours, dossier_id, note(places["chp"], number=1))
    states = {group.group: group.state for group in compare().groups}
    assert states.pop("chp") is Contact.OFFERED
    assert set(states.values()) == {Contact.DUE}
    clock.advance(days=equal.WITHIN + 1)
    write(ours, dossier_id, note(places["mhp"], number=1))
    states = {group.group: group.state for group in compare().groups}
    assert states["mhp"] is Contact.LATE
    assert states["ak_parti"] is Contact.MISSED
    assert compare().is_open
    for code in states:
        write(ours, dossier_id, note(places[code], number=1))
    assert not compare().is_open
    with pytest.raises(DomainError), transaction():
        institutions.retire(ours["manager"], places["mhp"], 1)  # and then miss nothing


def test_a_letter_leaves_only_with_an_approved_dossier(ours: Cast) -> None:
    dossier_id, places = begun(ours), listed(ours)

    def order(of: UUID, by: str = "manager", **changes: Any) -> letters.Letter:
        given = {"kind": "cover", "language": "tr", "format_": "pdf", "body": None, **changes}
        with transaction():
            return letters.order(ours[by], of, places["kdk"], None, **given)

    with pytest.raises(DomainError):
        order(dossier_id)
    ready = approved(ours)
    made = order(ready, body="Sayın yetkili")
    assert (made.title, made.to) == (read(ours["manager"], ready).titles["tr"], "Kamu Denetçiliği Kurumu")
    with pytest.raises(DomainError):
        order(ready, language="ar")  # no title in it
    with pytest.raises(DomainError):
        order(ready, body=" ")
    with pytest.raises(NotFound):
        order(ready, kind="nothing")
    with pytest.raises(Refused):
        order(ready, by="coordinator")


def test_the_desk_counts_with_one_statement_each(ours: Cast) -> None:
    dossier_id, places = begun(ours), listed(ours)
    owner, day = ours["manager"].person_id, clock.today() - dt.timedelta(days=1)
    sections = (contacts.due, outcomes.due, results.unseen)

    def statements() -> int:
        seen: list[str] = []

        def see(*given: Any) -> None:
            seen.append(str(given[2]))

        event.listen(db.engine, "before_cursor_execute", see)
        for section in sections:
            section(ours["manager"])
        event.remove(db.engine, "before_cursor_execute", see)
        db.session.rollback()
        return len(seen)

    write(ours, dossier_id, note(places["pmm"], "promise"), day, owner)
    first = statements()
    for _ in range(3):
        write(ours, dossier_id, note(places["pmm"], "promise"), day, owner)
    assert contacts.due(ours["manager"]) == 4
    assert statements() == first == len(sections)
