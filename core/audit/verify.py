"""Check a chain from its first link, and keep signed checkpoints outside the database.

The chain alone shows edits, deletions and reordering. Whoever can rewrite the whole table could cut
its end off or compute it anew: a checkpoint, signed and kept in a file, shows that too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson
from sqlalchemy import select

from core import clock
from core.audit.models import AuditEntry, AuditHead
from core.audit.service import entry_bytes
from core.store.base import db
from vault import Checkpoint, Signer, Untrusted, first_link, link

FILE = "checkpoints.jsonl"
_BATCH = 2000


@dataclass(frozen=True)
class Finding:
    """What does not fit, at which entry of which chain."""

    organisation_id: UUID
    number: int
    what: str  # missing, edited, head, checkpoint, truncated, case_head
    object_id: UUID | None = None


def chains() -> list[tuple[UUID, int]]:
    """Every organisation with a chain, and how long it is."""
    return [(head.organisation_id, head.number) for head in db.session.scalars(select(AuditHead))]


def write_checkpoints(folder: Path, seed: bytes, *, every: int = 0) -> int:
    """Sign the present head of every chain into the file and return how many were signed.

    Left out are chains that have not grown, and those whose last checkpoint is younger than `every`
    seconds. Safe to run twice.
    """
    known = {point.organisation_id: point for point, _ in _read(folder)}
    signer = Signer.from_seed(seed)
    lines = []
    for head in db.session.scalars(select(AuditHead)):
        last = known.get(head.organisation_id)
        if last is not None and (last.length == head.number or clock.unix() - last.moment < every):
            continue
        point = Checkpoint(head.organisation_id, head.number, head.link, clock.unix())
        lines.append(
            orjson.dumps(
                {
                    "organisation": str(head.organisation_id),
                    "length": point.length,
                    "head": point.head.hex(),
                    "moment": point.moment,
                    "signature": point.sign(signer).hex(),
                }
            )
        )
    if lines:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(b"".join(line + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
    return len(lines)


def verify_chain(organisation_id: UUID, folder: Path | None = None, seed: bytes = b"") -> list[Finding]:
    """Everything that does not fit in one chain; empty when all does. A folder brings its checkpoints."""
    findings: list[Finding] = []
    points = {
        point.length: (point, signature)
        for point, signature in (_read(folder) if folder else ())
        if point.organisation_id == organisation_id
    }
    expected, previous = 1, first_link(organisation_id)
    for entry in _entries(organisation_id):
        if entry.number != expected:
            findings.append(Finding(organisation_id, expected, "missing"))
            expected, previous = entry.number, b""
        if not previous or link(previous, entry_bytes(entry)) != entry.link:
            findings.append(Finding(organisation_id, entry.number, "edited"))
        if entry.number in points and not _holds(*points[entry.number], entry.link, seed):
            findings.append(Finding(organisation_id, entry.number, "checkpoint"))
        expected, previous = entry.number + 1, entry.link
    head = db.session.get(AuditHead, organisation_id)
    if (head.number if head else 0) != expected - 1 or (head is not None and head.link != previous):
        findings.append(Finding(organisation_id, expected - 1, "head"))
    longest = max(points, default=0)
    if longest > expected - 1:
        findings.append(Finding(organisation_id, longest, "truncated"))
    return findings


def latest_digests(organisation_id: UUID, object_kind: str) -> dict[UUID, bytes]:
    """The last digest that the chain keeps for each object of a kind."""
    found = db.session.execute(
        select(AuditEntry.object_id, AuditEntry.digest)
        .where(
            AuditEntry.organisation_id == organisation_id,
            AuditEntry.object_kind == object_kind,
            AuditEntry.digest.is_not(None),
        )
        .order_by(AuditEntry.number)
    )
    return {object_id: digest for object_id, digest in found if object_id and digest}


def _entries(organisation_id: UUID) -> Iterator[AuditEntry]:
    last = 0
    while True:
        batch = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.organisation_id == organisation_id, AuditEntry.number > last)
            .order_by(AuditEntry.number)
            .limit(_BATCH)
        ).all()
        if not batch:
            return
        yield from batch
        last = batch[-1].number
        db.session.expunge_all()


def _holds(point: Checkpoint, signature: bytes, found: bytes, seed: bytes) -> bool:
    try:
        point.verify(Signer.from_seed(seed).public, signature)
    except Untrusted:
        return False
    return point.head == found


def _read(folder: Path) -> list[tuple[Checkpoint, bytes]]:
    file = folder / FILE
    if not file.exists():
        return []
    points = []
    for text in file.read_bytes().splitlines():
        line = orjson.loads(text)
        point = Checkpoint(
            UUID(line["organisation"]), line["length"], bytes.fromhex(line["head"]), line["moment"]
        )
        points.append((point, bytes.fromhex(line["signature"])))
    return points
