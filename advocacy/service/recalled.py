"""Files whose story or figure was taken back: whoever received one has to hear of it, until that is done."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from advocacy.models.dossiers import (
    Dossier,
    DossierOutput,
    DossierStory,
    DossierVersion,
    DossierVersionStory,
)
from advocacy.service import dossiers, outputs
from advocacy.service.dossiers import OpenDossier
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Refused
from core.store.base import db


def waiting(actor: Actor) -> set[UUID]:
    """Dossiers of which somebody may still hold a file that was taken back. Opens nothing."""
    ours = reachable(actor, Permission.CONTACT_WRITE, Dossier).with_only_columns(Dossier.id)
    # A consent runs out by itself; the file is flagged only when somebody opens the dossier.
    run_out = (
        select(DossierVersionStory.version_id)
        .join(DossierStory, DossierStory.id == DossierVersionStory.story_id)
        .where(DossierStory.consent_until < clock.today())
    )
    found = (
        select(DossierVersion.dossier_id)
        .join(DossierOutput, DossierOutput.version_id == DossierVersion.id)
        .where(DossierVersion.dossier_id.in_(ours), DossierOutput.settled_at.is_(None))
    )
    gone = or_(DossierOutput.flagged_at.is_not(None), DossierVersion.id.in_(run_out))
    return set(db.session.scalars(found.where(gone)))


def waits(opened: OpenDossier) -> bool:
    """Whether those who received a file of this dossier still have to hear that it was taken back."""
    return any(row.flagged_at and not row.settled_at for row, _number in outputs.of(opened))


def versions(opened: OpenDossier) -> set[int]:
    """Numbers of the versions of which a file was taken back, whether it is settled or not."""
    return {number for row, number in outputs.of(opened) if row.flagged_at}


def settle(actor: Actor, dossier_id: UUID) -> None:
    """Say that everybody who received a file knows, or that nobody did. Twice is once. Raises Refused."""
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    found = [row for row, _number in outputs.of(opened) if row.flagged_at and not row.settled_at]
    for row in found:
        row.settled_at, row.settled_by = clock.now(), actor.person_id
    if found:
        audit.record(actor, "dossier.recall", object_kind="dossier", object_id=opened.id)
