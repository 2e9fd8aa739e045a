"""Tables of addressees, contacts and outcomes. Names of institutions are public; all else is sealed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class Institution(Base):
    """An addressee: a ministry, a directorate, a parliament group, a bar, a UN body, a newsroom."""

    __tablename__ = "institutions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]  # of the list addressee_kind
    code: Mapped[str | None]  # a parliament group of the dated list
    name_ar: Mapped[str]
    name_tr: Mapped[str]
    name_en: Mapped[str]
    address: Mapped[str]  # public
    version: Mapped[int]
    retired_at: Mapped[dt.datetime | None]

    def name(self, language: str) -> str:
        """The name in one of ar, tr, en."""
        return {"ar": self.name_ar, "tr": self.name_tr}.get(language, self.name_en)


class ContactPerson(Base):
    """A person at an institution: name, role, ways to reach them; sealed to the dossier key."""

    __tablename__ = "contact_people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    sealed: Mapped[bytes]
    version: Mapped[int]
    retired_at: Mapped[dt.datetime | None]
    token: Mapped[UUID] = mapped_column(unique=True)


class ContactEntry(Base):
    """A line of the log: sent, met, answered, promised. Clear are only the day of a promise and its owner."""

    __tablename__ = "contact_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossiers.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    sealed: Mapped[bytes]
    due_on: Mapped[dt.date | None]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]  # noted, open, kept, broken
    written_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[dt.datetime]
    version: Mapped[int]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("state IN ('noted', 'open', 'kept', 'broken')", name="state"),)


class DossierOutcome(Base):
    """A step of the ladder that a dossier reached, and the reviews that follow it."""

    __tablename__ = "dossier_outcomes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), index=True)
    step: Mapped[str]
    reached_on: Mapped[dt.date]
    sealed: Mapped[bytes]  # under the dossier's own key
    written_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[dt.datetime]
    token: Mapped[UUID] = mapped_column(unique=True)


class DossierReview(Base):
    """A day on which somebody looks whether what was reached still holds."""

    __tablename__ = "dossier_reviews"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), index=True)
    due_on: Mapped[dt.date]
    done_at: Mapped[dt.datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    sealed: Mapped[bytes | None]


class DossierResult(Base):
    """What came of a dossier, told to those who hold a case that contributed; sealed to each of them."""

    __tablename__ = "dossier_results"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("dossier_outcomes.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    sealed: Mapped[bytes]
    told_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime | None]
