"""Signed-in browsers: the row opens nothing without the cookie, the cookie nothing without the row.

A session locks after fifteen idle minutes and ends after ten hours. An ended row stays a day
without its secret, so that a form that came too late can be sealed to its owner.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Select, bindparam, delete, exists, insert, select, update

import vault
from accounts.models import Person, PersonKey, SignInSession
from accounts.service import trust
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import NotFound
from core.store.base import db, send
from vault import PersonSecret, SessionToken

IDLE: Final = dt.timedelta(minutes=15)
LONGEST: Final = dt.timedelta(hours=10)
FACTOR_WITHIN: Final = dt.timedelta(minutes=5)
KEPT: Final = dt.timedelta(hours=24)
MOST_TRIES: Final = 5
_SEEN_EVERY: Final = dt.timedelta(minutes=1)

# Put together once, because every request or sign-in sends them.
_ROWS, _PEOPLE, _KEYS = (
    Person.metadata.tables[one.__tablename__] for one in (SignInSession, Person, PersonKey)
)
_ADD: Final = insert(_ROWS)
_BY_LOOKUP: Final = (
    select(
        _ROWS.c.id,
        _ROWS.c.person_id,
        _ROWS.c.secret,
        _ROWS.c.state,
        _ROWS.c.created_at,
        _ROWS.c.seen_at,
        _ROWS.c.expires_at,
        _ROWS.c.confirmed_at,
        _PEOPLE.c.organisation_id,
        _PEOPLE.c.language,
        _PEOPLE.c.state,
    )
    .join(_PEOPLE, _PEOPLE.c.id == _ROWS.c.person_id)
    .where(_ROWS.c.lookup == bindparam("lookup"))
)
_OPEN: Final = (
    update(_ROWS)
    .where(
        _ROWS.c.id == bindparam("session_id"),
        _ROWS.c.state != "ended",
        _ROWS.c.expires_at > bindparam("moment"),
    )
    .values(
        lookup=bindparam("new_lookup"),
        secret=bindparam("new_secret"),
        state="open",
        tries=0,
        seen_at=bindparam("moment"),
        confirmed_at=bindparam("moment"),
        expires_at=bindparam("end"),
    )
)
# The same for somebody active whose password is none that must be changed first.
_FINISH: Final = _OPEN.where(
    exists().where(
        _PEOPLE.c.id == _ROWS.c.person_id,
        _PEOPLE.c.state == "active",
        _KEYS.c.person_id == _ROWS.c.person_id,
        _KEYS.c.retired_at.is_(None),
        _KEYS.c.must_change.is_(False),
    )
)


@dataclass(frozen=True)
class Seen:
    """What a cookie proved. `due` says that the row should be brought up to date by `settle`."""

    session_id: UUID
    person_id: UUID
    state: str  # second_factor, open, locked, ended
    confirmed_at: dt.datetime | None
    actor: Actor | None  # only while open
    due: bool
    token: SessionToken = field(repr=False)
    row: SessionRow = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """A session that is not over, with the secret that its cookie opens."""

    session_id: UUID
    person_id: UUID
    organisation_id: UUID
    state: str
    created_at: dt.datetime
    secret: PersonSecret = field(repr=False)


@dataclass(frozen=True)
class SessionLine:
    """One of the own devices."""

    id: UUID
    device: str
    state: str
    created_at: dt.datetime
    seen_at: dt.datetime


def identify(token_text: str) -> Seen | None:
    """Whose cookie this is, by the clock of this moment; writes nothing. None for an unknown cookie.

    The actor's roles are those of the certificate; a session whose person has no certificate that
    holds up to the remembered root is answered with None.
    """
    found = _find(token_text)
    if found is None:
        return None
    token, row = found
    state, now = _state(row), clock.now()
    due = state != row.state or (state == "open" and now - row.seen_at >= _SEEN_EVERY)
    actor = None
    if state == "open":
        actor = _actor(token, row)
        if actor is None:
            return None
    return Seen(row.id, row.person_id, state, row.confirmed_at, actor, due, token, row)


def settle(session_id: UUID) -> None:
    """Write down what time has done to a session: locked, ended, or seen just now. Safe to repeat."""
    row = db.session.get(SignInSession, session_id, with_for_update=True, populate_existing=True)
    if row is None:
        return
    state = _state(row)
    if state == "ended":
        _end(row)
    elif state == row.state == "open":
        row.seen_at = clock.now()
    elif state != row.state:
        row.state = state
        _record(row, "session.lock")
    db.session.flush()


def begin(person_id: UUID, secret: PersonSecret, device: str) -> SessionToken:
    """A new session that waits for the second factor."""
    token, session_id, moment = SessionToken.new(), uuid4(), clock.now()
    row = {
        "id": session_id,
        "lookup": token.lookup_hash(),
        "person_id": person_id,
        "secret": vault.seal_secret(token, secret.to_bytes(), session_id),
        "state": "second_factor",
        "device": device,
        "created_at": moment,
        "seen_at": moment,
        "expires_at": moment + FACTOR_WITHIN,
        "confirmed_at": None,
    }
    send(_ADD, row)
    return token


def open_secret(token_text: str) -> Opened | None:
    """The secret of a session that is not over, whatever its state. None when there is none."""
    found = _find(token_text)
    return None if found is None else _opened(*found)


def open_seen(seen: Seen) -> Opened | None:
    """The same for what `identify` has just found; whoever writes afterwards looks at the row again."""
    return _opened(seen.token, seen.row)


def _opened(token: SessionToken, row: SessionRow) -> Opened | None:
    state = _state(row)
    if state == "ended" or row.secret is None or row.person_state != "active":
        return None
    try:
        secret = PersonSecret.from_bytes(vault.open_secret(token, row.secret, row.id))
    except vault.VaultError:
        return None
    return Opened(row.id, row.person_id, row.organisation_id, state, row.created_at, secret)


def renew(session: Opened, *, finish: bool = False) -> SessionToken | None:
    """Open a session under a new cookie; the old one is dead, so that nobody can have planted it.

    None when it is over by now or, to `finish` a sign-in, its owner has left or must change the password.
    """
    token = SessionToken.new()
    renewed = send(
        _FINISH if finish else _OPEN,
        {
            "session_id": session.session_id,
            "moment": clock.now(),
            "new_lookup": token.lookup_hash(),
            "new_secret": vault.seal_secret(token, session.secret.to_bytes(), session.session_id),
            "end": session.created_at + LONGEST,
        },
    )
    return token if renewed.rowcount == 1 else None


def reopen(session_id: UUID) -> bool:
    """Take the lock off a locked screen."""
    row = _live(session_id)
    if row is None or _state(row) != "locked":
        return False
    row.state, row.tries, row.seen_at = "open", 0, clock.now()
    db.session.flush()
    return True


def lock(session_id: UUID) -> None:
    """Lock the screen now."""
    row = _live(session_id)
    if row is not None and row.state == "open":
        row.state = "locked"
        db.session.flush()
        _record(row, "session.lock")


def confirm(session_id: UUID) -> None:
    """Note that the password was typed again just now."""
    row = _live(session_id)
    if row is not None:
        row.confirmed_at = clock.now()
        db.session.flush()


def count_failure(session_id: UUID) -> None:
    """Count a wrong second factor; too many end the session."""
    row = _live(session_id)
    if row is not None:
        row.tries += 1
        if row.tries >= MOST_TRIES:
            _end(row)
        db.session.flush()


def end(session_id: UUID) -> None:
    """End a session: its secret goes, its row stays a day."""
    row = _live(session_id)
    if row is not None:
        _end(row)
        db.session.flush()
        _record(row, "session.end")


def mine(actor: Actor) -> list[SessionLine]:
    """The actor's sessions that are not over, the last seen first."""
    rows = db.session.scalars(_own(actor).order_by(SignInSession.seen_at.desc())).all()
    return [
        SessionLine(row.id, row.device, _state(row), row.created_at, row.seen_at)
        for row in rows
        if _state(row) != "ended"
    ]


