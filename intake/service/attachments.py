"""Files of a request: photos, papers and voice messages, sealed under what opens the request alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select

import vault
from core import clock
from core.documents.copies import Opened, noting
from core.errors import DomainError, NotFound
from core.store import sealed_files
from core.store.base import db
from core.store.sealed_files import SealedFile
from intake.models import Request, RequestFile
from vault import Context, Key

MOST: Final = 5  # files of a request as it is sent, and of each line of a conversation
MOST_OF_ALL: Final = 60  # of one conversation
FULL: Final = _("At most five files go together. Send these first, or take one out.")
ALL_FULL: Final = _("This conversation holds no more files. Begin a new one.")
PHOTO, VOICE, PAPER = "photo", "voice", "paper"
WAITS: Final = dt.timedelta(days=1)  # how long what was added waits to be sent


@dataclass(frozen=True)
class Attached:
    """A file as a page names it."""

    id: UUID
    message_id: UUID | None
    kind: str  # PHOTO, VOICE or PAPER
    content: str  # its media type
    size: int
    can_be_shown: bool


@dataclass(frozen=True)
class Added:
    """Which files are kept, and why others were not, as a sentence, or ""."""

    kept: frozenset[UUID]
    refused: Any


@dataclass(frozen=True)
class Owner:
    """Who keeps files: a draft under its cookie's key, or a request under its own; and the key."""

    key: Key = field(repr=False)
    draft_id: UUID | None = None
    request_id: UUID | None = None

    def rows(self) -> ColumnElement[bool]:
        """The files of this owner."""
        of_draft = RequestFile.draft_id == self.draft_id
        return of_draft if self.draft_id is not None else RequestFile.request_id == self.request_id


def add(owner: Owner, files: Iterable[SealedFile]) -> Added:
    """Let files wait for the form of their owner to be sent. The same file again is there already.

    The caller holds the lock of the owner.
    """
    waiting = {_opened(owner, row).digest for row in _rows(owner, RequestFile.waits.is_(True))}
    count = db.session.scalar(select(func.count()).select_from(RequestFile).where(owner.rows())) or 0
    last = select(func.max(RequestFile.number)).where(owner.rows())
    kept: set[UUID] = set()
    number, refused = db.session.scalar(last) or 0, ""
    for file in files:
        if file.digest in waiting:
            continue
        if len(waiting) >= MOST or count + len(kept) >= MOST_OF_ALL:
            refused = FULL if len(waiting) >= MOST else ALL_FULL
            break
        waiting.add(file.digest)
        number += 1
        row = RequestFile(
            id=file.id, draft_id=owner.draft_id, request_id=owner.request_id, message_id=None, number=number,
            waits=True, added_at=clock.now(), sealed=b"", copy_id=None, copy_failed=False,
        )  # fmt: skip # one row
        _seal(owner, row, file.to_record())
        db.session.add(row)
        kept.add(file.id)
    db.session.flush()
    return Added(frozenset(kept), refused)


def take_out(owner: Owner, file_id: UUID) -> None:
    """Remove a file that was not sent; again, it changes nothing."""
    _delete(_rows(owner, RequestFile.waits & (RequestFile.id == file_id)))


def waiting(owner: Owner) -> list[Attached]:
    """What was added and not sent yet."""
    return [_attached(owner, row) for row in _rows(owner, RequestFile.waits.is_(True))]


def sent(owner: Owner) -> list[Attached]:
    """What was sent with a request and its conversation."""
    return [_attached(owner, row) for row in _rows(owner, ~RequestFile.waits)]


def digests(owner: Owner, message_id: UUID | None) -> frozenset[str]:
    """Of the files that went with a line of the conversation, as they came; of no line there are none."""
    if message_id is None:
        return frozenset()
    return frozenset(_opened(owner, row).digest for row in _rows(owner, RequestFile.message_id == message_id))


def sent_and_waiting(owner: Owner) -> tuple[list[Attached], list[Attached]]:
    """What was sent with a request and its conversation, and what was not yet."""
    rows = _rows(owner)
    files = [(row.waits, _attached(owner, row)) for row in rows]
    return [one for waits, one in files if not waits], [one for waits, one in files if waits]


