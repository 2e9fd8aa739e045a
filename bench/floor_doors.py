"""The floor's doors: who comes in, by a password that is compared as it stands and by a code.

Same forms, pages, limits, rows and number of statements as the product's; the statements are put together
once, as its own are. What the product seals lies open here: the password and the authenticator's secret in
the row of the key, and the same bytes in the row of the session. In place of the certificate stand the rows
of the roles. What is refused looks as in the product, but is neither counted nor recorded.
"""

from __future__ import annotations

import datetime as dt
import os
from hmac import compare_digest
from typing import Any, Final
from uuid import uuid4

import orjson
import pyotp
from flask import Flask, Response, abort, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy import bindparam, insert, select, update

from accounts.forms import CodeForm, SignInForm
from accounts.identity import device
from accounts.models import Person, PersonKey, PersonRole, SignInSession
from accounts.routes.blueprint import answer, go, onward, wanted
from core import clock
from core.access.permissions import Role
from core.audit.models import AuditEntry, AuditHead
from core.errors import DomainError
from core.store.base import db, send
from core.store.transaction import transaction
from core.web.limits import FAILED, PER_ADDRESS, PER_PERSON
from core.web.pages import Signed

COOKIE: Final = "who"  # Flask keeps "session" for itself
_LOOKUP_BYTES: Final = 32
_WAITS: Final = dt.timedelta(minutes=5)
_LASTS: Final = dt.timedelta(hours=10)

_PEOPLE, _KEYS, _ROLES, _SESSIONS, _HEADS, _ENTRIES = (
    Person.metadata.tables[one.__tablename__]
    for one in (Person, PersonKey, PersonRole, SignInSession, AuditHead, AuditEntry)
)
_ACCOUNT = (
    select(_PEOPLE.c.id, _PEOPLE.c.organisation_id, _KEYS.c.locked_by_password.label("kept"))
    .join(_KEYS, _KEYS.c.person_id == _PEOPLE.c.id)
    .where(_PEOPLE.c.state == "active", _KEYS.c.retired_at.is_(None))
)
_BY_EMAIL = _ACCOUNT.where(_PEOPLE.c.email == bindparam("email"))
_BY_PERSON = _ACCOUNT.where(_PEOPLE.c.id == bindparam("person_id"))
_BEGIN = insert(_SESSIONS)
_WAITING = (
    select(_SESSIONS, _PEOPLE.c.organisation_id)
    .join(_PEOPLE, _PEOPLE.c.id == _SESSIONS.c.person_id)
    .where(
        _SESSIONS.c.lookup == bindparam("lookup"),
        _SESSIONS.c.state == "second_factor",
        _SESSIONS.c.expires_at > bindparam("moment"),
        _PEOPLE.c.state == "active",
    )
)
_ROLES_OF = select(_ROLES.c.role).where(_ROLES.c.person_id == bindparam("person_id"))
_SPEND = (
    update(_PEOPLE)
    .where(_PEOPLE.c.id == bindparam("person_id"), _PEOPLE.c.totp_step < bindparam("step"))
    .values(totp_step=bindparam("step"))
)
_OPEN = (
    update(_SESSIONS)
    .where(_SESSIONS.c.id == bindparam("session_id"), _SESSIONS.c.state == "second_factor")
    .values(
        lookup=bindparam("new_lookup"),
        secret=bindparam("kept"),
        state="open",
        tries=0,
        seen_at=bindparam("moment"),
        confirmed_at=bindparam("moment"),
        expires_at=bindparam("end"),
    )
)
_HEAD = select(_HEADS).where(_HEADS.c.organisation_id == bindparam("home")).with_for_update()
_ENTER = insert(_ENTRIES)
_MOVE = (
    update(_HEADS)
    .where(_HEADS.c.organisation_id == bindparam("home"))
    .values(number=bindparam("length"), link=bindparam("last"))
)


def _failed(response: Response) -> bool:
    return response.status_code >= FAILED


limiter: Final = Limiter(key_func=get_remote_address, storage_uri="memory://")
_tries = limiter.limit(PER_ADDRESS, deduct_when=_failed)
_codes = limiter.shared_limit(
    PER_PERSON, scope="codes", key_func=lambda: request.cookies.get(COOKIE, ""), deduct_when=_failed
)


def init_doors(app: Flask) -> None:
    """Put the doors where the product has its own."""
    limiter.init_app(app)
    app.view_functions.update({"accounts.sign_in": sign_in, "accounts.second_factor": second_factor})


