"""A member's secret under password and personal code, and the row that keeps both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select

import vault
from accounts.models import Person, PersonKey
from accounts.service import passwords
from config.settings import Settings
from core import clock
from core.store.base import db, send
from vault import PersonSecret

# Put together once: a sign-in asks several times.
_PEOPLE, _KEYS = (Person.metadata.tables[one.__tablename__] for one in (Person, PersonKey))
_ACCOUNT = (
    select(
        _PEOPLE.c.id,
        _PEOPLE.c.organisation_id,
        _KEYS.c.locked_by_password,
        _KEYS.c.locked_by_code,
        _KEYS.c.must_change,
        _KEYS.c.created_at,
    )
    .join(_KEYS, _KEYS.c.person_id == _PEOPLE.c.id)
    .where(_PEOPLE.c.state == "active", _KEYS.c.retired_at.is_(None))
)
_BY_EMAIL = _ACCOUNT.where(_PEOPLE.c.email == bindparam("email"))
_BY_PERSON = _ACCOUNT.where(_PEOPLE.c.id == bindparam("person_id"))


@dataclass(frozen=True, slots=True)
class Account:
    """An active person, and the locks of the present key."""

    person_id: UUID
    organisation_id: UUID
    locked_by_password: bytes = field(repr=False)
    locked_by_code: bytes | None = field(repr=False)
    must_change: bool  # the password is a one-time code, after recovery by paper
    created_at: dt.datetime


@dataclass(frozen=True)
class Locks:
    """Both locks of a secret, and the personal code, which is shown once and kept nowhere."""

    by_password: bytes = field(repr=False)
    by_code: bytes = field(repr=False)
    personal_code: str = field(repr=False)


def lock(settings: Settings, secret: PersonSecret, password: str, person_id: UUID) -> Locks:
    """Lock a secret under a password and a new personal code. Slow: one Argon2id derivation."""
    code = vault.new_personal_code()
    return Locks(
        by_password=under_password(settings, secret, password, person_id),
        by_code=vault.lock_with_code(secret, code, person_id, settings.pepper),
        personal_code=code,
    )


def under_password(settings: Settings, secret: PersonSecret, password: str, person_id: UUID) -> bytes:
    """Lock a secret under a password alone. Slow: one Argon2id derivation."""
    return vault.lock_with_password(secret, password, person_id, settings.pepper, passwords.profile(settings))


def open_with_password(
    settings: Settings, account: Account | PersonKey | None, password: str
) -> PersonSecret | None:
    """The secret, or None for a wrong password or no account; takes equally long either way."""
    profile = passwords.profile(settings)
    try:
        if account is None:
            return vault.derive_anyway(password, settings.pepper, profile)
        return vault.unlock_with_password(
            account.locked_by_password, password, account.person_id, settings.pepper, profile
        )
    except vault.VaultError:
        return None


def open_with_code(settings: Settings, account: Account | PersonKey | None, code: str) -> PersonSecret | None:
    """The secret, or None for a wrong personal code, none set, or no account."""
    if account is None or account.locked_by_code is None:
        return None
    try:
        return vault.unlock_with_code(account.locked_by_code, code, account.person_id, settings.pepper)
    except vault.VaultError:
        return None


def key_of(person_id: UUID) -> PersonKey | None:
    """The present key of an active person, to be changed."""
    return db.session.scalar(
        select(PersonKey)
        .join(Person, Person.id == PersonKey.person_id)
        .where(Person.id == person_id, Person.state == "active", PersonKey.retired_at.is_(None))
    )


def account_of(person_id: UUID) -> Account | None:
    """An active person."""
    found = send(_BY_PERSON, {"person_id": person_id}).first()
    return None if found is None else Account(*found)


def account(email: str) -> Account | None:
    """An active person by address."""
    found = send(_BY_EMAIL, {"email": normal_email(email)}).first()
    return None if found is None else Account(*found)


def normal_email(email: str) -> str:
    """An address as it is stored."""
    return email.strip().lower()


def add_key(
    person_id: UUID, secret: PersonSecret, certificate_id: UUID, by_password: bytes, by_code: bytes | None
) -> None:
    """Write the row of a new key. Without a personal code it must be changed at first sign-in."""
    db.session.add(
        PersonKey(
            id=uuid4(),
            person_id=person_id,
            certificate_id=certificate_id,
            hpke_public=secret.pair.public,
            sign_public=secret.signer.public,
            locked_by_password=by_password,
            locked_by_code=by_code,
            must_change=by_code is None,
            created_at=clock.now(),
            retired_at=None,
        )
    )
    db.session.flush()
