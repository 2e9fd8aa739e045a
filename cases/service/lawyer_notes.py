"""Privileged notes: written and read by the lawyers of a case alone; nobody else learns even how many."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select, tuple_

from accounts.service.names import names_of
from cases.models import Case
from cases.note_models import LawyerNote
from cases.service import due, gate, keys, note_keys, records, rows, team
from cases.service.reach import find
from cases.service.views import OpenNote
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.errors import DomainError, NotFound
from core.store.base import db
from domain.lifecycle import State
from vault import Key

TABLE: Final = "lawyer_notes"
SHOWN: Final = 50  # on one page


def write(actor: Actor, case_id: UUID, text: str, token: UUID) -> None:
    """Write a note that only the lawyers of the case read. The same token twice writes once.

    Raises NotFound for whoever is no lawyer of it, gate.Held, DomainError.
    """
    if not text.strip():
        raise DomainError(_("Write what happened."), field="text")
    case = find(actor, Permission.CASE_PRIVILEGED, case_id)
    if not team.is_lawyer_of(case.id, actor.person_id) or case.state == State.ERASED:
        raise NotFound
    if db.session.scalar(select(LawyerNote.id).where(LawyerNote.token == token)) is not None:
        return
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    before = records.open_record(key, case)
    gate.require(case, before, gate.Act.FACTS)
    note_key, record = note_keys.for_writing(actor, case, before)
    if record != before:
        records.next_version(case, key, record)
    note_id = uuid4()
    row = LawyerNote(
        id=note_id,
        case_id=case.id,
        author_id=actor.person_id,
        written_at=clock.now(),
        version=1,
        epoch=note_key.epoch,
        sealed=rows.seal_row(note_key, case, TABLE, note_id, 1, {"text": text}),
        token=token,
    )
    db.session.add(row)
    case.changed_at = row.written_at
    rows.written(actor, "case.note", key, case)  # the record of acts names no privileged one


def older(actor: Actor, case_id: UUID, before: UUID) -> list[OpenNote]:
    """The notes before one of them, the newest first. Raises NotFound for who is no lawyer of the case."""
    case = find(actor, Permission.CASE_PRIVILEGED, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    found = read(actor, case, records.open_record(key, case), before=before)
    if found is None:
        raise NotFound
    return found


def read(
    actor: Actor, case: Case, record: dict[str, Any], *, before: UUID | None = None
) -> list[OpenNote] | None:
    """The newest notes first, at most SHOWN; None for whoever is no lawyer of the case.

    A note of an earlier lawyer whose key the actor was not given says only that it is there.
    """
    if Role.LAWYER not in actor.roles or not team.is_lawyer_of(case.id, actor.person_id):
        return None
    newest = (
        select(LawyerNote)
        .where(LawyerNote.case_id == case.id)
        .order_by(LawyerNote.written_at.desc(), LawyerNote.id.desc())
        .limit(SHOWN)
    )
    if before is not None:
        known = select(LawyerNote.written_at, LawyerNote.id).where(
            LawyerNote.id == before, LawyerNote.case_id == case.id
        )
        place = db.session.execute(known).first()
        if place is None:
            raise NotFound
        newest = newest.where(tuple_(LawyerNote.written_at, LawyerNote.id) < tuple(place))
    found = db.session.scalars(newest).all()
    if not found:
        return []
    held = note_keys.held(actor, case, record)
    names = names_of({one.author_id for one in found})
    return [
        OpenNote(one.id, names.get(one.author_id, ""), one.written_at, _text(case, one, held))
        for one in found
    ]


def _text(case: Case, row: LawyerNote, held: dict[int, Key]) -> str | None:
    key = held.get(row.epoch)
    if key is None:
        return None
    said: str = rows.open_row(key, case, TABLE, row.id, row.version, row.sealed)["text"]
    return said


def came(actor: Actor, case: Case, record: dict[str, Any]) -> None:
    """A lawyer has joined the case: whoever holds the note keys grants them in their next session.

    Whoever was asked to review a draft was given them already.
    """
    if note_keys.wanting(case.id, actor.person_id, record):
        due.note_due(actor, case, actor.person_id)


def reads_alone(actor: Actor, case: Case, record: dict[str, Any]) -> bool:
    """Whether the actor leads the case, without another lawyer, and can read what lawyers wrote in it."""
    leads = team.lawyers(case.id, (str(Role.LAWYER),)).keys() == {actor.person_id}
    return leads and bool(note_keys.held(actor, case, record))


def hand_on(actor: Actor, case: Case, key: Key) -> None:
    """Grant the note keys to the lawyers of the case who lack them. Raises Locked for whoever holds none."""
    before = records.open_record(key, case)
    record = note_keys.share(actor, case, before)
    if record != before:
        records.next_version(case, key, record)
        rows.written(actor, "case.note", key, case)  # the record of acts names no privileged one
