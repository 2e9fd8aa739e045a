"""Sealed bytes too large for a row: files on this machine or in an S3 bucket, under random ids.

What comes here is sealed already. A name says nothing, an object is written once and never changed.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from core.errors import NotFound

# A disk is never filled by what comes from outside: the database needs room, and so does whoever mends it.
RESERVE: Final = 512 * 1024 * 1024
_BUFFER: Final = 256 * 1024
_PART: Final = 5 * 1024 * 1024  # the least that S3 takes as a part of an object


class BlobExistsError(Exception):
    """Something is stored under this id already; it was left as it is."""


class Blobs:
    """A store of sealed objects."""

    def __init__(self, url: str) -> None:
        """`file:///absolute/path` or `s3://bucket/prefix`; AWS_* variables open the bucket."""
        parts = urlsplit(url)
        self._folder: Path | None = None
        if parts.scheme == "s3":
            prefix = parts.path.strip("/") or None
            self._store: LocalStore | S3Store = S3Store(parts.netloc, prefix=prefix)
        else:
            folder = Path(unquote(parts.path))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(folder)
            self._folder = folder

    def put(self, id: UUID, sealed: bytes) -> None:
        """Store under an id that is free. Raises BlobExistsError when it is not."""
        try:
            obstore.put(self._store, _path(id), sealed, mode="create")
        except AlreadyExistsError:
            raise BlobExistsError(str(id)) from None

    def writer(self, id: UUID) -> Any:
        """An object that is written piece by piece, and is there once its `close` was called.

        Dropped before that it leaves nothing. What a killed process left on a disk `clear_unfinished` takes;
        a bucket ends what was begun by its own rule for such parts.
        """
        buffer = _BUFFER if self._folder else _PART
        return obstore.open_writer(self._store, _path(id), buffer_size=buffer, max_concurrency=1)

    def has_room(self) -> bool:
        """Whether a disk of this machine has room left beside its reserve; a bucket has."""
        return self._folder is None or shutil.disk_usage(self._folder).free > RESERVE

    def part(self, id: UUID, start: int, end: int) -> bytes:
        """The stored bytes from a place until before another. Raises NotFound."""
        try:
            return bytes(obstore.get_range(self._store, _path(id), start=start, end=end))
        except FileNotFoundError:
            raise NotFound from None

    def older_than(self, moment: dt.datetime) -> Iterator[UUID]:
        """Every object that was written before a moment."""
        for found in obstore.list(self._store):
            for one in found:
                name = str(one["path"]).rpartition("/")[2]
                if one["last_modified"] < moment and _ID.fullmatch(name):
                    yield UUID(name)

    def clear_unfinished(self, moment: dt.datetime) -> None:
        """Delete what writes of this disk left that began before a moment and were killed.

        The listing does not give such files, and nobody holds the key of what is in one. A bucket has none.
        """
        for path in self._folder.rglob("*#*") if self._folder else ():
            with suppress(FileNotFoundError):  # a write that ended just now
                if _UNFINISHED.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
                    path.unlink()

    def mark(self) -> UUID | None:
        """Which database this store goes with (`core.store.belonging`), by the mark that it bears."""
        try:
            return UUID(bytes(obstore.get(self._store, _MARK).bytes()).decode())
        except FileNotFoundError:
            return None
        except ValueError:  # of a maker that we do not know
            return UUID(int=0)

    def put_mark(self, mark: UUID) -> None:
        """Bear another mark."""
        obstore.put(self._store, _MARK, str(mark).encode(), mode="overwrite")

    def get(self, id: UUID) -> bytes:
        """The stored bytes. Raises NotFound."""
        try:
            return bytes(obstore.get(self._store, _path(id)).bytes())
        except FileNotFoundError:
            raise NotFound from None

    def delete(self, id: UUID) -> None:
        """Remove. An id that is not there is fine: deleting twice is deleting."""
        try:
            obstore.delete(self._store, _path(id))
        except FileNotFoundError:
            return

    def check(self) -> None:
        """Write, read and delete a random object. Raises OSError or a store's own error when that fails."""
        probe = uuid4()
        self.put(probe, probe.bytes)
        try:
            if self.get(probe) != probe.bytes:
                raise OSError("the store gave back something else than was put in")
        finally:
            self.delete(probe)


STORE_ERRORS = (OSError, BaseError)
_ID: Final = re.compile("[0-9a-f]{32}")
_MARK: Final = "goes-with"  # not the name of an object
# How the store calls an object, or its mark, while it is written on this disk.
_UNFINISHED: Final = re.compile(rf"(?:[0-9a-f]{{32}}|{_MARK})#[0-9]+")


def _path(id: UUID) -> str:
    # Two levels keep folders small on a plain disk.
    return f"{id.hex[:2]}/{id.hex}"
