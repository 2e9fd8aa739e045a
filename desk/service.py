"""My desk: what waits for me, what nobody has, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.service import drafts
from cases.models import Case
from cases.service import assignment, files, listing, orders
from cases.service.assignment import Brief
from cases.service.reach import own_cases
from cases.service.views import Row
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import may, reachable
from core.store.base import db
from domain.lifecycle import State

SHOWN = 20  # lines of each part


@dataclass(frozen=True)
class Desk:
    """The parts of the page; empty ones say what to do next."""

    offers: list[Brief]
    due_orders: int
    waiting: list[Row]
    unassigned: list[Row]
    recent: list[Row]
    drafts: list[Any]
    keys_missing: list[str]


def my_desk(actor: Actor) -> Desk:
    """Everything on the desk of the actor, each part at most SHOWN lines, most urgent and oldest first."""
    reads = may(actor, Permission.CASE_LIST)
    leads = Role.COORDINATOR in actor.roles
    return Desk(
        offers=assignment.offers(actor) if may(actor, Permission.ASSIGNMENT_ANSWER) else [],
        due_orders=orders.due(actor) if reads else 0,
        waiting=_rows(actor, _states(actor), mine=not leads) if reads else [],
        unassigned=_rows(actor, (State.OPEN,), mine=False) if leads else [],
        recent=_recent(actor) if reads else [],
        drafts=drafts.kept(actor),
        keys_missing=files.can_record(actor.organisation_id) if _cares_for_keys(actor) else [],
    )


def _cares_for_keys(actor: Actor) -> bool:
    return may(actor, Permission.CASE_RECORD) or may(actor, Permission.KEY_READ)


def _states(actor: Actor) -> tuple[State, ...]:
    """The states in which a file waits for somebody in the actor's roles."""
    if Role.COORDINATOR in actor.roles:
        return (State.IN_REVIEW, State.CONFLICT_CHECK)
    if Role.CASEWORKER in actor.roles:
        return (State.CONFLICT_CHECK, State.WAITING_PERSON, State.LOST_CONTACT)
    return (State.IN_PROGRESS, State.WAITING_PERSON)


def _rows(actor: Actor, states: tuple[State, ...], *, mine: bool) -> list[Row]:
    statement = own_cases(actor)[0] if mine else reachable(actor, Permission.CASE_LIST, Case)
    found = statement.where(Case.state.in_([str(s) for s in states]))
    return listing.open_cards(
        actor, list(db.session.scalars(found.order_by(Case.urgency, Case.number).limit(SHOWN)))
    )


def _recent(actor: Actor) -> list[Row]:
    statement, _number = own_cases(actor)
    newest = statement.order_by(Case.changed_at.desc()).limit(SHOWN)
    return listing.open_cards(actor, list(db.session.scalars(newest)))
