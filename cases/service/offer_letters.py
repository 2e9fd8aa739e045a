"""A letter about an offer: to the lawyer who is asked, and to those who ask again once it came back.

What waits is a job of the outbox that knows an offer and a person. Doing it claims the letter: the same job,
and whatever else goes with the letter, waits behind a lease and is done away with once the letter was taken,
so that a worker killed in between sends it again. Whom none of it concerns any more by then gets none.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select, update

from accounts.models import Person
from accounts.service.letters import LEASE, Letter
from cases.models import Assignment, Case
from cases.service import team
from core import clock
from core.jobs.models import OutboxMessage
from core.jobs.queue import enqueue
from core.store.base import db
from domain.lifecycle import State

JOB: Final = "cases.tasks.tell_of_offer"
# How an offer ends that nobody took; what a coordinator withdraws tells nobody (`offered`).
BACK: Final = ("declined", "expired", "held", "left")

_OVER: Final = (str(State.CLOSED), str(State.ERASED))


def asked(row: Assignment) -> None:
    """The lawyer has something to answer, or by now sooner."""
    _write(row, row.lawyer_id)


def came_back(row: Assignment, case: Case) -> None:
    """Nobody took it: the coordinators ask somebody else, or the lawyer does who asked for a review."""
    whom = {row.offered_by} if row.until else team.leading(team.may_open(case)) - {row.lawyer_id}
    for person_id in sorted(whom):
        _write(row, person_id)


def claim(assignment_id: UUID, person_id: UUID) -> tuple[Letter, list[UUID]] | None:
    """The letter that is sent now, and the jobs that would send it again; None where nobody needs it.

    What else waits to be told to the same person goes with it, and waits again: what the letter was begun for
    may be over before it is taken.
    """
    row, person = db.session.get(Assignment, assignment_id), db.session.get(Person, person_id)
    if row is None or person is None or person.state != "active" or not _concerns(row, person_id):
        return None
    waiting = (
        select(OutboxMessage)
        .where(OutboxMessage.job == JOB, OutboxMessage.done_at.is_(None), OutboxMessage.due_at <= clock.now())
        .with_for_update(skip_locked=True)
    )
    told = {assignment_id}
    for other in db.session.scalars(waiting).all():
        if other.arguments[1] == str(person_id):
            other.done_at = clock.now()
            told.add(UUID(other.arguments[0]))
    again = [enqueue(JOB, one, person_id, due_at=clock.now() + LEASE) for one in sorted(told)]
    letter_id = uuid5(row.id, f"{person_id} {row.state} {row.answer_by.isoformat()}")
    return Letter(letter_id, person.email, person.language), again


def over(again: list[UUID]) -> None:
    """The letter was taken, or never will be."""
    mine = update(OutboxMessage).where(OutboxMessage.id.in_(again))
    db.session.execute(mine.values(done_at=clock.now()))


def _write(row: Assignment, person_id: UUID) -> None:
    """Due at once, so that the worker fetches it: no page waits for the queue."""
    enqueue(JOB, row.id, person_id, due_at=clock.now())


def _concerns(row: Assignment, person_id: UUID) -> bool:
    if row.state == "offered":
        return row.lawyer_id == person_id and row.answer_by > clock.now()
    case = db.session.get_one(Case, row.case_id)
    if row.state not in BACK or case.state in _OVER or person_id not in team.may_open(case):
        return False
    newer = select(Assignment.id).where(
        Assignment.case_id == row.case_id,
        Assignment.until.is_(None),
        Assignment.offered_at > row.offered_at,
    )
    return row.until is not None or db.session.scalar(newer.limit(1)) is None
