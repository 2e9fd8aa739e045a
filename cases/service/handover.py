"""What somebody has to know who takes a case over for a while or for good: short, to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import aliased

from cases.models import Case, CaseMember
from cases.service import keys, opening, records, rows, team
from cases.service.reach import find
from cases.service.views import OpenCase
from core.access.actors import Actor
from core.access.permissions import READING, Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import NotFound
from core.store.base import db
from domain.lifecycle import State

PAGE: Final = 20  # cases on one page: about a quarter of a second


@dataclass(frozen=True)
class Found:
    """A case to be handed over; nothing of it is opened."""

    id: UUID
    reference: str
    number: int


def cases_of(actor: Actor, person_id: UUID, before: int | None) -> tuple[list[Found], int | None]:
    """Cases that somebody works on, not closed, and that the actor may open: the newest first.

    Gives a page of them, and where the next one begins. Raises NotFound for who is no colleague.
    """
    if person_id not in {one.id for one in team.holding(actor, READING)}:
        raise NotFound
    theirs = aliased(CaseMember)
    statement = (
        reachable(actor, Permission.CASE_READ, Case)
        .join(theirs, theirs.case_id == Case.id)
        .where(theirs.person_id == person_id, theirs.ended_at.is_(None))
        .where(Case.state.not_in([State.CLOSED, State.ERASED]))
        .order_by(theirs.number.desc())
        .limit(PAGE + 1)
        .with_only_columns(Case.id, Case.reference, Case.number)
    )
    if before is not None:
        statement = statement.where(theirs.number < before)
    found = [Found(*row) for row in db.session.execute(statement)]
    shown = found[:PAGE]
    return shown, shown[-1].number if len(found) > PAGE else None


def sheet(actor: Actor, case_id: UUID) -> OpenCase:
    """A case as its hand-over sheet shows it: without timeline, consents and documents.

    The act is on the chain. Raises NotFound, Locked, rows.Tampered.
    """
    case = find(actor, Permission.CASE_READ, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    record = records.open_record(key, case)
    audit.record(actor, "case.handover", object_kind="case", object_id=case.id)
    return opening.outline(case, key, record)
