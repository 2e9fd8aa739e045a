"""Sealed rows of a case: JSON in, ciphertext out, bound to organisation, case, table, row and version."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

import orjson
from sqlalchemy import bindparam, literal, null, select, union_all, update

import vault
from cases.models import Case, CaseArchive, CaseFile, CaseItem, Consent, Deadline, Entry
from cases.note_models import LawyerNote, LegalDraft, LegalDraftPart
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import DomainError
from core.store.base import db, send
from vault import Key, Unreadable

# Every table of rows sealed under the key of their case: its head says of each which version stands.
SealedRow: TypeAlias = Entry | Consent | Deadline | CaseItem | CaseFile
Standing: TypeAlias = tuple[str, UUID, int]  # of a row: its table, its id, its version
SEALED: Final[tuple[type[SealedRow], ...]] = (Entry, Consent, Deadline, CaseItem, CaseFile)

# What the head of a case says of: those, and what its lawyers seal under a key of their own.
_OF_LAWYERS: Final = (LawyerNote, LegalDraft, LegalDraftPart)
_HEADED: Final = (*SEALED, *_OF_LAWYERS)
_TABLES: Final = Case.metadata.tables
# Put together once, because every reading and writing of a case asks.
_VERSIONS: Final = union_all(
    *(
        select(literal(one.name), one.c.id, one.c.version).where(one.c.case_id == bindparam("case_id"))
        for one in (_TABLES[headed.__tablename__] for headed in _HEADED)
    )
)


# Whatever a new key of the case seals anew: those, and what is no row of the head.
_RESEALED: Final = (*SEALED, CaseArchive)
_KEPT: Final = union_all(
    *(
        select(literal(one.name), one.c.id, one.c.version, one.c.sealed).where(
            one.c.case_id == bindparam("case_id")
        )
        for one in (_TABLES[kind.__tablename__] for kind in _RESEALED)
    ),
    # Sealed under another key: only their versions count.
    *(
        select(literal(one.name), one.c.id, one.c.version, null()).where(
            one.c.case_id == bindparam("case_id")
        )
        for one in (_TABLES[kind.__tablename__] for kind in _OF_LAWYERS)
    ),
)


class Kept(NamedTuple):
    """A sealed row as it lies in its table; `sealed` is None where another key than the case's seals it."""

    table: str
    row_id: UUID
    version: int
    sealed: bytes | None


class Tampered(DomainError):
    """The rows of a case do not fit its head: something was changed or put back behind our back."""

    status = 409


def seal_row(key: Key, case: Case, table: str, row_id: UUID, version: int, data: dict[str, Any]) -> bytes:
    """Seal one row under the case key."""
    context = vault.row_context(case.organisation_id, case.id, table, row_id, version)
    return vault.seal(key, orjson.dumps(data), context)


def open_row(key: Key, case: Case, table: str, row_id: UUID, version: int, sealed: bytes) -> dict[str, Any]:
    """Open one row. Raises vault.Unreadable when anything about it was changed."""
    context = vault.row_context(case.organisation_id, case.id, table, row_id, version)
    data: dict[str, Any] = orjson.loads(vault.unseal(key, sealed, context))
    return data


def checked(key: Key, case: Case) -> list[Kept]:
    """All sealed rows of a case, compared with its head. One statement. Raises Tampered."""
    found = [Kept(*row) for row in send(_KEPT, {"case_id": case.id})]
    _compare(key, case, _digest(case, [row[:3] for row in found if row.table != CaseArchive.__tablename__]))
    return found


def reseal(case: Case, found: Iterable[Kept], old: Key, new: Key) -> None:
    """Seal what `checked` found, but for record and card, under the new key, versions unchanged.

    Straight in the tables: a case has hundreds of rows, and nothing else of them changes.
    """
    anew: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, row_id, version, sealed in found:
        if sealed is not None:
            context = vault.row_context(case.organisation_id, case.id, name, row_id, version)
            again = vault.seal(new, vault.unseal(old, sealed, context), context)
            anew[name].append({"row_id": row_id, "anew": again})
    for table, lines in ((_TABLES[name], lines) for name, lines in anew.items()):
        found_by = update(table).where(table.c.id == bindparam("row_id"))
        send(found_by.values(sealed=bindparam("anew"), epoch=new.epoch), lines)
    for one in [one for one in db.session if isinstance(one, _RESEALED)]:
        db.session.expire(one)  # what was read before is read again


def head_digest(case: Case) -> bytes:
    """Digest over ids and versions of every sealed row of the case. One statement."""
    return _digest(case, _versions(case))


def seal_head(key: Key, case: Case) -> None:
    """Renew the head after rows changed; flush the rows first."""
    db.session.flush()
    context = vault.row_context(case.organisation_id, case.id, "heads", case.id, case.version)
    case.head = vault.seal(key, head_digest(case), context)


def check_head(key: Key, case: Case) -> list[Standing]:
    """Compare the rows with the head; gives table, id and version of each. Raises Tampered."""
    found = _versions(case)
    _compare(key, case, _digest(case, found))
    return found


def _versions(case: Case) -> list[Standing]:
    return [(table, row_id, version) for table, row_id, version in send(_VERSIONS, {"case_id": case.id})]


def _digest(case: Case, rows: Iterable[Standing]) -> bytes:
    return vault.head_digest([("cases", case.id, case.version), *rows])


def _compare(key: Key, case: Case, digest: bytes) -> None:
    context = vault.row_context(case.organisation_id, case.id, "heads", case.id, case.version)
    try:
        sealed = vault.unseal(key, case.head, context)
    except Unreadable:
        sealed = b""
    if sealed != digest:
        raise Tampered


def written(actor: Actor | None, act: str, key: Key, case: Case) -> None:
    """Close a change of a case: renew the head and put the act with the head's hash on the chain.

    actor: None for what the program does by itself, in the session of somebody who holds the key.
    """
    seal_head(key, case)
    home, digest = case.organisation_id, digest_of(case)
    audit.record(actor, act, organisation_id=home, object_kind="case", object_id=case.id, digest=digest)


def digest_of(case: Case) -> bytes:
    """What the chain keeps of a case's head."""
    return hashlib.sha256(case.head).digest()
