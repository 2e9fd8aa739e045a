"""Orders: what somebody without the key decided, carried out by the next key holder's session."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from accounts.models import Person
from accounts.service import keys as organisation_keys
from accounts.service import trust
from accounts.service.grants import HOLDERS
from cases.models import Case, Order
from cases.note_models import NoteGrant
from cases.service import (
    consents,
    counting,
    decisions,
    facts,
    files,
    keys,
    lawyer_notes,
    match_tokens,
    members,
    records,
    rotation,
    rows,
    team,
    timeline,
    walls,
)
from cases.service import due as due_orders
from cases.service.law import read_anew
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import DomainError
from core.store.base import db
from vault import VaultError

PATIENCE: Final = 3  # orders that can't be carried out, before a page goes on without
SECONDS: Final = 2.0  # of one committed step


@dataclass(frozen=True)
class Also:
    """What a feature above carries out under the actor's keys beside orders, in the same steps.

    carry_out takes the seconds that it may last, and gives how many are left that the actor can do.
    """

    kind: str
    due: Callable[[Actor], int]
    carry_out: Callable[[Actor, float], int]


also: Final[list[Also]] = []


def due(actor: Actor) -> int:
    """How many orders wait that the actor's keys may carry out."""
    statement = select(func.count()).select_from(_waiting(actor).subquery())
    return db.session.scalar(statement) or 0


def due_kinds(actor: Actor) -> list[str]:
    """The kinds of orders that wait and that the actor's keys may carry out."""
    waiting = _waiting(actor).subquery()
    others = [one.kind for one in also if one.due(actor)]
    return sorted([*db.session.scalars(select(waiting.c.kind).distinct()), *others])


def carry_out(actor: Actor, seconds: float = SECONDS, *, kind: str = "") -> int:
    """Renew keys of the organisation, then carry out what waits for `seconds` at most; gives what is left.

    kind: only those; of these no key of the organisation is renewed before.

    Safe to run twice and by two people: each order is locked with its case, done once and marked in the
    same transaction; what somebody else has locked is left to them. An order that the actor's keys
    cannot carry out stays for somebody else.
    """
    end = time.monotonic() + seconds
    others = [one for one in also if kind in {"", one.kind}]
    if kind and others:
        with timeline.carrying_out():
            return sum(one.carry_out(actor, seconds) for one in others)
    if not kind:
        organisation_keys.renew_due(actor)
    skipped: set[UUID] = set()
    while time.monotonic() < end:
        found = db.session.execute(_next(actor, skipped, kind)).first()
        if found is None:
            break
        order, case = found
        try:
            with db.session.begin_nested(), timeline.carrying_out():
                _carry_out(actor, order, case)
        except (DomainError, VaultError):
            skipped.add(order.id)  # a key that is missing, or a case that was tampered with, stops no other
            order.ordered_at = clock.now()  # and is tried again after all others
            if kind and len(skipped) == PATIENCE:
                break  # whoever lacks the key lacks it for all
            continue
        order.done_at, order.done_by = clock.now(), actor.person_id
        db.session.flush()
    with timeline.carrying_out():
        left = sum(one.carry_out(actor, end - time.monotonic()) for one in others)
    return left + max(0, due(actor) - len(skipped))


def hear(actor: Actor, case_id: UUID) -> None:
    """Take up what another organisation answered about a case, for the page that somebody opens now.

    Where the actor's keys cannot, it waits on. Twice is once.
    """
    mine = _next(actor, set(), due_orders.HEAR).where(Order.case_id == case_id)
    for order, case in db.session.execute(mine).all():
        with suppress(DomainError, VaultError), db.session.begin_nested(), timeline.carrying_out():
            _carry_out(actor, order, case)
            order.done_at, order.done_by = clock.now(), actor.person_id


def _next(actor: Actor, skipped: set[UUID], kind: str) -> Select[Order, Case]:
    """The oldest order that nobody else is at, with its case. Never waits, so it may hold many cases."""
    case = aliased(Case)  # by this name it is locked; by its own it stands in the rule of reach
    statement = _waiting(actor).join(case, case.id == Order.case_id).add_columns(case)
    if kind:
        statement = statement.where(Order.kind == kind)
    oldest = statement.where(Order.id.not_in(skipped)).order_by(Order.ordered_at, Order.id).limit(1)
    return oldest.with_for_update(skip_locked=True, key_share=True).execution_options(populate_existing=True)


def _carry_out(actor: Actor, order: Order, case: Case) -> None:
    if order.kind == "rotation_due":
        rotation.rotate(actor, case)
    elif order.kind == "grant_due" and order.person_id is not None:
        key = keys.case_key(actor, case)
        rows.check_head(key, case)
        person = db.session.get_one(Person, order.person_id)
        walled = walls.of(records.open_record(key, case))
        if person.state == "active" and person.id not in team.live(case.id) and person.id not in walled:
            team.admit(actor, case, key, person.id)
    elif order.kind == "fact_due":
        key = keys.case_key(actor, case)
        record = records.open_record(key, case)
        facts.append(actor, case, record, consented=consents.stands(case, key, facts.CONSENT))
        rows.written(actor, "case.fact", key, case)
    elif order.kind == "match_due":
        # Whoever lacks it leaves the order to somebody else.
        organisation_keys.open_key(actor, match_tokens.KEY)
        key = keys.case_key(actor, case)
        rows.check_head(key, case)
        files.compare_again(actor, case, key)
    elif order.kind == due_orders.NOTE:
        key = keys.case_key(actor, case)
        rows.check_head(key, case)
        lawyer_notes.hand_on(actor, case, key)
        members.handed_on(actor, case, key)
    elif order.kind == due_orders.HEAR:
        decisions.hear(actor, case)
    elif order.kind == "recount_due":
        key = keys.case_key(actor, case)
        rows.check_head(key, case)
        read_anew()  # whoever signs another change waits for this order, and then places the next
        counting.recount(actor, case, key)


def _waiting(actor: Actor) -> Select[Order]:
    statement = reachable(actor, Permission.ORDER_CARRY_OUT, Order).where(
        Order.done_at.is_(None), Order.kind != due_orders.CONFLICT
    )
    kinds = trust.due_kinds(actor.organisation_id)
    if kinds.get("supervision"):
        # The new key of a case must not go to a supervision key that somebody outside still knows.
        statement = statement.where(Order.kind != "rotation_due")
    if "statistics" not in kinds:
        statement = statement.where(Order.kind != "fact_due")
    # Whoever was not given the note key of a case can hand it to nobody.
    mine = select(NoteGrant.case_id).where(NoteGrant.holder_id == actor.person_id)
    statement = statement.where(or_(Order.kind != due_orders.NOTE, Order.case_id.in_(mine)))
    if not actor.roles & HOLDERS[match_tokens.KEY]:
        statement = statement.where(Order.kind != "match_due")
    return statement
