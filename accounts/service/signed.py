"""Whether a colleague, ours or a partner's, signed something at the moment it says, in a role that may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from uuid import UUID

import vault
from accounts.service import trust
from core.access.permissions import Role
from vault import Untrusted


def require(
    by: UUID,
    organisation_id: UUID,
    roles: AbstractSet[Role],
    at: dt.datetime,
    label: str,
    statement: bytes,
    signature: bytes | None,
    *,
    known: Iterable[trust.VerifiedPersonKey] | None = None,
) -> None:
    """Raise Untrusted unless a key that the person held then, in one of these roles, signed the statement.

    `known` are the person's keys where they were looked up before.
    """
    moment = int(at.timestamp())
    for key in trust.former_keys(by) if known is None else known:
        if (
            key.organisation_id == organisation_id
            and key.roles & roles
            and key.certificate.covers(moment)
            and (key.until is None or at <= key.until)
        ):
            try:
                vault.verify(key.sign_public, label, statement, signature or b"")
            except Untrusted:
                continue
            return
    raise Untrusted
