"""19. Privileged notes: only the lawyers of the case open them, whoever else holds whatever other key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

import vault
from accounts.service import keys as organisation_keys
from accounts.service import recovery
from cases.models import Case, CaseMember
from cases.note_models import LawyerNote, NoteGrant
from cases.service import files, keys, lawyer_notes, members, note_keys, orders, records, team
from cases.service.lawyer_views import OpenNote
from cases.service.rows import Tampered
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import COORDINATOR, LAWYER, Cast, on_stage
from vault import Key, VaultError

SECRET = "اعترف لي بما لا يعرفه أحد"


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    """A case on which a lawyer has written a note."""
    case_id = cast.record()
    cast.assign(case_id)
    write(cast, "lawyer", case_id, SECRET)
    return case_id


def write(cast: Cast, name: str, case_id: UUID, text: str, token: UUID | None = None) -> None:
    with transaction():
        lawyer_notes.write(cast[name], case_id, text, token or uuid4())


def reads(cast: Cast, name: str, case_id: UUID) -> list[OpenNote] | None:
    with transaction():
        return files.open_case(cast[name], case_id).lawyer_notes


def texts(cast: Cast, name: str, case_id: UUID) -> list[str | None] | None:
    found = reads(cast, name, case_id)
    return None if found is None else [one.text for one in found]


def joins(cast: Cast, name: str, case_id: UUID) -> None:
    """A second lawyer comes onto the case beside the first."""
    with transaction():
        case = db.session.get_one(Case, case_id)
        key = keys.case_key(cast["coordinator"], case)
        keys.grant_to_person(cast["coordinator"], case, key, cast[name].person_id)
        team.put_on(case, cast[name].person_id, capacity=str(LAWYER))
    with transaction():
        case = db.session.get_one(Case, case_id)
        record = records.open_record(keys.case_key(cast[name], case), case)
        lawyer_notes.came(cast[name], case, record)


def test_the_lawyer_reads_and_nobody_else_with_every_key_they_hold(cast: Cast, case_id: UUID) -> None:
    assert texts(cast, "lawyer", case_id) == [SECRET]
    for name in ("caseworker", "coordinator"):
        assert texts(cast, name, case_id) is None
        with pytest.raises(NotFound):
            write(cast, name, case_id, "...")
    with transaction():
        note = db.session.scalars(select(LawyerNote)).one()
        case = db.session.get_one(Case, case_id)
        context = vault.row_context(case.organisation_id, case_id, "lawyer_notes", note.id, note.version)
        supervision = organisation_keys.open_all(cast["coordinator"], "supervision")
        pairs = [cast[name].secret.pair for name in ("caseworker", "coordinator", "manager", "admin")]
        grants = db.session.scalars(select(NoteGrant)).all()
        sealed_keys = [keys.case_key(cast["coordinator"], case), cast["coordinator"].secret.ring]
        for grant in grants:
            for pair in (*pairs, *(one.pair for one in supervision)):
                with suppress(VaultError):
                    scope = note_keys._scope(case, grant.holder_id)
                    sealed_keys.append(pair.unwrap(grant.sealed, scope.context("granted key", grant.epoch)))
        for key in sealed_keys:
            with pytest.raises(VaultError):
                vault.unseal(key, note.sealed, context)
        own = cast["lawyer"].secret.pair  # the control: by the same way the lawyer's pair does open it
        mine = next(one for one in grants if one.holder_id == cast["lawyer"].person_id)
        scope = note_keys._scope(case, mine.holder_id)
        key = own.unwrap(mine.sealed, scope.context("granted key", mine.epoch))
        assert SECRET.encode() in vault.unseal(key, note.sealed, context)


def test_a_lawyer_who_coordinates_and_was_not_assigned_reads_none(cast: Cast, case_id: UUID) -> None:
    """Added by hand, or by opening the case to named people only, nobody is its lawyer."""
    cast.join("leads", LAWYER, COORDINATOR)
    cast.hand_over()
    with transaction():
        members.restrict(cast["leads"], case_id, [cast[name].person_id for name in ("lawyer", "caseworker")])
    write(cast, "lawyer", case_id, "لا يقرؤها غيري")
    assert texts(cast, "leads", case_id) is None
    with transaction():
        theirs = select(NoteGrant).where(NoteGrant.holder_id == cast["leads"].person_id)
        assert db.session.scalars(theirs).all() == []
    assert texts(cast, "lawyer", case_id) == ["لا يقرؤها غيري", SECRET]


def test_written_once_however_often_it_is_sent(cast: Cast, case_id: UUID) -> None:
    token = uuid4()
    for _click in range(2):
        write(cast, "lawyer", case_id, "مرة واحدة", token)
    assert texts(cast, "lawyer", case_id) == ["مرة واحدة", SECRET]


def test_whoever_joins_is_given_the_key_by_a_lawyer_who_holds_it(cast: Cast, case_id: UUID) -> None:
    cast.join("second", LAWYER)
    joins(cast, "second", case_id)
    assert texts(cast, "second", case_id) == [None]
    for name in ("coordinator", "caseworker", "second"):
        with transaction():
            assert "note_due" not in orders.due_kinds(cast[name])
    with transaction():
        orders.carry_out(cast["lawyer"])
    assert texts(cast, "second", case_id) == [SECRET]


def test_who_left_reads_nothing_that_is_written_since(cast: Cast, case_id: UUID) -> None:
    cast.join("second", LAWYER)
    joins(cast, "second", case_id)
    with transaction():
        case = db.session.get_one(Case, case_id)
        record = records.open_record(keys.case_key(cast["lawyer"], case), case)
        kept = note_keys.held(cast["lawyer"], case, record)
    with transaction():
        members.step_off(cast["lawyer"], case_id, "انتهى دوري")
    assert texts(cast, "second", case_id) == [SECRET]  # handed on with the last act
    write(cast, "second", case_id, "بعد رحيله")
    assert texts(cast, "second", case_id) == ["بعد رحيله", SECRET]
    with transaction():
        case, note = db.session.get_one(Case, case_id), newest(case_id)
        context = vault.row_context(case.organisation_id, case_id, "lawyer_notes", note.id, note.version)
        for key in kept.values():
            with pytest.raises(VaultError):
                vault.unseal(key, note.sealed, context)
        left = select(NoteGrant).where(NoteGrant.holder_id == cast["lawyer"].person_id)
        assert db.session.scalars(left).all() == []


@pytest.mark.parametrize("how", ["power", "hands_on"])
def test_a_successor_is_given_it_by_whoever_gives_the_case_up(cast: Cast, case_id: UUID, how: str) -> None:
    cast.join("second", LAWYER)
    with transaction():
        assert members.step_off(
            cast["lawyer"], case_id, "أعتزل", power=how == "power", hands_on=how == "hands_on"
        )
    cast.assign(case_id, "second")
    assert texts(cast, "second", case_id) == [None]
    assert texts(cast, "lawyer", case_id) == [SECRET]  # until it is handed on
    row = db.session.get_one(CaseMember, (case_id, cast["lawyer"].person_id))
    assert row.until is not None  # or fifteen days at last, though no notice is recorded
    db.session.rollback()
    with transaction():
        orders.carry_out(cast["lawyer"])
    assert texts(cast, "second", case_id) == [SECRET]
    with pytest.raises(NotFound):
        reads(cast, "lawyer", case_id)
    write(cast, "second", case_id, "بعده")
    assert texts(cast, "second", case_id) == ["بعده", SECRET]


def newest(case_id: UUID) -> LawyerNote:
    notes = select(LawyerNote).where(LawyerNote.case_id == case_id).order_by(LawyerNote.written_at.desc())
    found = db.session.scalars(notes).first()
    assert found is not None
    return found


def test_with_no_lawyer_left_two_papers_give_it_to_the_next(cast: Cast, case_id: UUID) -> None:
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["lawyer"].person_id)
    cast.join("second", LAWYER)
    cast.assign(case_id, "second")
    write(cast, "second", case_id, "جديدة")
    assert texts(cast, "second", case_id) == ["جديدة", None]
    lost = cast.players["second"]
    codes = {number: code for number, _holder, code in cast.papers[:2]}
    prepared = recovery.prepare(cast.settings, cast.organisation_id, codes, lost.email)
    with transaction():
        assert recovery.recover_person(prepared)
    cast.players["second"] = replace(lost, actor=replace(lost.actor, secret=prepared.secret))
    assert texts(cast, "second", case_id) == ["جديدة", SECRET]


def test_a_forged_grant_and_another_key_are_refused(cast: Cast, case_id: UUID) -> None:
    """A coordinator who writes to the database hands the lawyer a key of their own."""
    with transaction():
        case, grant = db.session.get_one(Case, case_id), mine(cast)
        scope = note_keys._scope(case, grant.holder_id)
        public = cast["lawyer"].secret.pair.public
        by = cast["coordinator"]
        forged = vault.grant(Key.new(1), scope, public, by.person_id, by.secret.signer)
    change = {"sealed": forged.sealed, "signature": forged.signature, "granter_id": by.person_id}
    before = {name: getattr(grant, name) for name in change}
    put(cast, change)
    assert texts(cast, "lawyer", case_id) == [None]
    by = cast["lawyer"]  # signed by somebody entitled, it still is not the key that the record names
    other = vault.grant(Key.new(1), scope, public, by.person_id, by.secret.signer)
    put(cast, {"sealed": other.sealed, "signature": other.signature, "granter_id": by.person_id})
    assert texts(cast, "lawyer", case_id) == [None]
    put(cast, before)
    assert texts(cast, "lawyer", case_id) == [SECRET]


def mine(cast: Cast) -> NoteGrant:
    return db.session.scalars(select(NoteGrant).where(NoteGrant.holder_id == cast["lawyer"].person_id)).one()


def put(cast: Cast, change: dict[str, object]) -> None:
    held = NoteGrant.holder_id == cast["lawyer"].person_id
    db.session.execute(update(NoteGrant).where(held).values(**change))
    db.session.commit()  # as somebody with the database would


def test_a_note_that_was_taken_away_or_moved_is_noticed(cast: Cast, case_id: UUID) -> None:
    write(cast, "lawyer", case_id, "ثانية")
    note_id = newest(case_id).id
    db.session.rollback()
    db.session.execute(update(LawyerNote).where(LawyerNote.id == note_id).values(version=2))
    db.session.commit()
    with pytest.raises(Tampered):
        reads(cast, "lawyer", case_id)


def test_the_key_of_the_case_changes_and_the_notes_stay(cast: Cast, case_id: UUID) -> None:
    with transaction():
        members.add(cast["coordinator"], case_id, cast["colleague"].person_id)
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["colleague"].person_id)
    assert texts(cast, "lawyer", case_id) == [SECRET]
