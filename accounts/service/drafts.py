"""What somebody was typing, sealed to the own public key: nobody else opens it, the server included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from sqlalchemy import Select, delete, select

import vault
from accounts.models import Draft
from accounts.service import trust
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.store.base import db

MOST: Final = 50  # drafts of one person; the oldest goes


@dataclass(frozen=True)
class KeptDraft:
    """That a draft exists: of which form (its endpoint), about which object, since when."""

    id: UUID
    form: str
    object_id: UUID | None
    saved_at: dt.datetime


def save(person_id: UUID, form: str, object_id: UUID | None, data: dict[str, Any]) -> None:
    """Keep a draft in place of an earlier one of the same form and object.

    Raises vault.Untrusted when the person's key does not hold.
    """
    public = trust.person_key(person_id).hpke_public
    sealed = vault.seal_to(public, orjson.dumps(data), _context(person_id, form, object_id))
    db.session.execute(delete(Draft).where(_same(person_id, form, object_id)))
    db.session.add(
        Draft(
            id=uuid4(),
            person_id=person_id,
            form=form,
            object_id=object_id,
            sealed=sealed,
            saved_at=clock.now(),
        )
    )
    db.session.flush()
    newest = select(Draft.id).where(Draft.person_id == person_id).order_by(Draft.saved_at.desc()).limit(MOST)
    db.session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.id.not_in(newest)))


def load(actor: Actor, form: str, object_id: UUID | None = None) -> dict[str, Any] | None:
    """The draft of a form, or None. One that does not open is as good as none."""
    mine = _own(actor).where(_same(actor.person_id, form, object_id))
    row = db.session.scalar(mine.order_by(Draft.saved_at.desc()).limit(1))  # of two saved at once the later
    if row is None:
        return None
    try:
        data = actor.secret.pair.open(row.sealed, _context(actor.person_id, form, object_id))
    except vault.VaultError:
        return None
    loaded: dict[str, Any] = orjson.loads(data)
    return loaded


def discard(actor: Actor, form: str, object_id: UUID | None = None) -> None:
    """Delete the draft of a form, if there is one."""
    db.session.execute(delete(Draft).where(_same(actor.person_id, form, object_id)))


def shut_out(object_ids: Collection[UUID], reached_by: Collection[UUID]) -> None:
    """Delete what anybody else than those named was typing about some objects: no longer theirs."""
    outside = Draft.person_id.not_in(reached_by)
    db.session.execute(delete(Draft).where(Draft.object_id.in_(object_ids), outside))


def kept(actor: Actor) -> list[KeptDraft]:
    """The actor's drafts, newest first, unopened."""
    rows = db.session.scalars(_own(actor).order_by(Draft.saved_at.desc()))
    return [KeptDraft(row.id, row.form, row.object_id, row.saved_at) for row in rows]


def _own(actor: Actor) -> Select[Draft]:
    return reachable(actor, Permission.DESK_READ, Draft)


def _same(person_id: UUID, form: str, object_id: UUID | None) -> Any:
    about = Draft.object_id.is_(None) if object_id is None else Draft.object_id == object_id
    return (Draft.person_id == person_id) & (Draft.form == form) & about


def _context(person_id: UUID, form: str, object_id: UUID | None) -> vault.Context:
    return vault.Context("draft", person_id, form, object_id)
