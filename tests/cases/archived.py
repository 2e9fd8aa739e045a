"""ZIPs as phones export conversations, and documents, put into a case without a browser."""

from __future__ import annotations

import io
import zipfile
from uuid import UUID, uuid4

from cases.service import archives, documents, keys, rows
from cases.service.reach import find
from cases.service.unpacking import ZIP
from core.access.actors import Actor
from core.access.permissions import Permission
from core.store import sealed_files
from core.store.sealed_files import PAPERS, Incoming, SealedFile, Taking
from core.store.transaction import transaction
from tests.intake.papers import PDF

NAME = "محادثة واتساب مع سلمى.txt"


def packed(text: str, files: dict[str, bytes], name: str = NAME) -> bytes:
    """The ZIP of a conversation."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fresh:
        for path, content in {name: text.encode(), **files}.items():
            fresh.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)  # the same bytes at any hour
    return made.getvalue()


def arrived(content: bytes, taking: Taking = PAPERS) -> SealedFile:
    """A file in the store."""
    incoming = Incoming(sealed_files.store(), taking)
    incoming.write(content)
    return incoming.finish()


def brought(actor: Actor, case_id: UUID, text: str = "", files: dict[str, bytes] | None = None) -> UUID:
    """A ZIP that somebody brought and did not look at yet."""
    text = text or f"31.10.2026 21:41 - Selma: {uuid4()}"  # never there already
    file = arrived(packed(text, files or {}), ZIP)
    with transaction():
        return archives.begin(actor, case_id, file, uuid4())


def document(actor: Actor, case_id: UUID, content: bytes = b"") -> UUID:
    """A document of a case."""
    file = arrived(content or PDF + uuid4().bytes)
    with transaction():
        case = find(actor, Permission.CASE_NOTE, case_id)
        key = keys.case_key(actor, case)
        kept = documents.add(actor, case, key, [(file, {"title": "قرار"})])
        rows.written(actor, "case.files", key, case)
    return kept[file.digest]
