"""What a calendar program may read of a person's deadlines and appointments: a day, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import or_, select

from cases.models import Case, CaseItem, Deadline
from cases.service.coming import able
from cases.service.views import OPEN
from core.store.base import db
from domain.lifecycle import State

AT_MOST: Final = 500


@dataclass(frozen=True)
class DueDay:
    """A day on which something is due. The id stays the same when it moves, and says nothing to others."""

    id: UUID
    on: dt.date
    version: int


def due_days(person_id: UUID) -> list[DueDay]:
    """The safe dates of open deadlines that a person watches in cases that the person may open."""
    found = db.session.execute(
        select(Deadline.id, Deadline.safe_on, Deadline.version)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.state == "open",
            or_(Deadline.responsible_id == person_id, Deadline.second_id == person_id),
            Case.state.not_in([State.CLOSED, State.ERASED]),
            able(person_id),
        )
        .order_by(Deadline.safe_on, Deadline.id)
        .limit(AT_MOST)
    )
    return _named(found, person_id)


def todo_days(person_id: UUID) -> list[DueDay]:
    """The days of tasks and appointments on a person's desk; which of both it is stands sealed."""
    found = db.session.execute(
        select(CaseItem.id, CaseItem.due_on, CaseItem.version)
        .join(Case, Case.id == CaseItem.case_id)
        .where(
            CaseItem.owner_id == person_id,
            CaseItem.state == OPEN,
            CaseItem.due_on.is_not(None),
            Case.state.not_in([State.CLOSED, State.ERASED]),
            able(person_id),
        )
        .order_by(CaseItem.due_on, CaseItem.id)
        .limit(AT_MOST)
    )
    return _named(found, person_id)


def _named(found: Iterable[Any], person_id: UUID) -> list[DueDay]:
    """A random id hashed with another (RFC 9562, 5.5): nobody finds what is behind it."""
    return [DueDay(uuid5(row_id, str(person_id)), on, version) for row_id, on, version in found]
