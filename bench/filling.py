"""A case with as much in it as is asked for, put there by the product's own services."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from bench.seed import record
from cases.service import deadlines, documents, files, keys, members, rows, timeline
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.store.sealed_files import SealedFile
from core.store.transaction import transaction
from domain.content import Content
from vault import Key

_SAID: Final = "اتصلت بالمديرية وطلبت نسخة من القرار. Karar yazılı olarak istendi; cevap bekleniyor. " * 4


def filled_case(
    actor: Actor, *, notes: int = 0, papers: int = 0, dated: int = 0, watchers: Sequence[UUID] = ()
) -> UUID:
    """A case with that many notes, documents and open deadlines, each of these watched by the two watchers.

    No bytes of the documents lie anywhere: no page of a case reads them.
    """
    with transaction():
        case_id = files.record_case(
            actor, record(1), urgency="U1", restricted=False, named=[], consents=[], token=uuid4()
        )
    with transaction():
        for watcher in watchers[1:]:
            members.add(actor, case_id, watcher)
    with transaction():
        case = find(actor, Permission.CASE_NOTE, case_id)
        key = keys.case_key(actor, case)
        for _ in range(notes):
            timeline.write(actor, case, key, "note", _SAID)
        documents.add(actor, case, key, [(sealed_file(number), {"title": _SAID}) for number in range(papers)])
        rows.written(actor, "case.note", key, case)
    with transaction():
        for _ in range(dated):
            asked = {"rule": "DEP_SUIT", "served_on": clock.today().isoformat(), "facts": {}}
            deadlines.add(actor, case_id, uuid4(), asked, watchers[0], watchers[1])
    return case_id


def sealed_file(number: int) -> SealedFile:
    """A document as a case keeps it; no bytes of it lie anywhere."""
    digest = sha256(number.to_bytes(2)).hexdigest()
    return SealedFile(uuid4(), Content.PDF, 1_000_000, digest, Key.new())
