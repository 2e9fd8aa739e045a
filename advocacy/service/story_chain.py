"""What the record of acts says last of a story.

A story that was pulled could be put back by whoever writes into the database, signatures and all. It stands
only while the chain says so: undoing a withdrawal takes rewriting the chain from there on, which
`himaya audit verify` finds once a checkpoint was written outside the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import literal_column, select

import vault
from advocacy.models.dossiers import DossierStory
from advocacy.service.sheets import Stated
from core.access.actors import Actor
from core.audit import service as audit
from core.audit.models import AuditEntry
from core.store.base import send

_KIND: Final = "story"
_WRITE: Final = "story.write"
_PULL: Final = "story.pull"


class _Acts(NamedTuple):
    """The numbers of what was done to a story: of its last pull, and of the first writing of each version."""

    pulled: int
    written: dict[bytes, int]


def record(actor: Actor | None, home: UUID, act: str, story_id: UUID, version: int | None = None) -> None:
    """Put an act on a story, in a version, on the chain of its organisation."""
    digest = None if version is None else _digest(story_id, version)
    audit.record(actor, act, organisation_id=home, object_kind=_KIND, object_id=story_id, digest=digest)


def standing(home: UUID, rows: Iterable[DossierStory]) -> set[Stated]:
    """Those of an organisation's stories that were not pulled, nor written anew, since they were written so.

    The first writing of a version counts: one that is repeated on the chain puts nothing back.
    """
    stated = {row.id: row.version for row in rows}
    found = set()
    for story_id, acts in _acts(home, stated).items():
        first = acts.written.get(_digest(story_id, stated[story_id]), 0)
        if first > acts.pulled and first == max(acts.written.values()):
            found.add((story_id, stated[story_id]))
    return found


def _acts(home: UUID, stories: Iterable[UUID]) -> dict[UUID, _Acts]:
    said = (
        select(AuditEntry.object_id, AuditEntry.act, AuditEntry.digest, AuditEntry.number)
        .where(AuditEntry.organisation_id == home, AuditEntry.object_id.in_(list(stories)))
        # Spelt out, so that the index of acts on stories is taken.
        .where(AuditEntry.object_kind == literal_column(f"'{_KIND}'"))
        .order_by(AuditEntry.number)
    )
    found: dict[UUID, _Acts] = {}
    for story_id, act, digest, number in send(said):
        acts = found.get(story_id, _Acts(0, {}))
        if act == _PULL:
            acts = acts._replace(pulled=number)
        elif act == _WRITE and digest is not None:
            acts.written.setdefault(digest, number)
        found[story_id] = acts
    return found


def _digest(story_id: UUID, version: int) -> bytes:
    return hashlib.sha256(vault.pack("story", story_id, version)).digest()
