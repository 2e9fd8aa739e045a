"""Talks about the work between a coordinator and a colleague: the load, what was learned, what was agreed.

Each note has a key of its own, sealed to the two who had the talk. Nobody else opens it, no other coordinator
and no recovery; who gets a new key after losing theirs reads only what is written from then on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.models import Person
from accounts.service import drafts, trust
from accounts.service.names import names_of
from cases.service import team
from cases.talk_models import WorkTalk, WorkTalkReader
from core import clock
from core.access.actors import Actor
from core.access.permissions import READING, Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from vault import Key, Unreadable

SHOWN: Final = 100  # on a page


@dataclass(frozen=True)
class Talk:
    """A note as one of the two reads it; `text` is None where it was sealed to a key that is gone."""

    id: UUID
    written_at: dt.datetime
    written_by: str
    other: str  # with whom
    held_on: dt.date | None
    text: str | None = field(repr=False)
    mine: bool  # the reader wrote it, and may say it otherwise or take it out
    out: bool = False  # taken out: nobody reads any more what stood in it
    changed_on: dt.date | None = None
    version: int = 1


@dataclass(frozen=True)
class Page:
    """Some of the talks that somebody had, the newest first."""

    talks: list[Talk]
    next: int | None  # the page behind this one


def others(actor: Actor) -> list[Person]:
    """Colleagues with whom a coordinator can have a talk about the work."""
    return team.colleagues(actor, READING)


def write(actor: Actor, other: UUID, held_on: dt.date, text: str, token: UUID) -> None:
    """Keep a note of a talk; the same token twice keeps it once. Raises Refused, DomainError."""
    if not may(actor, Permission.TALK_WRITE):
        raise Refused
    if other not in {person.id for person in others(actor)}:
        raise DomainError(_("Choose a colleague."), field="other")
    if not text.strip():
        raise DomainError(_("Write something first."), field="text")
    if db.session.scalar(select(WorkTalk.id).where(WorkTalk.token == token)) is not None:
        return
    readers = trust.person_keys([actor.person_id, other])
    if len(readers) != len({actor.person_id, other}):
        raise DomainError(_("The key of this person does not hold. Choose somebody else."), field="other")
    key, talk_id = Key.new(), uuid4()
    said = {"on": held_on.isoformat(), "text": text.strip()}
    db.session.add(
        WorkTalk(
            id=talk_id,
            organisation_id=actor.organisation_id,
            written_by=actor.person_id,
            written_at=clock.now(),
            sealed=vault.seal(key, orjson.dumps(said), _context(talk_id)),
            token=token,
        )
    )
    db.session.flush()
    for person_id, known in readers.items():
        wrapped = vault.wrap_to(known.hpke_public, key, _wrap(talk_id, person_id))
        db.session.add(WorkTalkReader(talk_id=talk_id, person_id=person_id, wrapped=wrapped))
    db.session.flush()
    audit.record(actor, "talk.write", object_kind="talk", object_id=talk_id)


def change(actor: Actor, talk_id: UUID, version: int, held_on: dt.date, text: str) -> None:
    """Say otherwise what a note says; the two who had the talk stay the same.

    Raises NotFound for what the actor did not write, Conflict for a stale version, DomainError.
    """
    row, reader = _written(actor, talk_id)
    if not text.strip():
        raise DomainError(_("Write something first."), field="text")
    if not row.sealed:
        raise Conflict
    key, said = _unsealed(actor, row, reader)
    now = {"on": held_on.isoformat(), "text": text.strip()}
    if version == said.get("version", 1) - 1 and {name: said[name] for name in now} == now:
        return  # a second click
    if said.get("version", 1) != version:
        raise Conflict
    now |= {"changed": clock.today().isoformat()}
    row.sealed = vault.seal(key, orjson.dumps({**now, "version": version + 1}), _context(row.id))
    db.session.flush()
    audit.record(actor, "talk.change", object_kind="talk", object_id=row.id)


def remove(actor: Actor, talk_id: UUID) -> None:
    """Take out what a note says, for good and for both; that there was one stays. Twice is once.

    Needs no key, so that whoever has a new one can still do it. Raises NotFound.
    """
    row, _reader = _written(actor, talk_id)
    if row.sealed:
        row.sealed = b""
        drafts.forget([row.id])  # what was being corrected
        db.session.flush()
        audit.record(actor, "talk.remove", object_kind="talk", object_id=row.id)


def one(actor: Actor, talk_id: UUID) -> Talk:
    """A note that the actor wrote, to say it otherwise. Raises NotFound, also where it was taken out."""
    row, reader = _written(actor, talk_id)
    if not row.sealed:
        raise NotFound
    told = _names(actor, [row])
    return _opened(actor, row, reader, *told[row.id])


def _written(actor: Actor, talk_id: UUID) -> tuple[WorkTalk, WorkTalkReader]:
    own = (
        reachable(actor, Permission.TALK_WRITE, WorkTalkReader)
        .join(WorkTalk, WorkTalk.id == WorkTalkReader.talk_id)
        .where(WorkTalk.id == talk_id, WorkTalk.written_by == actor.person_id)
        .with_only_columns(WorkTalk, WorkTalkReader)
        .with_for_update(of=WorkTalk)
    )
    found = db.session.execute(own).one_or_none()
    if found is None:
        raise NotFound
    talk, reader = found
    return talk, reader


def mine(actor: Actor, page: int = 0) -> Page:
    """The talks that the actor had, the newest first; the act is on the chain."""
    own = (
        reachable(actor, Permission.TALK_READ, WorkTalkReader)
        .join(WorkTalk, WorkTalk.id == WorkTalkReader.talk_id)
        .order_by(WorkTalk.written_at.desc(), WorkTalk.id)
        .offset(page * SHOWN)
        .limit(SHOWN + 1)
        .with_only_columns(WorkTalk, WorkTalkReader)
    )
    found = db.session.execute(own).all()
    told = _names(actor, [talk for talk, _reader in found])
    audit.record(actor, "talk.list")
    shown = [_opened(actor, talk, reader, *told[talk.id]) for talk, reader in found[:SHOWN]]
    return Page(shown, page + 1 if len(found) > SHOWN else None)


def _names(actor: Actor, talks: list[WorkTalk]) -> dict[UUID, tuple[str, str]]:
    """Who wrote each, and with whom the actor had it."""
    with_whom = select(WorkTalkReader.talk_id, WorkTalkReader.person_id).where(
        WorkTalkReader.talk_id.in_([talk.id for talk in talks]),
        WorkTalkReader.person_id != actor.person_id,
    )
    other = {talk_id: person_id for talk_id, person_id in db.session.execute(with_whom)}  # noqa: C416 - rows are no pairs to mypy
    names = names_of({*other.values(), *(talk.written_by for talk in talks)})
    return {talk.id: (names.get(talk.written_by, ""), names.get(other.get(talk.id), "")) for talk in talks}


def _opened(actor: Actor, talk: WorkTalk, reader: WorkTalkReader, by: str, other: str) -> Talk:
    mine = talk.written_by == actor.person_id and may(actor, Permission.TALK_WRITE)
    if not talk.sealed:
        return Talk(talk.id, talk.written_at, by, other, None, None, mine, out=True)
    try:
        said = _unsealed(actor, talk, reader)[1]
    except Unreadable:
        return Talk(talk.id, talk.written_at, by, other, None, None, mine)
    changed = dt.date.fromisoformat(said["changed"]) if "changed" in said else None
    held_on, version = dt.date.fromisoformat(said["on"]), said.get("version", 1)
    return Talk(
        talk.id, talk.written_at, by, other, held_on, said["text"], mine, changed_on=changed, version=version
    )


def _unsealed(actor: Actor, talk: WorkTalk, reader: WorkTalkReader) -> tuple[Key, dict[str, Any]]:
    """The key of a note and what it says. Raises Unreadable where the actor has another key by now."""
    key = actor.secret.pair.unwrap(reader.wrapped, _wrap(talk.id, actor.person_id))
    return key, orjson.loads(vault.unseal(key, talk.sealed, _context(talk.id)))


def _context(talk_id: UUID) -> vault.Context:
    return vault.Context("talk about work", talk_id)


def _wrap(talk_id: UUID, person_id: UUID) -> vault.Context:
    return vault.Context("key of a talk about work", talk_id, person_id)
