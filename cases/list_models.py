"""Choices of cases that somebody keeps for themselves."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class OwnList(Base):
    """A choice of cases that somebody keeps, or an act on several; sealed under the own keyring key."""

    __tablename__ = "own_lists"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str]  # filter, batch
    open: Mapped[bool]  # a filter until it is taken out; a batch until its last case is done
    made_at: Mapped[dt.datetime]
    version: Mapped[int]
    sealed: Mapped[bytes]

    __table_args__ = (CheckConstraint("kind IN ('filter', 'batch')", name="kind"),)
