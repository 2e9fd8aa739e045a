"""What is measured of taking somebody off a case: all that is in it is sealed again under the next key."""

from __future__ import annotations

from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from bench.duel import Result, figure
from bench.pages import SESSION, Ground
from bench.seed import record
from bench.servers import Browser
from cases.service import documents, files, keys, members, rows, timeline
from cases.service.reach import find
from core.access.actors import Actor
from core.access.permissions import Permission
from core.store.sealed_files import SealedFile
from core.store.transaction import transaction
from domain.content import Content
from vault import Key

NOTES, FILES = 60, 40
CASES, TIMES = 5, 4
_SAID: Final = "اتصلت بالمديرية وطلبت نسخة من القرار. Karar yazılı olarak istendi; cevap bekleniyor. " * 4


def removing(ground: Ground) -> Result:
    """P11: a colleague is taken off each of some cases; `ratio` is the processor time of it in ms.

    other: the page that asks once more, which opens the same case.
    """
    with ground.world.app():
        actor, leaver = (ground.world.actor(name) for name in ("caseworker", "colleague"))
        cases = [full_case(actor) for _ in range(CASES)]
    spent: list[list[float]] = [[], []]
    took: list[list[float]] = [[], []]
    with ground.ours() as server:
        browser = Browser(server.port, {SESSION: ground.reader.cookie})
        for turn in range(TIMES + 1):  # the first one warms up
            with ground.world.app():
                for case_id in cases:
                    with transaction():
                        members.add(ground.world.actor("caseworker"), case_id, leaver.person_id)
            for case_id in cases:
                path = f"/cases/{case_id}/members/{leaver.person_id}/remove"
                for side, (ask, status) in enumerate(((browser.get, 200), (browser.post, 303))):
                    before = server.processor_ms()
                    answer = ask(path)
                    assert answer.status == status, answer.status
                    if turn:
                        spent[side].append(server.processor_ms() - before)
                        took[side].append(answer.ms)
    asked, removed = (figure(cpu, ms) for cpu, ms in zip(spent, took, strict=True))
    return Result(removed, asked, removed.cpu)


def full_case(actor: Actor) -> UUID:
    """A case with that many notes and documents. No bytes of these lie anywhere: nobody seals them again."""
    with transaction():
        case_id = files.record_case(
            actor, record(1), urgency="U1", restricted=False, named=[], consents=[], token=uuid4()
        )
    with transaction():
        case = find(actor, Permission.CASE_NOTE, case_id)
        key = keys.case_key(actor, case)
        for _ in range(NOTES):
            timeline.write(actor, case, key, "note", _SAID)
        documents.add(actor, case, key, [(sealed_file(number), {"title": _SAID}) for number in range(FILES)])
        rows.written(actor, "case.note", key, case)
    return case_id


def sealed_file(number: int) -> SealedFile:
    """A document as a case keeps it; no bytes of it lie anywhere."""
    digest = sha256(number.to_bytes(2)).hexdigest()
    return SealedFile(uuid4(), Content.PDF, 1_000_000, digest, Key.new())
