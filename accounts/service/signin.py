"""Signing in: password, second factor, screen lock; and what a lost one of them takes.

Each verb that derives a key has a slow half, `check…` or `prepare…`, which reads and derives before
the transaction, and a quick half that writes inside it. A wrong secret is an answer (None or False),
not an error, so that the failed try stays on the audit chain.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

import vault
from accounts.models import Person, PersonKey
from accounts.service import factors, locks, passwords, sessions, trust
from accounts.service.locks import Locks
from config.settings import Settings
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.store.base import db
from vault import PersonSecret, SessionToken

# After recovery by paper the one-time code stands in for a password for as long as an invitation does.
ONE_TIME_DAYS = 7


@dataclass(frozen=True)
class Checked:
    """What e-mail and password proved. `secret` is None when they proved nothing."""

    person_id: UUID | None
    organisation_id: UUID | None
    locked: bytes = field(repr=False)
    secret: PersonSecret | None = field(repr=False)


@dataclass(frozen=True)
class Factor:
    """What a code proved for one session: a time step, or the personal code."""

    session: sessions.Opened | None
    step: int | None
    by_code: bool


@dataclass(frozen=True)
class NewPassword:
    """A secret locked anew under another password; `locked` is None when the old one was wrong."""

    locked: bytes | None = field(repr=False)


@dataclass(frozen=True)
class NewCode:
    """A secret locked under a new personal code."""

    locked: bytes = field(repr=False)
    personal_code: str = field(repr=False)


@dataclass(frozen=True)
class Reset:
    """What e-mail and personal code proved, with new locks; they are None when they proved nothing."""

    person_id: UUID | None
    organisation_id: UUID | None
    locks: Locks | None = field(repr=False)


@dataclass(frozen=True)
class Renewal:
    """A secret with a new second factor under new locks, for one session; None after a wrong password."""

    session: sessions.Opened
    secret: PersonSecret | None = field(repr=False)
    locks: Locks | None = field(repr=False)
    step: int


@dataclass(frozen=True)
class Renewed:
    """The session's new cookie, and a personal code to show once."""

    token: SessionToken
    personal_code: str = field(repr=False)


def check(settings: Settings, email: str, password: str) -> Checked:
    """First half of signing in; the same work for known and unknown addresses."""
    account = locks.account(email)
    secret = locks.open_with_password(settings, account, password)
    if account is None:
        return Checked(None, None, b"", None)
    if account.must_change and (clock.now() - account.created_at).days >= ONE_TIME_DAYS:
        secret = None
    return Checked(account.person_id, account.organisation_id, account.locked_by_password, secret)


def begin(checked: Checked, device: str) -> SessionToken | None:
    """A session that waits for the second factor, or None for wrong e-mail or password."""
    if checked.person_id is None or checked.organisation_id is None:
        return None
    now = locks.account_of(checked.person_id)
    good = checked.secret is not None and now is not None and now.locked_by_password == checked.locked
    _record("sign_in.password" if good else "sign_in.fail", checked.person_id, checked.organisation_id)
    if not good or checked.secret is None:
        return None
    return sessions.begin(checked.person_id, checked.secret, device)


def must_change(person_id: UUID) -> bool:
    """Whether this person has a one-time code for a password and needs a new one and a new factor."""
    account = locks.account_of(person_id)
    return account is not None and account.must_change


def check_factor(settings: Settings, session: sessions.Opened | None, code: str) -> Factor:
    """Read a code against a session: a six-digit code, or the personal code."""
    if session is None:
        return Factor(None, None, by_code=False)
    step = factors.step_of(session.secret.totp_secret, code)
    by_code = step is None and (
        locks.open_with_code(settings, locks.account_of(session.person_id), code) is not None
    )
    return Factor(session, step, by_code)


