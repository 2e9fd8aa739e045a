"""What lawyers were asked and have not taken on: the offers that a coordinator's desk tells of.

Nothing is opened: cases are named by their references, lawyers by their names.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists
from sqlalchemy.orm import aliased

from accounts.models import Person
from cases.models import Assignment, Case, Order
from cases.service import due
from cases.service.offer_letters import BACK
from cases.service.offered import HELD
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.store.base import db
from domain.lifecycle import State


@dataclass(frozen=True)
class Asked:
    """The last offer of a file. state: `offered` while it waits, then one of `offer_letters.BACK`.

    `settled`: what it was taken back for holds nobody up any more, as far as this is known without a key.
    """

    case_id: UUID
    reference: str
    urgency: str
    lawyer: str
    answer_by: dt.datetime
    state: str


@dataclass(frozen=True)
class Unanswered:
    """What waits for an answer, the next end first; what came back, the most pressing first."""

    waiting: list[Asked]
    back: list[Asked]


def on_desk(actor: Actor, limit: int) -> Unanswered:
    """The offers of files within reach, at most `limit` of each kind.

    What has run out came back, whether or not the worker has come round to it.
    """
    unanswered = _offers(actor).where(Case.state == State.ASSIGNED, Assignment.state == "offered")
    asked = _read(unanswered.order_by(Assignment.answer_by, Case.number).limit(2 * limit))
    later = aliased(Assignment)
    newer = exists().where(
        later.case_id == Case.id, later.until.is_(None), later.offered_at > Assignment.offered_at
    )
    given_back = _offers(actor).where(Case.state == State.OPEN, Assignment.state.in_(BACK), ~newer)
    ended = _read(given_back.order_by(Case.urgency, Case.number).limit(limit))
    back = [*(one for one in asked if one.state != "offered"), *ended]
    return Unanswered(
        [one for one in asked if one.state == "offered"][:limit],
        sorted(back, key=lambda one: (one.urgency, one.answer_by))[:limit],
    )


def _offers(actor: Actor) -> Select[Any]:
    waits = exists().where(Order.case_id == Case.id, Order.kind == due.CONFLICT, Order.done_at.is_(None))
    who = aliased(Person)  # by its own name a person stands in the rule of reach
    columns: list[Any] = [Case.id, Case.reference, Case.urgency, who.name]
    return (
        reachable(actor, Permission.ASSIGNMENT_OFFER, Case)
        .join(Assignment, Assignment.case_id == Case.id)
        .join(who, who.id == Assignment.lawyer_id)
        .where(Assignment.until.is_(None))
        .with_only_columns(*columns, Assignment.answer_by, Assignment.state, waits)
    )


def _read(statement: Select[Any]) -> list[Asked]:
    return [_as_it_stands(Asked(*said), waits=waits) for *said, waits in db.session.execute(statement)]


def _as_it_stands(one: Asked, *, waits: bool) -> Asked:
    """waits: whether a conflict of interest of the case is still to be decided."""
    if one.state == "offered" and one.answer_by <= clock.now():
        return replace(one, state="expired")
    return replace(one, state="settled") if one.state == HELD and not waits else one
