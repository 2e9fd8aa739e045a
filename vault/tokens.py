"""Match tokens: the same person recorded twice is noticed, and nobody's name can be read from a token.

Tokens stand over pairs of values only, such as given name and father's name: how often a single
name occurs is known, and matching frequencies recovers 37 to 51 % of first names. Two keys are
needed to make one: the organisation's match key, which its members hold, and the server's, which
no database contains.
"""

from hashlib import sha256
from hmac import digest

from vault.encoding import Part, pack
from vault.keys import Key, key_from_secret
from vault.passwords import Profile, argon2id

_PAIR = 2
_SALT_BYTES = 16


def match_token(server_key: bytes, match_key: Key, kind: str, *parts: Part) -> bytes:
    """Token of one kind over at least two values, 32 bytes. Raises ValueError for fewer."""
    if len(parts) < _PAIR:
        raise ValueError("A token stands over a pair of values, never over one.")
    return nest_token(_mac(match_key.material, pack("match", kind, *parts)), server_key)


def slow_token(
    server_key: bytes, match_key: Key, kind: str, value: str, profile: Profile = Profile.RECEIPT
) -> bytes:
    """Token over one number or phone, whose few possibilities Argon2id makes slow to try. 32 bytes."""
    salt = _mac(match_key.material, pack("match salt", kind))[:_SALT_BYTES]
    slow = argon2id(value.encode(), salt, profile)
    return nest_token(_mac(match_key.material, pack("slow match", kind, slow)), server_key)


def nest_token(token: bytes, server_key: bytes) -> bytes:
    """Put a token under the server's key; under a new key once more when that rotates.

    Raises ValueError for a server key below 128 bits.
    """
    return _mac(key_from_secret(server_key, "match tokens").material, token)


def _mac(key: bytes, message: bytes) -> bytes:
    return digest(key, message, sha256)
