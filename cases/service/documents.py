"""Documents of a case: the bytes lie sealed in the store under keys of their own, which the case key opens.

What came is kept untouched, with its digest and who brought it, as evidence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.service.names import names_of
from cases.models import Case, CaseFile
from cases.service import keys, rows, taken
from cases.service.reach import find
from cases.service.shelves import Document, Leaving, shelves
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.documents.copies import Opened, noting
from core.errors import Conflict, DomainError, NotFound
from core.store import sealed_files
from core.store.base import db
from core.store.sealed_files import SealedFile
from domain.content import Content
from vault import Key

TABLE: Final = "case_files"
DRAFTS: Final = "drafts"  # ids of drafts that rest on a document
MOST: Final = 500  # documents of a case
SHOWN: Final = 5  # papers on the page of their case
_AT_FIRST: Final = 12  # documents opened for them: some are older versions
FULL: Final = _("This case holds 500 documents. Remove what is not needed, then add more.")


def add(
    actor: Actor, case: Case, key: Key, files: Iterable[tuple[SealedFile, dict[str, Any]]]
) -> dict[str, UUID]:
    """Let a case keep files, each with what is said about it; one that it holds already is not kept twice.

    Gives by digest under which id each is here. The caller has the case locked, writes the line of the
    timeline and renews the head. Raises DomainError where there would be too many.
    """
    here = {content["digest"]: row.id for row, content in _opened(case, key)}
    for file, about in files:
        if file.digest in here:
            continue
        if len(here) >= MOST:
            raise DomainError(FULL, field="files")
        row = CaseFile(
            id=file.id, case_id=case.id, added_at=clock.now(), copy_id=None, copy_failed=False, version=0
        )
        db.session.add(row)
        _seal(case, key, row, {**file.to_record(), "about": about, "by": str(actor.person_id)})
        here[file.digest] = row.id
    return here


def change(case: Case, key: Key, file_id: UUID, version: int, said: dict[str, Any]) -> None:
    """Seal something else beside a document: what is said `about` it, or that it is `leaving`.

    The caller renews the head. Raises NotFound, Conflict.
    """
    row = row_of(case, file_id, version=version)
    _seal(case, key, row, content_of(case, key, row) | said)


def hold(case: Case, key: Key, draft_id: UUID, file_id: UUID | None) -> None:
    """Let a draft of the lawyers rest on one document alone, which then cannot be deleted, or on none.

    The key of the case opens that one rests on it, and nothing of the draft. The caller renews the head.
    Raises NotFound.
    """
    if file_id is not None:
        row_of(case, file_id)
    for row, content in _opened(case, key):
        before = content.get(DRAFTS, [])
        rests = [one for one in before if one != str(draft_id)]
        if row.id == file_id:
            rests = before if str(draft_id) in before else [*rests, str(draft_id)]
        if rests != before:
            change(case, key, row.id, row.version, {DRAFTS: rests})


def close_up(case: Case, key: Key, file_id: UUID) -> None:
    """What took the place of a document that goes takes the place of what stood before that."""
    gone = content_of(case, key, row_of(case, file_id))["about"].get("replaces")
    for row, content in _opened(case, key):
        about = content["about"]
        if about.get("replaces") == str(file_id):
            rest = {name: said for name, said in about.items() if name != "replaces"}
            change(case, key, row.id, row.version, {"about": rest | ({"replaces": gone} if gone else {})})


def newest(case: Case, key: Key, there: int) -> list[Document]:
    """As many of the newest as show SHOWN papers, of so many that are `there`; what is newer replaces."""
    found = read(case, key, most=_AT_FIRST)
    return found if there <= _AT_FIRST or len(shelves(found)) >= SHOWN else read(case, key)


def read(case: Case, key: Key, *, most: int | None = None) -> list[Document]:
    """The documents of a case, the newest first."""
    found = _opened(case, key, most)
    asked = [content["leaving"] for _row, content in found if content.get("leaving")]
    names = names_of({UUID(one["by"]) for one in (*asked, *(content for _row, content in found))})
    return [
        Document(
            id=row.id,
            content=content["content"],
            size=content["size"],
            digest=content["digest"],
            about=content["about"],
            added_at=row.added_at,
            added_by=names.get(UUID(content["by"]), ""),
            can_be_shown=Content(content["content"]).can_be_shown and not row.copy_failed,
            version=row.version,
            leaving=_leaving(content.get("leaving"), names),
        )
        for row, content in found
    ]


def open_file(actor: Actor, case_id: UUID, file_id: UUID, *, act: str = "case.file") -> Opened:
    """What opens one document; the act is audited. Raises NotFound, Locked, rows.Tampered."""
    case = find(actor, Permission.CASE_READ, case_id)
    key = keys.case_key(actor, case)
    found = opened_file(case, key, row_of(case, file_id))
    taken.write(actor, case, file_id, act)
    return found


def opened_file(case: Case, key: Key, row: CaseFile) -> Opened:
    """What opens the file of a row; the caller has checked who asks, and writes down that they did."""
    return Opened(_file(row, content_of(case, key, row)), row.copy_id, row.copy_failed, noting(CaseFile))


def remove(case: Case, file_id: UUID, version: int) -> None:
    """Delete a document with its key, and then its bytes; the caller renews the head."""
    row = row_of(case, file_id, version=version)
    sealed_files.remove(row.id, row.copy_id)
    db.session.delete(row)
    db.session.flush()


def row_of(case: Case, file_id: UUID, *, version: int | None = None) -> CaseFile:
    """The row of a document. Raises NotFound, or Conflict when `version` is not the present one."""
    found = select(CaseFile).where(CaseFile.id == file_id, CaseFile.case_id == case.id)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict
    return row


def content_of(case: Case, key: Key, row: CaseFile) -> dict[str, Any]:
    """What is sealed of a document: what `SealedFile.to_record` gave, what is said about it, who added it."""
    return rows.open_row(key, case, TABLE, row.id, row.version, row.sealed)


def _opened(case: Case, key: Key, most: int | None = None) -> list[tuple[CaseFile, dict[str, Any]]]:
    newest_first = CaseFile.added_at.desc(), CaseFile.id.desc()
    found = select(CaseFile).where(CaseFile.case_id == case.id).order_by(*newest_first).limit(most)
    return [(row, content_of(case, key, row)) for row in db.session.scalars(found)]


def _leaving(asked: dict[str, Any] | None, names: dict[UUID | None, str]) -> Leaving | None:
    if not asked:
        return None
    by = names.get(UUID(asked["by"]), "")
    return Leaving(by, dt.datetime.fromisoformat(asked["at"]), asked["reason"])


def _file(row: CaseFile, content: dict[str, Any]) -> SealedFile:
    return SealedFile.from_record(row.id, content)


def _seal(case: Case, key: Key, row: CaseFile, content: dict[str, Any]) -> None:
    row.version += 1
    row.epoch = key.epoch
    row.sealed = rows.seal_row(key, case, TABLE, row.id, row.version, content)
    db.session.flush()
