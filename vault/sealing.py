"""Sealing under symmetric keys.

Records and wraps: AES-256-GCM-SIV (RFC 8452), because a virtual machine set back to a snapshot
repeats nonces. Committed seals: a key of their own for each message and a commitment to it (both
HKDF-SHA256 over a fresh salt), because a blob that several passwords or codes may be tried on must
not open under two of them.

Layout: version, key epoch (4 bytes), nonce or salt and commitment, ciphertext with tag. Version
and epoch are authenticated together with the context.
"""

import os
from hmac import compare_digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from vault.context import Context
from vault.encoding import pack
from vault.errors import Unreadable
from vault.keys import EPOCH_BYTES, KEY_BYTES, Key, hkdf, key_from_bytes, key_to_bytes
from vault.padding import pad, unpad

# The upper half names the form, the lower its version, so that no form is ever taken for another.
_RECORD, _WRAP, _COMMITTED = b"\x01", b"\x11", b"\x21"
STREAM = b"\x51"  # `vault.streams`
_HEADER_BYTES = 1 + EPOCH_BYTES
_NONCE_BYTES = 12
_SALT_BYTES = 32
_COMMITMENT_BYTES = 32
# A committed seal uses its key once; the salt makes it fresh.
_ONLY_NONCE = bytes(_NONCE_BYTES)


def seal(key: Key, plaintext: bytes, context: Context) -> bytes:
    """Seal a record, padded, to open only under this key and in this context."""
    return _seal(_RECORD, key, pad(plaintext), context)


def unseal(key: Key, sealed: bytes, context: Context) -> bytes:
    """Open what `seal` made. Raises Unreadable for anything else."""
    return unpad(_unseal(_RECORD, key, sealed, context))


def wrap(key: Key, under: Key, context: Context) -> bytes:
    """Seal a key and its epoch under another key."""
    return _seal(_WRAP, under, key_to_bytes(key), context)


def unwrap(wrapped: bytes, under: Key, context: Context) -> Key:
    """Open what `wrap` made. Raises Unreadable for anything else."""
    return key_from_bytes(_unseal(_WRAP, under, wrapped, context))


def seal_committed(key: Key, plaintext: bytes, context: Context) -> bytes:
    """Seal, padded and bound to this very key: no other key opens it, not even a chosen one."""
    header = _header(_COMMITTED, key)
    salt = os.urandom(_SALT_BYTES)
    cipher, commitment = _committed(key, salt, header, context)
    return header + salt + commitment + cipher.encrypt(_ONLY_NONCE, pad(plaintext), header + context)


def unseal_committed(key: Key, sealed: bytes, context: Context) -> bytes:
    """Open what `seal_committed` made. Raises Unreadable for anything else."""
    header = _checked_header(_COMMITTED, key, sealed)
    salt, rest = _split(sealed[_HEADER_BYTES:], _SALT_BYTES)
    stored, ciphertext = _split(rest, _COMMITMENT_BYTES)
    cipher, commitment = _committed(key, salt, header, context)
    if not compare_digest(stored, commitment):
        raise Unreadable
    return unpad(_decrypt(cipher, _ONLY_NONCE, ciphertext, header + context))


def sealed_epoch(sealed: bytes) -> int:
    """Epoch of the key that a seal under a symmetric key claims. Raises Unreadable for an unknown version."""
    header, _ = _split(sealed, _HEADER_BYTES)
    if header[:1] not in {_RECORD, _WRAP, _COMMITTED, STREAM}:
        raise Unreadable
    return int.from_bytes(header[1:])


def _seal(form: bytes, key: Key, plaintext: bytes, context: Context) -> bytes:
    header = _header(form, key)
    nonce = os.urandom(_NONCE_BYTES)
    return header + nonce + AESGCMSIV(key.material).encrypt(nonce, plaintext, header + context)


def _unseal(form: bytes, key: Key, sealed: bytes, context: Context) -> bytes:
    header = _checked_header(form, key, sealed)
    nonce, ciphertext = _split(sealed[_HEADER_BYTES:], _NONCE_BYTES)
    return _decrypt(AESGCMSIV(key.material), nonce, ciphertext, header + context)


def _decrypt(cipher: AESGCMSIV, nonce: bytes, ciphertext: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, ciphertext, bound)
    except InvalidTag:
        raise Unreadable from None


def _committed(key: Key, salt: bytes, header: bytes, context: Context) -> tuple[AESGCMSIV, bytes]:
    info = pack("committed seal", header, context)
    both = hkdf(key.material, info, salt=salt, length=KEY_BYTES + _COMMITMENT_BYTES)
    return AESGCMSIV(both[:KEY_BYTES]), both[KEY_BYTES:]


def _header(form: bytes, key: Key) -> bytes:
    return form + key.epoch.to_bytes(EPOCH_BYTES)


def _checked_header(form: bytes, key: Key, sealed: bytes) -> bytes:
    header = _header(form, key)
    if sealed[:_HEADER_BYTES] != header:
        raise Unreadable
    return header


def _split(data: bytes, size: int) -> tuple[bytes, bytes]:
    if len(data) < size:
        raise Unreadable
    return data[:size], data[size:]