def revoke(actor: Actor, session_id: UUID) -> None:
    """End one of the own sessions. Raises NotFound."""
    row = db.session.scalar(_own(actor).where(SignInSession.id == session_id))
    if row is None or row.state == "ended":
        raise NotFound
    _end(row)
    db.session.flush()
    audit.record(actor, "session.revoke", object_kind="session", object_id=session_id)


def end_all(person_id: UUID, *, but: UUID | None = None) -> None:
    """End every session of a person, except perhaps one."""
    statement = update(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.state != "ended"
    )
    if but is not None:
        statement = statement.where(SignInSession.id != but)
    db.session.execute(statement.values(state="ended", secret=None, expires_at=clock.now()))


def purge_due() -> bool:
    """Whether `purge` would change anything."""
    moment = clock.now()
    over = (SignInSession.expires_at <= moment) & (SignInSession.state != "ended")
    old = SignInSession.expires_at <= moment - KEPT
    return db.session.scalar(select(SignInSession.id).where(over | old).limit(1)) is not None


def purge() -> None:
    """End what has expired and delete what ended a day ago. Safe to repeat."""
    moment = clock.now()
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.expires_at <= moment, SignInSession.state != "ended")
        .values(state="ended", secret=None)
    )
    db.session.execute(delete(SignInSession).where(SignInSession.expires_at <= moment - KEPT))


