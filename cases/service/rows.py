"""Sealed rows of a case: JSON in, ciphertext out, bound to organisation, case, table, row and version."""

from __future__ import annotations

import hashlib
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson
from sqlalchemy import bindparam, literal, select, union_all, update

import vault
from cases.models import Case, CaseArchive, CaseFile, CaseItem, Consent, Deadline, Entry
from cases.note_models import LawyerNote
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import DomainError
from core.store.base import db, send
from vault import Key, Unreadable

# Every table of rows sealed under the key of their case: its head says of each which version stands.
SealedRow: TypeAlias = Entry | Consent | Deadline | CaseItem | CaseFile
SEALED: Final[tuple[type[SealedRow], ...]] = (Entry, Consent, Deadline, CaseItem, CaseFile)

# What the head of a case says of: those, and what its lawyers seal under a key of their own.
_HEADED: Final = (*SEALED, LawyerNote)
_TABLES: Final = Case.metadata.tables
# Put together once, because every reading and writing of a case asks.
_VERSIONS: Final = union_all(
    *(
        select(literal(one.name), one.c.id, one.c.version).where(one.c.case_id == bindparam("case_id"))
        for one in (_TABLES[headed.__tablename__] for headed in _HEADED)
    )
)


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


def reseal(case: Case, old: Key, new: Key) -> None:
    """Seal every row that is under the key of the case, but for its record and card, versions unchanged.

    Straight in the tables: a case has hundreds of rows, and nothing else of them changes.
    """
    kinds = (*SEALED, CaseArchive)
    for table in (_TABLES[kind.__tablename__] for kind in kinds):
        anew = []
        of_case = select(table.c.id, table.c.version, table.c.sealed).where(table.c.case_id == case.id)
        for row_id, version, sealed in send(of_case):
            context = vault.row_context(case.organisation_id, case.id, table.name, row_id, version)
            anew.append(
                {"row_id": row_id, "anew": vault.seal(new, vault.unseal(old, sealed, context), context)}
            )
        if anew:
            found = update(table).where(table.c.id == bindparam("row_id"))
            send(found.values(sealed=bindparam("anew"), epoch=new.epoch), anew)
    for one in [one for one in db.session if isinstance(one, kinds)]:
        db.session.expire(one)  # what was read before is read again


def head_digest(case: Case) -> bytes:
    """Digest over ids and versions of every sealed row of the case. One statement."""
    rows = [(table, row_id, version) for table, row_id, version in send(_VERSIONS, {"case_id": case.id})]
    return vault.head_digest([("cases", case.id, case.version), *rows])


def seal_head(key: Key, case: Case) -> None:
    """Renew the head after rows changed; flush the rows first."""
    db.session.flush()
    context = vault.row_context(case.organisation_id, case.id, "heads", case.id, case.version)
    case.head = vault.seal(key, head_digest(case), context)


def check_head(key: Key, case: Case) -> None:
    """Compare the rows with the head. Raises Tampered."""
    context = vault.row_context(case.organisation_id, case.id, "heads", case.id, case.version)
    try:
        sealed = vault.unseal(key, case.head, context)
    except Unreadable:
        sealed = b""
    if sealed != head_digest(case):
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
