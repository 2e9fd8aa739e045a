"""Organisation keys handed to holders: sealed to them, signed by somebody entitled, checked before use.

The rule of entitlement: recovery may grant everything; of the members, those whose certified role
makes the key may grant it (`GRANTERS`), at the moment of the grant.
"""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

import vault
from accounts.models import KeyGrant, OrganisationKey
from accounts.service import trust
from core import clock
from core.access.permissions import Role
from core.errors import Locked
from core.store.base import db
from vault import GrantScope, Pair, SealedGrant, Signer, Untrusted, Verified

GRANTERS: Final = MappingProxyType(
    {
        "root": Role.ADMINISTRATOR,
        "supervision": Role.COORDINATOR,
        "desk": Role.COORDINATOR,
        "match": Role.COORDINATOR,
        "statistics": Role.MANAGER,
        "dossier": Role.MANAGER,
        "partner": Role.FOCAL_POINT,
    }
)

HOLDERS: Final = MappingProxyType(
    {
        "root": frozenset({Role.ADMINISTRATOR}),
        "supervision": frozenset({Role.COORDINATOR}),
        "desk": frozenset({Role.COORDINATOR, Role.CASEWORKER}),
        "match": frozenset({Role.COORDINATOR, Role.CASEWORKER}),
        "statistics": frozenset({Role.MANAGER}),
        # Lawyers and coordinators only where a manager names them as approvers.
        "dossier": frozenset({Role.MANAGER, Role.LAWYER, Role.COORDINATOR}),
        "partner": frozenset({Role.FOCAL_POINT}),
    }
)


def scope(row: OrganisationKey, holder_id: UUID) -> GrantScope:
    """What a grant, or a wrap on a ring, of this key is bound to."""
    return GrantScope(row.organisation_id, row.kind, row.id, holder_id)


def hand_over(
    row: OrganisationKey,
    private: bytes,
    holder_id: UUID,
    holder_public: bytes,
    granter_id: UUID,
    signer: Signer,
) -> None:
    """Grant the private half to a holder, in place of an earlier grant of the same key."""
    given = vault.grant_private(private, row.epoch, scope(row, holder_id), holder_public, granter_id, signer)
    db.session.execute(delete(KeyGrant).where(KeyGrant.key_id == row.id, KeyGrant.holder_id == holder_id))
    db.session.add(
        KeyGrant(
            id=uuid4(),
            key_id=row.id,
            holder_id=holder_id,
            sealed=given.sealed,
            signature=given.signature,
            granter_id=granter_id,
            created_at=clock.now(),
        )
    )
    db.session.flush()


def take(row: OrganisationKey, holder_id: UUID, pair: Pair) -> bytes:
    """The private half that was granted to this holder.

    Raises Locked when nothing was granted, vault.Untrusted when the granter was not entitled or the
    half is not the certified key's.
    """
    found = db.session.scalar(
        select(KeyGrant).where(KeyGrant.key_id == row.id, KeyGrant.holder_id == holder_id)
    )
    if found is None:
        raise Locked(_("You do not hold this key yet. A colleague who holds it can hand it to you."))
    granter = check(row, found, pair.public)
    private = vault.accept_private(_as_grant(row, found), scope(row, holder_id), pair, granter)
    _require_fit(row, private)
    return private


def check(row: OrganisationKey, found: KeyGrant, holder_public: bytes) -> Verified:
    """Who granted, if they were entitled. Raises vault.Untrusted."""
    recovery = trust.organisation_key(row.organisation_id, "recovery")
    if recovery is not None and found.granter_id == recovery.id:
        candidates = [recovery.certificate]
    else:
        at = int(found.created_at.timestamp())
        candidates = [
            key.certificate
            for key in trust.former_keys(found.granter_id)
            if GRANTERS[row.kind] in key.roles
            and key.certificate.covers(at)
            and (key.until is None or found.created_at <= key.until)
        ]
    for granter in candidates:
        try:
            vault.check_grant(_as_grant(row, found), scope(row, found.holder_id), holder_public, granter)
        except Untrusted:
            continue
        return granter
    raise Untrusted


def believed_holders(row: OrganisationKey) -> list[trust.VerifiedPersonKey]:
    """The people who hold a key by a grant that holds; a row slipped into the table gives nobody a key."""
    found = db.session.scalars(select(KeyGrant).where(KeyGrant.key_id == row.id)).all()
    people = trust.person_keys([one.holder_id for one in found])
    believed = []
    for one in found:
        person = people.get(one.holder_id)
        if person is None or not person.roles & HOLDERS[row.kind]:
            continue
        with suppress(Untrusted):
            check(row, one, person.hpke_public)
            believed.append(person)
    return believed


def who_hand_on(row: OrganisationKey) -> set[UUID]:
    """The members who hold a key and whose role may grant it to others."""
    return {one.person_id for one in believed_holders(row) if GRANTERS[row.kind] in one.roles}


def _as_grant(row: OrganisationKey, found: KeyGrant) -> SealedGrant:
    return SealedGrant(found.sealed, found.signature, row.epoch)


def _require_fit(row: OrganisationKey, private: bytes) -> None:
    """The opened half belongs to the public half that everybody else verifies."""
    if row.kind == "root":
        fits = Signer.from_seed(private).public == trust.root(row.organisation_id).root_public
    else:
        certified = trust.organisation_key(row.organisation_id, row.kind, row.epoch)
        fits = certified is not None and Pair.from_private_bytes(private).public == certified.public
    if not fits:
        raise Untrusted
