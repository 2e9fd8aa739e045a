"""Recovery by two of three papers: a colleague who lost everything gets a new key and the own grants back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select, update

import vault
from accounts.models import (
    CertificateRow,
    KeyGrant,
    OrganisationKey,
    Person,
    PersonKey,
    RecoveryHolder,
    RecoveryWrap,
)
from accounts.service import certificates, grants, locks, people, sessions, trust, turns
from accounts.service.grants import HOLDERS
from config.settings import Settings
from core import clock
from core.audit import service as audit
from core.errors import DomainError, NotFound
from core.store.base import db
from vault import Certificate, Holder, Pair, PersonSecret, RecoveryBox, Signer, Verified


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

    Raises vault.Mistyped for a code that cannot have been printed, vault.Unreadable for a wrong one
    or fewer than two, vault.Untrusted when what opens is not the certified recovery key.
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
    secret = vault.open_recovery(papers, box, key.certificate)
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
    """Give a member a new key and the grants they had. Gives the one-time code for the next sign-in.

    The new certificate is made by the root, opened by recovery, and countersigned by recovery.
    Raises DomainError when the former certificate does not hold.
    """
    recovery, person_id = prepared.recovery, prepared.person_id
    turns.take(recovery.organisation_id)
    former = trust.former_keys(person_id)
    if not former:
        raise DomainError(_("This person never had a key that holds. Invite the person again."))
    held = _held(person_id, recovery.organisation_id)
    certificate_id = _certify(prepared, former[0])
    db.session.execute(
        update(PersonKey)
        .where(PersonKey.person_id == person_id, PersonKey.retired_at.is_(None))
        .values(retired_at=clock.now(), locked_by_password=b"", locked_by_code=None)
    )
    people.drop_wraps(person_id)
    sessions.end_all(person_id)
    locks.add_key(person_id, prepared.secret, certificate_id, prepared.locked, None)
    verified = trust.person_key(person_id)
    for row in held:
        if verified.roles & HOLDERS[row.kind]:
            private = grants.take(row, recovery.key_id, recovery.pair)
            grants.hand_over(row, private, person_id, verified.hpke_public, recovery.key_id, recovery.signer)
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


def _held(person_id: UUID, organisation_id: UUID) -> list[OrganisationKey]:
    return list(
        db.session.scalars(
            select(OrganisationKey)
            .join(KeyGrant, KeyGrant.key_id == OrganisationKey.id)
            .where(KeyGrant.holder_id == person_id, OrganisationKey.organisation_id == organisation_id)
        )
    )


def _certify(prepared: PreparedRecovery, former: trust.VerifiedPersonKey) -> UUID:
    """The next certificate of a person with the same roles, by the root and countersigned."""
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
            roles=former.certificate.roles,
            hpke_public=prepared.secret.pair.public,
            sign_public=prepared.secret.signer.public,
            not_before=moment,
            not_after=moment + certificates.VALID_SECONDS,
            serial=former.serial + 1,
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
