"""Tables of what only the lawyers of a case read. Neither the case key nor supervision opens any of it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class NoteGrant(Base):
    """The lawyers' note key of a case, sealed to a lawyer of it or to the recovery key, and signed."""

    __tablename__ = "note_grants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    epoch: Mapped[int]
    holder_kind: Mapped[str]  # person, recovery
    holder_id: Mapped[UUID] = mapped_column(index=True)  # a person, or the recovery key
    sealed: Mapped[bytes]
    signature: Mapped[bytes]
    granter_id: Mapped[UUID]  # a person, or the recovery key
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("case_id", "epoch", "holder_id"),)


class LawyerNote(Base):
    """A privileged note (Avukatlık Kanunu 1136, art. 36), sealed under the lawyers' note key of its case."""

    __tablename__ = "lawyer_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[dt.datetime]
    version: Mapped[int]
    epoch: Mapped[int]  # of the note key
    sealed: Mapped[bytes]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (Index("ix_lawyer_notes_case", "case_id", "written_at", "id"),)


class LegalDraft(Base):
    """Something that lawyers of a case write to be filed, sealed under a key that follows from that key."""

    __tablename__ = "legal_drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    # On whose desk it stands, and until when it is to be judged; the sealed row says the same of both.
    desk_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    due_at: Mapped[dt.datetime | None]
    version: Mapped[int]
    epoch: Mapped[int]  # of the note key
    sealed: Mapped[bytes]
    token: Mapped[UUID] = mapped_column(unique=True)


class DraftGrant(Base):
    """The key of one draft, sealed to a lawyer who is asked to review it, and signed."""

    __tablename__ = "draft_grants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("legal_drafts.id"))
    epoch: Mapped[int]  # of the note key from which it follows
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    sealed: Mapped[bytes]
    signature: Mapped[bytes]
    granter_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("draft_id", "epoch", "holder_id"),)


class LegalDraftPart(Base):
    """A version of a draft, or what was said or done about it: sealed as above, and never changed."""

    __tablename__ = "legal_draft_parts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("legal_drafts.id"))
    written_at: Mapped[dt.datetime]
    version: Mapped[int]
    epoch: Mapped[int]  # of the note key
    sealed: Mapped[bytes]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (Index("ix_legal_draft_parts_draft", "draft_id", "written_at", "id"),)
