"""Tables of referrals. In clear: who, to whom, state, priority, clocks, when. Everything said is sealed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class Referral(Base):
    """A matter that another organisation is asked to take."""

    __tablename__ = "referrals"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    # None: without an account here; its answers are recorded by hand.
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str]
    priority: Mapped[str]
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]  # when an answer, or the outcome, is due
    chase_at: Mapped[dt.datetime | None]  # when the other side is reminded next
    chases: Mapped[int]  # since the enquiry or the release
    # When the clock ends what was released; what counts is the day sealed in the packet, or in a later line.
    access_until: Mapped[dt.date | None]
    lines: Mapped[int]  # the number of the last line
    waits_sender: Mapped[bool]  # it is this side's turn, or something happened that it has not looked at
    waits_partner: Mapped[bool]
    written: Mapped[int]  # how often `details` was sealed
    details: Mapped[bytes]  # under the case key: entry, need, place, language, what was released
    token: Mapped[UUID] = mapped_column(unique=True)  # of the form that wrote it: a double click writes once
    version: Mapped[int]

    __table_args__ = (
        Index("ix_referrals_sent", "organisation_id", "waits_sender", "due_at"),
        Index("ix_referrals_received", "partner_id", "waits_partner", "due_at"),
        Index("ix_referrals_state", "organisation_id", "state", "due_at"),
        Index("ix_referrals_clock", "state", "chase_at"),
    )


class ReferralLine(Base):
    """Something that happened or was said: sealed under its own key, wrapped to both sides, signed."""

    __tablename__ = "referral_lines"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"))
    number: Mapped[int]
    kind: Mapped[str]  # a state that was reached, or one of service/lines.py
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # None: the clock
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))  # the author's
    written_at: Mapped[dt.datetime]
    sealed: Mapped[bytes | None]
    case_wrap: Mapped[bytes | None]  # to the inbox of the case
    partner_wrap: Mapped[bytes | None]  # to the partner's key; gone when its access has ended
    partner_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation_keys.id"))
    signature: Mapped[bytes | None]
    token: Mapped[UUID | None] = mapped_column(unique=True)

    __table_args__ = (
        UniqueConstraint("referral_id", "number"),
        Index("ix_referral_lines_key", "partner_key_id"),
    )


class ReferralPacket(Base):
    """The fields released to a partner, sealed to it alone. Content and wrap go when its access ends."""

    __tablename__ = "referral_packets"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    released_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    released_at: Mapped[dt.datetime]
    sealed: Mapped[bytes | None]
    partner_wrap: Mapped[bytes | None]
    partner_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation_keys.id"), index=True)
    signature: Mapped[bytes]
    removed_at: Mapped[dt.datetime | None]
