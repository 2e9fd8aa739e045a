"""The two doors of the floor: the same forms, templates and rows, a plain comparison, and nothing else.

No Argon2id, no encryption, no certificate, no limit, no chain. Password and second factor stand in the
environment, as they would stand in a table. Statements are sent as quickly as the library can.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from typing import Any, Final
from uuid import UUID, uuid4

import pyotp
from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import CursorResult, insert, select, update

from accounts.forms import CodeForm, SignInForm
from accounts.models import Person, PersonKey, SignInSession
from core import clock
from core.audit.models import AuditEntry, AuditHead
from core.store.base import db
from core.store.transaction import transaction

DOOR: Final = "door"
PASSWORD: Final = "FLOOR_PASSWORD"  # noqa: S105  the name of a variable
SECRET: Final = "FLOOR_TOTP"  # noqa: S105  the name of a variable
_WITHIN: Final = dt.timedelta(minutes=5)
_LONGEST: Final = dt.timedelta(hours=10)


def sign_in() -> ResponseReturnValue:
    """E-mail address and password."""
    form = SignInForm()
    if form.validate_on_submit():
        found = db.session.execute(
            select(Person.id, Person.organisation_id, PersonKey.locked_by_password)
            .join(PersonKey, PersonKey.person_id == Person.id)
            .where(Person.email == form.email.data, Person.state == "active", PersonKey.retired_at.is_(None))
        ).first()
        if found is None or form.password.data != os.environ[PASSWORD]:
            abort(422)
        with transaction():
            token = _begin(found.id, found.organisation_id)
        return _go("accounts.second_factor", token)
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


def second_factor() -> ResponseReturnValue:
    """The authenticator's code."""
    here = db.session.execute(
        select(SignInSession.id, SignInSession.secret, SignInSession.person_id, Person.organisation_id)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            SignInSession.lookup == _hash(request.cookies.get(DOOR, "")),
            SignInSession.state == "second_factor",
        )
    ).first()
    if here is None:
        abort(404)
    form = CodeForm()
    if form.validate_on_submit():
        good = pyotp.TOTP(os.environ[SECRET]).verify(form.code.data or "", valid_window=1)
        with transaction():
            if not good or not _accept(here.person_id, clock.unix() // 30):
                abort(422)
            token = _renew(here.id)
            enter("sign_in.open", here.organisation_id, here.person_id)
        return _go("desk.show", token)
    return render_template("accounts/second_factor.html", form=form), 422 if form.errors else 200


def _begin(person_id: UUID, organisation_id: UUID) -> str:
    token, now = os.urandom(48).hex(), clock.now()
    row = {
        "id": uuid4(), "lookup": _hash(token), "person_id": person_id, "secret": os.urandom(300),
        "state": "second_factor", "tries": 0, "device": "", "created_at": now, "seen_at": now,
        "expires_at": now + _WITHIN,
    }  # fmt: skip  # one row
    db.session.execute(insert(SignInSession), [row])
    enter("sign_in.password", organisation_id, person_id)
    return token


def _accept(person_id: UUID, step: int) -> bool:
    newer = update(Person).where(Person.id == person_id, Person.totp_step < step).values(totp_step=step)
    done: CursorResult[Any] = db.session.execute(newer)  # type: ignore[assignment]  # what an update gives
    return bool(done.rowcount)


def _renew(session_id: UUID) -> str:
    token, now = os.urandom(48).hex(), clock.now()
    values = {"seen_at": now, "confirmed_at": now, "expires_at": now + _LONGEST}
    renewed = update(SignInSession).where(SignInSession.id == session_id)
    db.session.execute(renewed.values(lookup=_hash(token), state="open", tries=0, **values))
    return token


def enter(act: str, organisation_id: UUID, person_id: UUID) -> None:
    """Number and write the audit row."""
    home = AuditHead.organisation_id == organisation_id
    head = select(AuditHead.number, AuditHead.link).where(home).with_for_update()
    number, link = db.session.execute(head).one()
    db.session.execute(update(AuditHead).where(home).values(number=number + 1))
    row = {
        "organisation_id": organisation_id, "number": number + 1, "at": clock.now(), "actor_id": person_id,
        "act": act, "object_kind": "session", "object_id": None, "digest": None, "link": link,
    }  # fmt: skip  # one row
    db.session.execute(insert(AuditEntry), [row])


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _go(endpoint: str, token: str) -> Response:
    answer = make_response(redirect(url_for(endpoint), 303))
    answer.set_cookie(DOOR, token, httponly=True, samesite="Strict", path="/")
    return answer
