"""Files of any size, sealed while they arrive and opened while they leave, one chunk in memory at a time.

STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", CRYPTO 2015), as in age (https://age-encryption.org/v1): chunks of 64 KiB under
AES-256-GCM, whose nonces are a counter and whether this is the last one. The key belongs to this one
stream: HKDF-SHA256 of the caller's key over a fresh salt, bound to version, epoch and context, together
with a commitment to it, because AES-GCM alone can be made to open under two keys.

Layout: version, key epoch (4 bytes), salt (32), commitment (32), chunks with their tags. The last chunk
is empty only where the whole file is. How long a file is shows.

Where keys rotate and bytes stay in place, each file has a `Key.new()` wrapped under the one that rotates.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from hmac import compare_digest
from itertools import chain

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.context import Context
from vault.encoding import pack
from vault.errors import Unreadable
from vault.keys import EPOCH_BYTES, KEY_BYTES, Key, hkdf
from vault.sealing import STREAM

CHUNK_BYTES = 64 * 1024
_TAG_BYTES = 16
_COUNTER_BYTES = 11
_SALT_BYTES = 32
_COMMITMENT_BYTES = 32
_HEADER_BYTES = 1 + EPOCH_BYTES + _SALT_BYTES + _COMMITMENT_BYTES
_AT_ONCE = 16  # chunks that are fetched together


class Sealer:
    """Seals one file. What `write` and `finish` give, joined in order, is the sealed file."""

    def __init__(self, key: Key, context: Context) -> None:
        """Begin a file that opens only under this key and in this context."""
        salt = os.urandom(_SALT_BYTES)
        self._cipher, commitment = _committed(key, salt, context)
        self._header = _start(key) + salt + commitment
        self._held = bytearray()
        self._number = 0
        self._finished = False

    def write(self, data: bytes) -> list[bytes]:
        """Take the next bytes; give the chunks that are full. Raises ValueError after `finish`."""
        self._require_open()
        left, sealed = memoryview(data), []
        while len(self._held) + len(left) > CHUNK_BYTES:  # a full one may be the last, until more comes
            room = CHUNK_BYTES - len(self._held)
            chunk, left = left[:room], left[room:]  # a whole one is not copied
            if self._held:
                self._held += chunk
                chunk, self._held = memoryview(self._held), bytearray()
            sealed.append(self._seal(chunk, last=False))
        self._held += left
        return sealed

    def finish(self) -> bytes:
        """Give the last chunk: without it nothing opens as whole. Raises ValueError a second time."""
        self._require_open()
        self._finished = True
        return self._seal(self._held, last=True)

    def _seal(self, chunk: bytearray | memoryview, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), chunk, None)
        header = self._header if self._number == 0 else b""
        self._number += 1
        return header + sealed

    def _require_open(self) -> None:
        if self._finished:
            raise ValueError("A sealed file is finished once, and nothing comes after.")


def open_stream(key: Key, sealed: Iterable[bytes], context: Context) -> Iterator[bytes]:
    """Open what a `Sealer` made, given in pieces of any size; each chunk is verified before it is given.

    Only an iterator that ends without an error has given the whole file: Unreadable is raised for anything
    else, for a missing end when the end is reached. What was given by then is genuine but not all.
    """
    pieces = iter(sealed)
    header, rest = _header_of(pieces)
    salt, commitment = header[1 + EPOCH_BYTES : -_COMMITMENT_BYTES], header[-_COMMITMENT_BYTES:]
    cipher, expected = _committed(key, salt, context)
    if not header.startswith(_start(key)) or not compare_digest(commitment, expected):
        raise Unreadable
    held, number = bytearray(), 0
    for piece in chain([rest], pieces):
        held += piece
        for chunk in _full(held, CHUNK_BYTES + _TAG_BYTES):
            yield _opened(cipher, chunk, number, last=False)
            number += 1
    chunk = _opened(cipher, bytes(held), number, last=True)
    if number and not chunk:
        raise Unreadable
    yield chunk


def sealed_size(size: int) -> int:
    """How long the sealed file of this many bytes is."""
    return _HEADER_BYTES + size + _TAG_BYTES * max(-(-size // CHUNK_BYTES), 1)


def open_part(
    key: Key, size: int, read: Callable[[int, int], bytes], context: Context, start: int, end: int
) -> Iterator[bytes]:
    """Open the bytes from `start` until before `end` of a sealed file, and no chunk that holds none of them.

    size: what was written into it; a file of another length does not open, because its last chunk is no last
    one. read: gives the sealed bytes from a place until before another. Raises Unreadable.
    """
    header = read(0, _HEADER_BYTES)
    salt, commitment = header[1 + EPOCH_BYTES : -_COMMITMENT_BYTES], header[-_COMMITMENT_BYTES:]
    cipher, expected = _committed(key, salt, context)
    if not header.startswith(_start(key)) or not compare_digest(commitment, expected):
        raise Unreadable
    last = max(-(-size // CHUNK_BYTES), 1) - 1
    after = -(-end // CHUNK_BYTES)
    whole, total = CHUNK_BYTES + _TAG_BYTES, sealed_size(size)
    for first in range(start // CHUNK_BYTES, after, _AT_ONCE):
        until = min(first + _AT_ONCE, after)
        held = read(_HEADER_BYTES + first * whole, min(_HEADER_BYTES + until * whole, total))
        for number in range(first, until):
            place = (number - first) * whole
            chunk = _opened(cipher, held[place : place + whole], number, last=number == last)
            begin = number * CHUNK_BYTES
            yield chunk[max(start - begin, 0) : end - begin]


def _header_of(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """The header, and what came with it of the first chunk."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= _HEADER_BYTES:
            return bytes(held[:_HEADER_BYTES]), bytes(held[_HEADER_BYTES:])
    raise Unreadable


def _full(held: bytearray, size: int) -> Iterator[bytes]:
    """Take out what cannot be the last chunk, because more has come."""
    while len(held) > size:
        chunk = bytes(held[:size])
        del held[:size]
        yield chunk


def _opened(cipher: AESGCM, chunk: bytes, number: int, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, last=last), chunk, None)
    except InvalidTag:
        raise Unreadable from None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES) + bytes([last])


def _committed(key: Key, salt: bytes, context: Context) -> tuple[AESGCM, bytes]:
    info = pack("sealed stream", _start(key), context)
    both = hkdf(key.material, info, salt=salt, length=KEY_BYTES + _COMMITMENT_BYTES)
    return AESGCM(both[:KEY_BYTES]), both[KEY_BYTES:]


def _start(key: Key) -> bytes:
    return STREAM + key.epoch.to_bytes(EPOCH_BYTES)
