"""Reminders: what is due is written down for each person, and stays on top of the desk until it is seen.

Keyless: the safe date, the people and the urgency stand in clear. A deadline is looked after once a morning
and once for each of its versions, under its own lock. So a worker that was killed, slept for a day or has its
clock set back goes on where the rows say (docs/deadlines.md).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update

from accounts.models import Person
from cases.models import Case, Deadline, Reminder
from cases.service import team
from cases.service.law import law_of
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.audit import service as audit
from core.errors import NotFound
from core.store.base import db
from domain import reminders as rules
from domain.lifecycle import State

BATCH: Final = 100  # deadlines looked after in one transaction
URGENT: Final = "U0"


@dataclass(frozen=True)
class ToldLine:
    """Who was told of a deadline since when, and when they said that they have seen it."""

    person_id: UUID
    name: str
    told_at: dt.datetime
    seen_at: dt.datetime | None


def write_due() -> int:
    """Write down who is to be told now; gives how many deadlines were looked after, at most BATCH.

    Twice is once: what was looked after this morning, in this version, is not found again. Two workers at
    once take different deadlines.
    """
    day = _morning(clock.now())
    rows = db.session.scalars(
        select(Deadline)
        .where(
            Deadline.state == "open",
            or_(
                Deadline.reminded_on.is_distinct_from(day),
                Deadline.reminded_version.is_distinct_from(Deadline.version),
            ),
        )
        .order_by(Deadline.safe_on, Deadline.id)
        .limit(BATCH)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    told = _told(rows)
    for row in rows:
        _write(row, told[row.id], day)
        row.reminded_on, row.reminded_version = day, row.version
    db.session.flush()
    return len(rows)


def look_again(case_id: UUID) -> None:
    """Have the open deadlines of a case looked after anew within seconds: who is to be told may be others."""
    db.session.execute(
        update(Deadline).where(Deadline.case_id == case_id, Deadline.state == "open").values(reminded_on=None)
    )


def left(person_id: UUID) -> None:
    """Have what somebody watched looked after anew within seconds: they may open no case any more."""
    watched = or_(Deadline.responsible_id == person_id, Deadline.second_id == person_id)
    db.session.execute(update(Deadline).where(watched, Deadline.state == "open").values(reminded_on=None))


def taken_up(case_id: UUID) -> None:
    """A closed case goes on: what nobody had seen is told anew, and no more that it was closed.

    Letters about what was due before may have been dropped while it was closed.
    """
    look_again(case_id)
    of_case = select(Deadline.id).where(Deadline.case_id == case_id, Deadline.state == "open")
    stale = or_(Reminder.step == rules.Step.LEFT_OPEN, Reminder.seen_at.is_(None))
    db.session.execute(delete(Reminder).where(Reminder.deadline_id.in_(of_case), stale))


def tell_taken_out(row: Deadline, case: Case, by: UUID) -> None:
    """Tell the two who watched a deadline that it was taken out, but not whoever did it."""
    _tell_watchers(row, case, by, rules.Step.TAKEN_OUT)


def tell_left_open(row: Deadline, case: Case, by: UUID) -> None:
    """Tell the two who watch a deadline that the case was closed over it, but not whoever closed it."""
    _tell_watchers(row, case, by, rules.Step.LEFT_OPEN)


def _tell_watchers(row: Deadline, case: Case, by: UUID, step: rules.Step) -> None:
    watched = {row.responsible_id, row.second_id} & team.may_open(case)
    db.session.add_all(_reminder(row, person_id, step) for person_id in sorted(watched - {by}))


def see(actor: Actor, case_id: UUID, deadline_id: UUID) -> None:
    """Say that one has seen what one was told of a deadline; again, it changes nothing. Raises NotFound."""
    case = find(actor, Permission.CASE_READ, case_id)
    row = db.session.get(Deadline, deadline_id)
    if row is None or row.case_id != case.id:
        raise NotFound
    unseen = (
        Reminder.deadline_id == row.id,
        Reminder.person_id == actor.person_id,
        Reminder.seen_at.is_(None),
    )
    if db.session.scalars(select(Reminder.id).where(*unseen)).first() is None:
        return
    db.session.execute(update(Reminder).where(*unseen).values(seen_at=clock.now()))
    audit.record(actor, "reminder.see", object_kind="deadline", object_id=row.id)


def told_of(deadline_id: UUID, safe_on: dt.date) -> list[ToldLine]:
    """Who was told of this safe date, each with the newest reminder, in the order of their names."""
    found = db.session.execute(
        select(Reminder.person_id, Person.name, Reminder.written_at, Reminder.seen_at)
        .join(Person, Person.id == Reminder.person_id)
        .where(Reminder.deadline_id == deadline_id, Reminder.safe_on == safe_on)
        .order_by(Person.name, Reminder.person_id, Reminder.step)
    )
    newest = {line.person_id: line for line in (ToldLine(*row) for row in found)}
    return list(newest.values())


def _write(row: Deadline, told: Sequence[rules.Told], day: dt.date) -> None:
    case = db.session.get_one(Case, row.case_id)
    if case.state in {State.CLOSED, State.ERASED}:
        return
    due = rules.due(_watch(case, row), told, day, law_of(case.organisation_id).calendar)
    if due is None:
        return
    db.session.add_all(_reminder(row, person_id, due.step) for person_id in sorted(due.people))


def _reminder(row: Deadline, person_id: UUID, step: int) -> Reminder:
    return Reminder(
        id=uuid4(),
        deadline_id=row.id,
        safe_on=row.safe_on,
        person_id=person_id,
        step=step,
        written_at=clock.now(),
        mail="waiting",
        attempts=0,
    )


def _watch(case: Case, row: Deadline) -> rules.Watch:
    able = team.may_open(case)

    def here(person_id: UUID) -> UUID | None:
        return person_id if person_id in able else None

    return rules.Watch(
        safe=row.safe_on,
        responsible=here(row.responsible_id),
        second=here(row.second_id),
        coordinators=frozenset(team.leading(able)),
        urgent=case.urgency == URGENT,
    )


def _told(rows: Sequence[Deadline]) -> dict[UUID, list[rules.Told]]:
    """What was told of the present safe date of each deadline."""
    told: dict[UUID, list[rules.Told]] = defaultdict(list)
    about = (
        select(Reminder)
        .join(Deadline, Deadline.id == Reminder.deadline_id)
        .where(Reminder.deadline_id.in_([row.id for row in rows]), Reminder.safe_on == Deadline.safe_on)
    )
    for one in db.session.scalars(about):
        on = _morning(one.written_at)
        told[one.deadline_id].append(rules.Told(one.person_id, one.step, on, one.seen_at is not None))
    return told


def _morning(instant: dt.datetime) -> dt.date:
    return rules.morning(instant.astimezone(clock.ISTANBUL))
