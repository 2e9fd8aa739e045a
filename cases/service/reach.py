"""Find the case an actor means, among those the actor reaches. Not there and not yours are one answer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from cases.models import Case, CaseMember, Order
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import Conflict, NotFound
from core.store.base import db


def find(actor: Actor, permission: Permission, case_id: UUID, *, version: int | None = None) -> Case:
    """The case, locked until the transaction ends where the database can lock a row.

    Raises NotFound, or Conflict when `version` is not the present one.
    """
    statement = reachable(actor, permission, Case).where(Case.id == case_id).with_for_update()
    case = db.session.scalar(statement.execution_options(populate_existing=True))
    if case is None:
        raise NotFound
    if version is not None and case.version != version:
        raise Conflict
    return case


def is_member(actor: Actor, case: Case) -> bool:
    """Whether the actor works on the case now."""
    row = db.session.get(CaseMember, (case.id, actor.person_id))
    return row is not None and row.ended_at is None


def waiting_kinds(case_id: UUID) -> list[str]:
    """What a case waits for: kinds of orders that nobody has carried out yet."""
    due = select(Order.kind).where(Order.case_id == case_id, Order.done_at.is_(None)).distinct()
    return sorted(db.session.scalars(due))
