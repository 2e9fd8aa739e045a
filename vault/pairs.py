"""Hybrid key pairs: HPKE (RFC 9180) with ML-KEM-768 and X25519, HKDF-SHA256, AES-256-GCM.

Whoever records traffic or steals a database today needs to break both. HPKE does not say who
sealed; where that matters the caller signs (`vault.grants`).
"""

import os
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from vault.context import Context
from vault.encoding import pack
from vault.errors import Unreadable, Untrusted
from vault.keys import Key, key_from_bytes, key_to_bytes
from vault.padding import pad, unpad

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_CONTENT, _KEY = b"\x31", b"\x41"
_MLKEM_SEED_BYTES, _MLKEM_PUBLIC_BYTES, _X25519_BYTES = 64, 1184, 32
PRIVATE_BYTES = _MLKEM_SEED_BYTES + _X25519_BYTES
PUBLIC_BYTES = _MLKEM_PUBLIC_BYTES + _X25519_BYTES


@dataclass(frozen=True)
class Pair:
    """A private half and the public half that follows from it; both are computed when first needed."""

    _private: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise Unreadable if this cannot be a private half."""
        if len(self._private) != PRIVATE_BYTES:
            raise Unreadable

    @classmethod
    def new(cls) -> Self:
        """Make a random pair."""
        return cls(os.urandom(PRIVATE_BYTES))

    @classmethod
    def from_private_bytes(cls, data: bytes) -> Self:
        """Take back what `private_bytes` gave. Raises Unreadable."""
        return cls(data)

    def private_bytes(self) -> bytes:
        """The private half, to be sealed."""
        return self._private

    @cached_property
    def public(self) -> bytes:
        """The public half, 1,216 bytes."""
        mlkem, x25519 = self._halves
        return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    def open(self, sealed: bytes, context: Context) -> bytes:
        """Open what `seal_to` made for this pair. Raises Unreadable for anything else."""
        return unpad(self._open(_CONTENT, sealed, context))

    def unwrap(self, wrapped: bytes, context: Context) -> Key:
        """Open a key that `wrap_to` sealed to this pair. Raises Unreadable for anything else."""
        return key_from_bytes(self._open(_KEY, wrapped, context))

    def _open(self, form: bytes, sealed: bytes, context: Context) -> bytes:
        if sealed[:1] != form:
            raise Unreadable
        try:
            return _SUITE.decrypt(sealed[1:], self._hybrid, info=_info(form, context))
        except (InvalidTag, ValueError):
            raise Unreadable from None

    @cached_property
    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        return (
            MLKEM768PrivateKey.from_seed_bytes(self._private[:_MLKEM_SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(self._private[_MLKEM_SEED_BYTES:]),
        )

    @cached_property
    def _hybrid(self) -> MLKEM768X25519PrivateKey:
        return MLKEM768X25519PrivateKey(*self._halves)


def seal_to(public: bytes, plaintext: bytes, context: Context) -> bytes:
    """Seal content, padded, to the holder of a pair. Raises Untrusted if `public` is no public half."""
    return _seal(_CONTENT, public, pad(plaintext), context)


def wrap_to(public: bytes, key: Key, context: Context) -> bytes:
    """Seal a key and its epoch to the holder of a pair. Raises Untrusted if `public` is no public half."""
    return _seal(_KEY, public, key_to_bytes(key), context)


def fingerprint(public: bytes) -> str:
    """Eight groups of five digits (132 bits of SHA-256) that two people can compare by voice."""
    number = int.from_bytes(sha256(pack("fingerprint", public)).digest()) % 10**40
    digits = f"{number:040}"
    return " ".join(digits[at : at + 5] for at in range(0, 40, 5))


def _seal(form: bytes, public: bytes, plaintext: bytes, context: Context) -> bytes:
    try:
        return form + _SUITE.encrypt(plaintext, _parsed(public), info=_info(form, context))
    except ValueError:
        # A point of low order passes parsing and fails here.
        raise Untrusted from None


def _info(form: bytes, context: Context) -> bytes:
    return pack("sealed to a pair", form, context)


@lru_cache(maxsize=256)
def _parsed(public: bytes) -> MLKEM768X25519PublicKey:
    """Parsed public halves, kept because parsing is a sixth of the cost of a seal and supervisors recur."""
    mlkem, x25519 = public[:_MLKEM_PUBLIC_BYTES], public[_MLKEM_PUBLIC_BYTES:]
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(mlkem), X25519PublicKey.from_public_bytes(x25519)
    )
