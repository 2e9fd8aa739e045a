"""Figures of a dossier: rows of stored releases, so that nothing is counted that the ledger does not know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

import vault
from advocacy.models.dossiers import DossierFigure
from advocacy.service import dossiers
from advocacy.service.dossiers import OpenDossier
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import DomainError, NotFound
from core.store.base import db
from domain.disclosure import ProtectedTable
from reports.models import Release
from reports.service import quarters
from vault import Context

TOTAL: Final = "_T"
OTHER: Final = "_O"


@dataclass(frozen=True)
class Figure:
    """One row of a release. `row` is its code, TOTAL or OTHER."""

    id: UUID
    release_id: UUID
    table: str
    quarter: str
    row: str
    value: int
    revoked: bool

    def content(self) -> dict[str, Any]:
        """What is frozen of it."""
        return {
            "id": self.id.hex,
            "release": str(self.release_id),
            "table": self.table,
            "quarter": self.quarter,
            "row": self.row,
            "value": self.value,
        }


def releases(actor: Actor) -> list[Release]:
    """The releases from which a figure may be taken: one line for each table and quarter, newest first."""
    rows = reachable(actor, Permission.STATISTICS_EXPORT, Release).where(Release.revoked_at.is_(None))
    found: dict[tuple[str, str], Release] = {}
    for row in db.session.scalars(rows.order_by(Release.released_at.desc(), Release.id)):
        found.setdefault((row.table, row.quarter), row)
    return list(found.values())


def rows_of(actor: Actor, release_id: UUID) -> tuple[Release, ProtectedTable]:
    """A release with the rows it published. Raises NotFound, DomainError for a revoked one."""
    statement = reachable(actor, Permission.STATISTICS_EXPORT, Release).where(Release.id == release_id)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    if found.revoked_at is not None:
        raise DomainError(_("This release was revoked. Choose another."))
    return found, quarters.preview(actor, found.table, found.quarter)


def add(actor: Actor, dossier_id: UUID, release_id: UUID, row: str) -> None:
    """Put a row of a release into a dossier. The same row twice is once.

    Raises NotFound for a row that the release does not publish.
    """
    opened = dossiers.to_edit(actor, dossier_id)
    release, table = rows_of(actor, release_id)
    published = values(table)
    if row not in published:
        raise NotFound
    key = (release.table, release.quarter, row)
    if any((one.table, one.quarter, one.row) == key for one in of(opened)):
        return
    made = DossierFigure(
        id=uuid4(),
        dossier_id=opened.id,
        release_id=release.id,
        sealed=b"",
        added_by=actor.person_id,
        added_at=clock.now(),
    )
    content = {"table": release.table, "quarter": release.quarter, "row": row, "value": published[row]}
    made.sealed = vault.seal(opened.key, orjson.dumps(content), _context(opened, made))
    db.session.add(made)
    dossiers.changed(opened)
    audit.record(actor, "dossier.edit", object_kind="dossier", object_id=dossier_id)


def remove(actor: Actor, dossier_id: UUID, figure_id: UUID) -> None:
    """Take a figure out. Twice is once."""
    opened = dossiers.to_edit(actor, dossier_id)
    row = db.session.get(DossierFigure, figure_id)
    if row is None or row.dossier_id != opened.id:
        return
    db.session.delete(row)
    dossiers.changed(opened)
    audit.record(actor, "dossier.edit", object_kind="dossier", object_id=dossier_id)


def of(opened: OpenDossier) -> list[Figure]:
    """The figures of a dossier in the order in which they came."""
    rows = db.session.execute(
        select(DossierFigure, Release.revoked_at)
        .join(Release, Release.id == DossierFigure.release_id)
        .where(DossierFigure.dossier_id == opened.id)
        .order_by(DossierFigure.added_at, DossierFigure.id)
    )
    figures = []
    for row, revoked_at in rows:
        content = orjson.loads(vault.unseal(opened.key, row.sealed, _context(opened, row)))
        figures.append(Figure(row.id, row.release_id, **content, revoked=revoked_at is not None))
    return figures


def last_revoked(release_ids: Collection[UUID]) -> dt.datetime | None:
    """When one of these releases was revoked last; None where all of them stand."""
    revoked = select(func.max(Release.revoked_at)).where(Release.id.in_(release_ids))
    return db.session.scalar(revoked)


def values(table: ProtectedTable) -> dict[str, int]:
    """What a protected table publishes: code, OTHER or TOTAL, and the figure."""
    published = {row.code: row.value for row in table.rows}
    if table.other is not None:
        published[OTHER] = table.other.value
    if table.total is not None:
        published[TOTAL] = table.total
    return published


def _context(opened: OpenDossier, row: DossierFigure) -> Context:
    return Context("dossier figure", opened.row.organisation_id, opened.id, row.id, row.release_id)
