"""Stories pulled: because a consent ended, or because the case is not what it was.

Which stories a case has, and how far each goes, stands sealed in its timeline: what the database says beside
the stories decides nothing. That a story was pulled goes on the chain (`story_chain`).
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Select, select

from advocacy.models.dossiers import DossierOutput, DossierStory, DossierVersionStory
from advocacy.service import story_chain
from cases.models import Case
from cases.service import consents, timeline
from core import clock
from core.access.actors import Actor
from core.store.base import db
from vault import Key

LINE: Final = "story"  # kind of the timeline's line for a story that was written


def expire(home: UUID, dossier_id: UUID) -> None:
    """Pull the stories of an organisation's dossier whose consent has run out."""
    over = select(DossierStory).where(
        DossierStory.dossier_id == dossier_id,
        DossierStory.state != "pulled",
        DossierStory.consent_until < clock.today(),
    )
    for row in db.session.scalars(_locking(over)).all():
        pull(None, home, row, "expired")


def consent_changed(actor: Actor, case: Case, key: Key) -> None:
    """A consent of the case changed: stories that none carries any more are pulled at once."""
    answers = {one.answer for one in consents.read(case, key) if one.kind in consents.STORIES}
    because = "uncovered" if answers <= {"given"} else "withdrawn"
    for row, level in _of(case, key):
        last = consents.until_for_story(case, key, level)
        if last is None:
            pull(actor, case.organisation_id, row, because)
        else:  # a later day counts once its author stands for it again
            row.consent_until = min(row.consent_until, last)


def closed(actor: Actor, case: Case, key: Key) -> None:
    """The case was closed: the author has to stand for the story again."""
    for row, _level in _of(case, key):
        pull(actor, case.organisation_id, row, "closed")


def restricted(actor: Actor, case: Case, key: Key) -> None:
    """The case was restricted: the same."""
    for row, _level in _of(case, key):
        pull(actor, case.organisation_id, row, "restricted")


def _of(case: Case, key: Key) -> list[tuple[DossierStory, str]]:
    """Every story of a case with its level, as the file itself tells them, whatever the database says."""
    written = {
        UUID(line["story"]): line["level"]
        for line in sorted(timeline.data_of(case, key, LINE), key=lambda line: line["version"])
    }
    rows = db.session.scalars(_locking(select(DossierStory).where(DossierStory.id.in_(written))))
    return [(row, written[row.id]) for row in rows.all()]


def _locking(statement: Select[DossierStory]) -> Select[DossierStory]:
    ordered = statement.order_by(DossierStory.id).with_for_update()
    return ordered.execution_options(populate_existing=True)


def pull(actor: Actor | None, home: UUID, row: DossierStory, because: str) -> None:
    """Take a story out; what was made of versions that hold it is flagged. Twice is once.

    Both signatures go, whatever the state says, and the chain of its organisation remembers.
    """
    if row.state == "pulled" and row.signature is None:
        return
    row.signature = row.second_signature = None
    row.state, row.pulled_at, row.pulled_because = "pulled", clock.now(), because
    story_chain.record(actor, home, "story.pull", row)
    flag_outputs(row)


def flag_outputs(row: DossierStory) -> None:
    """Mark every file that was made of a version which holds the story."""
    holding = select(DossierVersionStory.version_id).where(DossierVersionStory.story_id == row.id)
    for output in db.session.scalars(select(DossierOutput).where(DossierOutput.version_id.in_(holding))):
        # Something else was taken back: whoever received it has to hear of that too.
        output.flagged_at, output.settled_at, output.settled_by = clock.now(), None, None
    db.session.flush()
