"""Read an organisation's own chain, page by page, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from accounts.models import Person
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.audit.models import AuditEntry
from core.store.base import db

PAGE: Final = 50


@dataclass(frozen=True)
class Line:
    """One act: its number in the chain, when, what, and who; no name where the program itself acted."""

    number: int
    at: dt.datetime
    act: str
    name: str | None


@dataclass(frozen=True)
class Page:
    """Some lines, and the number before which the next page begins; None at the end."""

    lines: list[Line]
    next: int | None


def read(actor: Actor, before: int | None = None) -> Page:
    """The acts on the actor's chain before a number, or the newest. Reading is itself an act."""
    reach = reachable(actor, Permission.AUDIT_READ, AuditEntry).subquery()
    query = (
        select(reach.c.number, reach.c.at, reach.c.act, Person.name)
        .outerjoin(Person, Person.id == reach.c.actor_id)
        .order_by(reach.c.number.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(reach.c.number < before)
    lines = [Line(*row) for row in db.session.execute(query)]
    audit.record(actor, "audit.read")
    return Page(lines[:PAGE], lines[PAGE - 1].number if len(lines) > PAGE else None)
