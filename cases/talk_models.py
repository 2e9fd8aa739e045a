"""What a coordinator and a colleague noted of a talk about the work; sealed for the two of them alone."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class WorkTalk(Base):
    """A note of one talk, under a key of its own."""

    __tablename__ = "work_talks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[dt.datetime]
    sealed: Mapped[bytes]
    token: Mapped[UUID] = mapped_column(unique=True)


class WorkTalkReader(Base):
    """One of the two, by the key of the note sealed to them."""

    __tablename__ = "work_talk_readers"

    talk_id: Mapped[UUID] = mapped_column(ForeignKey("work_talks.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    wrapped: Mapped[bytes]
