"""A member's secret and its locks.

The secret lies sealed under a password, and once more under a personal code. Around either lies a
layer under the server's pepper, so that a stolen database alone does not even let passwords be
guessed, and the pepper can rotate without knowing a password.
"""

import os
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from typing import Self
from uuid import UUID

from vault.codes import read_personal_code
from vault.context import Context
from vault.encoding import pack, unpack
from vault.errors import Unreadable, Untrusted
from vault.keys import Key, key_from_bytes, key_from_secret, key_to_bytes
from vault.pairs import Pair
from vault.passwords import LOCK_BYTES, PasswordLock, Profile
from vault.sealing import seal_committed, unseal_committed
from vault.signing import Signer
from vault.trust import TrustRoot

_VERSION = 1
# RFC 4226 recommends 160 bits.
_TOTP_BYTES = 20
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class PersonSecret:
    """Everything that only the member holds."""

    pair: Pair = field(repr=False)
    signer: Signer = field(repr=False)
    ring: Key = field(repr=False)
    totp_secret: bytes = field(repr=False)
    root_fingerprint: bytes = field(repr=False)

    @classmethod
    def new(cls, root_public: bytes) -> Self:
        """Make the secret of a member who joins the organisation with this root."""
        totp_secret = os.urandom(_TOTP_BYTES)
        return cls(Pair.new(), Signer.new(), Key.new(), totp_secret, root_fingerprint(root_public))

    def to_bytes(self) -> bytes:
        """Encode, to be sealed."""
        return pack(
            _VERSION,
            self.pair.private_bytes(),
            self.signer.seed(),
            key_to_bytes(self.ring),
            self.totp_secret,
            self.root_fingerprint,
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Decode what `to_bytes` made. Raises Unreadable."""
        match unpack(data):
            case (
                1,
                bytes() as pair,
                bytes() as seed,
                bytes() as ring,
                bytes() as totp_secret,
                bytes() as root,
            ):
                return cls(Pair(pair), Signer(seed), key_from_bytes(ring), totp_secret, root)
            case _:
                raise Unreadable

    def trust(self, organisation_id: UUID, root_public: bytes) -> TrustRoot:
        """Give the root the member joined under. Raises Untrusted if the server shows another."""
        if not compare_digest(root_fingerprint(root_public), self.root_fingerprint):
            raise Untrusted
        return TrustRoot(organisation_id, root_public)


def root_fingerprint(root_public: bytes) -> bytes:
    """What a member keeps, and the server's secrets hold, to know the organisation's root again."""
    return sha256(pack("organisation root", root_public)).digest()


def lock_with_password(
    secret: PersonSecret, password: str, person_id: UUID, pepper: bytes, profile: Profile = Profile.STANDARD
) -> bytes:
    """Seal the secret under a password. Costs one Argon2id derivation."""
    lock = PasswordLock.new(profile)
    inner = seal_committed(lock.key(password), secret.to_bytes(), _password_context(person_id, lock))
    return _pepper(lock.to_bytes() + inner, pepper, person_id)


def unlock_with_password(
    locked: bytes, password: str, person_id: UUID, pepper: bytes, profile: Profile = Profile.STANDARD
) -> PersonSecret:
    """Open what `lock_with_password` made; `profile` is the weakest accepted. Raises Unreadable."""
    inner = _unpepper(locked, pepper, person_id)
    lock = PasswordLock.from_bytes(inner[:LOCK_BYTES], profile)
    context = _password_context(person_id, lock)
    return PersonSecret.from_bytes(unseal_committed(lock.key(password), inner[LOCK_BYTES:], context))


def derive_anyway(password: str, pepper: bytes, profile: Profile = Profile.STANDARD) -> PersonSecret:
    """Do for an unknown account all the work of `unlock_with_password`; always raises Unreadable, like it."""
    return unlock_with_password(_pepper(_decoy(profile), pepper, _NOBODY), password, _NOBODY, pepper, profile)


def lock_with_code(secret: PersonSecret, code: str, person_id: UUID, pepper: bytes) -> bytes:
    """Seal the secret under a personal code. Raises Mistyped if `code` is none."""
    inner = seal_committed(_code_key(code), secret.to_bytes(), _code_context(person_id))
    return _pepper(inner, pepper, person_id)


def unlock_with_code(locked: bytes, code: str, person_id: UUID, pepper: bytes) -> PersonSecret:
    """Open what `lock_with_code` made. Raises Mistyped for what can be no code, else Unreadable."""
    key = _code_key(code)
    return PersonSecret.from_bytes(
        unseal_committed(key, _unpepper(locked, pepper, person_id), _code_context(person_id))
    )


def repepper(locked: bytes, old: bytes, new: bytes, person_id: UUID) -> bytes:
    """Move either lock from the old pepper to the new one. Raises Unreadable if `old` is not its pepper."""
    return _pepper(_unpepper(locked, old, person_id), new, person_id)


def _pepper(inner: bytes, pepper: bytes, person_id: UUID) -> bytes:
    return seal_committed(key_from_secret(pepper, "pepper"), inner, Context("pepper", person_id))


def _unpepper(locked: bytes, pepper: bytes, person_id: UUID) -> bytes:
    return unseal_committed(key_from_secret(pepper, "pepper"), locked, Context("pepper", person_id))


def _code_key(code: str) -> Key:
    return key_from_secret(read_personal_code(code), "personal code")


def _code_context(person_id: UUID) -> Context:
    return Context("person under code", person_id)


def _password_context(person_id: UUID, lock: PasswordLock) -> Context:
    return Context("person under password", person_id, lock.to_bytes())


@lru_cache(maxsize=len(Profile))
def _decoy(profile: Profile) -> bytes:
    """A lock that looks like a member's and that nobody opens: its key is thrown away here."""
    lock = PasswordLock.new(profile)
    secret = PersonSecret.new(b"")
    return lock.to_bytes() + seal_committed(Key.new(), secret.to_bytes(), _password_context(_NOBODY, lock))
