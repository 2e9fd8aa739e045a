"""Table of jobs that wait or were done."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class OutboxMessage(Base):
    """One job. The row is the truth; what the queue holds is only its id and may be lost at any time."""

    __tablename__ = "outbox_messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID | None]  # on whose audit chain the job is recorded
    job: Mapped[str]  # dotted name of a function in a `tasks` module
    arguments: Mapped[list[str]]  # ids
    created_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]  # not before
    sent_at: Mapped[dt.datetime | None]  # last time the sweep handed it to the queue
    done_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)  # that failed

    __table_args__ = (Index("ix_outbox_messages_waiting", "done_at", "due_at"),)
