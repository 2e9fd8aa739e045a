"""The secret address of a person's calendar: shown once, kept as a hash, renewed or ended at will."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

import vault
from accounts.models import CalendarFeed, Person
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.store.base import db

_BYTES: Final = 32


@dataclass(frozen=True)
class Owner:
    """Whose calendar it is, and the language it speaks."""

    person_id: UUID
    language: str


def made_at(actor: Actor) -> dt.datetime | None:
    """Since when the actor's calendar has an address, or None."""
    return db.session.scalar(select(CalendarFeed.made_at).where(CalendarFeed.person_id == actor.person_id))


def make(actor: Actor) -> str:
    """Make an address and give its secret part, which is kept nowhere; the one before stops working."""
    token = secrets.token_urlsafe(_BYTES)
    feed = CalendarFeed(person_id=actor.person_id, token_hash=_hash(token), made_at=clock.now())
    db.session.merge(feed)
    db.session.flush()
    audit.record(actor, "calendar.make", object_kind="person", object_id=actor.person_id)
    return token


def end(actor: Actor) -> None:
    """Nobody reads the calendar any more; again, it changes nothing."""
    ended = db.session.execute(
        delete(CalendarFeed).where(CalendarFeed.person_id == actor.person_id).returning(CalendarFeed.made_at)
    ).first()
    if ended is not None:
        audit.record(actor, "calendar.end", object_kind="person", object_id=actor.person_id)


def owner(token: str) -> Owner | None:
    """Whose calendar a secret opens: somebody's who still works here, or None."""
    found = db.session.execute(
        select(Person.id, Person.language)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.token_hash == _hash(token), Person.state == "active")
    ).first()
    return Owner(*found) if found else None


def _hash(token: str) -> bytes:
    return sha256(vault.pack("calendar", token.encode())).digest()
