"""Keys as they lie in the database with what certifies them: what asks for them, and their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import bindparam, select

from accounts.models import CertificateRow, Organisation, OrganisationKey, PersonKey

_KEYS, _OWN, _CERTIFICATES, _HOMES = (
    Organisation.metadata.tables[one.__tablename__]
    for one in (PersonKey, OrganisationKey, CertificateRow, Organisation)
)
_ISSUERS, _COUNTERSIGNERS = _CERTIFICATES.alias("issuers"), _CERTIFICATES.alias("countersigners")

# A person's certificate with everything that is needed to verify it.
_CERTIFIED = (
    _CERTIFICATES.c.statement,
    _CERTIFICATES.c.signature,
    _CERTIFICATES.c.countersignature,
    _ISSUERS.c.statement,
    _ISSUERS.c.signature,
    _COUNTERSIGNERS.c.statement,
    _COUNTERSIGNERS.c.signature,
)
# Put together once, because every request asks.
_ALL_KEYS = (
    select(
        _KEYS.c.person_id,
        _KEYS.c.hpke_public,
        _KEYS.c.sign_public,
        _HOMES.c.id,
        _HOMES.c.root_public,
        _CERTIFICATES.c.revoked_at,
        *_CERTIFIED,
    )
    .join(_CERTIFICATES, _CERTIFICATES.c.id == _KEYS.c.certificate_id)
    .join(_HOMES, _HOMES.c.id == _CERTIFICATES.c.organisation_id)
    .outerjoin(_ISSUERS, _ISSUERS.c.id == _CERTIFICATES.c.issuer_certificate_id)
    .outerjoin(_COUNTERSIGNERS, _COUNTERSIGNERS.c.id == _CERTIFICATES.c.countersigner_certificate_id)
)
FORMER_KEYS = _ALL_KEYS.where(_KEYS.c.person_id == bindparam("person_id"))
_PRESENT = (_KEYS.c.retired_at.is_(None), _CERTIFICATES.c.revoked_at.is_(None))
PRESENT_KEY = FORMER_KEYS.where(*_PRESENT)
PRESENT_KEYS = _ALL_KEYS.where(_KEYS.c.person_id.in_(bindparam("person_ids", expanding=True)), *_PRESENT)
MAKER = (
    select(*_CERTIFIED)
    .outerjoin(_ISSUERS, _ISSUERS.c.id == _CERTIFICATES.c.issuer_certificate_id)
    .outerjoin(_COUNTERSIGNERS, _COUNTERSIGNERS.c.id == _CERTIFICATES.c.countersigner_certificate_id)
    .where(_CERTIFICATES.c.id == bindparam("certificate_id"))
)
# Keys of organisations, as certified. Who certified one is read only where that is not remembered.
_OWN_KEYS = (
    select(
        _OWN.c.id, _OWN.c.organisation_id, _OWN.c.kind, _OWN.c.epoch, _OWN.c.public, _HOMES.c.root_public,
        _CERTIFICATES.c.statement, _CERTIFICATES.c.signature, _CERTIFICATES.c.issuer_certificate_id,
    )
    .join(_CERTIFICATES, _CERTIFICATES.c.id == _OWN.c.certificate_id)
    .join(_HOMES, _HOMES.c.id == _OWN.c.organisation_id)
)  # fmt: skip # one row
_ORGANISATION_KEYS = _OWN_KEYS.where(_OWN.c.kind == bindparam("kind"))
_OF_ONE = _ORGANISATION_KEYS.where(_OWN.c.organisation_id == bindparam("home"))
OF_EPOCH = _OF_ONE.where(_OWN.c.epoch == bindparam("epoch"))
PRESENT_OF_ONE = _OF_ONE.where(_OWN.c.retired_at.is_(None)).order_by(_OWN.c.epoch.desc()).limit(1)
PRESENT_OF_KINDS = _OWN_KEYS.where(
    _OWN.c.organisation_id == bindparam("home"),
    _OWN.c.kind.in_(bindparam("kinds", expanding=True)),
    _OWN.c.retired_at.is_(None),
).order_by(_OWN.c.epoch)
PRESENT_OF_MANY = _ORGANISATION_KEYS.where(
    _OWN.c.organisation_id.in_(bindparam("homes", expanding=True)), _OWN.c.retired_at.is_(None)
).order_by(_OWN.c.epoch)


class Certified(NamedTuple):
    """A person's certificate as it lies in the database, with those who issued and countersigned it."""

    statement: bytes
    signature: bytes
    countersignature: bytes | None
    issuer_statement: bytes | None
    issuer_signature: bytes | None
    countersigner_statement: bytes | None
    countersigner_signature: bytes | None


class Kept(NamedTuple):
    """A person's key as it lies in the database."""

    person_id: UUID
    hpke_public: bytes
    sign_public: bytes
    organisation_id: UUID
    root_public: bytes
    revoked_at: dt.datetime | None
    certified: Certified

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """Read a row of `_ALL_KEYS`."""
        return cls._make((*row[:6], Certified._make(row[6:])))
