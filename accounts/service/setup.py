"""A new organisation: its root, its recovery with three papers, its first administrator.

A one-time link begins it. The link's token lies among the server's secrets, so that only who runs
the server can read it out, and goes with its use.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.models import (
    Organisation,
    Person,
    PersonRole,
)
from accounts.service import certificates, factors, grants, locks, papers, passwords, trust
from config.settings import Settings
from core import clock
from core.access.permissions import Role
from core.audit import service as audit
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from vault import Certificate, PersonSecret, Signer

_PREFIX: Final = re.compile(r"[A-Z]{1,4}", re.ASCII)


@dataclass(frozen=True)
class SetUpForm:
    """What the first administrator typed, already cleaned. `prefix` begins every case reference."""

    name_ar: str
    name_tr: str
    name_en: str
    prefix: str
    person_name: str
    email: str
    language: str
    password: str = field(repr=False)
    totp_secret: bytes = field(repr=False)
    totp_code: str = field(repr=False)
    holders: tuple[str, str, str] = ("", "", "")
    invented: bool = False


@dataclass(frozen=True)
class PreparedSetUp:
    """Everything that is slow to make, made before the database is asked to wait."""

    token: str = field(repr=False)
    form: SetUpForm = field(repr=False)
    organisation_id: UUID
    person_id: UUID
    root: Signer = field(repr=False)
    secret: PersonSecret = field(repr=False)
    locks: locks.Locks = field(repr=False)
    made: papers.Made = field(repr=False)
    totp_step: int


@dataclass(frozen=True)
class SetUpResult:
    """Shown once: three papers (number, holder's name, code) and the administrator's personal code."""

    organisation_id: UUID
    person_id: UUID
    papers: list[tuple[int, str, str]] = field(repr=False)
    personal_code: str = field(repr=False)


def new_link(settings: Settings) -> str:
    """Make a set-up link in place of any earlier one. Gives its token."""
    token = secrets.token_urlsafe(32)
    file = papers.link_file(settings)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(token)
    return token


def check_link(settings: Settings, token: str) -> None:
    """Raise NotFound unless this is the token of the open link."""
    file = papers.link_file(settings)
    known = file.read_text(encoding="ascii").strip() if file.exists() else ""
    if not known or not compare_digest(known.encode(), token.encode("utf-8", "replace")):
        raise NotFound


def prepare(settings: Settings, token: str, form: SetUpForm) -> PreparedSetUp:
    """Check what was typed and make the keys; slow, and before the transaction.

    Raises NotFound for a wrong link, DomainError with its field for what cannot be accepted.
    """
    check_link(settings, token)
    _require_free(form)
    passwords.require_strong(form.password, [form.person_name, form.email, form.name_en, form.name_tr])
    step = factors.require_step(form.totp_secret, form.totp_code)
    organisation_id, person_id = uuid4(), uuid4()
    root = Signer.new()
    secret = replace(PersonSecret.new(root.public), totp_secret=form.totp_secret)
    return PreparedSetUp(
        token=token,
        form=form,
        organisation_id=organisation_id,
        person_id=person_id,
        root=root,
        secret=secret,
        locks=locks.lock(settings, secret, form.password, person_id),
        made=papers.make(organisation_id),
        totp_step=step,
    )


def set_up(settings: Settings, prepared: PreparedSetUp) -> SetUpResult:
    """Write the organisation, its root and recovery, and the first administrator.

    In a transaction of its own: the link is used up with it, and opens again when it fails. Raises NotFound
    when somebody was faster with the same link.
    """
    with papers.spending_link(settings, prepared.token, prepared.organisation_id), transaction():
        return _write(settings, prepared)


def _write(settings: Settings, prepared: PreparedSetUp) -> SetUpResult:
    form, home = prepared.form, prepared.organisation_id
    _require_free(form)
    trust.remember_root(settings, home, prepared.root.public)
    db.session.add(
        Organisation(
            id=home,
            name_ar=form.name_ar,
            name_tr=form.name_tr,
            name_en=form.name_en,
            prefix=form.prefix,
            root_public=prepared.root.public,
            invented=form.invented,
            created_at=clock.now(),
        )
    )
    db.session.flush()
    _add_administrator(prepared)
    recovery_id = papers.write(
        home, prepared.person_id, prepared.root, prepared.made, list(form.holders), epoch=1
    )
    _add_root(prepared, recovery_id)
    audit.record(
        None,
        "organisation.set_up",
        organisation_id=home,
        person_id=prepared.person_id,
        object_kind="organisation",
        object_id=home,
    )
    return SetUpResult(
        organisation_id=home,
        person_id=prepared.person_id,
        papers=prepared.made.shown(form.holders),
        personal_code=prepared.locks.personal_code,
    )


def _require_free(form: SetUpForm) -> None:
    if not _PREFIX.fullmatch(form.prefix):
        raise DomainError(_("Use one to four Latin capital letters."), field="prefix")
    if len({name.strip() for name in form.holders} - {""}) != papers.HOLDERS:
        raise DomainError(_("Name three different people for the three papers."), field="holders")
    if db.session.scalar(select(Organisation.id).where(Organisation.prefix == form.prefix)):
        raise DomainError(_("Another organisation uses these letters."), field="prefix")
    address = locks.normal_email(form.email)
    if db.session.scalar(select(Person.id).where(Person.email == address)):
        raise DomainError(_("There is an account with this address already."), field="email")


def _validity() -> tuple[int, int]:
    return clock.unix(), clock.unix() + certificates.VALID_SECONDS


def _add_administrator(prepared: PreparedSetUp) -> None:
    form = prepared.form
    begins, ends = _validity()
    db.session.add(
        Person(
            id=prepared.person_id,
            organisation_id=prepared.organisation_id,
            email=locks.normal_email(form.email),
            name=form.person_name,
            language=form.language,
            languages=[],
            provinces=[],
            state="active",
            totp_step=prepared.totp_step,
            created_at=clock.now(),
            departed_at=None,
            version=1,
        )
    )
    db.session.flush()
    db.session.add(PersonRole(person_id=prepared.person_id, role=Role.ADMINISTRATOR))
    signed = vault.issue(
        Certificate(
            organisation_id=prepared.organisation_id,
            kind="person",
            subject_id=prepared.person_id,
            roles=(Role.ADMINISTRATOR.value,),
            hpke_public=prepared.secret.pair.public,
            sign_public=prepared.secret.signer.public,
            not_before=begins,
            not_after=ends,
        ),
        prepared.root,
    )
    locks.add_key(
        prepared.person_id,
        prepared.secret,
        certificates.store(signed),
        prepared.locks.by_password,
        prepared.locks.by_code,
    )


def _add_root(prepared: PreparedSetUp, recovery_id: UUID) -> None:
    row = papers.key_row(
        uuid4(), prepared.organisation_id, "root", prepared.root.public, None, prepared.person_id
    )
    holders = (
        (prepared.person_id, prepared.secret.pair.public),
        (recovery_id, prepared.made.recovery.pair.public),
    )
    for holder_id, public in holders:
        grants.hand_over(
            row, prepared.root.seed(), holder_id, public, prepared.person_id, prepared.secret.signer
        )
