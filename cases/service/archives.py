"""ZIPs of conversations while they are brought into a case: kept sealed, emptied in steps, then deleted.

Messages come first, as one line of the timeline; then each file that one of them names becomes a document
of the case and is noted at its message. What was noted stays, so that a step which breaks off is done again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select

from cases.models import Case, CaseArchive, CaseFile
from cases.service import conversations, documents, gate, keys, rows, timeline
from cases.service.conversations import LINE, NOTHING_NEW, Place, Said
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError
from core.store import sealed_files
from core.store.base import db
from core.store.sealed_files import SealedFile
from domain.content import Unwanted
from domain.imports.whatsapp import Conversation
from domain.imports.whatsapp_archive import folded
from domain.imports.whatsapp_words import Kind
from domain.lifecycle import State
from vault import Key

TABLE: Final = "case_archives"
KEPT: Final = dt.timedelta(days=1)  # how long nobody has to go on with it
FULL: Final = "full"  # why a file is left out: the case holds no more documents
_FOR_GOOD: Final = frozenset({Unwanted.VIDEO, Unwanted.UNKNOWN, Unwanted.EMPTY, sealed_files.TOO_LARGE})
_ACT: Final = "case.files"


@dataclass(frozen=True)
class ToKeep:
    """A file of the ZIP that becomes a document, and the message that names it."""

    part: int
    line_id: UUID
    number: int
    name: str


@dataclass(frozen=True)
class Work:
    """A ZIP in the hands of somebody who may open it."""

    id: UUID
    case_id: UUID
    version: int
    file: SealedFile = field(repr=False)
    to_keep: tuple[ToKeep, ...] | None  # None: nobody has said who is who
    count: int  # of files that were to be kept when that was said
    kept: int
    left: Mapping[str, int]  # how many were left out, by a code of the list `export_left`
    line_id: UUID | None  # the line of the timeline to read them in


Found = SealedFile | str
"""A file of the ZIP, sealed by itself; or why it is left out, a code of the list `export_left`."""


def begin(actor: Actor, case_id: UUID, file: SealedFile, token: UUID) -> UUID:
    """Keep a ZIP until it was looked at and brought in; the same one again is there already. Gives its id.

    Raises NotFound, Locked, gate.Held, DomainError for a case that is closed.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = _open(actor, case)
    for row in db.session.scalars(select(CaseArchive).where(CaseArchive.case_id == case.id)):
        if row.token == token or _file(row, _content(case, key, row)).digest == file.digest:
            return row.id
    row = CaseArchive(
        id=file.id, case_id=case.id, touched_at=clock.now(), version=0, epoch=0, sealed=b"", token=token
    )
    _seal(case, key, row, {"file": file.to_record(), "keep": None, "count": 0, "kept": 0, "left": {}})
    db.session.add(row)
    db.session.flush()
    return row.id


def waiting(actor: Actor, case_id: UUID) -> list[tuple[UUID, dt.datetime]]:
    """The ZIPs of a case that somebody has to go on with, and since when."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    found = select(CaseArchive.id, CaseArchive.touched_at).where(CaseArchive.case_id == case.id)
    return [(id, at) for id, at in db.session.execute(found.order_by(CaseArchive.touched_at, CaseArchive.id))]


def read(actor: Actor, case_id: UUID, archive_id: UUID) -> Work | None:
    """A ZIP of a case; None for one that is brought in, or was let go. Raises NotFound, Locked."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    row = _row(case, archive_id)
    return None if row is None else _work(row, _content(case, keys.case_key(actor, case), row))


def store(
    actor: Actor,
    work: Work,
    conversation: Conversation,
    roles: Mapping[str, str],
    parts: Mapping[str, int],
    token: UUID,
) -> int:
    """Write what was said into the case, and note which files are to be kept; gives how many messages.

    parts: which file of the ZIP has which name. Twice is once: then 0. Raises NotFound, Locked, gate.Held, or
    DomainError where nothing of it is new or the case is closed.
    """
    case = find(actor, Permission.CASE_NOTE, work.case_id)
    key = _open(actor, case)
    row = _row(case, work.id)
    if row is None or (content := _content(case, key, row))["keep"] is not None:
        return 0
    said = conversations.said_in(conversation, roles)
    added, places = conversations.placed(actor, case, key, said, token)
    keep = [
        [parts[folded(one.file)], str(place.line.id), place.number, one.file]
        for one, place in zip(said, places, strict=True)
        if place is not None and _lacks(one, place) and folded(one.file) in parts
    ]
    if not added and not keep:
        raise DomainError(NOTHING_NEW)
    lines = [str(place.line.id) for place in places if place is not None]
    told = {"keep": keep, "count": len(keep), "new": added, "line": lines[-1]}
    _seal(case, key, row, {**content, **told})
    rows.written(actor, "case.note", key, case)
    return added


