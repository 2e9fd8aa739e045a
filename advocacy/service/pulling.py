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
from domain.consents import STORY
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
    # The level stands in clear and may have been lowered meanwhile: with the consent to a story every story
    # goes, also one that another consent carries. Its author can stand for it again.
    withdrawn = any(one.kind == STORY and one.answer == "withdrawn" for one in consents.read(case, key))
    for row in db.session.scalars(_of(case)).all():
        last = None if withdrawn else consents.until_for_story(case, key, row.level)
        if last is None:
            pull(row, "withdrawn")
        else:  # a later day counts once its author stands for it again
            row.consent_until = min(row.consent_until, last)


def closed(case: Case) -> None:
    """The case was closed: the author has to stand for the story again."""
    for row in db.session.scalars(_of(case)).all():
        pull(row, "closed")


def restricted(case: Case) -> None:
    """The case was restricted: the same."""
    for row in db.session.scalars(_of(case)).all():
        pull(row, "restricted")


def _of(case: Case) -> Select[DossierStory]:
    """Every story of a case, whatever state the database says it is in."""
    return select(DossierStory).where(DossierStory.case_id == case.id)


def pull(row: DossierStory, because: str) -> None:
    """Take a story out; what was made of versions that hold it is flagged.

    Both signatures go, whatever the state says: no state that is changed before or after puts it back.
    """
    if row.state == "pulled" and row.signature is None:
        return
    row.signature = row.second_signature = None
    row.state, row.pulled_at, row.pulled_because = "pulled", clock.now(), because
    flag_outputs(row)


def flag_outputs(row: DossierStory) -> None:
    """Mark every file that was made of a version which holds the story."""
    holding = select(DossierVersionStory.version_id).where(DossierVersionStory.story_id == row.id)
    for output in db.session.scalars(select(DossierOutput).where(DossierOutput.version_id.in_(holding))):
        # Something else was taken back: whoever received it has to hear of that too.
        output.flagged_at, output.settled_at, output.settled_by = clock.now(), None, None
    db.session.flush()
