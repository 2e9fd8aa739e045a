"""Session tokens: the cookie opens the session row, the row opens nothing without the cookie."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self
from uuid import UUID

from vault.context import Context
from vault.encoding import pack
from vault.errors import Unreadable
from vault.keys import Key, key_from_secret
from vault.sealing import seal_committed, unseal_committed

_LOOKUP_BYTES = 16
_TOKEN_BYTES = 48  # 16 to look the row up, 32 to seal; 64 letters of base64 with no bit to spare


@dataclass(frozen=True)
class SessionToken:
    """The 48 random bytes that only the browser keeps."""

    _random: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise Unreadable if this cannot be a token."""
        if len(self._random) != _TOKEN_BYTES:
            raise Unreadable

    @classmethod
    def new(cls) -> Self:
        """Make a token."""
        return cls(os.urandom(_TOKEN_BYTES))

    def to_cookie(self) -> str:
        """The token as cookie text."""
        return urlsafe_b64encode(self._random).decode()

    @classmethod
    def from_cookie(cls, text: str) -> Self:
        """Read cookie text. Raises Unreadable for anything `to_cookie` cannot have written."""
        try:
            token = cls(urlsafe_b64decode(text.encode("ascii")))
        except ValueError:
            raise Unreadable from None
        # The decoder skips letters outside the alphabet; only the one spelling is accepted.
        if token.to_cookie() != text:
            raise Unreadable
        return token

    def lookup_hash(self) -> bytes:
        """What the session row stores to be found by, 32 bytes."""
        return sha256(pack("session lookup", self._random[:_LOOKUP_BYTES])).digest()

    def sealing_key(self) -> Key:
        """The key under which the row keeps the member's secret."""
        return key_from_secret(self._random[_LOOKUP_BYTES:], "session")


def seal_secret(token: SessionToken, secret: bytes, session_id: UUID) -> bytes:
    """Seal a member's secret for the session row."""
    return seal_committed(token.sealing_key(), secret, Context("session", session_id))


def open_secret(token: SessionToken, sealed: bytes, session_id: UUID) -> bytes:
    """Open what `seal_secret` made. Raises Unreadable for another token or another session."""
    return unseal_committed(token.sealing_key(), sealed, Context("session", session_id))
