"""Deadlines on a desk: by what stands in clear, so nothing is opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import InstrumentedAttribute

from accounts.models import Person, PersonRole
from cases.models import Case, CaseMember, Deadline, Reminder
from cases.service.views import days_until
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import reachable
from core.store.base import db
from domain.drafts import REVIEWER
from domain.lifecycle import State
from domain.reminders import Step

NEAR: Final = dt.timedelta(days=3)  # of the safe date: coordinators see it too


@dataclass(frozen=True)
class Coming:
    """An open deadline on a desk; nothing of it is opened."""

    case_id: UUID
    id: UUID
    reference: str
    urgency: str
    safe_on: dt.date
    mine: bool
    told: bool  # and not seen yet
    confirm: bool  # a change is proposed, and the actor may confirm it
    gone: bool  # taken out, of which the actor was told
    left: bool  # its case was closed while it was open, of which the actor was told

    @property
    def days_left(self) -> int:
        """Until the safe date; negative once it is over."""
        return days_until(self.safe_on)


def coming(actor: Actor, limit: int) -> list[Coming]:
    """Open deadlines that the actor watches, was told of, or may confirm a change of.

    On top what was told and not seen yet, then the soonest. For coordinators also those that are near, and
    those that somebody watches who can open the case no more. One that was taken out stays until those who
    watched it have seen that, and so does one over which its case was closed.
    """
    mine = or_(Deadline.responsible_id == actor.person_id, Deadline.second_id == actor.person_id)
    near = Deadline.safe_on <= clock.today() + NEAR
    left = or_(~able(Deadline.responsible_id), ~able(Deadline.second_id))
    runs = Case.state.not_in([State.CLOSED, State.ERASED])
    over = and_(Case.state == State.CLOSED, Deadline.state == "open")
    told = exists().where(
        Reminder.person_id == actor.person_id,
        Reminder.seen_at.is_(None),
        Reminder.deadline_id == Deadline.id,
        Reminder.safe_on == Deadline.safe_on,
        or_(
            and_(Deadline.state == "open", runs),
            Reminder.step.in_([Step.TAKEN_OUT, Step.LEFT_OPEN]),
        ),
    )
    gone = Deadline.state == "dropped"
    confirm = and_(Deadline.proposed_by.is_not(None), Deadline.proposed_by != actor.person_id)
    leads = [near, left] if Role.COORDINATOR in actor.roles else []
    waits = or_(and_(runs, or_(mine, told, confirm, *leads)), and_(over, told))
    # Each half begins with a state of the deadline: the way in by its index.
    wanted = or_(and_(Deadline.state == "open", waits), and_(gone, told))
    columns: list[Any] = [
        Case.id,
        Deadline.id,
        Case.reference,
        Case.urgency,
        Deadline.safe_on,
        mine.label("mine"),
        told.label("told"),
        confirm.label("confirm"),
        gone.label("gone"),
        over.label("left"),
    ]
    statement = (
        reachable(actor, Permission.CASE_READ, Case)
        .join(Deadline, Deadline.case_id == Case.id)
        .where(Case.state != State.ERASED, wanted)
        .order_by(told.desc(), Deadline.safe_on, Deadline.id)
        .limit(limit)
        .with_only_columns(*columns)
    )
    return [Coming(*line) for line in db.session.execute(statement)]


def able(person_id: InstrumentedAttribute[UUID] | UUID) -> ColumnElement[bool]:
    """Whether a person may do something in the case: works on it, or leads where it is not restricted.

    Who is there to review a draft, or whose time is over, does not: see `team.may_open` of one case.
    """
    works = exists().where(
        CaseMember.case_id == Case.id,
        CaseMember.person_id == person_id,
        CaseMember.ended_at.is_(None),
        CaseMember.capacity != REVIEWER,
        or_(CaseMember.until.is_(None), CaseMember.until > clock.now()),
    )
    leads = exists().where(
        PersonRole.person_id == person_id,
        PersonRole.role == str(Role.COORDINATOR),
        Person.id == PersonRole.person_id,
        Person.state == "active",
    )
    return or_(works, leads & Case.restricted.is_(False))
