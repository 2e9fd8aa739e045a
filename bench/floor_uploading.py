"""The floor's files: written to the same store in the pieces in which they come, hashed, and not sealed.

Same form, rows and statements as the product's; the record of a file lies open in its row. What it is, is
not looked at, and it is not filled up.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Final
from uuid import UUID, uuid4

import flask
import orjson
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.store.base import db
from core.store.blobs import Blobs
from domain.content import Content
from intake.models import RequestFile
from intake.service.attachments import FULL, MOST, PHOTO, Added, Attached

_SEALED: Final = 384  # bytes of a sealed record
_stores: list[Blobs] = []


@dataclass(frozen=True)
class Stored:
    """A file in the store, and what its row says of it."""

    id: UUID
    size: int
    digest: str


class Part:
    """One file of a form on its way into the store, as `core.web.uploads.Arriving` is."""

    error, beyond = None, False

    def __init__(self, name: str) -> None:
        self.name, self.chosen, self.kept = name, bool(name), False
        self.file: Stored | None = None
        self._id, self._size, self._digest = uuid4(), 0, hashlib.sha256()
        self._writer: Any = None

    def write(self, data: bytes) -> int:
        """The next bytes."""
        if data:
            self._writer = self._writer or _stores[0].writer(self._id)
            self._writer.write(data)
            self._digest.update(data)
            self._size += len(data)
        return len(data)

    def seek(self, _offset: int) -> int:
        """All of it came."""
        if self._writer and self.file is None:
            self._writer.close()
            self.file = Stored(self._id, self._size, self._digest.hexdigest())
        return 0

    def close(self) -> None:
        """Werkzeug ends with it."""


class Uploading(flask.Request):
    """A request whose files go into the store."""

    @property
    def arriving(self) -> list[Part]:
        """The files that came."""
        found: list[Part] = self.__dict__.setdefault("_arriving", [])
        return found

    def _get_file_stream(self, *_of: Any, **part: Any) -> IO[bytes]:
        coming = Part(part.get("filename") or "")
        self.arriving.append(coming)
        return coming  # type: ignore[return-value] # as much of a file as Werkzeug uses


def init_uploading(app: Flask) -> None:
    """FLOOR_FILES says where the store is."""
    _stores[:] = [Blobs(os.environ["FLOOR_FILES"])]
    app.request_class = Uploading


def add(draft_id: UUID, files: Iterable[Any]) -> Added:
    """Let files wait, as `intake.service.attachments.add` does."""
    digests = {_record(row)["digest"] for row in _rows(draft_id)}
    of_draft = RequestFile.draft_id == draft_id
    db.session.scalar(select(func.count()).select_from(RequestFile).where(of_draft))
    number = db.session.scalar(select(func.max(RequestFile.number)).where(of_draft)) or 0
    kept: set[UUID] = set()
    for file in files:
        if file.digest in digests:
            continue
        if len(digests) >= MOST:
            return Added(frozenset(kept), FULL)
        digests.add(file.digest)
        number += 1
        record = {"content": Content.JPEG.value, "size": file.size, "digest": file.digest}
        row = RequestFile(
            id=file.id, draft_id=draft_id, request_id=None, message_id=None, number=number, waits=True,
            added_at=clock.now(), sealed=orjson.dumps(record).ljust(_SEALED), copy_id=None, copy_failed=False,
        )  # fmt: skip  # one row
        db.session.add(row)
        kept.add(file.id)
    db.session.flush()
    return Added(frozenset(kept), "")


def take_out(draft_id: UUID, file_id: UUID) -> None:
    """Remove a file."""
    for row in _rows(draft_id, RequestFile.id == file_id):
        with suppress(OSError):
            _stores[0].delete(row.id)
        db.session.delete(row)
    db.session.flush()


def waiting(draft_id: UUID) -> list[Attached]:
    """What was added."""
    return [
        Attached(row.id, None, PHOTO, record["content"], record["size"], can_be_shown=True)
        for row in _rows(draft_id)
        for record in (_record(row),)
    ]


def _rows(draft_id: UUID, *which: Any) -> list[RequestFile]:
    found = select(RequestFile).where(RequestFile.draft_id == draft_id, RequestFile.waits.is_(True), *which)
    ordered = found.order_by(RequestFile.number, RequestFile.id)
    return list(db.session.scalars(ordered.execution_options(populate_existing=True)))


def _record(row: RequestFile) -> dict[str, Any]:
    record: dict[str, Any] = orjson.loads(row.sealed)
    return record
