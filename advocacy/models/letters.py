"""The organisation's own words for letters to addressees; about nobody, so they stand in clear."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class LetterText(Base):
    """How letters of one kind begin in one language; empty where the house's own words were restored."""

    __tablename__ = "letter_texts"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # of the list letter_kind
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    version: Mapped[int]
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[dt.datetime]
