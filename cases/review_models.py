"""Which files are looked at each month. What a review says is an item of its case, sealed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class ReviewDraw(Base):
    """The draw of a month: made once, never changed.

    The seed is shown to nobody: whoever knows it finds by exclusion which files chance did not draw.
    """

    __tablename__ = "review_draws"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    month: Mapped[dt.date]  # its first day
    seed: Mapped[str]
    closed: Mapped[list[int]] = mapped_column(JSON)  # numbers of the files among which it was drawn
    open: Mapped[list[int]] = mapped_column(JSON)
    drawn: Mapped[list[int]] = mapped_column(JSON)  # what came out, all reasons together
    drawn_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("organisation_id", "month"),)


class DrawnFile(Base):
    """A file that is looked at in a month. Nothing says why: a complaint is not told to those on the case."""

    __tablename__ = "drawn_files"

    month: Mapped[dt.date] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_items.id"))  # once somebody looked
