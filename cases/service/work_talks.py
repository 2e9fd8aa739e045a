"""Talks about the work between a coordinator and a colleague: the load, what was learned, what was agreed.

Each note has a key of its own, sealed to the two who had the talk. Nobody else opens it, no other coordinator
and no recovery; who gets a new key after losing theirs reads only what is written from then on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.models import Person
from accounts.service import trust
from accounts.service.names import names_of
from cases.service import team
from cases.talk_models import WorkTalk, WorkTalkReader
from core import clock
from core.access.actors import Actor
from core.access.permissions import READING, Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import DomainError, Refused
from core.store.base import db
from vault import Key, Unreadable

SHOWN: Final = 100


@dataclass(frozen=True)
class Talk:
    """A note as one of the two reads it; `text` is None where it was sealed to a key that is gone."""

    id: UUID
    written_at: dt.datetime
    written_by: str
    other: str  # with whom
    held_on: dt.date | None
    text: str | None = field(repr=False)


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


def mine(actor: Actor) -> list[Talk]:
    """The talks that the actor had, the newest first; the act is on the chain."""
    own = (
        reachable(actor, Permission.TALK_READ, WorkTalkReader)
        .join(WorkTalk, WorkTalk.id == WorkTalkReader.talk_id)
        .order_by(WorkTalk.written_at.desc(), WorkTalk.id)
        .limit(SHOWN)
        .with_only_columns(WorkTalk, WorkTalkReader)
    )
    found = db.session.execute(own).all()
    with_whom = select(WorkTalkReader.talk_id, WorkTalkReader.person_id).where(
        WorkTalkReader.talk_id.in_([talk.id for talk, _reader in found]),
        WorkTalkReader.person_id != actor.person_id,
    )
    other = {talk_id: person_id for talk_id, person_id in db.session.execute(with_whom)}  # noqa: C416 - rows are no pairs to mypy
    names = names_of({*other.values(), *(talk.written_by for talk, _reader in found)})
    audit.record(actor, "talk.list")
    return [
        _opened(actor, talk, reader, names.get(talk.written_by, ""), names.get(other.get(talk.id), ""))
        for talk, reader in found
    ]


def _opened(actor: Actor, talk: WorkTalk, reader: WorkTalkReader, by: str, other: str) -> Talk:
    try:
        key = actor.secret.pair.unwrap(reader.wrapped, _wrap(talk.id, actor.person_id))
        said = orjson.loads(vault.unseal(key, talk.sealed, _context(talk.id)))
    except Unreadable:
        return Talk(talk.id, talk.written_at, by, other, None, None)
    return Talk(talk.id, talk.written_at, by, other, dt.date.fromisoformat(said["on"]), said["text"])


def _context(talk_id: UUID) -> vault.Context:
    return vault.Context("talk about work", talk_id)


def _wrap(talk_id: UUID, person_id: UUID) -> vault.Context:
    return vault.Context("key of a talk about work", talk_id, person_id)
