"""Tables of the audit chain."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class AuditHead(Base):
    """The last link of an organisation's chain; locked last in every transaction."""

    __tablename__ = "audit_heads"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    number: Mapped[int]
    link: Mapped[bytes]


class AuditEntry(Base):
    """One act: who, what, on which object, when. No reasons, no free text."""

    __tablename__ = "audit_entries"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    actor_id: Mapped[UUID | None]
    act: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[UUID | None]
    digest: Mapped[bytes | None]
    link: Mapped[bytes]

    __table_args__ = (
        # Few acts are on stories, and what was last done to one is asked often.
        Index(
            "ix_audit_entries_story",
            "object_id",
            sqlite_where=text("object_kind = 'story'"),
            postgresql_where=text("object_kind = 'story'"),
        ),
        # Who had a request in hands is asked with each complaint; acts on cases are many times as many.
        Index(
            "ix_audit_entries_request",
            "object_id",
            sqlite_where=text("object_kind = 'request'"),
            postgresql_where=text("object_kind = 'request'"),
        ),
        # Who saved a document is asked on its page.
        Index(
            "ix_audit_entries_document",
            "object_id",
            sqlite_where=text("object_kind = 'document'"),
            postgresql_where=text("object_kind = 'document'"),
        ),
    )
