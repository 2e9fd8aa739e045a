"""Who took a document of a case along, and when: every saving is an act on the chain about that document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import literal_column, select

from accounts.models import Person
from cases.models import Case
from core.access.actors import Actor
from core.audit import service as audit
from core.audit.models import AuditEntry
from core.store.base import db

ORIGINAL, COPY, GIVEN_OUT = "case.original", "case.copy", "case.document_out"
ACTS: Final = frozenset({ORIGINAL, COPY, GIVEN_OUT})
SHOWN: Final = 20  # of one document
_KIND: Final = "document"


@dataclass(frozen=True)
class Taking:
    """That somebody saved a document, or that it left in an archive."""

    act: str
    name: str
    at: dt.datetime


def write(actor: Actor, case: Case, file_id: UUID, act: str) -> None:
    """Put on the chain that a document was opened: where it is taken along, the act names the document."""
    if act in ACTS:
        audit.record(actor, act, object_kind=_KIND, object_id=file_id)
    else:
        audit.record(actor, act, object_kind="case", object_id=case.id)


def of(actor: Actor, file_id: UUID) -> list[Taking]:
    """Who took a document along, the newest first. The caller has found it in a case that the actor reads."""
    found = (
        select(AuditEntry.act, Person.name, AuditEntry.at)
        .join(Person, Person.id == AuditEntry.actor_id)
        .where(
            AuditEntry.organisation_id == actor.organisation_id,
            AuditEntry.object_kind == literal_column(f"'{_KIND}'"),  # as its index says it
            AuditEntry.object_id == file_id,
            AuditEntry.act.in_(ACTS),
        )
        .order_by(AuditEntry.number.desc())
        .limit(SHOWN)
    )
    return [Taking(*row) for row in db.session.execute(found)]
