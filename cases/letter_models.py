"""Tables of templates for letters. What stands in one is sealed: somebody may have left a name in it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class LetterTemplate(Base):
    """A template of letters, in versions that never change."""

    __tablename__ = "letter_templates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    retired: Mapped[bool]  # offered no more
    latest: Mapped[int]  # the number of the newest version
    approved: Mapped[int | None]  # of the one that is offered
    version: Mapped[int]


class LetterVersion(Base):
    """One version: what is said of it and the file, under a key of its own; signed by its writer."""

    __tablename__ = "letter_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    template_id: Mapped[UUID] = mapped_column(ForeignKey("letter_templates.id"))
    number: Mapped[int]
    about: Mapped[bytes]
    content: Mapped[bytes]
    signature: Mapped[bytes]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[dt.datetime]
    approval: Mapped[bytes | None]  # the signature of the lawyer who approved it
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[dt.datetime | None]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (UniqueConstraint("template_id", "number"),)


class LetterReader(Base):
    """Somebody who may use a version, by its key sealed to them."""

    __tablename__ = "letter_readers"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("letter_versions.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    wrapped: Mapped[bytes]
