"""Tables of organisations, people and keys. Every private half in them is sealed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class Organisation(Base):
    """A member organisation of the platform: an own root, own administrators, own recovery."""

    __tablename__ = "organisations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name_ar: Mapped[str]
    name_tr: Mapped[str]
    name_en: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)  # begins every case reference
    root_public: Mapped[bytes]
    invented: Mapped[bool] = mapped_column(default=False)  # demo data; refused in production
    created_at: Mapped[dt.datetime]

    def name(self, language: str) -> str:
        """The name in one of ar, tr, en."""
        return {"ar": self.name_ar, "tr": self.name_tr}.get(language, self.name_en)


class Person(Base):
    """A member of staff. Names and addresses of staff are in clear, and only those."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    language: Mapped[str]
    languages: Mapped[list[str]]  # spoken with clients, codes of domain.lists
    provinces: Mapped[list[str]]  # plate numbers where a lawyer appears
    state: Mapped[str]  # invited, active, departed
    totp_step: Mapped[int] = mapped_column(default=0)  # the last code used, so that none works twice
    created_at: Mapped[dt.datetime]
    departed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    shortcuts: Mapped[bool] = mapped_column(default=True)  # whether single keys do something on their pages

    __table_args__ = (CheckConstraint("state IN ('invited', 'active', 'departed')", name="state"),)


class WorkProfile(Base):
    """What a lawyer says for the choice of who takes a file: staff data in clear, all of it optional."""

    __tablename__ = "work_profiles"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    issue_groups: Mapped[list[str]]  # groups of the taxonomy
    bar: Mapped[str]  # plate number of the province whose bar it is, or ""
    gender: Mapped[str]  # f, m, or "" where it is not said
    share: Mapped[int]  # percent of full time; 0: takes no new files
    version: Mapped[int]


class Absence(Base):
    """Days on which a member of staff is away, both included; never why."""

    __tablename__ = "absences"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    begins: Mapped[dt.date]
    ends: Mapped[dt.date]


class PersonRole(Base):
    """A role of a person, for queries. The certificate is what keys believe."""

    __tablename__ = "person_roles"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class CertificateRow(Base):
    """A signed statement: who, which key, which roles, until when."""

    __tablename__ = "certificates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    serial: Mapped[int]
    statement: Mapped[bytes]
    signature: Mapped[bytes]
    issuer_certificate_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("certificates.id")
    )  # None: the root
    countersigner_certificate_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificates.id"))
    countersignature: Mapped[bytes | None]
    created_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]

    __table_args__ = (UniqueConstraint("kind", "subject_id", "serial"),)


class PersonKey(Base):
    """A person's key pair: the public halves, and the secret under password and under the personal code."""

    __tablename__ = "person_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"))
    hpke_public: Mapped[bytes]
    sign_public: Mapped[bytes]
    locked_by_password: Mapped[bytes]
    locked_by_code: Mapped[bytes | None]
    must_change: Mapped[bool] = mapped_column(default=False)  # after recovery: a one-time code is no password
    created_at: Mapped[dt.datetime]
    retired_at: Mapped[dt.datetime | None]


class Invitation(Base):
    """A one-time right to join with these roles. The link carries the signing key, the row its hash."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class CalendarFeed(Base):
    """A secret address under which a calendar program reads when something is due to a person."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[dt.datetime]


class SignInSession(Base):
    """A signed-in browser. The secret opens only with half of the cookie. No backup holds this table."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lookup: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    secret: Mapped[bytes | None]  # sealed; gone once ended
    state: Mapped[str]  # second_factor, open, locked, ended
    device: Mapped[str]  # coarse: "Chromium, Android"
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]  # the last time the password was typed again
    tries: Mapped[int] = mapped_column(default=0)  # wrong second factors in a row; too many end the session


class OrganisationKey(Base):
    """A key that members hold together: of the kinds in `accounts.service.keys`, root or recovery."""

    __tablename__ = "organisation_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]
    epoch: Mapped[int]
    public: Mapped[bytes]  # the match key, which is symmetric, is derived from the private half of a pair
    certificate_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificates.id"))  # None for the root
    created_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[dt.datetime]
    rotation_due: Mapped[bool] = mapped_column(default=False)  # somebody who held it has left
    retired_at: Mapped[dt.datetime | None]

    __table_args__ = (UniqueConstraint("organisation_id", "kind", "epoch"),)


class KeyGrant(Base):
    """The private half of an organisation key, sealed to one holder: a person, or the recovery key."""

    __tablename__ = "key_grants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"), index=True)
    holder_id: Mapped[UUID] = mapped_column(index=True)  # a person, or the organisation key `recovery`
    sealed: Mapped[bytes]
    signature: Mapped[bytes]
    granter_id: Mapped[UUID]  # a person, or the recovery key
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("key_id", "holder_id"),)


class KeyRing(Base):
    """An organisation key once checked, wrapped under the holder's own ring: no public-key work again."""

    __tablename__ = "key_rings"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"), primary_key=True)
    wrapped: Mapped[bytes]


class PartnerRoot(Base):
    """Another organisation's root, compared by voice and signed by the member who compared it."""

    __tablename__ = "partner_roots"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    root_public: Mapped[bytes]
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[dt.datetime]
    signature: Mapped[bytes]


class RecoveryHolder(Base):
    """One of the three people who keep a printed paper. The name says whom to ask."""

    __tablename__ = "recovery_holders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    number: Mapped[int]
    name: Mapped[str]
    public: Mapped[bytes]
    sealed_private: Mapped[bytes]

    __table_args__ = (UniqueConstraint("organisation_id", "number"),)


class RecoveryWrap(Base):
    """The recovery secret, sealed so that this pair of papers opens it."""

    __tablename__ = "recovery_wraps"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    second: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class Draft(Base):
    """What somebody was typing, sealed to the own public key."""

    __tablename__ = "drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    form: Mapped[str]  # the endpoint that takes it back; what else its address names is sealed
    object_id: Mapped[UUID | None]
    sealed: Mapped[bytes]
    saved_at: Mapped[dt.datetime]

    __table_args__ = (Index("ix_drafts_person", "person_id", "form"),)


class SentForm(Base):
    """What a form said that was carried out, as a digest under its sender's key; the id is its token."""

    __tablename__ = "sent_forms"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sent_at: Mapped[dt.datetime] = mapped_column(index=True)
    sealed: Mapped[bytes]
