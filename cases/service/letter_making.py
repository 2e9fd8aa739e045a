"""A letter made of a template, filed in its case with what it was made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from cases.service import filing
from cases.service.filing import Paper
from cases.service.letter_library import Template, Version
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.store import sealed_files
from core.store.sealed_files import LARGEST, Incoming, SealedFile, Taking
from domain.content import Content

_TAKING: Final = Taking(
    LARGEST, frozenset({Content.ZIP})
)  # which a file of Word is, to whoever looks at its bytes


def stored(letter: bytes) -> SealedFile:
    """The letter in the store, sealed; the caller files it, or discards it. Raises NotTaken without room."""
    incoming = Incoming(sealed_files.store(), _TAKING)
    incoming.write(letter)
    return replace(incoming.finish(), content=Content.DOCX)


def file_letter(
    actor: Actor,
    case_id: UUID,
    file: SealedFile,
    title: str,
    template: Template,
    version: Version,
    token: UUID,
) -> UUID:
    """Keep a letter in a case; the very same one is kept once. Gives under which id.

    Raises NotFound, gate.Held, DomainError.
    """
    made_of = {"template": str(template.id), "subject": version.about["subject"], "number": version.number}
    said = {
        "title": title, "kind": version.about["kind"], "source": "ours", "who": "",
        "on": clock.today().isoformat(), "tags": [], "letter": made_of,
    }  # fmt: skip # one record
    filed = filing.file_papers(actor, case_id, [Paper(file, "", said)], token)
    audit.record(actor, "letter.fill", object_kind="case", object_id=case_id)
    return next(iter(filed.kept | filed.known))
