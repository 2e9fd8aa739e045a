"""How a story is sealed to dossier and author, and signed by two."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson

import vault
from accounts.service import signed
from advocacy.models.dossiers import DossierAsk, DossierStory
from advocacy.service.dossiers import OpenDossier
from core.access.actors import Actor
from core.access.permissions import READING, Role
from vault import Context, Untrusted

LABEL: Final = "dossier story"
_SIGNERS: Final = READING | {Role.MANAGER}


@dataclass(frozen=True)
class Draft:
    """What an author writes."""

    level: str
    texts: dict[str, str]
    kept: str
    counsel: bool

    def to_bytes(self) -> bytes:
        """The content to be sealed and signed."""
        return orjson.dumps(
            {"level": self.level, "texts": self.texts, "kept": self.kept, "counsel": self.counsel},
            option=orjson.OPT_SORT_KEYS,
        )


def seal(actor: Actor, row: DossierStory, public: bytes, draft: Draft) -> None:
    """Seal the content to dossier and author, and sign it."""
    content = draft.to_bytes()
    row.level = draft.level
    row.sealed = vault.seal_to(public, content, context(row, "dossier"))
    row.copy = vault.seal_to(actor.secret.pair.public, content, context(row, "author"))
    digest = hashlib.sha256(content).digest()
    row.signature = actor.secret.signer.sign(LABEL, statement(row, digest, actor.person_id))


def signed_by_two(opened: OpenDossier, row: DossierStory, digest: bytes) -> bool:
    """Whether author and a second colleague both signed this very content."""
    if row.second_id is None or row.second_id == row.author_id or row.second_at is None:
        return False
    return signed_by_author(opened, row, digest) and _signed(
        opened, row, row.second_id, row.second_at, row.second_signature, digest
    )


def signed_by_author(opened: OpenDossier, row: DossierStory, digest: bytes) -> bool:
    """Whether the author signed this very content."""
    return _signed(opened, row, row.author_id, row.written_at, row.signature, digest)


def _signed(
    opened: OpenDossier,
    row: DossierStory,
    by: UUID,
    at: dt.datetime,
    signature: bytes | None,
    digest: bytes,
) -> bool:
    home = opened.row.organisation_id
    try:
        signed.require(by, home, _SIGNERS, at, LABEL, statement(row, digest, by), signature)
    except Untrusted:
        return False
    return True


def statement(row: DossierStory, digest: bytes, person_id: UUID) -> bytes:
    """What is signed."""
    return vault.pack(row.dossier_id, row.id, row.case_id, row.version, digest, person_id)


def context(row: DossierStory, reader: str) -> Context:
    """Where a story belongs: to this dossier and case, in this version, for this reader."""
    return Context("dossier story", reader, row.dossier_id, row.id, row.case_id, row.version)


def ask_context(row: DossierAsk) -> Context:
    """Where what was asked belongs."""
    return Context("dossier ask", row.dossier_id, row.id, row.person_id)
