"""How a story is sealed to dossier and author, and signed by two."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import Any, Final
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
class Coded:
    """What a vignette rests on: the case's random id in statistics, and by `Detail` what is known of it."""

    case: str
    codes: dict[str, str]


@dataclass(frozen=True)
class Draft:
    """What an author writes; of a vignette only the codes, for its words depend on who else is counted."""

    level: str
    texts: dict[str, str]
    kept: str
    counsel: bool
    vignette: Coded | None = None
    agreed: str = ""  # ISO day on which the person heard these very words and agreed to them; empty: not yet
    until: str = ""  # ISO day up to which the consent went when this was written

    def to_bytes(self) -> bytes:
        """The content to be sealed and signed."""
        content: dict[str, Any] = {
            "level": self.level,
            "texts": self.texts,
            "kept": self.kept,
            "counsel": self.counsel,
        }
        if self.vignette is not None:
            content["vignette"] = {"case": self.vignette.case, "codes": self.vignette.codes}
        content |= {name: day for name, day in (("agreed", self.agreed), ("until", self.until)) if day}
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)

    @property
    def essence(self) -> str:
        """What is told and how far it goes, in hexadecimal; the same once the person only agreed again."""
        told = replace(self, kept="", counsel=False, agreed="", until="")
        return hashlib.sha256(told.to_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, content: bytes) -> Draft:
        """The content from `to_bytes`."""
        data = orjson.loads(content)
        coded = data.pop("vignette", None)
        return cls(**data, vignette=Coded(**coded) if coded else None)


def seal(actor: Actor, row: DossierStory, public: bytes, draft: Draft) -> None:
    """Seal the content to dossier and author, and sign it."""
    content = draft.to_bytes()
    row.sealed = vault.seal_to(public, content, context(row, "dossier"))
    row.copy = vault.seal_to(actor.secret.pair.public, content, context(row, "author"))
    digest = hashlib.sha256(content).digest()
    row.signature = actor.secret.signer.sign(LABEL, statement(row, digest, actor.person_id))


def signed_by_two(opened: OpenDossier, row: DossierStory, digest: bytes, read: bytes) -> bool:
    """Whether the author signed this very content, and a second colleague what is read of it (its digest)."""
    if row.second_id is None or row.second_id == row.author_id or row.second_at is None:
        return False
    return signed_by_author(opened, row, digest) and _signed(
        opened, row, row.second_id, row.second_at, row.second_signature, read
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