def finish(factor: Factor) -> SessionToken | None:
    """Open the session under a new cookie, or None for a wrong or used code; five tries end the session.

    Raises vault.Untrusted when the certificate does not hold, as on a server whose clock was set back:
    the session would let nobody in, and nobody would learn why.
    """
    session = factor.session
    if session is None or session.state != "second_factor":
        return None
    trust.person_key(session.person_id)
    token = sessions.renew(session, finish=True) if _accept(factor) else None
    if token is None:
        account = locks.account_of(session.person_id)
        if account is not None and not account.must_change:
            _fail(session)
        return None
    _record("sign_in.code" if factor.by_code else "sign_in.open", session.person_id, session.organisation_id)
    return token


def unlock(factor: Factor) -> bool:
    """Take the lock off the screen; only a six-digit code does. Five wrong tries end the session."""
    session = factor.session
    if session is None or session.state != "locked":
        return False
    if factor.step is None or not _accept(factor) or not sessions.reopen(session.session_id):
        _fail(session)
        return False
    _record("session.unlock", session.person_id, session.organisation_id)
    return True


def check_password(settings: Settings, person_id: UUID, password: str) -> bool:
    """Whether this is the person's password; slow, and before the transaction."""
    return locks.open_with_password(settings, locks.account_of(person_id), password) is not None


def confirm(actor: Actor, session_id: UUID, *, good: bool) -> bool:
    """Note that `check_password` was good just now, or that it failed. Gives `good` back."""
    if good:
        sessions.confirm(session_id)
    audit.record(
        actor, "session.confirm" if good else "sign_in.fail", object_kind="session", object_id=session_id
    )
    return good


def sign_out(session_id: UUID) -> None:
    """End the session, locked or open."""
    sessions.end(session_id)


def prepare_password(settings: Settings, actor: Actor, old: str, new: str) -> NewPassword:
    """Lock the own secret under a new password. Raises DomainError(field="password") for a weak one."""
    _require_strong(actor.person_id, new)
    if not check_password(settings, actor.person_id, old):
        return NewPassword(None)
    return NewPassword(locks.under_password(settings, actor.secret, new, actor.person_id))


def change_password(actor: Actor, session_id: UUID, new: NewPassword) -> bool:
    """Change the own password and end all other sessions. False when the old one was wrong."""
    key = locks.key_of(actor.person_id)
    if new.locked is None or key is None:
        audit.record(actor, "sign_in.fail", object_kind="session", object_id=session_id)
        return False
    key.locked_by_password = new.locked
    db.session.flush()
    sessions.end_all(actor.person_id, but=session_id)
    audit.record(actor, "password.change", object_kind="person", object_id=actor.person_id)
    return True


def prepare_code(settings: Settings, actor: Actor) -> NewCode:
    """Lock the own secret under a new personal code."""
    code = vault.new_personal_code()
    return NewCode(vault.lock_with_code(actor.secret, code, actor.person_id, settings.pepper), code)


def renew_code(actor: Actor, new: NewCode) -> str:
    """Replace the personal code; the old one is dead. Gives the new one, to be shown once."""
    key = db.session.scalars(
        select(PersonKey).where(PersonKey.person_id == actor.person_id, PersonKey.retired_at.is_(None))
    ).one()
    key.locked_by_code = new.locked
    db.session.flush()
    audit.record(actor, "code.renew", object_kind="person", object_id=actor.person_id)
    return new.personal_code


def prepare_reset(settings: Settings, email: str, personal_code: str, new_password: str) -> Reset:
    """Read a personal code after a lost password; the same work for known and unknown addresses.

    Raises DomainError(field="password") for a weak new password, whatever the address.
    """
    passwords.require_strong(new_password, [email])
    account = locks.account(email)
    secret = locks.open_with_code(settings, account, personal_code)
    if account is None:
        locks.open_with_password(settings, None, new_password)
        return Reset(None, None, None)
    person_id, home = account.person_id, account.organisation_id
    if secret is None:
        locks.open_with_password(settings, None, new_password)
        return Reset(person_id, home, None)
    return Reset(person_id, home, locks.lock(settings, secret, new_password, person_id))


