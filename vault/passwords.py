"""From a password to a key, slowly: Argon2id (RFC 9106), at known costs only."""

import os
import threading
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from vault.errors import Unreadable
from vault.keys import KEY_BYTES, Key

_VERSION = 1
_SALT_BYTES = 16
LOCK_BYTES = 2 + _SALT_BYTES


class Profile(StrEnum):
    """The costs that exist. A stored lock names one of them and can ask for nothing else."""

    STANDARD = "standard"
    RECEIPT = "receipt"
    UNSAFE_FAST_FOR_TESTS = "unsafe-fast-for-tests"


@dataclass(frozen=True, slots=True)
class _Cost:
    mark: int
    iterations: int
    kibibytes: int


# Weakest first: a lock is accepted if its profile stands no earlier than the caller's.
_COSTS = {
    Profile.UNSAFE_FAST_FOR_TESTS: _Cost(0xFF, 1, 8),
    Profile.RECEIPT: _Cost(2, 2, 19 * 1024),
    Profile.STANDARD: _Cost(1, 3, 64 * 1024),
}
_RANKS = list(_COSTS)
_PROFILES = {cost.mark: profile for profile, cost in _COSTS.items()}

# Each derivation holds up to 64 MiB; a burst of sign-ins waits here instead of exhausting memory.
_at_once = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class PasswordLock:
    """How a password becomes the key of one lock. Stored in front of what the key seals."""

    profile: Profile
    salt: bytes = field(repr=False)

    @classmethod
    def new(cls, profile: Profile = Profile.STANDARD) -> Self:
        """Make a lock with a fresh salt."""
        return cls(profile, os.urandom(_SALT_BYTES))

    @classmethod
    def from_bytes(cls, data: bytes, least: Profile = Profile.STANDARD) -> Self:
        """Read a stored lock. Raises Unreadable for an unknown one or one weaker than `least`."""
        if len(data) != LOCK_BYTES or data[0] != _VERSION or data[1] not in _PROFILES:
            raise Unreadable
        profile = _PROFILES[data[1]]
        if _RANKS.index(profile) < _RANKS.index(least):
            raise Unreadable
        return cls(profile, data[2:])

    def to_bytes(self) -> bytes:
        """The lock as it is stored."""
        return bytes([_VERSION, _COSTS[self.profile].mark]) + self.salt

    def key(self, password: str) -> Key:
        """Derive the key; costs the profile's time and memory, and waits while two others do the same."""
        return Key(argon2id(_normal(password), self.salt, self.profile))


def argon2id(secret: bytes, salt: bytes, profile: Profile) -> bytes:
    """Argon2id with one lane and 32 bytes out, at the profile's cost, few at a time in this process."""
    cost = _COSTS[profile]
    with _at_once:
        return Argon2id(
            salt=salt, length=KEY_BYTES, iterations=cost.iterations, lanes=1, memory_cost=cost.kibibytes
        ).derive(secret)


def allow_at_once(derivations: int) -> None:
    """Set how many derivations this process runs at a time; call before the first one.

    Raises ValueError below 1.
    """
    if derivations < 1:
        raise ValueError("At least one derivation runs at a time.")
    global _at_once  # noqa: PLW0603 the limit belongs to the process, and is set once while it starts
    _at_once = threading.BoundedSemaphore(derivations)


def _normal(password: str) -> bytes:
    """One form for what keyboards write differently (RFC 8265, OpaqueString: plain spaces, NFC)."""
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in password)
    return unicodedata.normalize("NFC", spaced).encode("utf-8", "surrogatepass")
