"""Files sealed while they arrive and opened while they leave; nowhere else is a byte of one written.

Each has a key of its own, which whoever owns the file keeps sealed. It is filled up to one of few sizes
(`vault.padded_size`), so the size in the store tells little.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Self
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

import vault
from config.settings import Settings
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.blobs import STORE_ERRORS, Blobs
from core.store.transaction import after_commit
from domain.content import Content, Look, Unwanted
from vault import Context, Key, Sealer, Unreadable

LARGEST: Final = 20 * 1024 * 1024  # bytes of one file
TOO_LARGE, NO_ROOM = "too_large", "no_room"
_READ_AT_ONCE: Final = 256 * 1024

_WORDS: Final[Mapping[str, Any]] = {
    Unwanted.EMPTY: _l("The file is empty. Choose it again."),
    Unwanted.VIDEO: _l("A video is too large to be read here. Send photos, or say it in a voice message."),
    Unwanted.UNKNOWN: _l("This kind of file is not taken. Send photos, a PDF or a voice message."),
    TOO_LARGE: _l("The file is larger than 20 MB. Send a smaller one, or a part of it."),
    NO_ROOM: _l("There is no room for files just now. What you wrote is kept. Try again later."),
}
_FILLING: Final = bytes(vault.CHUNK_BYTES)
_GONE: Final = "sealed files to delete"
_stores: list[Blobs] = []


@dataclass(frozen=True)
class Taking:
    """What is taken at a place, how large, and the words for what is not where they are others."""

    largest: int  # bytes of one file
    kinds: frozenset[Content]
    words: Mapping[str, Any] = field(default_factory=dict)


PAPERS: Final = Taking(LARGEST, frozenset(Content) - {Content.ZIP, Content.DOCX})
"""What people send and bring: photos, papers, sound."""


class NotTaken(DomainError):
    """A file is not taken; the message says why and what to do. Nothing of it is kept."""

    def __init__(self, reason: str, taking: Taking = PAPERS) -> None:
        super().__init__(taking.words.get(reason, _WORDS[reason]), field="files")
        self.reason = reason


@dataclass(frozen=True)
class SealedFile:
    """A file in the store: what it is, and the key that opens it."""

    id: UUID
    content: Content
    size: int
    digest: str  # SHA-256 of what came, in hexadecimal
    key: Key = field(repr=False)

    def to_record(self) -> dict[str, Any]:
        """What whoever owns it keeps sealed; the id stands in the row."""
        key = vault.key_to_bytes(self.key).hex()
        return {"content": self.content.value, "size": self.size, "digest": self.digest, "key": key}

    @classmethod
    def from_record(cls, id: UUID, record: dict[str, Any]) -> Self:
        """What `to_record` gave."""
        key = vault.key_from_bytes(bytes.fromhex(record["key"]))
        return cls(id, Content(record["content"]), record["size"], record["digest"], key)


class Incoming:
    """One file on its way into the store. Until `finish` there is no object, after `abandon` none either."""

    def __init__(self, blobs: Blobs, taking: Taking = PAPERS) -> None:
        self.id, self._key = uuid4(), Key.new()
        self._blobs, self._taking = blobs, taking
        self._sealer = Sealer(self._key, _context(self.id))
        self._look, self._digest, self.size = Look(), hashlib.sha256(), 0
        self._writer: Any = None
        self._refused = ""

    def write(self, data: bytes) -> None:
        """The next bytes. What is refused already is let by, so that the rest of the form can be read."""
        self.size += len(data)
        if self.size > self._taking.largest:
            self._refuse(TOO_LARGE)
        if self._refused:
            return
        self._look.write(data)
        self._digest.update(data)
        self._store(self._sealer.write(data))

    def finish(self) -> SealedFile:
        """The file, sealed and stored. Raises NotTaken, and then nothing of it is."""
        found = self._look.found()
        if isinstance(found, Content) and found not in self._taking.kinds:
            found = Unwanted.UNKNOWN
        if not self._refused and isinstance(found, Unwanted):
            self._refuse(found)
        left = vault.padded_size(self.size) - self.size
        while left and not self._refused:
            self._store(self._sealer.write(_FILLING[:left]))
            left -= min(left, len(_FILLING))
        if not self._refused:
            self._store([self._sealer.finish()])
        if not self._refused:
            self._close()
        if self._refused:
            raise NotTaken(self._refused, self._taking)
        assert isinstance(found, Content)  # noqa: S101 - what is unwanted was refused above
        return SealedFile(self.id, found, self.size, self._digest.hexdigest(), self._key)

    def abandon(self) -> None:
        """Nobody wants it any more; again, it changes nothing."""
        self._writer = None
        with suppress(*STORE_ERRORS):  # what the store does not delete now, the sweep finds
            self._blobs.delete(self.id)

    def _store(self, pieces: list[bytes]) -> None:
        try:
            for piece in pieces:
                if self._writer is None:
                    self._writer = self._open()
                self._writer.write(piece)
        except STORE_ERRORS:
            self._refuse(NO_ROOM)

    def _open(self) -> Any:
        if not self._blobs.has_room():
            raise OSError
        return self._blobs.writer(self.id)

    def _close(self) -> None:
        try:
            self._writer.close()
        except STORE_ERRORS:
            self._refuse(NO_ROOM)

    def _refuse(self, reason: str) -> None:
        self._refused = self._refused or reason
        self._writer = None


def read(blobs: Blobs, file: SealedFile, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """What is in a file, from a place until before another. Raises vault.Unreadable for any other bytes."""

    def part(begin: int, until: int) -> bytes:
        try:
            return blobs.part(file.id, begin, until)
        except NotFound:
            raise
        except STORE_ERRORS:
            raise Unreadable from None  # it is shorter than it was

    until = file.size if end is None else min(end, file.size)
    return vault.open_part(
        file.key, vault.padded_size(file.size), part, _context(file.id), min(start, until), until
    )


class _Placed(io.RawIOBase):
    """A file in the store that is read from any place; what it holds is opened chunk by chunk."""

    def __init__(self, blobs: Blobs, file: SealedFile) -> None:
        self._blobs, self._file, self._place = blobs, file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._file.size}[whence]
        self._place = max(start + offset, 0)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:
        pieces = read(self._blobs, self._file, self._place, self._place + len(buffer))
        data = b"".join(pieces)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


def placed(blobs: Blobs, file: SealedFile) -> io.BufferedReader:
    """A file in the store, to be read from any place. Reading raises vault.Unreadable and NotFound."""
    return io.BufferedReader(_Placed(blobs, file), _READ_AT_ONCE)


def put_beside(blobs: Blobs, file: SealedFile, copy_id: UUID, data: bytes) -> None:
    """Store something made from a file under the same key, for whoever may open the file."""
    told = len(data).to_bytes(8) + data
    sealer = Sealer(file.key, _context(copy_id))
    pieces = sealer.write(told.ljust(vault.padded_size(len(told)), b"\0"))
    blobs.put(copy_id, b"".join([*pieces, sealer.finish()]))


def get_beside(blobs: Blobs, file: SealedFile, copy_id: UUID) -> bytes:
    """What `put_beside` stored. Raises NotFound, vault.Unreadable."""
    told = b"".join(vault.open_stream(file.key, [blobs.get(copy_id)], _context(copy_id)))
    return told[8 : 8 + int.from_bytes(told[:8])]


def remove(*ids: UUID | None) -> None:
    """Delete objects once the transaction that forgets their keys is through; if it fails they stay."""
    db.session().info.setdefault(_GONE, []).extend(filter(None, ids))


def discard(file: SealedFile) -> None:
    """Delete the object of a file that nobody keeps."""
    with suppress(*STORE_ERRORS):  # what the store does not delete now, the sweep finds
        store().delete(file.id)


def _delete_removed(session: Session) -> None:
    for id in session.info.pop(_GONE, ()):
        with suppress(*STORE_ERRORS):  # the sweep comes back to it
            store().delete(id)


def install(settings: Settings) -> None:
    """Name the store of this installation."""
    _stores[:] = [Blobs(settings.storage_url)]
    if _delete_removed not in after_commit:
        after_commit.append(_delete_removed)


def store() -> Blobs:
    """The store of this installation."""
    return _stores[0]


def _context(id: UUID) -> Context:
    return Context("file", id)
