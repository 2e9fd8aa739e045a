"""Enquiries whether another organisation acts for the other side. In clear: who asked whom, when, how far."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class ConflictEnquiry(Base):
    """One organisation is asked about one case. No referral: it stands in no figure of those."""

    __tablename__ = "conflict_enquiries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[dt.datetime]
    priority: Mapped[str]
    state: Mapped[str]
    due_at: Mapped[dt.datetime]
    remind_at: Mapped[dt.datetime | None]
    reminded_at: Mapped[dt.datetime | None]
    news: Mapped[bool]  # an answer, or silence, that nobody of those who asked has looked at
    sealed: Mapped[bytes]  # the facts, under a key of the enquiry
    case_wrap: Mapped[bytes]  # that key, to the inbox of the case
    partner_wrap: Mapped[bytes | None]  # and to the partner's key; gone when it is over
    partner_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation_keys.id"), index=True)
    signature: Mapped[bytes]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[dt.datetime | None]
    answer: Mapped[bytes | None]  # under the same key
    answer_signature: Mapped[bytes | None]
    version: Mapped[int]

    __table_args__ = (
        CheckConstraint("state IN ('asked', 'answered', 'silent', 'withdrawn', 'closed')", name="state"),
        Index("ix_conflict_enquiries_partner", "partner_id", "state", "due_at"),
        Index("ix_conflict_enquiries_clock", "state", "due_at"),
        Index("ix_conflict_enquiries_news", "organisation_id", "news"),
    )
