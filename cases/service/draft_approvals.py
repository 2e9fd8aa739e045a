"""What names a version of a draft exactly, and the signature of whoever approved that very version."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import vault
from accounts.service import signed
from cases.models import Case
from cases.service import rows
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from vault import Untrusted

LABEL: Final = "draft approval"


def digest_of(case: Case, draft_id: UUID, part: Mapping[str, Any]) -> str:
    """What names a version exactly: SHA-256 over its number, its text and the document it goes with."""
    document = part.get("document") or {"id": "", "digest": ""}
    packed = vault.pack(
        case.organisation_id, case.id, draft_id, part["number"], part["text"],
        document["id"], document["digest"],
    )  # fmt: skip  # one list
    return hashlib.sha256(packed).hexdigest()


def approve(actor: Actor, case: Case, draft_id: UUID, number: int, digest: str) -> dict[str, Any]:
    """What is kept of an approval: signed by the one who gives it, so that no other lawyer can make one."""
    at = clock.now().replace(microsecond=0)
    given = {"number": number, "digest": digest, "by": str(actor.person_id), "at": at.isoformat()}
    signature = actor.secret.signer.sign(LABEL, _statement(case, draft_id, given))
    return {**given, "signature": signature.hex()}


def is_approved(case: Case, draft_id: UUID, content: Mapping[str, Any]) -> bool:
    """Whether the newest version is the one that was approved. Raises rows.Tampered for a forged approval."""
    given = content["approval"]
    if given is None:
        return False
    try:
        signed.require(
            UUID(given["by"]),
            case.organisation_id,
            {Role.LAWYER},
            dt.datetime.fromisoformat(given["at"]),
            LABEL,
            _statement(case, draft_id, given),
            bytes.fromhex(given["signature"]),
        )
    except Untrusted:
        raise rows.Tampered from None
    return names_newest(content)


def names_newest(content: Mapping[str, Any]) -> bool:
    """Whether what was approved is the newest version."""
    given = content["approval"]
    return given is not None and (given["number"], given["digest"]) == (content["number"], content["digest"])


def _statement(case: Case, draft_id: UUID, given: Mapping[str, Any]) -> bytes:
    return vault.pack(
        case.organisation_id, case.id, draft_id, given["number"], given["digest"], given["by"], given["at"]
    )
