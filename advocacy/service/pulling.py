"""Stories pulled: because a consent ended, or because the case is not what it was.

Which stories a case has, and how far each goes, stands sealed in its timeline: what the database says beside
the stories decides nothing. That a story was pulled goes on the chain (`story_chain`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select

from advocacy.models.dossiers import DossierOutput, DossierStory, DossierVersionStory
from advocacy.service import story_chain
from cases.models import Case
from cases.service import consents, timeline
from core import clock
from core.access.actors import Actor
from core.store.base import db
from domain.stories.levels import LEVELS
from vault import Key

_LINE: Final = "story"  # kind of the timeline's line for a story that was written


def expire(home: UUID, dossier_id: UUID) -> None:
    """Pull the stories of an organisation's dossier whose consent has run out."""
    over = select(DossierStory).where(
        DossierStory.dossier_id == dossier_id,
        DossierStory.state != "pulled",
        DossierStory.consent_until < clock.today(),
    )
    pull(None, home, {row.id: row for row in db.session.scalars(_locking(over))}, "expired")


def consent_changed(actor: Actor, case: Case, key: Key) -> None:
    """A consent of the case changed: stories that none carries any more, or as long, are pulled at once."""
    answers = {one.answer for one in consents.read(case, key) if one.kind in consents.STORIES}
    written = _written(case, key)
    until = {level: consents.until_for_story(case, key, level) for level in LEVELS}
    carried = {
        story_id
        for story_id, line in written.items()
        if (last := until[line["level"]]) is not None and last.isoformat() >= line["until"]
    }
    because = "uncovered" if answers <= {"given"} else "withdrawn"
    rows = _of(case, written)
    pull(actor, case.organisation_id, {each: rows[each] for each in rows.keys() - carried}, because)


def closed(actor: Actor, case: Case, key: Key) -> None:
    """The case was closed: the author has to stand for the story again."""
    pull(actor, case.organisation_id, _of(case, _written(case, key)), "closed")


def restricted(actor: Actor, case: Case, key: Key) -> None:
    """The case was restricted: the same."""
    pull(actor, case.organisation_id, _of(case, _written(case, key)), "restricted")


def remember(actor: Actor, case: Case, key: Key, row: DossierStory, level: str, until: dt.date) -> None:
    """The file itself tells which stories were written from it, how far and how long each may go."""
    line = {"story": row.id.hex, "version": row.version, "level": level, "until": until.isoformat()}
    timeline.write(actor, case, key, _LINE, "", data=line)


def _written(case: Case, key: Key) -> dict[UUID, dict[str, Any]]:
    """The last line of each story in the timeline of its case."""
    lines = sorted(timeline.data_of(case, key, _LINE), key=lambda line: line["version"])
    return {UUID(line["story"]): line for line in lines}


def _of(case: Case, written: Collection[UUID]) -> dict[UUID, DossierStory | None]:
    """Every story of a case, as the file tells and as the database does; None for one that is not there."""
    found = select(DossierStory).where(or_(DossierStory.id.in_(written), DossierStory.case_id == case.id))
    return dict.fromkeys(written) | {row.id: row for row in db.session.scalars(_locking(found))}


def locked(stories: Iterable[UUID]) -> list[DossierStory]:
    """Stories as they are now, in the order in which everybody locks them; nobody pulls them meanwhile."""
    return list(db.session.scalars(_locking(select(DossierStory).where(DossierStory.id.in_(list(stories))))))


def _locking(statement: Select[DossierStory]) -> Select[DossierStory]:
    ordered = statement.order_by(DossierStory.id).with_for_update()
    return ordered.execution_options(populate_existing=True)


def pull(actor: Actor | None, home: UUID, rows: Mapping[UUID, DossierStory | None], because: str) -> None:
    """Take stories out; what was made of versions that hold them is flagged. Twice is once.

    The chain of the organisation remembers each, whatever the database says of it just now.
    """
    out = set()
    for story_id in sorted(rows):
        story_chain.record(actor, home, "story.pull", story_id)
    for row in filter(None, rows.values()):
        if row.state != "pulled" or row.signature is not None:
            row.signature = row.second_signature = None
            row.state, row.pulled_at, row.pulled_because = "pulled", clock.now(), because
            out.add(row.id)
    flag_outputs(out)


def flag_outputs(stories: Collection[UUID]) -> None:
    """Mark every file that was made of a version which holds one of these stories."""
    holding = select(DossierVersionStory.version_id).where(DossierVersionStory.story_id.in_(stories))
    made = select(DossierOutput).where(DossierOutput.version_id.in_(holding)).order_by(DossierOutput.id)
    for output in db.session.scalars(made.with_for_update()) if stories else ():
        # Something else was taken back: whoever received it has to hear of that too.
        output.flagged_at, output.settled_at, output.settled_by = clock.now(), None, None
    db.session.flush()
