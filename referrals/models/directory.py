"""The directory of an organisation: to whom people are referred. Public things, in clear."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class DirectoryEntry(Base):
    """An organisation or public service. Linked to a partner here, it receives sealed referrals."""

    __tablename__ = "directory_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    code: Mapped[str | None]  # of the table that the directory began with
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    name_ar: Mapped[str]
    name_tr: Mapped[str]
    name_en: Mapped[str]
    services: Mapped[list[str]]  # codes of the list `service`
    provinces: Mapped[list[str]]  # plate numbers; empty: the whole country
    languages: Mapped[list[str]]
    capacity: Mapped[str]  # open, limited, full, unknown
    address: Mapped[str]  # where people go, as it stands on a sign
    hours: Mapped[str]
    focal_person: Mapped[str]
    phone: Mapped[str]
    confirmed: Mapped[bool]  # somebody here has called; until then "to be confirmed"
    review_on: Mapped[dt.date]  # the day on which to call again
    retired: Mapped[bool]
    version: Mapped[int]
    token: Mapped[UUID | None] = mapped_column(unique=True)  # of the form that added it

    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        Index("ix_directory_entries_home", "organisation_id", "retired"),
    )

    @property
    def names(self) -> frozenset[str]:
        """Every name it has, in any language."""
        return frozenset({self.name_ar, self.name_tr, self.name_en} - {""})

    def name(self, language: str) -> str:
        """The name in one of ar, tr, en; one that is missing is shown in another language."""
        wanted = {"ar": self.name_ar, "tr": self.name_tr}.get(language, self.name_en)
        return wanted or self.name_tr or self.name_en or self.name_ar
