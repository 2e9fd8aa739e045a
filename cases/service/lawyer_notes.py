"""Privileged notes: written and read by the lawyers of a case alone; nobody else learns even how many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select, tuple_

from accounts.service.names import names_of
from cases.models import Case
from cases.note_models import LawyerNote
from cases.service import due, gate, keys, note_keys, records, rows, team
from cases.service.lawyer_views import OpenNote
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from domain.lifecycle import State
from vault import Key

TABLE: Final = "lawyer_notes"
SHOWN: Final = 50  # on one page
NO_KEY: Final = _(
    "The key of this note was not given to you. A lawyer who holds it gives it in their next session; where "
    "none is left, recovery does."
)


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
    return _view(case, found, note_keys.held(actor, case, record))


def one_to_take_out(actor: Actor, case_id: UUID, note_id: UUID) -> OpenNote:
    """The note, for whoever may take it out: the lawyers of the case.

    Raises NotFound for anybody else, also a lawyer who is there for some days, and Locked.
    """
    case, row, held = _to_take_out(actor, case_id, note_id)
    if row.epoch not in held:
        raise Locked(NO_KEY)
    return _view(case, [row], held)[0]


def take_out(actor: Actor, case_id: UUID, note_id: UUID, reason: str) -> None:
    """Delete the text of a note for good: it stood in the wrong case. Twice is once.

    Its place stays, with who took it out, when and why, sealed as the note was. Raises as `one_to_take_out`,
    and DomainError without a reason.
    """
    case, row, held = _to_take_out(actor, case_id, note_id)
    if row.epoch not in held:
        raise Locked(NO_KEY)
    if "out" in _said(case, row, held[row.epoch]):
        return
    if not reason.strip():
        raise DomainError(_("Write the reason"), field="reason")
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    before = records.open_record(key, case)
    note_key, record = note_keys.for_writing(actor, case, before)
    if record != before:
        records.next_version(case, key, record)
    out = {"by": str(actor.person_id), "at": clock.now().isoformat(), "reason": reason}
    row.version, row.epoch = row.version + 1, note_key.epoch
    row.sealed = rows.seal_row(note_key, case, TABLE, row.id, row.version, {"text": "", "out": out})
    case.changed_at = clock.now()
    rows.written(actor, "case.note", key, case)  # the record of acts names no privileged one


def _to_take_out(actor: Actor, case_id: UUID, note_id: UUID) -> tuple[Case, LawyerNote, dict[int, Key]]:
    case = find(actor, Permission.CASE_PRIVILEGED, case_id)
    if not team.is_lawyer_of(case.id, actor.person_id) or case.state == State.ERASED:
        raise NotFound
    found = select(LawyerNote).where(LawyerNote.id == note_id, LawyerNote.case_id == case.id)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    record = records.open_record(keys.case_key(actor, case), case)
    return case, row, note_keys.held(actor, case, record)


def _view(case: Case, found: Sequence[LawyerNote], held: dict[int, Key]) -> list[OpenNote]:
    said = {one.id: _said(case, one, held[one.epoch]) if one.epoch in held else None for one in found}
    outs = {note_id: (told or {}).get("out") for note_id, told in said.items()}
    names = names_of({one.author_id for one in found} | {UUID(out["by"]) for out in outs.values() if out})
    notes = []
    for one in found:
        told, out = said[one.id], outs[one.id]
        note = OpenNote(
            id=one.id,
            author=names.get(one.author_id, ""),
            written_at=one.written_at,
            text=None if told is None else told["text"],
        )
        if out:
            at, by = dt.datetime.fromisoformat(out["at"]), names.get(UUID(out["by"]), "")
            note = replace(note, out_at=at, out_by=by, out_reason=out["reason"])
        notes.append(note)
    return notes


def _said(case: Case, row: LawyerNote, key: Key) -> dict[str, Any]:
    return rows.open_row(key, case, TABLE, row.id, row.version, row.sealed)


def came(actor: Actor, case: Case, record: dict[str, Any]) -> None:
    """A lawyer has joined the case: whoever holds the note keys grants them in their next session."""
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
