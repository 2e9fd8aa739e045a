"""Copies of photos for looking at, made when somebody with the key first looks: no job ever holds a key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from core.documents import photo
from core.errors import NotFound
from core.store import sealed_files
from core.store.base import db
from core.store.blobs import STORE_ERRORS
from core.store.sealed_files import SealedFile
from core.store.transaction import transaction


@dataclass(frozen=True)
class Opened:
    """A file in the hands of somebody who may open it."""

    file: SealedFile = field(repr=False)
    copy_id: UUID | None
    copy_failed: bool
    # Notes the copy that was made, or that none can be; False where another one was first.
    copied: Callable[[UUID, UUID | None], bool] = field(repr=False)


def noting(table: type[Any]) -> Callable[[UUID, UUID | None], bool]:
    """What notes in a table of files the copy that was made of one, or that none can be."""

    def copied(file_id: UUID, copy_id: UUID | None) -> bool:
        found = select(table).where(table.id == file_id).with_for_update()
        row = db.session.scalar(found.execution_options(populate_existing=True))
        if row is None or row.copy_id is not None:
            return False
        row.copy_id, row.copy_failed = copy_id, copy_id is None
        db.session.flush()
        return True

    return copied


def look(opened: Opened) -> bytes:
    """The copy of a photo, made now where there is none. Outside a transaction: unpacking a photo is slow.

    Raises NotFound where none can be made, and alone.Busy.
    """
    file, store = opened.file, sealed_files.store()
    if opened.copy_failed or not file.content.can_be_shown:
        raise NotFound
    if opened.copy_id is not None:
        return sealed_files.get_beside(store, file, opened.copy_id)
    made = photo.copy_of(whole(opened))
    copy_id = None if made is None else uuid4()
    if made is not None and copy_id is not None:
        try:
            sealed_files.put_beside(store, file, copy_id, made)
        except STORE_ERRORS:
            return made  # no room to keep it; the next look makes it again
    with transaction():
        first = opened.copied(file.id, copy_id)
    if copy_id is not None and not first:
        store.delete(copy_id)
    if made is None:
        raise NotFound
    return made


def whole(opened: Opened) -> bytes:
    """All of a file, as it came. Raises vault.Unreadable for any other bytes."""
    return b"".join(sealed_files.read(sealed_files.store(), opened.file))
