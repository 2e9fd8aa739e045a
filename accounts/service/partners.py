"""Other organisations of the installation: whose root we compared by voice, and which keys we seal to.

Each organisation has its own root. Before anything is sealed to a partner, a member of ours compares
the partner's fingerprint with a person there and signs what was compared; from then on a root that
was exchanged, in the database and among the server's secrets alike, is refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, exists, select

import vault
from accounts.models import Organisation, OrganisationKey, PartnerRoot
from accounts.service import signed, trust, turns
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import RULES, may, reachable
from core.audit import service as audit
from core.errors import DomainError, Locked, NotFound, Refused
from core.store.base import db
from vault import Untrusted

_LABEL: Final = "partner root"
_CONFIRMERS: Final = frozenset(RULES[Permission.PARTNER_CONFIRM])


@dataclass(frozen=True)
class PartnerLine:
    """A partner as the page shows it. `fingerprint` is compared by voice before `confirmed` becomes true."""

    id: UUID
    name: str
    fingerprint: str
    confirmed: bool
    receives: bool  # a focal point there has made the key to which referrals are sealed
    confirmed_at: dt.datetime | None


def own_fingerprint(actor: Actor) -> str:
    """The fingerprint of the own root, to be read out to partners."""
    return vault.fingerprint(trust.root(actor.organisation_id, actor).root_public)


def lines(actor: Actor, language: str) -> list[PartnerLine]:
    """Every other organisation, by name in one of ar, tr, en."""
    if not may(actor, Permission.PARTNER_READ):
        raise Refused
    receives = exists().where(
        OrganisationKey.organisation_id == Organisation.id,
        OrganisationKey.kind == "partner",
        OrganisationKey.retired_at.is_(None),
    )
    found = db.session.execute(
        select(Organisation, receives).where(Organisation.id != actor.organisation_id)
    ).all()
    confirmed = {row.partner_id: row for row in db.session.scalars(_ours(actor))}
    partners = [_line(one, confirmed.get(one.id), language, receives=is_open) for one, is_open in found]
    return sorted(partners, key=lambda line: line.name)


def confirm(actor: Actor, partner_id: UUID, fingerprint: str) -> None:
    """Sign that a partner's root was compared. Twice is once, and a changed root is compared anew.

    Raises Refused, NotFound, and DomainError when the fingerprint is not that of the root.
    """
    if not may(actor, Permission.PARTNER_CONFIRM):
        raise Refused
    if partner_id == actor.organisation_id or db.session.get(Organisation, partner_id) is None:
        raise NotFound
    public = trust.root(partner_id).root_public
    if "".join(fingerprint.split()) != "".join(vault.fingerprint(public).split()):
        raise DomainError(
            _("These digits are not those of the partner's root. Compare them again by voice."),
            field="fingerprint",
        )
    turns.take(actor.organisation_id)
    db.session.merge(
        PartnerRoot(
            organisation_id=actor.organisation_id,
            partner_id=partner_id,
            root_public=public,
            confirmed_by=actor.person_id,
            confirmed_at=clock.now(),
            signature=actor.secret.signer.sign(_LABEL, _statement(actor.organisation_id, partner_id, public)),
        )
    )
    audit.record(actor, "partner.confirm", object_kind="organisation", object_id=partner_id)


def key_of(actor: Actor, partner_id: UUID, kind: str) -> trust.VerifiedOrganisationKey:
    """A partner's key, to seal to; verified up to the root that one of us compared.

    Raises Locked when nobody compared the root yet, when it is another one since, or when the partner
    has not made the key.
    """
    row = db.session.scalar(_ours(actor).where(PartnerRoot.partner_id == partner_id))
    if row is None:
        raise Locked(_("Nobody has compared this partner's fingerprint yet. Your administrator can do it."))
    try:
        _check(row, trust.root(partner_id).root_public)
        key = trust.organisation_key(partner_id, kind)
    except Untrusted:
        raise Locked(
            _("This partner's root is not the one that was compared. Nothing was sent. Compare it again.")
        ) from None
    if key is None:
        raise Locked(_("This partner cannot receive referrals yet: its focal point has not made the key."))
    return key


def compared(actor: Actor, partner_id: UUID) -> bool:
    """Whether one of us compared this organisation's root, and it is still the same one."""
    row = db.session.scalar(_ours(actor).where(PartnerRoot.partner_id == partner_id))
    try:
        if row is not None:
            _check(row, trust.root(partner_id).root_public)
    except Untrusted:
        return False
    return row is not None


def _line(one: Organisation, row: PartnerRoot | None, language: str, *, receives: bool) -> PartnerLine:
    same = row is not None and row.root_public == one.root_public
    return PartnerLine(
        one.id,
        one.name(language),
        vault.fingerprint(one.root_public),
        same,
        receives,
        row.confirmed_at if row is not None and same else None,
    )


def _check(row: PartnerRoot, present: bytes) -> None:
    """It is the present root, signed by a colleague whose role allowed it then. Raises vault.Untrusted."""
    if present != row.root_public:
        raise Untrusted
    statement = _statement(row.organisation_id, row.partner_id, row.root_public)
    signed.require(
        row.confirmed_by, row.organisation_id, _CONFIRMERS, row.confirmed_at, _LABEL, statement, row.signature
    )


def _statement(organisation_id: UUID, partner_id: UUID, root_public: bytes) -> bytes:
    return vault.pack(organisation_id, partner_id, root_public)


def _ours(actor: Actor) -> Select[PartnerRoot]:
    """The roots that our organisation compared."""
    return reachable(actor, Permission.PARTNER_READ, PartnerRoot)
