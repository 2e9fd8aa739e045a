"""Rows that tell a person something by a letter: written first, then sent, then marked."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column


class Lettered:
    """The columns that such a table has; `accounts.service.letters` sends its rows."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[dt.datetime]
    mail: Mapped[str]  # waiting, sending, sent, refused, needless
    letter_id: Mapped[UUID | None]  # of the message that carries it: the id of one of those in it
    try_at: Mapped[dt.datetime | None]  # not before; what is being sent longer than this is tried again
    attempts: Mapped[int]  # that failed


def mail_states() -> CheckConstraint:
    """How far a letter may be."""
    return CheckConstraint("mail IN ('waiting', 'sending', 'sent', 'refused', 'needless')", name="mail")
