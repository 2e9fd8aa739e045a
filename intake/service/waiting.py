"""How long a request may still wait: for somebody to take it on, then for the decision.

Once it is ended, what the person writes after that has a clock of its own, until somebody has answered it,
took the request up again, or said that it needs no answer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, or_
from sqlalchemy.orm import load_only

from cases.service.law import law_of
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import reachable
from core.store.base import db
from domain.deadlines.calendar_days import Calendar
from domain.intake.clocks import Breach, answering, clocks
from intake.models import Request
from intake.service.reach import ENDS, OPEN

LOOKED: Final = 500  # requests whose clocks are read for a desk, the most urgent and the oldest first
# No clock of this urgency is nearly over sooner than this after the request came (`domain.intake.clocks`).
_SOONEST: Final = {
    "U0": dt.timedelta(minutes=45),
    "U1": dt.timedelta(minutes=45),
    "U2": dt.timedelta(hours=36),
    "U3": dt.timedelta(days=3),
}


@dataclass(frozen=True)
class Wait:
    """Until when something has to happen, and where the request stands with it now."""

    until: dt.datetime
    breach: Breach
    claimed: bool  # it waits for the decision, no longer for somebody to take it on
    again: bool = False  # it was ended, and the person wrote after that


@dataclass(frozen=True)
class Late:
    """A request that nearly waits too long, or does; of the row only what stands in clear is loaded."""

    row: Request
    wait: Wait


def late(actor: Actor) -> list[Late]:
    """What waits too long already, then what nearly does: for coordinators all.

    Others see their own, and what nobody has taken on: each of them may.
    """
    now = clock.now()
    old = [and_(Request.urgency == name, Request.created_at <= now - past) for name, past in _SOONEST.items()]
    found = reachable(actor, Permission.REQUEST_DECIDE, Request).where(Request.state.in_(OPEN), or_(*old))
    if Role.COORDINATOR not in actor.roles:
        mine = or_(Request.claimed_by == actor.person_id, Request.claimed_by.is_(None))
        found = found.where(mine)
    clear = (Request.reference, Request.state, Request.urgency, Request.created_at, Request.claimed_by)
    rows = db.session.scalars(
        found.options(load_only(*clear))
        .order_by(Request.urgency, Request.created_at, Request.id)
        .limit(LOOKED)
    ).all()
    if not rows:
        return []
    calendar = law_of(actor.organisation_id).calendar
    both = [(row, wait_of(row, calendar)) for row in rows]
    lates = [Late(row, wait) for row, wait in both if wait is not None and wait.breach is not Breach.NONE]
    return sorted(lates, key=lambda one: (one.wait.breach is Breach.NEAR, one.row.urgency, one.wait.until))


def news(actor: Actor) -> list[Late]:
    """What people wrote: unread to requests the actor works on, unanswered to any that was ended.

    What has waited too long stands first, then what is the most urgent.
    """
    own = and_(Request.state == "triage", Request.claimed_by == actor.person_id)
    clear = (Request.reference, Request.state, Request.urgency, Request.created_at, Request.waits_since)
    found = db.session.scalars(
        reachable(actor, Permission.REQUEST_DECIDE, Request)
        .where(Request.waits_desk, Request.case_id.is_(None), or_(own, Request.state.in_(ENDS)))
        .options(load_only(*clear, Request.claimed_by, Request.waits_desk))
        .order_by(Request.urgency, Request.created_at, Request.id)
        .limit(LOOKED)
    ).all()
    if not found:
        return []
    calendar = law_of(actor.organisation_id).calendar
    both = [(row, wait_of(row, calendar)) for row in found]
    lines = [Late(row, wait) for row, wait in both if wait is not None]
    return sorted(
        lines, key=lambda one: (one.wait.breach is not Breach.OVER, one.row.urgency, one.wait.until)
    )


def wait_of(request: Request, calendar: Calendar) -> Wait | None:
    """The clock that runs for a request; None once it is decided and nobody waits for an answer."""
    if request.state in ENDS and request.waits_since is not None:
        clock_of = answering(request.urgency, request.waits_since, calendar)
        return Wait(clock_of.over, clock_of.breach(clock.now()), claimed=True, again=True)
    if request.state not in OPEN:
        return None
    both, claimed = clocks(request.urgency, request.created_at, calendar), request.claimed_by is not None
    runs = both.decision if claimed else both.claim
    return Wait(runs.over, both.breach(clock.now(), claimed=claimed), claimed)