def send_draft(draft: Owner, request: Owner) -> None:
    """The files of a draft go with the request that it becomes."""
    for row in _rows(draft):
        record = _record(draft, row)
        row.draft_id, row.request_id, row.waits = None, request.request_id, False
        _seal(request, row, record)


def send_waiting(owner: Owner, message_id: UUID) -> None:
    """What waits goes with a line of the conversation."""
    for row in _rows(owner, RequestFile.waits.is_(True)):
        record = _record(owner, row)
        row.message_id, row.waits = message_id, False
        _seal(owner, row, record)


def send(owner: Owner, message_id: UUID, files: Iterable[SealedFile]) -> None:
    """Files go at once, with a line that a colleague writes. Raises DomainError beyond MOST_OF_ALL."""
    coming = list(files)
    of_all = select(func.count(), func.max(RequestFile.number)).where(owner.rows())
    count, last = db.session.execute(of_all).one()
    if count + len(coming) > MOST_OF_ALL:
        raise DomainError(ALL_FULL, field="files")
    for number, file in enumerate(coming, (last or 0) + 1):
        row = RequestFile(
            id=file.id, draft_id=None, request_id=owner.request_id, message_id=message_id, number=number,
            waits=False, added_at=clock.now(), sealed=b"", copy_id=None, copy_failed=False,
        )  # fmt: skip # one row
        _seal(owner, row, file.to_record())
        db.session.add(row)
    db.session.flush()


def renew(request: Request, old: Key, new: Key) -> None:
    """The request has a new key; bytes stay where they are, under their own."""
    before, after = Owner(old, request_id=request.id), Owner(new, request_id=request.id)
    for row in _rows(before):
        _seal(after, row, _record(before, row))


def find(owner: Owner, file_id: UUID) -> Opened:
    """A file that was sent, and what opens it. Raises NotFound."""
    rows = _rows(owner, ~RequestFile.waits & (RequestFile.id == file_id))
    if not rows:
        raise NotFound
    return Opened(_opened(owner, rows[0]), rows[0].copy_id, rows[0].copy_failed, noting(RequestFile))


def forget(*, draft_id: UUID | None = None, request_id: UUID | None = None) -> None:
    """Delete every file of a draft or a request, with its key; the bytes go when that is through."""
    _delete(_rows(Owner(Key.new(), draft_id, request_id)))


def purge() -> None:
    """Delete what waited too long to be sent with a message. Running twice finds nothing."""
    old = RequestFile.waits & RequestFile.request_id.is_not(None)
    late = RequestFile.added_at < clock.now() - WAITS
    _delete(db.session.scalars(select(RequestFile).where(old, late)).all())


def _rows(owner: Owner, *which: ColumnElement[bool]) -> list[RequestFile]:
    found = select(RequestFile).where(owner.rows(), *which).order_by(RequestFile.number, RequestFile.id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def _delete(rows: Iterable[RequestFile]) -> None:
    for row in rows:
        sealed_files.remove(row.id, row.copy_id)
        db.session.delete(row)
    db.session.flush()


def _attached(owner: Owner, row: RequestFile) -> Attached:
    file = _opened(owner, row)
    kind = PHOTO if file.content.is_photo else VOICE if file.content.is_voice else PAPER
    shown = file.content.can_be_shown and not row.copy_failed
    return Attached(row.id, row.message_id, kind, file.content.value, file.size, shown)


def _opened(owner: Owner, row: RequestFile) -> SealedFile:
    return SealedFile.from_record(row.id, _record(owner, row))


def _record(owner: Owner, row: RequestFile) -> dict[str, Any]:
    record: dict[str, Any] = orjson.loads(vault.unseal_committed(owner.key, row.sealed, _context(row)))
    return record


def _seal(owner: Owner, row: RequestFile, record: dict[str, Any]) -> None:
    row.sealed = vault.seal_committed(owner.key, orjson.dumps(record), _context(row))


def _context(row: RequestFile) -> Context:
    """Bound to its place: whoever holds the database can give it to no other line, nor send what waits."""
    owner, line = row.draft_id or row.request_id, row.message_id.bytes if row.message_id else b""
    place = (int(row.draft_id is not None), owner, row.id, line, row.number, int(row.waits))
    return Context("file of a request", *place)
