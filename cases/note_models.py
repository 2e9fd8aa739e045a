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
