"""How the public reaches the organisation: a text in three languages that its administrator writes."""

from __future__ import annotations

from awareness.models import PublicOffice
from awareness.service.editing import require_safe_links
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, Refused
from core.store.base import db


def read(actor: Actor) -> PublicOffice | None:
    """What is written, or None as long as nothing is."""
    return db.session.scalar(
        reachable(actor, Permission.OFFICE_EDIT, PublicOffice).execution_options(populate_existing=True)
    )


def write(actor: Actor, version: int, texts: dict[str, str]) -> None:
    """Replace the text. version: the one that was shown, 0 for none. Raises Conflict, DomainError."""
    if not may(actor, Permission.OFFICE_EDIT):
        raise Refused
    for language, text in texts.items():
        require_safe_links(text, f"reach_{language}")
    row = db.session.get(PublicOffice, actor.organisation_id, with_for_update=True, populate_existing=True)
    if (row.version if row else 0) != version:
        raise Conflict
    if row is None:
        row = PublicOffice(organisation_id=actor.organisation_id, version=0)
        db.session.add(row)
    row.texts = texts
    row.version += 1
    audit.record(actor, "office.write")
