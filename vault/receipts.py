"""The receipt: 24 digits by which somebody who asked for help comes back, and what they derive.

Twenty-two random digits (73 bits) and two check digits (ISO/IEC 7064, MOD 97-10), which find every single
wrong digit and every two neighbours exchanged. Digits, because their order is the same in both directions of
writing. Nothing that is stored derives a code: a row is found by an identifier under the server's pepper, and
holds a pair sealed under what Argon2id makes of the code, and once more under the pepper. Both layers of the
pepper lie outside, so that it can rotate without a code: the seal is made anew, the identifier nested.
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest
from typing import Self
from uuid import UUID

from vault.codes import plain
from vault.context import Context
from vault.encoding import pack
from vault.errors import Mistyped
from vault.keys import Key, derive, key_from_secret
from vault.pairs import Pair
from vault.passwords import Profile, argon2id
from vault.sealing import seal_committed, unseal_committed

_RANDOM, _CHECK, _GROUP = 22, 2, 4
_MODULUS = 97
# One salt for all: a row is found by what is derived, and 73 random bits stand in no dictionary.
_SALT = sha256(pack("receipt salt")).digest()[:16]


def new_receipt() -> str:
    """Make a code, in six groups of four digits."""
    body = f"{secrets.randbelow(10**_RANDOM):0{_RANDOM}}"
    check = _MODULUS + 1 - int(body) * 10**_CHECK % _MODULUS
    digits = f"{body}{check:0{_CHECK}}"
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def read_receipt(typed: str) -> str:
    """The 24 digits of a code as somebody typed it, in digits of any script. Raises Mistyped."""
    digits = plain(typed)
    if len(digits) != _RANDOM + _CHECK or not (digits.isascii() and digits.isdigit()):
        raise Mistyped
    # The check digits are 02 to 98: 00, 01 and 99 would leave the same remainder as another pair.
    if int(digits) % _MODULUS != 1 or not 1 < int(digits[-_CHECK:]) <= _MODULUS + 1:
        raise Mistyped
    return digits


@dataclass(frozen=True)
class ReceiptKey:
    """What a code derives: `lookup` finds the row, the key opens the pair in it."""

    lookup: bytes
    _key: Key = field(repr=False)
    _server: Key = field(repr=False)

    @classmethod
    def of(cls, code: str, pepper: bytes, profile: Profile = Profile.RECEIPT) -> Self:
        """Derive, slowly, from a code as `new_receipt` wrote it or somebody typed it. Raises Mistyped."""
        return cls._derive(read_receipt(code), pepper, profile)

    @classmethod
    def of_nothing(cls, pepper: bytes, profile: Profile = Profile.RECEIPT) -> Self:
        """The same work for what is no code, so that nobody learns from the time which one it was."""
        return cls._derive(new_receipt().replace(" ", ""), pepper, profile)

    @classmethod
    def _derive(cls, digits: str, pepper: bytes, profile: Profile) -> Self:
        server = key_from_secret(pepper, "receipts")
        slow = Key(argon2id(digits.encode(), _SALT, profile))
        lookup = digest(
            server.material, pack("receipt lookup", derive(slow, "receipt lookup").material), sha256
        )
        return cls(lookup, derive(slow, "receipt pair"), server)

    def seal(self, pair: Pair, receipt_id: UUID) -> bytes:
        """The private half for the row of a receipt."""
        inner = seal_committed(self._key, pair.private_bytes(), Context("receipt pair", receipt_id))
        return seal_committed(self._server, inner, Context("receipt at rest", receipt_id))

    def open(self, sealed: bytes, receipt_id: UUID) -> Pair:
        """Open what `seal` made. Raises Unreadable for another code, row or server."""
        inner = unseal_committed(self._server, sealed, Context("receipt at rest", receipt_id))
        private = unseal_committed(self._key, inner, Context("receipt pair", receipt_id))
        return Pair.from_private_bytes(private)
