"""Find the case an actor means, among those the actor reaches. Not there and not yours are one answer."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from cases.models import Case, CaseMember, Order
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import Scope, member_of, reachable, scopes
from core.errors import Conflict, NotFound
from core.store.base import db
from domain.drafts import REVIEWER


def find(actor: Actor, permission: Permission, case_id: UUID, *, version: int | None = None) -> Case:
    """The case, locked until the transaction ends where the database can lock a row.

    Raises NotFound, or Conflict when `version` is not the present one.
    """
    case = db.session.scalar(_locking(reachable(actor, permission, Case).where(Case.id == case_id)))
    if case is None:
        raise NotFound
    if version is not None and case.version != version:
        raise Conflict
    return case


def reaches(actor: Actor, permission: Permission, case_id: UUID) -> bool:
    """Whether the actor may do this to the case, for a page that offers it."""
    found = reachable(actor, permission, Case).where(Case.id == case_id).with_only_columns(Case.id)
    return db.session.scalar(found) is not None


def lock(case_ids: Iterable[UUID]) -> list[Case]:
    """The cases, locked in the order of their ids: two who want the same ones wait, neither forever.

    For consequences and jobs, which ask nobody's permission. What hangs on a case changes only under its
    lock: read members, grants, assignments afterwards.
    """
    wanted = select(Case).where(Case.id.in_(list(case_ids))).order_by(Case.id)
    return list(db.session.scalars(_locking(wanted)))


def _locking(statement: Select[Case]) -> Select[Case]:
    """As it is now, and nobody else changes it; rows that only refer to it are written meanwhile."""
    return statement.with_for_update(key_share=True).execution_options(populate_existing=True)


def own_cases(actor: Actor) -> tuple[Select[Case], InstrumentedAttribute[int]]:
    """The cases on which the actor works, and the case number to page or sort them by.

    They are found by the index of the actor's own rows: a walk through everybody's cases would grow
    with the organisation.
    """
    own = aliased(CaseMember)
    statement = (
        reachable(actor, Permission.CASE_LIST, Case)
        .join(own, own.case_id == Case.id)
        .where(own.person_id == actor.person_id, own.ended_at.is_(None))
    )
    if scopes(actor, Permission.CASE_LIST) != {Scope.MEMBER}:
        statement = statement.where(member_of(actor.person_id, reviews=True))
    return statement, own.number


def is_member(actor: Actor, case: Case) -> bool:
    """Whether the actor works on the case now."""
    row = db.session.get(CaseMember, (case.id, actor.person_id))
    return row is not None and row.ended_at is None


def has_left(person_id: UUID, case_id: UUID) -> bool:
    """Whether somebody worked on the case and does so no more."""
    row = db.session.get(CaseMember, (case_id, person_id))
    return row is not None and row.ended_at is not None


def has_reviewed(person_id: UUID, case_id: UUID) -> bool:
    """Whether somebody is on the case to review a draft of it, or was."""
    row = db.session.get(CaseMember, (case_id, person_id))
    return row is not None and row.capacity == REVIEWER


def waiting_kinds(case_id: UUID) -> list[str]:
    """What a case waits for: kinds of orders that nobody has carried out yet."""
    due = select(Order.kind).where(Order.case_id == case_id, Order.done_at.is_(None)).distinct()
    return sorted(db.session.scalars(due))
