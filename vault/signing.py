"""Signatures (Ed25519, RFC 8032), separated by label: what was signed as one thing is never another."""

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vault.encoding import pack
from vault.errors import Unreadable, Untrusted

SEED_BYTES = 32
SIGN_PUBLIC_BYTES = 32


@dataclass(frozen=True)
class Signer:
    """A private signing key."""

    _seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise Unreadable if this cannot be a seed."""
        if len(self._seed) != SEED_BYTES:
            raise Unreadable

    @classmethod
    def new(cls) -> Self:
        """Make a random signing key."""
        return cls(os.urandom(SEED_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Take back what `seed` gave. Raises Unreadable unless it has 32 bytes."""
        return cls(seed)

    def seed(self) -> bytes:
        """The private key, to be sealed."""
        return self._seed

    @cached_property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, label: str, message: bytes) -> bytes:
        """Sign a message as what `label` says it is."""
        return self._key.sign(_labelled(label, message))

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._seed)


def verify(public: bytes, label: str, message: bytes, signature: bytes) -> None:
    """Raise Untrusted unless the holder of `public` signed this message under this label."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _labelled(label, message))
    except (InvalidSignature, ValueError):
        raise Untrusted from None


def _labelled(label: str, message: bytes) -> bytes:
    return pack("signature", label, message)