def _lookup() -> bytes:
    return bytes.fromhex(request.cookies.get(COOKIE, ""))


def enter() -> None:
    """Who is at the door of a page."""
    found = db.session.execute(
        select(SignInSession, Person)
        .join(Person, Person.id == SignInSession.person_id)
        .where(SignInSession.lookup == _lookup(), SignInSession.state == "open")
    ).first()
    if found is None:
        abort(404)
    g.person_id, g.organisation_id = found[1].id, found[1].organisation_id
    g.person = Signed(found[1].name, found[1].language)
    g.roles = frozenset(
        Role(role)
        for role in db.session.scalars(select(PersonRole.role).where(PersonRole.person_id == g.person_id))
    )


def record(act: str, object_kind: str = "case") -> None:
    """Number and write the audit row."""
    home = {"home": g.organisation_id}
    head = send(_HEAD, home).one()
    row = {
        "organisation_id": g.organisation_id, "number": head.number + 1, "at": clock.now(),
        "actor_id": g.person_id, "act": act, "object_kind": object_kind, "object_id": None, "digest": None,
        "link": head.link,
    }  # fmt: skip  # one row
    send(_ENTER, row)
    send(_MOVE, home | {"length": head.number + 1, "last": head.link})


@_tries
def sign_in() -> ResponseReturnValue:
    """E-mail address and password."""
    form = SignInForm()
    if form.validate_on_submit():
        account = send(_BY_EMAIL, {"email": form.email.data.strip().lower()}).first()
        if account is not None and _fits(account, form.password.data):
            with transaction():
                lookup = _begin(account)
            session.clear()
            return _cookie(go(url_for("accounts.second_factor", next=wanted())), lookup)
        form.explain(DomainError(_("E-mail address and password do not fit together.")))
    return answer("sign_in", form)


@_tries
@_codes
def second_factor() -> ResponseReturnValue:
    """The authenticator's code."""
    here = send(_WAITING, {"lookup": _lookup(), "moment": clock.now()}).first()
    if here is None:
        return go(url_for("accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        factor = pyotp.TOTP(orjson.loads(here.secret)["totp"])
        if factor.verify(form.code.data, for_time=clock.now(), valid_window=1):
            with transaction():
                lookup = _open(here, factor.timecode(clock.now()))
            if lookup is not None:
                return _cookie(go(onward()), lookup)
        words = _("This code does not fit, or it was used already. Wait for the next one and type it.")
        form.explain(DomainError(words, field="code"))
    send(_BY_PERSON, {"person_id": here.person_id}).first()
    return answer("second_factor", form)


def _fits(account: Any, password: str) -> bool:
    return compare_digest(orjson.loads(account.kept)["password"].encode(), password.encode())


def _begin(account: Any) -> bytes:
    """A session that waits for the code; the account is read once more, as it may have changed meanwhile."""
    if send(_BY_PERSON, {"person_id": account.id}).one().kept != account.kept:
        abort(404)
    lookup, moment = os.urandom(_LOOKUP_BYTES), clock.now()
    row = {
        "id": uuid4(), "lookup": lookup, "person_id": account.id, "secret": account.kept,
        "state": "second_factor", "device": device(), "created_at": moment, "seen_at": moment,
        "expires_at": moment + _WAITS, "confirmed_at": None,
    }  # fmt: skip  # one row
    send(_BEGIN, row)
    g.person_id, g.organisation_id = account.id, account.organisation_id
    record("sign_in.password", "person")
    return lookup


def _open(here: Any, step: int) -> bytes | None:
    """The session under a new cookie, or None for a code that was used."""
    g.roles = frozenset(Role(role) for (role,) in send(_ROLES_OF, {"person_id": here.person_id}))
    if send(_SPEND, {"person_id": here.person_id, "step": step}).rowcount != 1:
        return None
    lookup, moment = os.urandom(_LOOKUP_BYTES), clock.now()
    change = {
        "session_id": here.id, "new_lookup": lookup, "kept": here.secret, "moment": moment,
        "end": here.created_at + _LASTS,
    }  # fmt: skip  # one row
    send(_OPEN, change)
    g.person_id, g.organisation_id = here.person_id, here.organisation_id
    record("sign_in.open", "person")
    return lookup


def _cookie(response: Response, lookup: bytes) -> Response:
    response.set_cookie(COOKIE, lookup.hex(), httponly=True, samesite="Strict")
    return response
