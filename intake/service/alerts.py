"""Who is told that a request of the same day waits: one after the other, until somebody is on it.

Keyless, and written down first: a request says since when people are told, a row says that somebody was.
What comes next follows from both and from the rota at any time, so a worker that was killed, slept or has
its clock set back goes on where the rows say (docs/operating.md).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import and_, exists, or_, select

from accounts.models import Person
from accounts.service.letters import Post
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.store.base import db
from domain.intake.duty import PROMISED, STEPS, alerted, escalation
from intake.models import DutyAlert, Request
from intake.service import rota
from intake.service.reach import ENDS, OPEN, find

URGENT: Final = "U0"
BATCH: Final = 50  # requests looked at in one transaction
# Clocks of two machines differ by less; a request from further ahead was written before a clock was set back.
SKEW: Final = dt.timedelta(minutes=1)
AGAIN: Final = dt.timedelta(minutes=5)
# Written to after it was ended, and read by nobody yet.
_UNREAD: Final = and_(Request.state.in_(ENDS), Request.waits_desk)
# An alert that was not taken is not left for an hour, as a reminder may be.
POST: Final = Post(DutyAlert, longest_pause=dt.timedelta(minutes=5))


@dataclass(frozen=True)
class Told:
    """Somebody who was told of a request, and when."""

    name: str
    at: dt.datetime


@dataclass(frozen=True)
class OnIt:
    """Somebody who said that they are on a request that nobody has taken on yet."""

    name: str
    at: dt.datetime
    until: dt.datetime | None  # then everybody is told again; None: they are being told


def came(request: Request) -> None:
    """Begin to tell people of a request that just came, or came back, in the same transaction."""
    if request.urgency != URGENT:
        return
    request.tell_since, request.acknowledged_at, request.acknowledged_by = clock.now(), None, None
    db.session.flush()
    _tell(request)


def weighed(request: Request) -> None:
    """Somebody said how urgent it is: begin anew to tell people, or end it."""
    request.tell_since, request.tell_next = None, None
    came(request)


def spoke(request: Request) -> None:
    """The person wrote to a request that was ended: tell people at once, for nothing else makes them look.

    Not again while people are being told, or while somebody is believed who said to be on it.
    """
    if request.state in ENDS and request.tell_since is None and request.tell_next is None:
        came(request)


def ended(request: Request) -> None:
    """It was answered: nobody more is told, until the person writes again."""
    request.tell_since, request.tell_next = None, None


def claimed(actor: Actor, request: Request) -> None:
    """Somebody has taken it on: nobody more is told."""
    _acknowledge(actor, request)
    request.tell_next = None


def on_it(actor: Actor, request_id: UUID) -> None:
    """Somebody says so, from a button, and has PROMISED to take it on. Raises NotFound.

    The first to say so is the one who is written down. To open a request says nothing of the kind.
    """
    _acknowledge(actor, find(actor, Permission.REQUEST_DECIDE, request_id))


def _acknowledge(actor: Actor, request: Request) -> None:
    if request.tell_since is None:
        return
    now = clock.now()
    request.tell_since, request.tell_next = None, now + PROMISED
    request.acknowledged_at, request.acknowledged_by = now, actor.person_id
    db.session.flush()
    audit.record(actor, "request.acknowledge", object_kind="request", object_id=request.id)


def on_it_of(request: Request) -> OnIt | None:
    """Who is on a request that waits for somebody to take it on; None where nobody is."""
    again = request.state in ENDS and (request.tell_since is not None or request.tell_next is not None)
    if request.acknowledged_at is None or not (request.state == "received" or again):
        return None
    name = db.session.scalar(select(Person.name).where(Person.id == request.acknowledged_by)) or ""
    until = request.tell_next if request.tell_since is None else None
    return OnIt(name, request.acknowledged_at, until)


def tell_due() -> int:
    """Write down who is to be told by now; gives how many requests were looked at, at most BATCH.

    Twice is once, and two workers at once take different requests: what was told is there to be found.
    """
    now = clock.now()
    ahead = or_(Request.tell_since > now + SKEW, Request.acknowledged_at > now + SKEW)
    rows = db.session.scalars(
        select(Request)
        .where(Request.tell_next.is_not(None), or_(Request.tell_next <= now, ahead))
        .order_by(Request.tell_next, Request.id)
        .limit(BATCH)
        .with_for_update(of=Request, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for request in rows:
        unread = request.state in ENDS and request.waits_desk
        if request.tell_since is not None and request.state in (*OPEN, *ENDS):
            _tell(request)
        elif request.state == "received" or unread:  # somebody was on it, and nobody has taken it on
            request.tell_since = now
            _tell(request)
        else:  # it was taken on, taken back, or decided
            request.tell_next = None
    db.session.flush()
    return len(rows)


def waiting(actor: Actor) -> list[Request]:
    """What the actor was told of and nobody is on yet, or is on and has not taken on, the oldest first.

    It stands on top of the desk.
    """
    mine = exists().where(
        DutyAlert.request_id == Request.id,
        DutyAlert.person_id == actor.person_id,
        DutyAlert.since == Request.tell_since,
    )
    on_it = and_(
        Request.tell_since.is_(None),
        Request.tell_next.is_not(None),
        Request.acknowledged_by == actor.person_id,
        or_(Request.state == "received", _UNREAD),
    )
    alarmed = and_(Request.tell_since.is_not(None), Request.state.in_((*OPEN, *ENDS)), mine)
    found = reachable(actor, Permission.REQUEST_LIST, Request).where(or_(alarmed, on_it))
    return list(db.session.scalars(found.order_by(Request.created_at, Request.id).limit(BATCH)))


def told_of(request: Request) -> list[Told]:
    """Everybody who was told of a request, in order."""
    found = db.session.execute(
        select(Person.name, DutyAlert.written_at)
        .join(DutyAlert, DutyAlert.person_id == Person.id)
        .where(DutyAlert.request_id == request.id)
        .order_by(DutyAlert.written_at, Person.name)
    )
    return [Told(*line) for line in found]


def drop_needless() -> None:
    """Nobody is written to about what somebody is on, or what is over."""
    stands = exists().where(
        Request.id == DutyAlert.request_id,
        Request.tell_since == DutyAlert.since,
        Request.state.in_((*OPEN, *ENDS)),
    )
    POST.drop(~stands)


def _tell(request: Request) -> None:
    """Tell everybody whose time has come, and write down when the next is to be told."""
    since = request.tell_since or clock.now()
    asked = rota.staffed(request.organisation_id)
    leads, again = rota.coordinators(request.organisation_id), request.acknowledged_at is not None
    plan = escalation(asked.duty(since), leads, since, again=again)
    known = select(DutyAlert.person_id).where(DutyAlert.request_id == request.id, DutyAlert.since == since)
    told, by = set(db.session.scalars(known)), _by(since)
    for person_id in sorted(alerted(plan, by) - told):
        step = next(number for number, alert in enumerate(plan) if person_id in alert.people)
        db.session.add(_alert(request, since, person_id, step))
    # With nobody to tell, somebody may come back or be given the role.
    rest = [alert.at for alert in plan if alert.at > by] if plan else [clock.now() + AGAIN]
    request.tell_next = min(rest, default=None)


def _by(since: dt.datetime) -> dt.datetime:
    """The instant by which people are told: now; under a clock set back, as if all steps had come."""
    now = clock.now()
    return now if since <= now + SKEW else since + STEPS[-1]


def _alert(request: Request, since: dt.datetime, person_id: UUID, step: int) -> DutyAlert:
    return DutyAlert(
        id=uuid4(),
        request_id=request.id,
        since=since,
        step=step,
        person_id=person_id,
        written_at=clock.now(),
        mail="waiting",
        attempts=0,
    )