def put(actor: Actor, work: Work, found: Sequence[Found]) -> frozenset[UUID]:
    """Make documents of the next files, and note them at their messages; gives the ids of those kept now.

    found: the first of `work.to_keep`, in order. Nothing is done where somebody else went on meanwhile.
    Raises NotFound, Locked, rows.Tampered.
    """
    case = find(actor, Permission.CASE_NOTE, work.case_id)
    key = conversations.writable(actor, case)
    row = _row(case, work.id)
    if row is None or row.version != work.version or work.to_keep is None:
        return frozenset()
    content = _content(case, key, row)
    lines = {entry.id: (entry, data) for entry, data in timeline.lines_of(case, key, LINE)}
    now, touched = set(), set()
    wanted = list(zip(work.to_keep, found, strict=False))
    about = [_about(lines[one.line_id][1]["said"][one.number], one) for one, _file in wanted]
    here = _documents(actor, case, key, [(one, said) for (_w, one), said in zip(wanted, about, strict=True)])
    for place, one in wanted:
        data, number = lines[place.line_id][1], str(place.number)
        document = here.get(one.digest) if isinstance(one, SealedFile) else None
        left = "" if document else one if isinstance(one, str) else FULL
        before = {other: why for other, why in data.get("left", {}).items() if other != number}
        data["left"] = {**before, number: left} if left else before
        if document:
            data["files"] = {**data.get("files", {}), number: str(document)}
        touched.add(place.line_id)
        content["kept"] += not left
        if left:
            content["left"][left] = content["left"].get(left, 0) + 1
        elif isinstance(one, SealedFile) and document == one.id:
            now.add(one.id)
    for line_id in touched:
        timeline.seal_again(case, key, *lines[line_id])
    content["keep"] = content["keep"][len(found) :]
    _seal(case, key, row, content)
    rows.written(actor, _ACT, key, case)
    return frozenset(now)


def finish(actor: Actor, work: Work) -> None:
    """Everything is in the case: the ZIP goes. Twice is once. Raises NotFound, Locked."""
    case = find(actor, Permission.CASE_NOTE, work.case_id)
    row = _row(case, work.id)
    if row is None:
        return
    key = conversations.writable(actor, case)
    content = _content(case, key, row)
    if content["kept"] and not content["new"]:  # otherwise the line of the messages says that something came
        entry = timeline.write(actor, case, key, LINE, "", data={"said": [], "more": content["kept"]})
        case.changed_at = entry.written_at
        rows.written(actor, _ACT, key, case)
    _delete(row)


def drop(actor: Actor, case_id: UUID, archive_id: UUID) -> None:
    """Let a ZIP go; what came into the case stays. Twice is once. Raises NotFound."""
    row = _row(find(actor, Permission.CASE_NOTE, case_id), archive_id)
    if row is not None:
        _delete(row)


def purge() -> None:
    """Delete what nobody went on with for a day. Again, it finds nothing."""
    late = CaseArchive.touched_at < clock.now() - KEPT
    gone = db.session.scalars(delete(CaseArchive).where(late).returning(CaseArchive.id)).all()
    sealed_files.remove(*gone)


def _open(actor: Actor, case: Case) -> Key:
    """The key of a case that takes documents. What was begun before it was closed is brought to an end."""
    if case.state == State.CLOSED:
        raise DomainError(gate.CLOSED)
    return conversations.writable(actor, case)


def _lacks(one: Said, place: Place) -> bool:
    """Whether a message came with a file that is not in the case, and was not left out for what it is."""
    number = str(place.number)
    known = number in place.data.get("files", {}) or place.data.get("left", {}).get(number) in _FOR_GOOD
    return one.kind == Kind.MEDIA and not known


def _about(said: list[Any], place: ToKeep) -> dict[str, Any]:
    """What is said about a document that came with a message, which is the row of a line."""
    at, who, *_rest = said
    return {"title": "", "source": "whatsapp", "who": who, "on": at[:10], "name": place.name, "tags": []}


def _documents(
    actor: Actor, case: Case, key: Key, found: Iterable[tuple[Found, dict[str, Any]]]
) -> dict[str, UUID]:
    """Under which id each file is in the case now, by digest; those for which there is no room are not."""
    coming = [(one, {**about, "kind": _kind(one)}) for one, about in found if isinstance(one, SealedFile)]
    stored = select(func.count()).select_from(CaseFile).where(CaseFile.case_id == case.id)
    if (db.session.scalar(stored) or 0) + len(coming) <= documents.MOST:
        return documents.add(actor, case, key, coming)
    here: dict[str, UUID] = {}
    for one in coming:
        with suppress(DomainError):  # it is full; what is in the case already has a place there all the same
            here |= documents.add(actor, case, key, [one])
    return here


def _kind(file: SealedFile) -> str:
    return "photo" if file.content.is_photo else "recording" if file.content.is_voice else ""


def _row(case: Case, archive_id: UUID) -> CaseArchive | None:
    """Locked until the transaction ends."""
    found = select(CaseArchive).where(CaseArchive.id == archive_id, CaseArchive.case_id == case.id)
    return db.session.scalar(found.with_for_update().execution_options(populate_existing=True))


def _delete(row: CaseArchive) -> None:
    sealed_files.remove(row.id)
    db.session.delete(row)
    db.session.flush()


def _work(row: CaseArchive, content: dict[str, Any]) -> Work:
    keep = content["keep"]
    listed = None if keep is None else tuple(ToKeep(part, UUID(id), *rest) for part, id, *rest in keep)
    counts = content["count"], content["kept"], content["left"]
    line_id = None if keep is None else UUID(content["line"])
    return Work(row.id, row.case_id, row.version, _file(row, content), listed, *counts, line_id)


def _file(row: CaseArchive, content: dict[str, Any]) -> SealedFile:
    return SealedFile.from_record(row.id, content["file"])


def _content(case: Case, key: Key, row: CaseArchive) -> dict[str, Any]:
    return rows.open_row(key, case, TABLE, row.id, row.version, row.sealed)


def _seal(case: Case, key: Key, row: CaseArchive, content: dict[str, Any]) -> None:
    row.version += 1
    row.epoch, row.touched_at = key.epoch, clock.now()
    row.sealed = rows.seal_row(key, case, TABLE, row.id, row.version, content)
    db.session.flush()
