"""What the record of acts says last of a story.

A story that was pulled could be put back by whoever writes into the database, signatures and all. Its rows
count only while they are what the chain knows: undoing a withdrawal there breaks the chain, which
`himaya audit verify` finds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import literal_column, select

import vault
from advocacy.models.dossiers import DossierStory
from advocacy.service.sheets import Stated
from core.access.actors import Actor
from core.audit import service as audit
from core.audit.models import AuditEntry
from core.store.base import send

_STANDING: Final = ("story.write", "story.confirm")
_KIND: Final = "story"


def record(actor: Actor | None, home: UUID, act: str, row: DossierStory) -> None:
    """Put an act on a story in its present version on the chain of its organisation."""
    digest = _digest(row.id, row.version)
    audit.record(actor, act, organisation_id=home, object_kind=_KIND, object_id=row.id, digest=digest)


def standing(home: UUID, rows: Iterable[DossierStory]) -> set[Stated]:
    """Those of an organisation's stories of which the chain says last, in this version, that they stand."""
    stated = {row.id: row.version for row in rows}
    said = (
        select(AuditEntry.object_id, AuditEntry.act, AuditEntry.digest)
        .where(AuditEntry.organisation_id == home, AuditEntry.object_id.in_(stated))
        # Spelt out, so that the index of acts on stories is taken.
        .where(AuditEntry.object_kind == literal_column(f"'{_KIND}'"))
        .order_by(AuditEntry.number)
    )
    last = {story_id: (act, digest) for story_id, act, digest in send(said)}
    return {
        (story_id, version)
        for story_id, version in stated.items()
        if last.get(story_id) in {(act, _digest(story_id, version)) for act in _STANDING}
    }


def _digest(story_id: UUID, version: int) -> bytes:
    return hashlib.sha256(vault.pack("story", story_id, version)).digest()
