"""Certificates as rows: written once, revoked, never changed."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select, update

from accounts.models import CertificateRow, PersonKey
from core import clock
from core.store.base import db
from vault import SignedCertificate

# Staff certificates end with the account, by revocation; this is only the outer bound.
VALID_SECONDS: Final = 10 * 366 * 24 * 3600


def store(
    signed: SignedCertificate,
    *,
    issuer_id: UUID | None = None,
    countersigner_id: UUID | None = None,
    countersignature: bytes | None = None,
) -> UUID:
    """Write a certificate, give its row's id. `issuer_id`, `countersigner_id` are rows; None is the root."""
    claims = signed.claims()
    row = CertificateRow(
        id=uuid4(),
        organisation_id=claims.organisation_id,
        kind=claims.kind,
        subject_id=claims.subject_id,
        serial=claims.serial,
        statement=signed.statement,
        signature=signed.signature,
        issuer_certificate_id=issuer_id,
        countersigner_certificate_id=countersigner_id,
        countersignature=countersignature,
        created_at=clock.now(),
        revoked_at=None,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def revoke(kind: str, subject_id: UUID) -> None:
    """Revoke every certificate of this kind and subject; what was signed before stays verifiable."""
    db.session.execute(
        update(CertificateRow)
        .where(CertificateRow.kind == kind, CertificateRow.subject_id == subject_id)
        .where(CertificateRow.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def row_of(person_id: UUID) -> UUID:
    """The row of a person's present certificate, to name as an issuer."""
    return db.session.scalars(
        select(PersonKey.certificate_id).where(
            PersonKey.person_id == person_id, PersonKey.retired_at.is_(None)
        )
    ).one()
