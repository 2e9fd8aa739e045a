"""How a newcomer gets into the demonstration: one password and one authenticator secret for everybody."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyotp

from accounts.service import factors
from core import clock
from core.access.permissions import Role

PASSWORD: Final = "incir-golgesi-42-yesil-kapi"  # noqa: S105 - printed for everybody; opens invented data only
SECRET_TEXT: Final = "HIMAYAINVENTEDDEMONOBODYSSECRETS"  # noqa: S105 - the same; base32 of 160 bits
SECRET: Final = base64.b32decode(SECRET_TEXT)
_SECONDS: Final = 30  # a code lasts, RFC 6238


@dataclass(frozen=True)
class SignIn:
    """One account of the demonstration."""

    organisation: str
    name: str
    email: str
    roles: frozenset[Role]


def code_now() -> str:
    """The code that an authenticator shows now."""
    return str(pyotp.TOTP(SECRET_TEXT).at(clock.unix()))


def seconds_left() -> int:
    """How long that code stays on the authenticator."""
    return _SECONDS - clock.unix() % _SECONDS


def as_text(sign_ins: Iterable[SignIn]) -> str:
    """What is printed for a newcomer: who there is, the password, the authenticator."""
    lines: list[str] = []
    for one in sign_ins:
        if one.organisation not in lines:
            lines += ["", one.organisation]
        roles = ", ".join(role.value for role in Role if role in one.roles)
        lines.append(f"  {one.email:<28}{roles}")
    lines += [
        "",
        f"Password of each:  {PASSWORD}",
        f"Authenticator:     {SECRET_TEXT}",
        f"                   {factors.uri(SECRET, 'demo')}",
    ]
    return "\n".join(lines) + "\n"
