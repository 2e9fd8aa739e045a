"""Reminders on their way out: claimed, sent outside of any transaction, then marked.

A claim names the letter, and its name stays: whoever takes over from a worker that was killed sends the same
message again, which a receiver recognises. What a person is told at one time goes in one letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from accounts.models import Person
from cases.models import Deadline, Reminder
from core import clock
from core.store.base import db
from core.store.transaction import queue_for
from domain.reminders import Step

LEASE: Final = dt.timedelta(minutes=10)  # longer than any server is waited for
FIRST_PAUSE: Final = dt.timedelta(minutes=1)
LONGEST_PAUSE: Final = dt.timedelta(hours=1)
_CANDIDATES: Final = 20


@dataclass(frozen=True)
class Letter:
    """A letter that this worker alone sends now."""

    id: UUID
    to: str = field(repr=False)
    language: str


def drop_needless() -> None:
    """Nobody is written to about what they have seen, what was met or moved, or after they have left.

    Of a deadline that was taken out nothing leaves any more but that it was.
    """
    waits = Reminder.mail.in_(("waiting", "sending"))
    told_of = or_(
        and_(Deadline.state == "open", Deadline.safe_on == Reminder.safe_on),
        and_(Deadline.state == "dropped", Reminder.step == Step.TAKEN_OUT),
    )
    stands = exists().where(Deadline.id == Reminder.deadline_id, told_of)
    here = exists().where(Person.id == Reminder.person_id, Person.state == "active")
    needless = or_(Reminder.seen_at.is_not(None), ~stands, ~here)
    db.session.execute(
        update(Reminder)
        .where(waits, _ready(), needless)
        .values(mail="needless")
        .execution_options(synchronize_session=False)
    )


def claim() -> Letter | None:
    """Take the oldest letter that waits, or whose sender was killed; None when there is none.

    Two workers at once take different ones.
    """
    for person_id, known in list(_candidates()):
        queue_for(person_id)
        rows = db.session.scalars(
            select(Reminder)
            .where(
                Reminder.person_id == person_id,
                Reminder.letter_id == known if known else Reminder.letter_id.is_(None),
                Reminder.mail.in_(("waiting", "sending")),
                _ready(),
            )
            .order_by(Reminder.written_at, Reminder.id)
            .execution_options(populate_existing=True)
        ).all()
        if rows:
            letter_id = known or rows[0].id
            for row in rows:
                row.mail, row.letter_id, row.try_at = "sending", letter_id, clock.now() + LEASE
            db.session.flush()
            person = db.session.get_one(Person, person_id)
            return Letter(letter_id, person.email, person.language)
    return None


def sent(letter: Letter) -> None:
    """It was taken."""
    _mark(letter, mail="sent", try_at=None)


def refused(letter: Letter) -> None:
    """The other side will never take it; the desk still says what is due."""
    _mark(letter, mail="refused", try_at=None)


def put_off(letter: Letter) -> None:
    """Try again later: after a minute, then twice as long each time, at most an hour."""
    tried = db.session.scalar(select(Reminder.attempts).where(Reminder.letter_id == letter.id).limit(1)) or 0
    pause = min(FIRST_PAUSE * 2 ** min(tried, 10), LONGEST_PAUSE)
    _mark(letter, mail="waiting", try_at=clock.now() + pause, attempts=tried + 1)


def _candidates() -> Iterator[tuple[UUID, UUID | None]]:
    found = db.session.execute(
        select(Reminder.person_id, Reminder.letter_id)
        .where(Reminder.mail.in_(("waiting", "sending")), _ready())
        .order_by(Reminder.written_at, Reminder.id)
        .limit(_CANDIDATES)
    )
    yield from dict.fromkeys((person_id, letter_id) for person_id, letter_id in found)


def _ready() -> ColumnElement[bool]:
    """Now, or so far ahead that the clock must have been set back since."""
    now = clock.now()
    never_set = now + 2 * LONGEST_PAUSE
    return or_(Reminder.try_at.is_(None), Reminder.try_at <= now, Reminder.try_at > never_set)


def _mark(letter: Letter, **values: object) -> None:
    """Only while the claim is ours."""
    db.session.execute(
        update(Reminder)
        .where(Reminder.letter_id == letter.id, Reminder.mail == "sending")
        .values(**values)
        .execution_options(synchronize_session=False)
    )
