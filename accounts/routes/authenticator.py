"""The authenticator entry that somebody who joins is shown: as a picture, an address and a key to type."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

import segno
from flask import Response, session, url_for
from markupsafe import Markup

from accounts import identity
from accounts.routes.blueprint import settings, shown_once
from accounts.service import factors, signin
from core.store.transaction import transaction

_OURS = "joining"


@dataclass(frozen=True)
class Entry:
    """One entry for the app; `secret` is what the account keeps."""

    secret: bytes = field(repr=False)
    address: str = field(repr=False)

    @property
    def text(self) -> str:
        """The key for typing, in groups of four."""
        key = factors.as_text(self.secret)
        return " ".join(key[at : at + 4] for at in range(0, len(key), 4))

    @property
    def picture(self) -> Markup:
        """The address as a QR code; white behind it also at night, because telephones want it so."""
        drawn = segno.make(self.address, error="m").svg_inline(scale=4, border=4, light="#fff")
        return Markup(drawn)  # noqa: S704 - segno draws squares; the text in it is not markup


def entry(token: str, email: str = "") -> Entry:
    """The entry for a link, in this browser.

    Derived from the link, a random number in the browser's own cookie and the server's token key: reloading
    shows the same picture, nothing is stored, and whoever looked at the link before saw another picture.
    """
    if _OURS not in session:
        session[_OURS] = secrets.token_hex(16)
    text = f"authenticator|{token}|{session[_OURS]}"
    secret = hmac.new(settings().token_key, text.encode(), hashlib.sha256).digest()[: factors.SECRET_BYTES]
    return Entry(secret, factors.uri(secret, email))


def put_in_place(renewal: signin.Renewal | None) -> Response | None:
    """Replace the second factor; the page with the new personal code, or None where nothing was proved."""
    with transaction():
        renewed = signin.renew(renewal) if renewal else None
    if renewed is None:
        return None
    forget()
    return identity.cookie(shown_once(renewed.personal_code, url_for("desk.show")), renewed.token)


def forget() -> None:
    """Take the random number out of the browser once it has served."""
    session.pop(_OURS, None)
