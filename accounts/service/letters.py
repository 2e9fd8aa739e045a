"""What people are told on its way out: claimed, sent outside of any transaction, then marked.

A claim names the letter, and its name stays: whoever takes over from a worker that was killed sends the same
message again, which a receiver recognises. What a person is told at one time goes in one letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from accounts.models import Person
from core import clock
from core.outgoing.letters import Lettered
from core.store.base import db
from core.store.transaction import queue_for

LEASE: Final = dt.timedelta(minutes=10)  # longer than any server is waited for
FIRST_PAUSE: Final = dt.timedelta(minutes=1)
_CANDIDATES: Final = 20


@dataclass(frozen=True)
class Letter:
    """A letter that this worker alone sends now."""

    id: UUID
    to: str = field(repr=False)
    language: str


@dataclass(frozen=True)
class Post:
    """The letters of one table, and the longest time after which one that was not taken is tried again."""

    table: type[Lettered]
    longest_pause: dt.timedelta

    def drop(self, needless: ColumnElement[bool]) -> None:
        """Let go what nobody has to be told any more; whoever has left is told nothing."""
        gone = self.table.person_id.in_(select(Person.id).where(Person.state != "active"))
        db.session.execute(
            update(self.table)
            .where(self._waits(), or_(needless, gone))
            .values(mail="needless")
            .execution_options(synchronize_session=False)
        )

    def claim(self) -> Letter | None:
        """Take the oldest letter that waits, or whose sender was killed; None when there is none.

        Two workers at once take different ones.
        """
        for person_id, known in list(self._candidates()):
            queue_for(person_id)
            rows = db.session.scalars(
                select(self.table)
                .where(
                    self.table.person_id == person_id,
                    self.table.letter_id == known if known else self.table.letter_id.is_(None),
                    self._waits(),
                )
                .order_by(self.table.written_at, self.table.id)
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

    def sent(self, letter: Letter) -> None:
        """It was taken."""
        self._mark(letter, mail="sent", try_at=None)

    def refused(self, letter: Letter) -> None:
        """The other side will never take it; the desk still says what is due."""
        self._mark(letter, mail="refused", try_at=None)

    def put_off(self, letter: Letter) -> None:
        """Try again later: after a minute, then twice as long each time, up to the longest pause."""
        attempts = select(self.table.attempts).where(self.table.letter_id == letter.id).limit(1)
        tried = db.session.scalar(attempts) or 0
        pause = min(FIRST_PAUSE * 2 ** min(tried, 10), self.longest_pause)
        self._mark(letter, mail="waiting", try_at=clock.now() + pause, attempts=tried + 1)

    def _candidates(self) -> Iterator[tuple[UUID, UUID | None]]:
        found = db.session.execute(
            select(self.table.person_id, self.table.letter_id)
            .where(self._waits())
            .order_by(self.table.written_at, self.table.id)
            .limit(_CANDIDATES)
        )
        yield from dict.fromkeys((person_id, letter_id) for person_id, letter_id in found)

    def _waits(self) -> ColumnElement[bool]:
        """Waits for now, or for a time so far ahead that the clock must have been set back since."""
        now = clock.now()
        never_set = now + LEASE + self.longest_pause
        ready = or_(self.table.try_at.is_(None), self.table.try_at <= now, self.table.try_at > never_set)
        return self.table.mail.in_(("waiting", "sending")) & ready

    def _mark(self, letter: Letter, **values: object) -> None:
        """Only while the claim is ours."""
        db.session.execute(
            update(self.table)
            .where(self.table.letter_id == letter.id, self.table.mail == "sending")
            .values(**values)
            .execution_options(synchronize_session=False)
        )
