"""Stories pulled: because a consent ended, or because the case is not what it was."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from advocacy.models.dossiers import DossierOutput, DossierStory, DossierVersionStory
from cases.models import Case
from cases.service import consents
from core import clock
from core.access.actors import Actor
from core.store.base import db
from vault import Key


def expire(dossier_id: UUID) -> None:
    """Pull the stories of a dossier whose consent has run out."""
    over = select(DossierStory).where(
        DossierStory.dossier_id == dossier_id,
        DossierStory.state != "pulled",
        DossierStory.consent_until < clock.today(),
    )
    for row in db.session.scalars(over).all():
        pull(row, "expired")


def consent_changed(_actor: Actor, case: Case, key: Key) -> None:
    """A consent of the case changed: stories that none carries any more are pulled at once."""
    for row in db.session.scalars(_standing(case)).all():
        last = consents.until_for_story(case, key, row.level)
        if last is None:
            pull(row, "withdrawn")
        else:
            row.consent_until = last


def closed(case: Case) -> None:
    """The case was closed: the author has to stand for the story again."""
    for row in db.session.scalars(_standing(case)).all():
        pull(row, "closed")


def restricted(case: Case) -> None:
    """The case was restricted: the same."""
    for row in db.session.scalars(_standing(case)).all():
        pull(row, "restricted")


def _standing(case: Case) -> Select[DossierStory]:
    return select(DossierStory).where(DossierStory.case_id == case.id, DossierStory.state != "pulled")


def pull(row: DossierStory, because: str) -> None:
    """Take a story out; what was made of versions that hold it is flagged."""
    if row.state == "pulled":
        return
    row.state, row.pulled_at, row.pulled_because = "pulled", clock.now(), because
    row.second_signature = None  # so that no changed state alone puts it back
    flag_outputs(row)


def flag_outputs(row: DossierStory) -> None:
    """Mark every file that was made of a version which holds the story."""
    holding = select(DossierVersionStory.version_id).where(DossierVersionStory.story_id == row.id)
    for output in db.session.scalars(select(DossierOutput).where(DossierOutput.version_id.in_(holding))):
        # Something else was taken back: whoever received it has to hear of that too.
        output.flagged_at, output.settled_at, output.settled_by = clock.now(), None, None
    db.session.flush()
