"""What lawyers say for the choice of who takes a file, and when somebody is away. All of it is their own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from accounts.models import Absence, WorkProfile
from accounts.service import sent
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db

MOST: Final = 20  # absences still to come of one person
FURTHEST: Final = dt.timedelta(days=2 * 366)
_BACK: Final = "back"


def own(actor: Actor) -> WorkProfile | None:
    """What the actor said, or None while nothing is."""
    return db.session.get(WorkProfile, actor.person_id, populate_existing=True)


def save(actor: Actor, version: int, values: dict[str, Any]) -> None:
    """Keep issue_groups, bar, gender and share. version: the one that was shown, 0 for none.

    Raises Conflict.
    """
    row = db.session.get(WorkProfile, actor.person_id, with_for_update=True, populate_existing=True)
    if (row.version if row else 0) != version:
        raise Conflict
    if row is None:
        row = WorkProfile(person_id=actor.person_id, version=0)
        db.session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    audit.record(actor, "person.work", object_kind="person", object_id=actor.person_id)


def profiles(ids: Collection[UUID]) -> dict[UUID, WorkProfile]:
    """What these people said; who said nothing is missing."""
    found = db.session.scalars(select(WorkProfile).where(WorkProfile.person_id.in_(ids)))
    return {row.person_id: row for row in found}


def absences(ids: Collection[UUID]) -> dict[UUID, list[Absence]]:
    """The absences of these people that are not over, the next first."""
    found = db.session.scalars(
        select(Absence)
        .where(Absence.person_id.in_(ids), Absence.ends >= clock.today())
        .order_by(Absence.begins, Absence.ends, Absence.id)
    )
    by_person: dict[UUID, list[Absence]] = defaultdict(list)
    for row in found:
        by_person[row.person_id].append(row)
    return by_person


def all_away(absences_: Iterable[Absence], last: dt.date) -> bool:
    """Whether somebody with these absences is away on every day from today to the last one."""
    back = clock.today()
    for one in sorted(absences_, key=lambda one: one.begins):
        if one.begins <= back <= one.ends:
            back = one.ends + dt.timedelta(days=1)
    return back > last


def be_away(actor: Actor, token: UUID, begins: dt.date, ends: dt.date) -> None:
    """Add days on which the actor is away; the same token twice adds them once.

    Raises DomainError, and sent.OtherWords for other days under the same token.
    """
    if ends < begins:
        raise DomainError(_("The last day comes before the first."), field="ends")
    if ends < clock.today():
        raise DomainError(_("These days are over."), field="ends")
    if ends > clock.today() + FURTHEST:
        raise DomainError(_("This is more than two years ahead. Look at the year once more."), field="ends")
    sent.once(actor.secret.ring, token, [begins.isoformat(), ends.isoformat()])
    if db.session.get(Absence, token) is not None:
        return
    if len(absences([actor.person_id]).get(actor.person_id, ())) >= MOST:
        raise DomainError(_("More absences cannot be kept. Take one out first."), field="begins")
    db.session.add(Absence(id=token, person_id=actor.person_id, begins=begins, ends=ends))
    audit.record(actor, "person.away", object_kind="person", object_id=actor.person_id)


def be_back(actor: Actor, absence_id: UUID) -> None:
    """Take an absence of the actor out. Twice is once; somebody else's is not found. Raises NotFound."""
    gone = delete(Absence).where(Absence.id == absence_id, Absence.person_id == actor.person_id)
    if not db.session.scalars(gone.returning(Absence.id)).all():
        if not sent.was_done(actor.secret.ring, uuid5(absence_id, _BACK)):
            raise NotFound
        return
    sent.once(actor.secret.ring, uuid5(absence_id, _BACK), _BACK)
    audit.record(actor, "person.back", object_kind="person", object_id=actor.person_id)
