"""Recovery by two of three papers: a colleague gets a new key, the own grants back, and keys nobody holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select, update

import vault
from accounts.models import (
    CertificateRow,
    Draft,
    KeyGrant,
    OrganisationKey,
    Person,
    PersonKey,
    RecoveryHolder,
    RecoveryWrap,
)
from accounts.service import certificates, grants, locks, people, sessions, trust, turns
from accounts.service.grants import GRANTERS, HOLDERS
from config.settings import Settings
from core import clock
from core.audit import service as audit
from core.errors import DomainError, NotFound
from core.store.base import db
from vault import Certificate, Holder, Pair, PersonSecret, RecoveryBox, Signer, Verified


class WrongPapers(vault.Unreadable):
    """Two codes as printed on papers, but not on two of this organisation."""


@dataclass(frozen=True)
class OpenRecovery:
    """The recovery key of an organisation while two papers lie on the table."""

    organisation_id: UUID
    key_id: UUID
    pair: Pair = field(repr=False)
    signer: Signer = field(repr=False)
    certificate: Verified = field(repr=False)


@dataclass(frozen=True)
class PreparedRecovery:
    """A new key for one person under a one-time code; slow, and made before the transaction."""

    recovery: OpenRecovery = field(repr=False)
    person_id: UUID
    secret: PersonSecret = field(repr=False)
    locked: bytes = field(repr=False)
    one_time_code: str = field(repr=False)


# What else must be granted again; features above register here while the application starts.
on_recovery: list[Callable[[OpenRecovery, trust.VerifiedPersonKey], None]] = []


def open_with_papers(organisation_id: UUID, papers: Mapping[int, str]) -> OpenRecovery:
    """Open the recovery key with the codes of two papers, by the number printed on each.

    Raises vault.Mistyped for a code that cannot have been printed, WrongPapers for a wrong one or fewer
    than two, vault.Untrusted when what opens is not the certified recovery key.
    """
    holders = db.session.scalars(
        select(RecoveryHolder)
        .where(RecoveryHolder.organisation_id == organisation_id)
        .order_by(RecoveryHolder.number)
    ).all()
    wraps = db.session.scalars(
        select(RecoveryWrap)
        .where(RecoveryWrap.organisation_id == organisation_id)
        .order_by(RecoveryWrap.first, RecoveryWrap.second)
    ).all()
    box = RecoveryBox(
        organisation_id,
        tuple(Holder(one.number, one.public, one.sealed_private) for one in holders),
        tuple(one.sealed for one in wraps),
    )
    key = trust.organisation_key(organisation_id, "recovery")
    if key is None:
        raise vault.Untrusted
    try:
        secret = vault.open_recovery(papers, box, key.certificate)
    except vault.Mistyped:
        raise
    except vault.Unreadable:
        raise WrongPapers from None
    return OpenRecovery(organisation_id, key.id, secret.pair, secret.signer, key.certificate)


def prepare(
    settings: Settings, organisation_id: UUID, papers: Mapping[int, str], email: str
) -> PreparedRecovery:
    """Open recovery and make a new key for an active member. Raises NotFound, and like `open_with_papers`."""
    recovery = open_with_papers(organisation_id, papers)
    person = db.session.scalar(
        select(Person).where(
            Person.email == locks.normal_email(email),
            Person.organisation_id == organisation_id,
            Person.state == "active",
        )
    )
    if person is None:
        raise NotFound(_("Nobody with this address works in this organisation."))
    secret = PersonSecret.new(trust.root(organisation_id).root_public)
    code = vault.new_personal_code()
    return PreparedRecovery(
        recovery, person.id, secret, locks.under_password(settings, secret, code, person.id), code
    )


def recover_person(prepared: PreparedRecovery) -> str:
    """Give a member a new key, the grants they had and what else only they can keep from being lost.

    Gives the one-time code for the next sign-in.

    The new certificate is made by the root, opened by recovery, and countersigned by recovery.
    Raises DomainError when the former certificate does not hold.
    """
    recovery, person_id = prepared.recovery, prepared.person_id
    turns.take(recovery.organisation_id)
    former = trust.former_keys(person_id)
    if not former:
        raise DomainError(_("This person never had a key that holds. Invite the person again."))
    held = _held(former[0])
    certificate_id = certify(prepared, former[0].certificate.roles, former[0].serial + 1)
    db.session.execute(
        update(PersonKey)
        .where(PersonKey.person_id == person_id, PersonKey.retired_at.is_(None))
        .values(retired_at=clock.now(), locked_by_password=b"", locked_by_code=None)
    )
    people.drop_wraps(person_id)
    # What they were typing is sealed to the lost key; their desk would lead to forms that do not come back.
    db.session.execute(delete(Draft).where(Draft.person_id == person_id))
    sessions.end_all(person_id)
    locks.add_key(person_id, prepared.secret, certificate_id, prepared.locked, None)
    verified = grant_due(recovery, person_id, held)
    for hook in on_recovery:
        hook(recovery, verified)
    audit.record(
        None,
        "person.recover",
        organisation_id=recovery.organisation_id,
        object_kind="person",
        object_id=person_id,
    )
    return prepared.one_time_code


def record_failure(organisation_id: UUID) -> None:
    """Put a try with wrong papers on the chain."""
    audit.record(
        None,
        "recovery.fail",
        organisation_id=organisation_id,
        object_kind="organisation",
        object_id=organisation_id,
    )


def _held(former: trust.VerifiedPersonKey) -> frozenset[UUID]:
    """The ids of the keys that somebody held by a grant that holds; a row slipped in gives nobody a key."""
    rows = db.session.execute(
        select(OrganisationKey, KeyGrant)
        .join(KeyGrant, KeyGrant.key_id == OrganisationKey.id)
        .where(
            KeyGrant.holder_id == former.person_id, OrganisationKey.organisation_id == former.organisation_id
        )
    )
    held = set()
    for row, grant in rows:
        with suppress(vault.Untrusted):
            grants.check(row, grant, former.hpke_public)
            held.add(row.id)
    return frozenset(held)


def _due_to(person: trust.VerifiedPersonKey, held: frozenset[UUID]) -> list[OrganisationKey]:
    """Every epoch, present and former, of the organisation's keys that somebody gets with a new key.

    What the person held; and what nobody present could hand to them, if their role is the one that
    hands it on. Other keys wait for a colleague who compares the fingerprint.
    """
    rows = db.session.scalars(
        select(OrganisationKey)
        .where(OrganisationKey.organisation_id == person.organisation_id, OrganisationKey.kind.in_(HOLDERS))
        .order_by(OrganisationKey.kind, OrganisationKey.epoch)
    )
    return [
        row
        for row in rows
        if (row.id in held and person.roles & HOLDERS[row.kind])
        or (GRANTERS[row.kind] in person.roles and not grants.who_hand_on(row))
    ]


def grant_due(
    recovery: OpenRecovery, person_id: UUID, held: frozenset[UUID] = frozenset()
) -> trust.VerifiedPersonKey:
    """Grant a new key of a person what was `held` and what nobody could hand to them. Gives the key."""
    verified = trust.person_key(person_id)
    for row in _due_to(verified, held):
        private = grants.take(row, recovery.key_id, recovery.pair)
        grants.hand_over(row, private, person_id, verified.hpke_public, recovery.key_id, recovery.signer)
    return verified


def certify(prepared: PreparedRecovery, roles: tuple[str, ...], serial: int) -> UUID:
    """The next certificate of a person, by the root and countersigned; the ones before end. Gives its row."""
    recovery = prepared.recovery
    root_row = db.session.scalars(
        select(OrganisationKey).where(
            OrganisationKey.organisation_id == recovery.organisation_id,
            OrganisationKey.kind == "root",
            OrganisationKey.retired_at.is_(None),
        )
    ).one()
    root = Signer.from_seed(grants.take(root_row, recovery.key_id, recovery.pair))
    moment = clock.unix()
    signed = vault.issue(
        Certificate(
            organisation_id=recovery.organisation_id,
            kind="person",
            subject_id=prepared.person_id,
            roles=roles,
            hpke_public=prepared.secret.pair.public,
            sign_public=prepared.secret.signer.public,
            not_before=moment,
            not_after=moment + certificates.VALID_SECONDS,
            serial=serial,
        ),
        root,
    )
    certificates.revoke("person", prepared.person_id)
    recovery_row = db.session.scalars(
        select(CertificateRow.id).where(
            CertificateRow.kind == "recovery", CertificateRow.subject_id == recovery.key_id
        )
    ).one()
    return certificates.store(
        signed,
        countersigner_id=recovery_row,
        countersignature=vault.countersign(signed, recovery.key_id, recovery.signer),
    )
