"""The second factor: time-based codes (RFC 6238) that work once."""

from __future__ import annotations

import base64
import secrets
from hmac import compare_digest
from typing import Final
from uuid import UUID

import pyotp
from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, update

from accounts.models import Person
from core import clock
from core.errors import DomainError
from core.store.base import send
from domain.text import fold_digits

SECRET_BYTES: Final = 20  # 160 bits, as RFC 4226 recommends
_STEP_SECONDS: Final = 30
_DRIFT: Final = 1  # steps that a phone's clock may be off

_PEOPLE: Final = Person.metadata.tables[Person.__tablename__]
_SPEND: Final = (
    update(_PEOPLE)
    .where(_PEOPLE.c.id == bindparam("person_id"), _PEOPLE.c.totp_step < bindparam("step"))
    .values(totp_step=bindparam("step"))
)


def new_secret() -> bytes:
    """A secret for an authenticator."""
    return secrets.token_bytes(SECRET_BYTES)


def as_text(secret: bytes) -> str:
    """The secret as it is typed into an authenticator."""
    return base64.b32encode(secret).decode()


def uri(secret: bytes, email: str) -> str:
    """The address that an authenticator reads from a QR picture."""
    return str(pyotp.TOTP(as_text(secret)).provisioning_uri(name=email, issuer_name="Himaya"))


def step_of(secret: bytes, code: str) -> int | None:
    """The time step to which a code belongs, or None when it is wrong or too old."""
    typed = "".join(fold_digits(code).split())
    present = clock.unix() // _STEP_SECONDS
    generator = pyotp.TOTP(as_text(secret))
    found = None
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        if compare_digest(generator.generate_otp(step).encode(), typed.encode("utf-8", "replace")):
            found = step
    return found


def require_step(secret: bytes, code: str) -> int:
    """Like `step_of`; raises DomainError(field="totp_code") for a wrong code, while a factor is set up."""
    step = step_of(secret, code)
    if step is None:
        raise DomainError(
            _("This code does not fit. Check the clock of your phone and type the newest code."),
            field="totp_code",
        )
    return step


def spend(person_id: UUID, step: int) -> bool:
    """Use a code up. False when it, or a later one, was used before."""
    return send(_SPEND, {"person_id": person_id, "step": step}).rowcount == 1
