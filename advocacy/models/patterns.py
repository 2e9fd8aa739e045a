"""Tables of what recurs. Everything in them is sealed to a statistics key, like the facts they come from."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class PatternScan(Base):
    """What an organisation's facts show: the coded rows as far as they were read, the signals of a week."""

    __tablename__ = "pattern_scans"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    week: Mapped[dt.date | None]  # the Thursday of the week whose signals are complete
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    sealed: Mapped[bytes]
    version: Mapped[int]
    scanned_at: Mapped[dt.datetime]


class PatternDecision(Base):
    """What a manager made of a signal, with the reason and the figures that were judged."""

    __tablename__ = "pattern_decisions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    sealed: Mapped[bytes]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[dt.datetime]


class PatternProposal(Base):
    """What somebody who works files noticed, sealed for the managers."""

    __tablename__ = "pattern_proposals"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    sealed: Mapped[bytes]
    answer: Mapped[bytes | None]  # the manager's reason, sealed to whoever proposed
    state: Mapped[str]  # waiting, accepted, watched, rejected
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    proposed_at: Mapped[dt.datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[dt.datetime | None]
    version: Mapped[int]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'accepted', 'watched', 'rejected')", name="state"),
    )


class PoolPartner(Base):
    """Another organisation to which ours tells its weekly counts."""

    __tablename__ = "pool_partners"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    since: Mapped[dt.datetime]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))


class PooledCounts(Base):
    """The newest weekly counts that one organisation told another, sealed to the other's statistics key."""

    __tablename__ = "pooled_counts"

    from_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    to_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    week: Mapped[dt.date]  # the last week that is told, by its Thursday
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))  # of the organisation told
    sealed: Mapped[bytes]
    signature: Mapped[bytes]
    told_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    told_at: Mapped[dt.datetime]