def reset(prepared: Reset) -> str | None:
    """Set the new password and end all sessions. Gives a new personal code, or None for a wrong one.

    The second factor stays: whoever finds a personal code still can't sign in with it alone.
    """
    if prepared.person_id is None or prepared.organisation_id is None:
        return None
    key = locks.key_of(prepared.person_id)
    if prepared.locks is None or key is None:
        _record("password.reset_fail", prepared.person_id, prepared.organisation_id)
        return None
    _relock(key, prepared.locks)
    sessions.end_all(prepared.person_id)
    _record("password.reset", prepared.person_id, prepared.organisation_id)
    return prepared.locks.personal_code


def prepare_first(
    settings: Settings, token_text: str, password: str, totp_secret: bytes, totp_code: str
) -> Renewal | None:
    """New password and second factor for a session that began with a one-time code. None without one.

    Raises DomainError with field password or totp_code.
    """
    session = sessions.open_secret(token_text)
    if session is None or session.state != "second_factor" or not must_change(session.person_id):
        return None
    _require_strong(session.person_id, password)
    return _renewal(settings, session, password, totp_secret, totp_code)


def prepare_factor(
    settings: Settings, token_text: str, password: str, totp_secret: bytes, totp_code: str
) -> Renewal | None:
    """A new second factor for an open session, with the password typed again. None without a session.

    Raises DomainError(field="totp_code").
    """
    session = sessions.open_secret(token_text)
    if session is None or session.state != "open":
        return None
    step = factors.require_step(totp_secret, totp_code)
    if not check_password(settings, session.person_id, password):
        return Renewal(session, None, None, step)
    return _renewal(settings, session, password, totp_secret, totp_code)


def renew(renewal: Renewal) -> Renewed | None:
    """Put password, second factor and personal code in place, end all other sessions, open this one.

    None after a wrong password, or when the session ended meanwhile.
    """
    session = renewal.session
    key = locks.key_of(session.person_id)
    if renewal.secret is None or renewal.locks is None or key is None:
        _record("sign_in.fail", session.person_id, session.organisation_id)
        return None
    token = sessions.renew(replace(session, secret=renewal.secret))
    if token is None:
        return None
    _relock(key, renewal.locks)
    person = db.session.get_one(Person, session.person_id, with_for_update=True)
    person.totp_step = renewal.step
    db.session.flush()
    sessions.end_all(session.person_id, but=session.session_id)
    _record("factor.replace", session.person_id, session.organisation_id)
    return Renewed(token, renewal.locks.personal_code)


def _renewal(
    settings: Settings, session: sessions.Opened, password: str, totp_secret: bytes, totp_code: str
) -> Renewal:
    step = factors.require_step(totp_secret, totp_code)
    secret = replace(session.secret, totp_secret=totp_secret)
    return Renewal(session, secret, locks.lock(settings, secret, password, session.person_id), step)


def _relock(key: PersonKey, new: Locks) -> None:
    key.locked_by_password, key.locked_by_code = new.by_password, new.by_code
    key.must_change = False
    db.session.flush()


def _require_strong(person_id: UUID, password: str) -> None:
    person = db.session.get_one(Person, person_id)
    passwords.require_strong(password, [person.name, person.email])


def _accept(factor: Factor) -> bool:
    """A right code that was not used before."""
    if factor.session is None:
        return False
    if factor.step is not None:
        return factors.spend(factor.session.person_id, factor.step)
    return factor.by_code


def _fail(session: sessions.Opened) -> None:
    sessions.count_failure(session.session_id)
    _record("sign_in.fail", session.person_id, session.organisation_id)


def _record(act: str, person_id: UUID, organisation_id: UUID) -> None:
    audit.record(
        None,
        act,
        organisation_id=organisation_id,
        person_id=person_id,
        object_kind="person",
        object_id=person_id,
    )
