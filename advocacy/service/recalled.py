"""Files whose story or figure was taken back: whoever received one has to hear of it, until that is done."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, exists, or_, select

from advocacy.models.dossiers import (
    Dossier,
    DossierFigure,
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
from core.errors import Conflict, DomainError, Refused
from core.store.base import db
from reports.models import Release
from vault import VaultError


def waiting(actor: Actor) -> set[UUID]:
    """Dossiers of which somebody may still hold a file that was taken back. Opens nothing."""
    ours = reachable(actor, Permission.CONTACT_WRITE, Dossier).with_only_columns(Dossier.id)
    # A consent runs out by itself, and whoever revokes a release may not be able to open every dossier: the
    # file is flagged once somebody opens it.
    run_out = (
        select(DossierVersionStory.version_id)
        .join(DossierStory, DossierStory.id == DossierVersionStory.story_id)
        .where(DossierStory.consent_until < clock.today(), DossierStory.state != "pulled")
    )
    found = (
        select(DossierVersion.dossier_id)
        .join(DossierOutput, DossierOutput.version_id == DossierVersion.id)
        .where(DossierVersion.dossier_id.in_(ours))
    )
    flagged = and_(DossierOutput.flagged_at.is_not(None), DossierOutput.settled_at.is_(None))
    wrong = exists().where(
        DossierFigure.dossier_id == DossierVersion.dossier_id,
        DossierFigure.added_at <= DossierVersion.made_at,
        Release.id == DossierFigure.release_id,
        Release.revoked_at.is_not(None),
        or_(DossierOutput.flagged_at.is_(None), DossierOutput.flagged_at < Release.revoked_at),
    )
    gone = or_(flagged, wrong, DossierVersion.id.in_(run_out))
    return set(db.session.scalars(found.where(gone)))


def release_revoked(actor: Actor) -> None:
    """A release was revoked: the files of every dossier that hold its figures are flagged at once.

    Of a dossier that the actor cannot open, once somebody opens it who can; nothing stops the revocation.
    """
    made = select(DossierVersion.dossier_id).join(
        DossierOutput, DossierOutput.version_id == DossierVersion.id
    )
    ours = reachable(actor, Permission.DOSSIER_READ, Dossier).where(Dossier.id.in_(made))
    for dossier_id in db.session.scalars(ours.with_only_columns(Dossier.id)).all():
        with suppress(DomainError, VaultError), db.session.begin_nested():
            outputs.flag_figures(dossiers.open_dossier(actor, dossier_id))


def versions(opened: OpenDossier) -> set[int]:
    """Numbers of the versions of which a file was taken back, whether it is settled or not."""
    return {number for row, number in outputs.of(opened) if row.flagged_at}


def shown(opened: OpenDossier) -> str:
    """What the page shows as taken back, for `settle`: it settles nothing that came after."""
    flagged = [row.flagged_at for row, _number in outputs.of(opened) if row.flagged_at and not row.settled_at]
    return max(flagged).isoformat() if flagged else ""


def settle(actor: Actor, dossier_id: UUID, seen: str) -> None:
    """Say that everybody who received a file knows, or that nobody did. Twice is once.

    `seen`: what the page showed (`shown`). Raises Refused, Conflict where something was taken back since.
    """
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    # As they are now: a withdrawal may have flagged them a moment ago.
    found = [row for row, _number in outputs.of(opened, lock=True) if row.flagged_at and not row.settled_at]
    if found and shown(opened) != seen:
        raise Conflict(_("Something else was taken back meanwhile. Look again at who received what."))
    for row in found:
        row.settled_at, row.settled_by = clock.now(), actor.person_id
    if found:
        audit.record(actor, "dossier.recall", object_kind="dossier", object_id=opened.id)
