"""Under which numbers others keep a matter: the record knows them all, so that the search finds the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from cases.models import Case
from cases.service import items, keys, records, rows, timeline
from cases.service.reach import find
from cases.service.views import DROPPED
from core.access.actors import Actor
from core.access.permissions import Permission
from core.store.base import db
from domain.lines import FILING, OUTCOME
from domain.matters import Kind
from vault import Key

KEPT: Final = "file_numbers"  # of the record
FIELDS: Final = {str(Kind.REFERENCE): "number", "appointment": "file_number", "hearing": "file_number"}
"""By kind of item the name under which it holds such a number."""


def renumber(actor: Actor, case_id: UUID) -> None:
    """Bring the record in line with what the case says now; twice changes nothing more. Raises NotFound."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    if renew(case, key):
        rows.written(actor, "case.item", key, case)


def renew(case: Case, key: Key) -> bool:
    """The same for who renews the head by themselves. Gives whether anything changed."""
    db.session.flush()
    record = records.open_record(key, case)
    found = sorted({number for number in _found(case, key) if number})
    if found == record.get(KEPT, []):
        return False
    records.next_version(case, key, {**record, KEPT: found})
    return True


def _found(case: Case, key: Key) -> Iterator[str]:
    for one in items.read(case, key):
        if one.kind in FIELDS and one.state != DROPPED:
            yield one.data.get(FIELDS[one.kind]) or ""
    for _entry, line in timeline.opened_lines(case, key):
        if line["kind"] in {FILING, OUTCOME} and not line["data"].get("corrected"):
            yield line["data"].get("number") or ""
