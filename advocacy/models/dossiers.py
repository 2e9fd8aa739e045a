"""Tables of dossiers. Each dossier has its own key, wrapped to the organisation's dossier key."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import NAMES_OBJECT, Base


class Dossier(Base):
    """What is carried to an authority: ten sections in three languages, figures, stories."""

    __tablename__ = "dossiers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str]  # draft, review, approved, left, closed
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    wrapped: Mapped[bytes]  # the dossier's own key, sealed to that key
    sealed: Mapped[bytes]  # titles, issue, place, the pattern it began with
    pattern_id: Mapped[UUID | None]  # random, known to the scan of patterns alone; or of a proposal
    made_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    version: Mapped[int]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'review', 'approved', 'left', 'closed')", name="state"),
    )


class DossierSection(Base):
    """One section in one language."""

    __tablename__ = "dossier_sections"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]  # draft, ready
    sealed: Mapped[bytes]
    version: Mapped[int]
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[dt.datetime]


class DossierFigure(Base):
    """A figure: a row of a stored release, never a number typed by hand."""

    __tablename__ = "dossier_figures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), index=True)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("releases.id"))
    sealed: Mapped[bytes]  # which row, its value as released, the caption in three languages
    added_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[dt.datetime]


class DossierAsk(Base):
    """A manager asks somebody who works files for a story; sealed to that person."""

    __tablename__ = "dossier_asks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    sealed: Mapped[bytes]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]

    __table_args__ = (UniqueConstraint("dossier_id", "person_id"),)


class DossierStory(Base):
    """A story, written for the dossier by somebody who holds the file, and signed by two."""

    __tablename__ = "dossier_stories"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]  # signed, confirmed, pulled
    consent_until: Mapped[dt.date]  # of the consent it rests on
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    sealed: Mapped[bytes]  # to the dossier key
    copy: Mapped[bytes]  # the same, to its author
    version: Mapped[int]
    written_at: Mapped[dt.datetime]
    signature: Mapped[bytes | None]  # of the author over the sealed content's digest
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    second_signature: Mapped[bytes | None]
    second_at: Mapped[dt.datetime | None]
    pulled_at: Mapped[dt.datetime | None]
    pulled_because: Mapped[str | None]  # withdrawn, uncovered, expired, closed, restricted, author, dossier
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("state IN ('signed', 'confirmed', 'pulled')", name="state"),)


class DossierVersion(Base):
    """The whole content, frozen for review: what is approved is this and nothing else."""

    __tablename__ = "dossier_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), index=True)
    number: Mapped[int]
    digest: Mapped[bytes]  # SHA-256 of the frozen content, which holds a random value
    sealed: Mapped[bytes]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("dossier_id", "number"),)


class DossierVersionStory(Base):
    """Which stories a frozen version holds, so that what was made of a pulled one is found."""

    __tablename__ = "dossier_version_stories"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("dossier_versions.id"), primary_key=True)
    story_id: Mapped[UUID] = mapped_column(ForeignKey("dossier_stories.id"), primary_key=True, index=True)
    story_version: Mapped[int]


class DossierApproval(Base):
    """Somebody stands for a frozen version: legally, for its data, for its neutrality."""

    __tablename__ = "dossier_approvals"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("dossier_versions.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # legal, data, neutrality
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    signature: Mapped[bytes]
    approved_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("version_id", "person_id"),)  # three different people


class DossierOutput(Base):
    """A file that was made from an approved version."""

    __tablename__ = "dossier_outputs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("dossier_versions.id"), index=True)
    kind: Mapped[str]  # paper, full
    language: Mapped[str]
    format: Mapped[str]  # pdf, docx
    sha256: Mapped[bytes]
    blob_id: Mapped[UUID] = mapped_column(index=True, info=NAMES_OBJECT)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[dt.datetime]
    flagged_at: Mapped[dt.datetime | None]  # a story or a figure in it was pulled since
    settled_at: Mapped[dt.datetime | None]  # everybody who received it knows
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (UniqueConstraint("version_id", "kind", "language", "format"),)
