"""Symmetric keys: 256 bits and the epoch they belong to."""

import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault.encoding import pack
from vault.errors import Unreadable

KEY_BYTES = 32
EPOCH_BYTES = 4
LEAST_SECRET_BYTES = 16


@dataclass(frozen=True, slots=True)
class Key:
    """A secret key. A rotated key is a new key whose epoch is one higher."""

    material: bytes = field(repr=False)
    epoch: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError for a wrong size or an epoch outside 1 to 2**32 - 1."""
        if len(self.material) != KEY_BYTES or not 1 <= self.epoch < 1 << 8 * EPOCH_BYTES:
            raise ValueError("A key has 32 bytes and an epoch from 1.")

    @classmethod
    def new(cls, epoch: int = 1) -> Self:
        """Make a random key."""
        return cls(os.urandom(KEY_BYTES), epoch)


def derive(key: Key, label: str) -> Key:
    """Give the independent key that `label` names under `key`, in the same epoch."""
    return Key(hkdf(key.material, pack("derived key", label)), key.epoch)


def key_from_secret(secret: bytes, label: str) -> Key:
    """Give the key that `label` names under a secret of high entropy. Raises ValueError below 128 bits.

    Never for passwords: see `vault.passwords`.
    """
    if len(secret) < LEAST_SECRET_BYTES:
        raise ValueError("A secret has at least 16 bytes.")
    return Key(hkdf(secret, pack("key from secret", label)))


def hkdf(secret: bytes, info: bytes, *, salt: bytes | None = None, length: int = KEY_BYTES) -> bytes:
    """HKDF-SHA256 (RFC 5869) of a secret of high entropy."""
    return HKDF(SHA256(), length, salt, info).derive(secret)


def key_to_bytes(key: Key) -> bytes:
    """Encode epoch and material, to be sealed."""
    return key.epoch.to_bytes(EPOCH_BYTES) + key.material


def key_from_bytes(data: bytes) -> Key:
    """Decode what `key_to_bytes` made. Raises Unreadable."""
    try:
        return Key(data[EPOCH_BYTES:], int.from_bytes(data[:EPOCH_BYTES]))
    except ValueError:
        raise Unreadable from None
