"""Releases: made once, kept with their exact bytes and hash, served again as they were."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _

import vault
from accounts.models import Organisation, Person
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from core.store.blobs import Blobs
from domain.disclosure import ProtectedTable
from domain.quarters import Quarter
from reports.models import Release
from reports.service import sealed
from reports.service.sealed import MENU_VERSION, Pairs, Unusable

FORMATS: Final = ("xlsx", "csv")
NO_LANGUAGE: Final = "zxx"  # ISO 639-2: codes only, so that the three languages share one release


@dataclass(frozen=True)
class Draft:
    """A release made and stored, not yet in the ledger; without `release` the ledger has it already."""

    table: str
    quarter: str
    format: str
    language: str
    release: Release | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Stamp:
    """What a release says of itself: its id in the ledger, and a random seal found nowhere else in clear.

    With the seal the hash in the ledger cannot be used to guess figures from a stolen database.
    """

    release_id: UUID
    seal: str
    organisation: str  # its name in the language of the release


Render = Callable[[ProtectedTable, Stamp], bytes]


def draft(
    actor: Actor, blobs: Blobs, table: str, quarter: str, kind: str, language: str, render: Render
) -> Draft:
    """Make and store the bytes of a release, unless the ledger has it. Call it outside of a transaction.

    `kind` is one of FORMATS; `render` writes the protected table so, in that language. Raises NotFound for
    anything that is not on the menu or not frozen.
    """
    if kind not in FORMATS:
        raise NotFound
    asked = Draft(table, quarter, kind, NO_LANGUAGE if kind == "csv" else language)
    row = sealed.snapshot_of(actor, table, quarter)
    if _find(actor, asked) is not None:
        return asked
    pairs = Pairs(actor)
    home = db.session.get_one(Organisation, actor.organisation_id)
    stamp = Stamp(uuid4(), secrets.token_hex(16), home.name(language))
    content = render(sealed.drawn(sealed.opened(pairs, row), table, Quarter.parse(quarter)), stamp)
    release = Release(
        id=stamp.release_id,
        organisation_id=actor.organisation_id,
        table=table,
        quarter=quarter,
        menu_version=MENU_VERSION,
        format=kind,
        language=asked.language,
        snapshot_id=row.id,
        sha256=hashlib.sha256(content).digest(),
        size=0,
        blob_id=uuid4(),
        released_at=clock.now(),
        released_by=actor.person_id,
        revoked_at=None,
        revoked_by=None,
        revoked_reason=None,
    )
    box = vault.seal_to(pairs.of(row.key_id).public, content, sealed.release_context(release))
    release.size = len(box)  # of what is stored: the exact length of the file would hint at its figures
    blobs.put(release.blob_id, box)
    return replace(asked, release=release)


def release(actor: Actor, blobs: Blobs, drafted: Draft) -> UUID:
    """Put a release into the ledger, or give the one that is there already; its id."""
    sealed.queue(actor)
    first = _find(actor, drafted)
    made = drafted.release
    if first is not None:
        if made is not None:
            blobs.delete(made.blob_id)
        audit.record(actor, "statistics.release_again", object_kind="release", object_id=first.id)
        return first.id
    if made is None:
        raise NotFound
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "statistics.release", object_kind="release", object_id=made.id, digest=made.sha256)
    return made.id


# What else must happen when a release was revoked; features above register here.
on_revoked: Final[list[Callable[[Actor], None]]] = []


def revoke(actor: Actor, release_id: UUID, reason: str) -> None:
    """Take a release back because it is wrong: it is served no more and may stand in no new dossier.

    Its line stays in the ledger, with the reason. What others hold already stays with them. Twice is once.
    Raises NotFound, DomainError without a reason.
    """
    if not reason.strip():
        raise DomainError(_("Write the reason"), field="reason")
    found = db.session.scalar(
        reachable(actor, Permission.STATISTICS_EXPORT, Release)
        .where(Release.id == release_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    if found.revoked_at is not None:
        return
    public = Pairs(actor).of(sealed.snapshot_of(actor, found.table, found.quarter).key_id).public
    found.revoked_at, found.revoked_by = clock.now(), actor.person_id
    found.revoked_reason = vault.seal_to(public, reason.encode(), sealed.revoked_context(found))
    audit.record(actor, "statistics.revoke", object_kind="release", object_id=found.id)
    db.session.flush()
    for hook in on_revoked:
        hook(actor)


def why_revoked(actor: Actor, found: Release) -> str:
    """The reason for which a release was taken back; empty for one that stands."""
    if found.revoked_reason is None:
        return ""
    row = sealed.snapshot_of(actor, found.table, found.quarter)
    return Pairs(actor).open(row.key_id, found.revoked_reason, sealed.revoked_context(found)).decode()


def ledger(actor: Actor) -> list[tuple[Release, str]]:
    """Every release of the organisation and the name of who released it, newest first."""
    rows = (
        reachable(actor, Permission.STATISTICS_READ, Release)
        .join(Person, Person.id == Release.released_by)
        .add_columns(Person.name)
        .order_by(Release.released_at.desc(), Release.id)
    )
    audit.record(actor, "statistics.ledger")
    return [(row, name) for row, name in db.session.execute(rows)]


def one(actor: Actor, release_id: UUID) -> Release:
    """A line of the ledger. Raises NotFound."""
    statement = reachable(actor, Permission.STATISTICS_EXPORT, Release).where(Release.id == release_id)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def fetch(actor: Actor, blobs: Blobs, release_id: UUID) -> tuple[Release, bytes]:
    """The exact bytes of a release. Raises NotFound, or Unusable when they are not those of the ledger."""
    found = one(actor, release_id)
    if found.revoked_at is not None:
        raise Conflict(_("This release was revoked and is not handed out any more. The ledger says why."))
    row = sealed.snapshot_of(actor, found.table, found.quarter)
    content = Pairs(actor).open(row.key_id, blobs.get(found.blob_id), sealed.release_context(found))
    if hashlib.sha256(content).digest() != found.sha256:
        raise Unusable(sealed.DAMAGED)
    audit.record(actor, "statistics.download", object_kind="release", object_id=found.id, digest=found.sha256)
    return found, content


def _find(actor: Actor, asked: Draft) -> Release | None:
    return db.session.scalar(
        reachable(actor, Permission.STATISTICS_EXPORT, Release).where(
            Release.table == asked.table,
            Release.quarter == asked.quarter,
            Release.menu_version == MENU_VERSION,
            Release.format == asked.format,
            Release.language == asked.language,
        )
    )
