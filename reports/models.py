"""Tables of releases. Figures are sealed to the statistics key like the facts they come from."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import NAMES_OBJECT, Base


class QuarterSnapshot(Base):
    """The facts of one closed quarter, frozen when a manager first opened it: all tables come from here."""

    __tablename__ = "quarter_snapshots"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    quarter: Mapped[str]  # "2026-Q3"
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    sealed: Mapped[bytes]
    frozen_at: Mapped[dt.datetime]
    frozen_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "quarter"),)


class Release(Base):
    """One published table: what was asked, the exact bytes by hash, who released it."""

    __tablename__ = "releases"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    table: Mapped[str]  # the dimension, from the menu
    quarter: Mapped[str]
    menu_version: Mapped[int]
    format: Mapped[str]  # csv, xlsx
    language: Mapped[str]
    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("quarter_snapshots.id"))
    sha256: Mapped[bytes]  # of the exact bytes, in the blob store under `blob_id`
    size: Mapped[int]  # bytes
    blob_id: Mapped[UUID] = mapped_column(index=True, info=NAMES_OBJECT)
    released_at: Mapped[dt.datetime]
    released_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    revoked_reason: Mapped[bytes | None]  # sealed to the statistics key of the snapshot

    __table_args__ = (
        UniqueConstraint("organisation_id", "table", "quarter", "menu_version", "format", "language"),
    )
