"""The directory of the organisation: begun once from the public table, then kept by coordinators."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, exists, select

from accounts.models import Organisation
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.reference import reference
from core.store.base import db
from domain.directory import PublicService, load_services
from referrals.models.directory import DirectoryEntry

_TABLE: Final = Path(__file__).parents[2] / "config" / "directory" / "services.tsv"
_REVIEW: Final = dt.timedelta(days=180)  # how long what a directory says is believed
TEXTS: Final = ("name_ar", "name_tr", "name_en", "address", "hours", "focal_person", "phone")
LISTS: Final = ("services", "provinces", "languages")


@dataclass(frozen=True)
class Line:
    """An entry as a list shows it."""

    id: UUID
    name: str
    services: list[str]
    provinces: list[str]
    languages: list[str]
    capacity: str
    address: str
    hours: str
    focal_person: str
    phone: str
    confirmed: bool
    overdue: bool
    review_on: dt.date
    partner_id: UUID | None


def begin(actor: Actor) -> None:
    """Fill the directory of an organisation that has none yet from the public table. Twice is once."""
    if not may(actor, Permission.DIRECTORY_READ):
        raise Refused
    begun = exists().where(DirectoryEntry.organisation_id == actor.organisation_id)
    if db.session.scalar(select(begun)):
        return
    # Two people who open it at the same second queue here.
    home = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    db.session.execute(home.with_for_update(key_share=True))
    if db.session.scalar(select(begun)):
        return
    lists = reference().lists
    for service in load_services(_TABLE, lists["service"].codes, lists["language"].codes):
        db.session.add(_first(actor.organisation_id, service))
    db.session.flush()
    audit.record(actor, "directory.begin")


def search(
    actor: Actor, language: str, *, need: str = "", province: str = "", spoken: str = ""
) -> list[Line]:
    """Entries that offer a need in a place, by name; those that are known to be full come last.

    spoken: an entry of the list `language`; who speaks Arabic anywhere speaks each kind of it.
    The directory is public and small: it is filtered in memory, the same on both databases.
    """
    found = [
        _line(entry, language)
        for entry in db.session.scalars(_live(actor))
        if (not need or need in entry.services)
        and (not province or not entry.provinces or province in entry.provinces)
        and (not spoken or _family(spoken) in {_family(code) for code in entry.languages})
    ]
    return sorted(found, key=lambda line: (line.capacity == "full", line.partner_id is None, line.name))


def entry(actor: Actor, entry_id: UUID) -> DirectoryEntry:
    """One entry. Raises NotFound."""
    row = db.session.scalar(_ours(actor).where(DirectoryEntry.id == entry_id))
    if row is None:
        raise NotFound
    return row


def partners(actor: Actor, language: str) -> list[tuple[str, str]]:
    """Id and name of the other organisations of this installation, to link an entry to."""
    rows = db.session.scalars(select(Organisation).where(Organisation.id != actor.organisation_id))
    return sorted(((str(one.id), one.name(language)) for one in rows), key=lambda pair: pair[1])


def add(actor: Actor, token: UUID, values: dict[str, Any]) -> UUID:
    """Add an entry and give its id; the same token twice adds one. Raises Refused, DomainError."""
    if not may(actor, Permission.DIRECTORY_EDIT):
        raise Refused
    known = db.session.scalar(_ours(actor).where(DirectoryEntry.token == token))
    if known is not None:
        return known.id
    row = DirectoryEntry(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        code=None,
        retired=False,
        version=1,
        token=token,
    )
    _fill(actor, row, values)
    db.session.add(row)
    audit.record(actor, "directory.add", object_kind="directory", object_id=row.id)
    return row.id


def change(actor: Actor, entry_id: UUID, version: int, values: dict[str, Any]) -> None:
    """Replace what an entry says. Raises Conflict for a stale version."""
    row = _to_change(actor, entry_id, version)
    _fill(actor, row, values)
    row.version += 1
    audit.record(actor, "directory.change", object_kind="directory", object_id=row.id)


def retire(actor: Actor, entry_id: UUID, version: int) -> None:
    """Take an entry out of the directory; referrals that named it keep their name. Twice is once."""
    row = _to_turn(actor, entry_id, version, retired=True)
    if row is None:
        return
    row.retired = True
    row.version += 1
    audit.record(actor, "directory.retire", object_kind="directory", object_id=row.id)


def retired(actor: Actor, language: str) -> list[Line]:
    """Entries that were taken out, by name."""
    rows = db.session.scalars(_ours(actor).where(DirectoryEntry.retired.is_(True)))
    return sorted((_line(row, language) for row in rows), key=lambda line: line.name)


def restore(actor: Actor, entry_id: UUID, version: int) -> None:
    """Put an entry back, to be called again before anybody relies on it. Twice is once. Raises Conflict."""
    row = _to_turn(actor, entry_id, version, retired=False)
    if row is None:
        return
    row.retired, row.confirmed = False, False
    row.version += 1
    audit.record(actor, "directory.restore", object_kind="directory", object_id=row.id)


def _family(language: str) -> str:
    return language.partition("_")[0]


def _to_change(actor: Actor, entry_id: UUID, version: int) -> DirectoryEntry:
    return _unchanged(_locked(actor, entry_id), version, retired=False)


def _to_turn(actor: Actor, entry_id: UUID, version: int, *, retired: bool) -> DirectoryEntry | None:
    """The entry, to become retired or not; None where just this was done to just this version before."""
    row = _locked(actor, entry_id)
    if row.retired is retired and row.version == version + 1:
        return None
    return _unchanged(row, version, retired=not retired)


def _locked(actor: Actor, entry_id: UUID) -> DirectoryEntry:
    statement = reachable(actor, Permission.DIRECTORY_EDIT, DirectoryEntry).where(
        DirectoryEntry.id == entry_id
    )
    row = db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def _unchanged(row: DirectoryEntry, version: int, *, retired: bool) -> DirectoryEntry:
    if row.retired is not retired:
        raise NotFound
    if row.version != version:
        raise Conflict
    return row


def _fill(actor: Actor, row: DirectoryEntry, values: dict[str, Any]) -> None:
    if not any(values[name] for name in ("name_ar", "name_tr", "name_en")):
        raise DomainError(_("Write the name in at least one language."), field="name_tr")
    if not values["services"]:
        raise DomainError(_("Choose at least one service."), field="services")
    partner = values["partner_id"]
    if partner is not None and (
        partner == actor.organisation_id or db.session.get(Organisation, partner) is None
    ):
        raise DomainError(_("Choose a partner from the list."), field="partner")
    for name in (*TEXTS, *LISTS, "capacity", "partner_id", "confirmed", "review_on"):
        setattr(row, name, values[name])


def _first(organisation_id: UUID, service: PublicService) -> DirectoryEntry:
    return DirectoryEntry(
        id=uuid4(),
        organisation_id=organisation_id,
        code=service.code,
        partner_id=None,
        name_ar=service.name.ar,
        name_tr=service.name.tr,
        name_en=service.name.en,
        services=list(service.services),
        provinces=list(service.provinces),
        languages=list(service.languages),
        capacity="unknown",
        address="",
        hours=service.hours,
        focal_person="",
        phone=service.phone,
        confirmed=False,
        review_on=clock.today() + _REVIEW,
        retired=False,
        version=1,
    )


def next_review() -> dt.date:
    """The day that is proposed for the next call."""
    return clock.today() + _REVIEW


def _live(actor: Actor) -> Select[DirectoryEntry]:
    return _ours(actor).where(DirectoryEntry.retired.is_(False))


def _ours(actor: Actor) -> Select[DirectoryEntry]:
    return reachable(actor, Permission.DIRECTORY_READ, DirectoryEntry)


def _line(row: DirectoryEntry, language: str) -> Line:
    return Line(
        row.id,
        row.name(language),
        list(row.services),
        list(row.provinces),
        list(row.languages),
        row.capacity,
        row.address,
        row.hours,
        row.focal_person,
        row.phone,
        row.confirmed,
        row.review_on < clock.today(),
        row.review_on,
        row.partner_id,
    )
