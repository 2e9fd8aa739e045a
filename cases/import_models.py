"""Tables of sheets in which an office kept its cases, while they are brought in."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class CaseImport(Base):
    """A sheet in which an office kept its cases; what stands in it is sealed to whoever brings it."""

    __tablename__ = "case_imports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[dt.datetime]
    touched_at: Mapped[dt.datetime]  # a week later the sealed rows go
    state: Mapped[str]
    carried_at: Mapped[dt.datetime | None]  # since when it can be taken back for thirty days
    sealed: Mapped[bytes | None]  # the rows; gone once it is over
    plan: Mapped[bytes | None]  # how they are read and what was decided about them
    written: Mapped[int]  # how often the plan was
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint(
            "state IN ('mapping', 'checking', 'checked', 'running', 'asking', 'done', 'undoing', 'undone')",
            name="state",
        ),
    )


class CaseImportRow(Base):
    """What became of a row; nothing that stands in it."""

    __tablename__ = "case_import_rows"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("case_imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    head: Mapped[bytes | None]  # digest over the case's rows as they were brought in

    __table_args__ = (
        CheckConstraint(
            "state IN ('new', 'faulty', 'ready', 'alike', 'conflict', 'imported', 'linked', 'left_out',"
            " 'erased', 'stays_worked', 'stays_shut')",
            name="state",
        ),
    )
