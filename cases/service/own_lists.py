"""What somebody keeps for themselves about cases, sealed under the own keyring key."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

import vault
from cases.list_models import OwnList
from cases.service.filtering import Filters
from core import clock
from core.access.actors import Actor
from core.errors import DomainError, NotFound
from core.store.base import db
from vault import Context, Unreadable

MOST: Final = 20  # lists that somebody keeps
FILTER: Final = "filter"
AGAIN: Final = dt.timedelta(hours=1)  # in which a second click on taking one out is the first one


@dataclass(frozen=True)
class Kept:
    """A choice of cases under the name that somebody gave it."""

    id: UUID
    name: str
    filters: Filters


def save(actor: Actor, name: str, filters: Filters, token: UUID) -> UUID:
    """Keep a choice of cases. The same token twice keeps one. Raises DomainError beyond MOST."""
    if find_row(actor, token, FILTER) is not None:
        return token
    mine = OwnList.person_id == actor.person_id, OwnList.kind == FILTER, OwnList.open
    have = select(func.count()).where(*mine)
    if (db.session.scalar(have) or 0) >= MOST:
        raise DomainError(_("You keep twenty lists already. Take one out first."), field="name")
    put(actor, token, FILTER, {"name": name, "filters": filters.chosen()})
    return token


@dataclass(frozen=True)
class Mine:
    """The choices that somebody keeps, by name, and the acts on several cases that are not over."""

    lists: list[Kept]
    begun: list[UUID]


def mine(actor: Actor) -> Mine:
    """Both, in one statement; what does not open is left out."""
    rows = select(OwnList).where(OwnList.person_id == actor.person_id, OwnList.open)
    lists, begun = [], []
    for row in db.session.scalars(rows.order_by(OwnList.made_at)):
        said = opened(actor, row)
        if said is not None and row.kind == FILTER:
            lists.append(Kept(row.id, said["name"], Filters.of(said["filters"])))
        elif said is not None:
            begun.append(row.id)
    return Mine(sorted(lists, key=lambda one: one.name.casefold()), begun)


def one(actor: Actor, list_id: UUID) -> Kept:
    """One of them. Raises NotFound."""
    row = find_row(actor, list_id, FILTER)
    said = opened(actor, row) if row is not None and row.open else None
    if said is None:
        raise NotFound
    return Kept(list_id, said["name"], Filters.of(said["filters"]))


def remove(actor: Actor, list_id: UUID) -> None:
    """Take one out. Twice is once; somebody else's is not found.

    What it chose goes at once; an empty row stays for AGAIN, so that a second click meets what it meant.
    """
    mine = OwnList.person_id == actor.person_id, OwnList.kind == FILTER
    gone = delete(OwnList).where(*mine, ~OwnList.open, OwnList.made_at < clock.now() - AGAIN)
    db.session.execute(gone)
    row = find_row(actor, list_id, FILTER, lock=True)
    if row is None:
        raise NotFound
    if row.open:
        row.open, row.made_at = False, clock.now()
        write(actor, row, {})
        db.session.flush()


def put(actor: Actor, row_id: UUID, kind: str, said: dict[str, Any]) -> None:
    """Add a row of one's own."""
    row = OwnList(
        id=row_id, person_id=actor.person_id, kind=kind, open=True, made_at=clock.now(), version=0, sealed=b""
    )
    write(actor, row, said)
    db.session.add(row)
    db.session.flush()


def write(actor: Actor, row: OwnList, said: dict[str, Any]) -> None:
    """Seal what a row says, as its next version."""
    row.version += 1
    row.sealed = vault.seal(actor.secret.ring, orjson.dumps(said), _context(actor, row))


def find_row(actor: Actor, row_id: UUID, kind: str, *, lock: bool = False) -> OwnList | None:
    """A row of the actor's own, or None; locked where somebody goes on with it."""
    mine = select(OwnList).where(
        OwnList.id == row_id, OwnList.person_id == actor.person_id, OwnList.kind == kind
    )
    if lock:
        mine = mine.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(mine)


def opened(actor: Actor, row: OwnList) -> dict[str, Any] | None:
    """What a row says; None where it was sealed under a key that is gone."""
    try:
        said: dict[str, Any] = orjson.loads(vault.unseal(actor.secret.ring, row.sealed, _context(actor, row)))
    except Unreadable:
        return None
    return said


def _context(actor: Actor, row: OwnList) -> Context:
    return Context("own list", actor.organisation_id, actor.person_id, row.id, row.kind, row.version)
