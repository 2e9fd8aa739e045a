"""What somebody was typing, sealed to the own public key: nobody else opens it, the server included.

A form is called by the endpoint that takes it and, behind "/", by whatever else its address names: an issue
of law, a kind of consent. Only the endpoint stands in clear; the rest is sealed with what was typed, and
whoever looks for a draft opens their few of that endpoint and object.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid4

import orjson
from sqlalchemy import ColumnElement, Select, SelectBase, delete, select

import vault
from accounts.models import Draft, Person
from accounts.service import trust
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import NotFound
from core.store.base import db

Ids: TypeAlias = Collection[UUID] | SelectBase  # as they are, or as a part of the statement
MOST: Final = 50  # drafts of one person; the oldest goes
# Whether an object is no more; features above register here while the application starts.
no_more: list[Callable[[UUID], bool]] = []
# Whether somebody cannot open any more what a form is about; registered as above.
shut: list[Callable[[UUID, str, UUID], bool]] = []
_REST: Final = "/"  # under which the rest of the form's name is sealed; no field is called that


@dataclass(frozen=True)
class KeptDraft:
    """That a draft exists: of which form, about which object, since when."""

    id: UUID
    form: str
    object_id: UUID | None
    saved_at: dt.datetime


@dataclass(frozen=True)
class OpenDraft:
    """What was typed, by field, and when it was kept."""

    id: UUID
    saved_at: dt.datetime
    data: dict[str, Any] = field(repr=False)


def save(
    person_id: UUID, form: str, object_id: UUID | None, data: dict[str, Any], *, instead: UUID | None = None
) -> None:
    """Keep a draft in place of an earlier one of the same form and object.

    Only its owner could tell which earlier one of several of an endpoint is the same: those stay, and the
    page offers each. instead: the one that had come back and was typed on, which goes in any case.
    Raises vault.Untrusted when the person's key does not hold, NotFound where the object is no more.
    """
    still_there(object_id)
    public = trust.person_key(person_id).hpke_public
    endpoint, _, rest = form.partition("/")
    whole = orjson.dumps({**data, _REST: rest})
    before = delete(Draft).where(_same(person_id, endpoint, object_id))
    db.session.execute(before.where(Draft.id == instead) if rest else before)
    db.session.add(
        Draft(
            id=uuid4(),
            person_id=person_id,
            form=endpoint,
            object_id=object_id,
            sealed=vault.seal_to(public, whole, _context(person_id, endpoint, object_id)),
            saved_at=clock.now(),
        )
    )
    db.session.flush()
    newest = select(Draft.id).where(Draft.person_id == person_id).order_by(Draft.saved_at.desc()).limit(MOST)
    db.session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.id.not_in(newest)))


def still_there(object_id: UUID | None) -> None:
    """Before a draft about an object is touched: nobody takes the object away until this transaction is over.

    In this order, for whoever takes it away holds it while they delete its drafts. Raises NotFound where the
    object is no more.
    """
    if object_id is not None and any(gone(object_id) for gone in no_more):
        raise NotFound


def load(actor: Actor, form: str, object_id: UUID | None = None) -> dict[str, Any] | None:
    """The draft of a form, or None; of several the newest."""
    return next((one.data for one in opened(actor, form, object_id)), None)


def opened(actor: Actor, form: str, object_id: UUID | None = None) -> list[OpenDraft]:
    """The drafts of a form, the newest first. One that does not open is as good as none."""
    found = _named(actor, form, object_id)
    return [OpenDraft(row.id, row.saved_at, data) for row, data in found if data is not None]


def discard(actor: Actor, form: str, object_id: UUID | None = None, *, only: UUID | None = None) -> None:
    """Delete the drafts of a form, or only one of them."""
    ids = [row.id for row, _data in _named(actor, form, object_id) if only in {None, row.id}]
    if ids:
        db.session.execute(delete(Draft).where(Draft.id.in_(ids)))


def still_theirs(person_id: UUID, form: str, object_id: UUID | None) -> None:
    """Raise NotFound where somebody cannot open any more what a form is about."""
    endpoint = form.partition("/")[0]
    if object_id is not None and any(gone(person_id, endpoint, object_id) for gone in shut):
        raise NotFound


def shut_out(
    organisation_id: UUID, object_ids: Ids, reached_by: Ids, forms: Collection[str] | None = None
) -> None:
    """Delete what anybody else here than those named was typing about some objects: no longer theirs.

    forms: of these alone, by endpoint; else of all.
    """
    here = Draft.person_id.in_(select(Person.id).where(Person.organisation_id == organisation_id))
    outside = Draft.person_id.not_in(reached_by)
    named = [] if forms is None else [Draft.form.in_(forms)]
    _delete(Draft.object_id.in_(object_ids), here, outside, *named)


def forget(object_ids: Ids) -> None:
    """Delete what anybody was typing about some objects: they are no more."""
    _delete(Draft.object_id.in_(object_ids))


def _delete(*where: ColumnElement[bool]) -> None:
    db.session.execute(delete(Draft).where(*where), execution_options={"synchronize_session": False})


def kept(actor: Actor, endpoint: str = "") -> list[KeptDraft]:
    """The actor's drafts, of one endpoint or of all, newest first; opened for what their forms are called."""
    mine = _own(actor).where(Draft.form == endpoint) if endpoint else _own(actor)
    found = db.session.scalars(mine.order_by(Draft.saved_at.desc()))
    return [KeptDraft(row.id, _open(actor, row)[0], row.object_id, row.saved_at) for row in found]


def _own(actor: Actor) -> Select[Draft]:
    return reachable(actor, Permission.DESK_READ, Draft)


def _named(actor: Actor, form: str, object_id: UUID | None) -> Iterator[tuple[Draft, dict[str, Any] | None]]:
    """The actor's drafts of a form about an object, newest first, and what was typed where one opens."""
    mine = _own(actor).where(_same(actor.person_id, form.partition("/")[0], object_id))
    for row in db.session.scalars(mine.order_by(Draft.saved_at.desc())):
        called, data = _open(actor, row)
        if called == form:
            yield row, data


def _open(actor: Actor, row: Draft) -> tuple[str, dict[str, Any] | None]:
    """What the form of a draft is called, and what was typed; of one that does not open: endpoint, None."""
    context = _context(actor.person_id, row.form, row.object_id)
    try:
        data: dict[str, Any] = orjson.loads(actor.secret.pair.open(row.sealed, context))
    except vault.VaultError:
        return row.form, None
    rest = data.pop(_REST, "")  # drafts of an earlier version have none
    return (f"{row.form}/{rest}" if rest else row.form), data


def _same(person_id: UUID, endpoint: str, object_id: UUID | None) -> Any:
    about = Draft.object_id.is_(None) if object_id is None else Draft.object_id == object_id
    return (Draft.person_id == person_id) & (Draft.form == endpoint) & about


def _context(person_id: UUID, endpoint: str, object_id: UUID | None) -> vault.Context:
    return vault.Context("draft", person_id, endpoint, object_id)