def owner(token_text: str) -> UUID | None:
    """Whose form this is, also when the session is locked or has ended within a day."""
    found = _find(token_text)
    return found[1].person_id if found and found[1].state != "second_factor" else None


def _own(actor: Actor) -> Select[SignInSession]:
    return reachable(actor, Permission.DESK_READ, SignInSession)


class SessionRow(NamedTuple):
    """A session with what is asked of its owner."""

    id: UUID
    person_id: UUID
    secret: bytes | None
    state: str
    created_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime
    confirmed_at: dt.datetime | None
    organisation_id: UUID
    language: str
    person_state: str


def _find(token_text: str) -> tuple[SessionToken, SessionRow] | None:
    try:
        token = SessionToken.from_cookie(token_text)
    except vault.VaultError:
        return None
    found = send(_BY_LOOKUP, {"lookup": token.lookup_hash()}).first()
    return None if found is None else (token, SessionRow(*found))


def _state(row: SignInSession | SessionRow) -> str:
    """The state of a session at this moment, whether it has been written down or not."""
    now = clock.now()
    if row.state == "ended" or now >= row.expires_at:
        return "ended"
    if row.state == "open" and now - row.seen_at >= IDLE:
        return "locked"
    return row.state


def _actor(token: SessionToken, row: SessionRow) -> Actor | None:
    if row.secret is None or row.person_state != "active":
        return None
    try:
        secret = PersonSecret.from_bytes(vault.open_secret(token, row.secret, row.id))
        key = trust.person_key(row.person_id)
        secret.trust(key.organisation_id, key.root_public)
    except vault.VaultError:
        return None
    if secret.signer.public != key.sign_public:
        return None  # the row names another person than the secret belongs to
    return Actor(row.person_id, key.organisation_id, key.roles, row.language, secret)


def _live(session_id: UUID) -> SignInSession | None:
    row = db.session.get(SignInSession, session_id, with_for_update=True, populate_existing=True)
    return row if row is not None and _state(row) != "ended" else None


def _end(row: SignInSession) -> None:
    row.state, row.secret = "ended", None
    row.expires_at = min(row.expires_at, clock.now())


def _record(row: SignInSession, act: str) -> None:
    """Put what happened to a session on the chain of its owner's organisation."""
    home = db.session.scalars(select(Person.organisation_id).where(Person.id == row.person_id)).one()
    audit.record(
        None, act, organisation_id=home, person_id=row.person_id, object_kind="session", object_id=row.id
    )
