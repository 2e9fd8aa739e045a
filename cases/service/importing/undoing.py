"""Taking a sheet back: every file that it brought and nobody has worked on since is erased.

Whoever recorded a case for real, or any other coordinator within thirty days, may: nothing of it is work that
would be lost. A file with any later event stays, and is listed.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, exists, select

from cases.import_models import CaseImportRow
from cases.models import Case, CaseEpoch, CaseGrant, CaseKeyRing, CaseMember, Entry, Fact, MatchToken, Order
from cases.service import begun, keys, records, rows, searching
from cases.service.importing import store
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.audit import service as audit
from core.errors import Conflict, DomainError, Locked, NotFound
from core.store.base import Base, db
from domain.lifecycle import State
from vault import Key, VaultError

WITHIN: Final = dt.timedelta(days=30)
# Everything that a case has from its first moment; whatever else names it was added by somebody's work.
_OWN: Final = (Entry, CaseEpoch, CaseMember, CaseGrant, CaseKeyRing, MatchToken, Order)
_FROM_THE_START: Final = frozenset({one.__tablename__ for one in (*_OWN, CaseImportRow)})


def may_undo(import_id: UUID, carried_at: dt.datetime | None) -> bool:
    """Whether there is something to take back, and still time."""
    in_time = carried_at is not None and clock.now() < carried_at + WITHIN
    return in_time and bool(store.numbers(import_id, "imported"))


def order(actor: Actor, import_id: UUID) -> None:
    """Begin to take a sheet back; whatever was not brought in yet is left out. Twice is once.

    Raises NotFound, DomainError after thirty days.
    """
    row = store.find(actor, import_id, lock=True)
    if row.state in {"undoing", "undone"}:
        return
    if row.state not in {"running", "asking", "done"}:
        raise Conflict
    if not may_undo(import_id, row.carried_at):
        raise DomainError(_("Nothing of this sheet can be taken back any more."))
    store.forget(row)
    row.state = "undoing"
    audit.record(actor, "case.import_undo", object_kind="case_import", object_id=row.id)


def step(actor: Actor, import_id: UUID) -> bool:
    """Take one file back, or say why it stays; False once none is left. Safe twice and by two people."""
    row = store.find(actor, import_id, lock=True)
    if row.state != "undoing":
        return False
    number = next(iter(store.numbers(import_id, "imported")), None)
    if number is None:
        row.state = "undone"
        return False
    line = store.row_of(import_id, number)
    line.state = _erase(actor, line)
    return True


def _erase(actor: Actor, line: CaseImportRow) -> str:
    try:
        case = find(actor, Permission.CASE_EDIT, line.case_id or UUID(int=0))
        key = keys.case_key(actor, case)
        rows.check_head(key, case)
    except (NotFound, Locked, rows.Tampered, VaultError):
        return "stays_shut"
    if rows.head_digest(case) != line.head or _worked_on(case):
        return "stays_worked"
    erase(actor, case, key)
    line.case_id = None
    return "erased"


def _worked_on(case: Case) -> bool:
    """Whether anything names the case that it did not have from its first moment."""
    for table in Base.metadata.tables.values():
        if table.name in _FROM_THE_START:
            continue
        for column in table.columns:
            if any(reference.column.table.name == "cases" for reference in column.foreign_keys) and (
                db.session.scalar(select(exists().where(column == case.id)))
            ):
                return True
    return False


def erase(actor: Actor, case: Case, key: Key) -> None:
    """Delete every key, line, token and fact of a case that is locked; its number stays, and says nothing.

    An erased case belongs to nobody: it is restricted and names no one. The chain knows its last head. From
    the files of the database it goes as `core.store.forgetting` says.
    """
    record = records.open_record(key, case)
    db.session.execute(delete(Fact).where(Fact.id == UUID(record["statistics_ids"]["fact"])))
    begun.forget(case)
    searching.forget(case)
    for table in _OWN:
        db.session.execute(delete(table).where(table.case_id == case.id))
    case.state, case.restricted = str(State.ERASED), True
    case.record = case.card = case.head = b""
    case.version += 1
    case.changed_at = clock.now()
    audit.record(
        actor,
        "case.erase",
        object_kind="case",
        object_id=case.id,
        digest=rows.digest_of(case),
    )
