"""Sealed bytes too large for a row: files on this machine or in an S3 bucket, under random ids.

What comes here is sealed already. A name says nothing, an object is written once and never changed.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from core.errors import NotFound


class BlobExistsError(Exception):
    """Something is stored under this id already; it was left as it is."""


class Blobs:
    """A store of sealed objects."""

    def __init__(self, url: str) -> None:
        """`file:///absolute/path` or `s3://bucket/prefix`; AWS_* variables open the bucket."""
        parts = urlsplit(url)
        if parts.scheme == "s3":
            prefix = parts.path.strip("/") or None
            self._store: LocalStore | S3Store = S3Store(parts.netloc, prefix=prefix)
        else:
            folder = Path(unquote(parts.path))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(folder)

    def put(self, id: UUID, sealed: bytes) -> None:
        """Store under an id that is free. Raises BlobExistsError when it is not."""
        try:
            obstore.put(self._store, _path(id), sealed, mode="create")
        except AlreadyExistsError:
            raise BlobExistsError(str(id)) from None

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


def _path(id: UUID) -> str:
    # Two levels keep folders small on a plain disk.
    return f"{id.hex[:2]}/{id.hex}"
