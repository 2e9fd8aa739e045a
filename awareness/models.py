"""Tables of legal information and of sessions held. Public things: texts, sources, counts without names."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class Topic(Base):
    """A subject of legal information. Its texts are versions; at most one of them is shown to the public."""

    __tablename__ = "topics"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    address: Mapped[str] = mapped_column(unique=True)  # in the public URL; says nothing about the subject
    code: Mapped[str | None]  # of the first text that came with the product
    issue: Mapped[str]  # a code of the taxonomy; of a text, never of a person
    latest: Mapped[int]  # the number of the newest version
    published: Mapped[int | None]  # the number of the version that the public reads
    version: Mapped[int]

    __table_args__ = (UniqueConstraint("organisation_id", "code"),)


class TopicVersion(Base):
    """A text of a topic in three languages, as it was saved. It is never changed, only judged."""

    __tablename__ = "topic_versions"

    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)  # language -> part -> text
    review_by: Mapped[dt.date]  # the day by which a lawyer looks again
    valid_to: Mapped[dt.date | None]  # the last day on which it holds
    state: Mapped[str]  # draft, waiting, returned, reviewed
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # None: came with the product
    written_at: Mapped[dt.datetime]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[dt.datetime | None]
    remark: Mapped[str]  # why a reviewer gave it back
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[dt.datetime | None]

    __table_args__ = (CheckConstraint("state IN ('draft', 'waiting', 'returned', 'reviewed')", name="state"),)


class PublicOffice(Base):
    """How the public reaches an organisation, as its administrator wrote it."""

    __tablename__ = "public_offices"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)  # language -> text
    version: Mapped[int]


class AwarenessSession(Base):
    """A session or a campaign that was held. Counts of those who came; no names, nothing about a person."""

    __tablename__ = "awareness_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]  # session, campaign
    held_on: Mapped[dt.date]  # of a campaign the first day
    ended_on: Mapped[dt.date | None]  # the last day of a campaign
    issue: Mapped[str]  # what it was about
    province: Mapped[str]  # where it was held; "" for a campaign in several
    place: Mapped[str]  # a code of the list `session_place`; "" for a campaign without one
    channel: Mapped[str]  # a code of the list `campaign_channel`; "" for a session
    language: Mapped[str]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)  # of a session: sex -> age band -> how many
    total: Mapped[int]  # how many came, or were reached
    leaflets: Mapped[int]  # handed out
    logged_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    logged_at: Mapped[dt.datetime]
    token: Mapped[UUID] = mapped_column(unique=True)
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_because: Mapped[str]  # a code of the list `session_withdrawal`; "" while it counts
    version: Mapped[int]

    __table_args__ = (CheckConstraint("kind IN ('session', 'campaign')", name="kind"),)


class AwarenessCorrection(Base):
    """What was written down of a session or campaign before somebody corrected it."""

    __tablename__ = "awareness_corrections"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("awareness_sessions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # the version that was replaced
    before: Mapped[dict[str, Any]] = mapped_column(JSON)  # awareness.service.held.Held
    corrected_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    corrected_at: Mapped[dt.datetime]
