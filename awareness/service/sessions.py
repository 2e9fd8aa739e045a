"""Sessions and campaigns are written down, corrected, taken back. Counts only, never a name."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from awareness.models import AwarenessCorrection, AwarenessSession
from awareness.service.held import Held, checked
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.reference import reference
from core.store.base import db


def log(actor: Actor, token: UUID, held: Held) -> UUID:
    """Record a session or campaign that was held and give its id. The same token twice is one.

    Raises Refused, DomainError.
    """
    if not may(actor, Permission.SESSION_LOG):
        raise Refused
    made = db.session.scalar(select(AwarenessSession).where(AwarenessSession.token == token))
    if made is not None:
        if made.organisation_id != actor.organisation_id:
            raise NotFound
        return made.id
    row = AwarenessSession(
        id=token,
        organisation_id=actor.organisation_id,
        logged_by=actor.person_id,
        logged_at=clock.now(),
        token=token,
        withdrawn_because="",
        version=1,
    )
    checked(held).write(row)
    db.session.add(row)
    audit.record(actor, "session_held.log", object_kind="session_held", object_id=row.id)
    return row.id


def correct(actor: Actor, held_id: UUID, version: int, held: Held) -> None:
    """Put right what was written down; what stood there before stays in its history.

    What changes nothing is no correction, so a second click is none. Raises Conflict, NotFound, DomainError.
    """
    row = _to_change(actor, held_id)
    before, after = Held.of(row), checked(held)
    if row.withdrawn_at is not None:
        raise DomainError(_("This was taken back. Nothing of it counts any more."))
    if after == before:
        return
    if row.version != version:
        raise Conflict
    db.session.add(
        AwarenessCorrection(
            session_id=row.id,
            number=row.version,
            before=before.storable(),
            corrected_by=actor.person_id,
            corrected_at=clock.now(),
        )
    )
    after.write(row)
    row.version += 1
    audit.record(actor, "session_held.correct", object_kind="session_held", object_id=row.id)


def withdraw(actor: Actor, held_id: UUID, version: int, because: str) -> None:
    """Take back what should not count: it stays in the list, with the reason, and leaves the totals.

    because: a code of the list `session_withdrawal`. What was taken back stays so. Raises Conflict, NotFound.
    """
    row = _to_change(actor, held_id)
    if because not in reference().lists["session_withdrawal"]:
        raise DomainError(_("Choose a reason"), field="because")
    if row.withdrawn_at is not None:
        return
    if row.version != version:
        raise Conflict
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_because = actor.person_id, clock.now(), because
    row.version += 1
    audit.record(actor, "session_held.withdraw", object_kind="session_held", object_id=row.id)


def _to_change(actor: Actor, held_id: UUID) -> AwarenessSession:
    """The row, locked: of two people at the same second the second one sees what the first one did."""
    if not may(actor, Permission.SESSION_LOG):
        raise Refused
    statement = reachable(actor, Permission.SESSION_LOG, AwarenessSession).where(
        AwarenessSession.id == held_id
    )
    row = db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row
