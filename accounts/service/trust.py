"""Whose key is this? Every answer is verified up to the organisation's root.

The root must be the one that the server's secrets remember and, for a member, the one inside the
own secret: a database alone cannot exchange it. What was verified is remembered by the very bytes
that were verified, never by an id.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

import vault
from accounts.models import Organisation, OrganisationKey
from accounts.service import certified
from config.settings import Settings
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.store.base import db, send
from vault import Countersignature, SignedCertificate, TrustRoot, Untrusted, VaultError, Verified

_REMEMBERED = 4096  # certificates; a busy instance has a few hundred


@dataclass(frozen=True)
class VerifiedPersonKey:
    """The public halves of a person, as certified. `fingerprint` is what two people compare by voice."""

    person_id: UUID
    organisation_id: UUID
    hpke_public: bytes = field(repr=False)
    sign_public: bytes = field(repr=False)
    roles: frozenset[Role]
    serial: int
    fingerprint: str
    certificate: Verified = field(repr=False)
    root_public: bytes = field(repr=False)
    until: dt.datetime | None  # when it was revoked; what was signed before still counts


@dataclass(frozen=True)
class VerifiedOrganisationKey:
    """The public half of an organisation's key, as certified; only recovery also signs."""

    id: UUID
    organisation_id: UUID
    kind: str
    epoch: int
    public: bytes = field(repr=False)
    sign_public: bytes = field(repr=False)
    certificate: Verified = field(repr=False)


class _Roots:
    """The fingerprints of roots among the server's secrets: one line for each organisation."""

    file: Path | None = None

    def lines(self) -> frozenset[tuple[str, str]]:
        if self.file is None:
            raise RuntimeError("trust.install was not called")
        try:
            now = self.file.stat()
        except FileNotFoundError:
            return frozenset()
        return _lines(self.file, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=4)
def _lines(file: Path, _changed_at: int, _size: int) -> frozenset[tuple[str, str]]:
    """The lines of the file, read again only when it has changed: every request asks."""
    return frozenset((a, b) for a, _, b in (line.partition(" ") for line in file.read_text().splitlines()))


_roots = _Roots()


def roots_file(settings: Settings) -> Path:
    """The file that remembers every organisation's root, outside the database."""
    return settings.home / "secrets" / "roots"


def install(settings: Settings) -> None:
    """Say where the fingerprints of the roots are; once, while the application starts."""
    _roots.file = roots_file(settings)


def remember_root(settings: Settings, organisation_id: UUID, root_public: bytes) -> None:
    """Add an organisation's root to the server's secrets."""
    file = roots_file(settings)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = f"{organisation_id} {vault.root_fingerprint(root_public).hex()}\n"
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as opened:
        opened.write(line)
        opened.flush()
        os.fsync(opened.fileno())


def root(organisation_id: UUID, actor: Actor | None = None) -> TrustRoot:
    """The root of an organisation. Raises vault.Untrusted when it is not the one that is remembered."""
    public = db.session.scalar(select(Organisation.root_public).where(Organisation.id == organisation_id))
    if public is None:
        raise Untrusted
    if actor is not None and actor.organisation_id == organisation_id:
        actor.secret.trust(organisation_id, public)
    return _known(organisation_id, public)


def person_key(person_id: UUID) -> VerifiedPersonKey:
    """The present key of a person. Raises vault.Untrusted when there is none, or none that holds."""
    rows = send(certified.PRESENT_KEY, {"person_id": person_id}).all()
    if len(rows) != 1:
        raise Untrusted
    return _present(_verified_person(certified.Kept.of(rows[0])))


def person_keys(person_ids: Iterable[UUID]) -> dict[UUID, VerifiedPersonKey]:
    """The present keys of many people at once; whose key does not hold is missing from the answer."""
    rows = send(certified.PRESENT_KEYS, {"person_ids": list(person_ids)}).all()
    times = Counter(row.person_id for row in rows)
    found: dict[UUID, VerifiedPersonKey] = {}
    for row in rows:
        kept = certified.Kept.of(row)
        if times[kept.person_id] == 1:  # of two present ones neither is believed
            with suppress(Untrusted):
                found[kept.person_id] = _present(_verified_person(kept))
    return found


def former_keys(person_id: UUID) -> list[VerifiedPersonKey]:
    """Every key that a person ever had, newest first, to check what was signed earlier.

    Also of somebody who has left or was given a new key. Never seal to one of these. Keys whose
    certificate does not hold are left out.
    """
    found = []
    for row in send(certified.FORMER_KEYS, {"person_id": person_id}):
        try:
            found.append(_verified_person(certified.Kept.of(row)))
        except Untrusted:
            continue
    return sorted(found, key=lambda one: -one.serial)


def organisation_key(
    organisation_id: UUID, kind: str, epoch: int | None = None
) -> VerifiedOrganisationKey | None:
    """The key of this kind: of an epoch, or the present one; None when it was never made.

    Kinds are those of `accounts.service.keys.MADE` and recovery; the root is asked of `root`.
    Raises vault.Untrusted when the certificate does not hold.
    """
    asked = {"home": organisation_id, "kind": kind}
    if epoch is None:
        row = send(certified.PRESENT_OF_ONE, asked).first()
    else:
        row = send(certified.OF_EPOCH, asked | {"epoch": epoch}).first()
    return None if row is None else _verified_organisation(row)


def present_keys(organisation_id: UUID, kinds: Iterable[str]) -> dict[str, VerifiedOrganisationKey]:
    """The present keys of these kinds, in one statement; one that was never made is missing from the answer.

    Raises vault.Untrusted when the certificate of one does not hold.
    """
    rows = send(certified.PRESENT_OF_KINDS, {"home": organisation_id, "kinds": list(kinds)})
    return {kind: _verified_organisation(row) for kind, row in {row.kind: row for row in rows}.items()}


def organisation_keys(organisation_ids: Iterable[UUID], kind: str) -> dict[UUID, VerifiedOrganisationKey]:
    """The present keys of many organisations at once, but recovery; one that does not hold is left out."""
    found: dict[UUID, VerifiedOrganisationKey] = {}
    for row in send(certified.PRESENT_OF_MANY, {"homes": list(organisation_ids), "kind": kind}).all():
        try:
            found[row.organisation_id] = _verified_organisation(row)
        except VaultError:
            found.pop(row.organisation_id, None)  # nor is one that it follows the present one
    return found


def _verified_organisation(key: Row[Any]) -> VerifiedOrganisationKey:
    """Verify a row of `_ORGANISATION_KEYS`."""
    certificate = _organisation_certificate(
        _known(key.organisation_id, key.root_public),
        key.kind,
        SignedCertificate(key.statement, key.signature),
        _Maker(key.issuer_certificate_id),
    )
    if (certificate.subject_id, certificate.kind, certificate.epoch, certificate.hpke_public) != (
        key.id,
        key.kind,
        key.epoch,
        key.public,
    ) or not certificate.covers(clock.unix()):
        raise Untrusted
    return VerifiedOrganisationKey(
        key.id, key.organisation_id, key.kind, key.epoch, key.public, certificate.sign_public, certificate
    )


def is_present(key_id: UUID) -> bool:
    """Whether a key of an organisation, which was verified when it was read, is still the present one."""
    kept = select(OrganisationKey.retired_at).where(OrganisationKey.id == key_id)
    return db.session.execute(kept).scalar_one() is None


def existing_kinds(organisation_id: UUID) -> frozenset[str]:
    """The kinds of keys that were made; whether one holds is checked when it is used."""
    kinds = select(OrganisationKey.kind).where(
        OrganisationKey.organisation_id == organisation_id, OrganisationKey.retired_at.is_(None)
    )
    return frozenset(db.session.scalars(kinds))


def due_kinds(organisation_id: UUID) -> dict[str, bool]:
    """The same kinds, each with whether it waits for a new epoch because somebody who held it has left."""
    kinds = select(OrganisationKey.kind, OrganisationKey.rotation_due).where(
        OrganisationKey.organisation_id == organisation_id, OrganisationKey.retired_at.is_(None)
    )
    return {kind: due for kind, due in db.session.execute(kinds)}  # noqa: C416 - rows are no pairs to mypy


def _known(organisation_id: UUID, public: bytes) -> TrustRoot:
    if (str(organisation_id), vault.root_fingerprint(public).hex()) not in _roots.lines():
        raise Untrusted
    return TrustRoot(organisation_id, public)


def _verified_person(key: certified.Kept) -> VerifiedPersonKey:
    certificate = _person_certificate(_known(key.organisation_id, key.root_public), key.certified)
    if (certificate.subject_id, certificate.hpke_public, certificate.sign_public) != (
        key.person_id,
        key.hpke_public,
        key.sign_public,
    ):
        raise Untrusted
    return VerifiedPersonKey(
        person_id=key.person_id,
        organisation_id=key.organisation_id,
        hpke_public=key.hpke_public,
        sign_public=key.sign_public,
        roles=frozenset(Role(role) for role in certificate.roles if role in set(Role)),
        serial=certificate.serial,
        fingerprint=fingerprint(key.hpke_public, key.sign_public),
        certificate=certificate,
        root_public=key.root_public,
        until=key.revoked_at,
    )


@lru_cache(maxsize=_REMEMBERED)
def fingerprint(hpke_public: bytes, sign_public: bytes) -> str:
    """Groups of digits that stand for both public halves of a person."""
    return vault.fingerprint(vault.pack(hpke_public, sign_public))


def _present(key: VerifiedPersonKey) -> VerifiedPersonKey:
    if not key.certificate.covers(clock.unix()):
        raise Untrusted
    return key


def _person_certificate(trust_root: TrustRoot, row: certified.Certified) -> Verified:
    """Verify for the moment of issue; whether it still holds is asked separately."""
    issuer = _pair(row.issuer_statement, row.issuer_signature)
    countersigner = _pair(row.countersigner_statement, row.countersigner_signature)
    countersignature = None
    if countersigner is not None and row.countersignature is not None:
        countersignature = Countersignature(row.countersignature, _by_root(trust_root, countersigner))
    return _person(trust_root, SignedCertificate(row.statement, row.signature), issuer, countersignature)


def _pair(statement: bytes | None, signature: bytes | None) -> SignedCertificate | None:
    return None if statement is None or signature is None else SignedCertificate(statement, signature)


@dataclass(frozen=True)
class _Maker:
    """Who certified a key, to be looked up where the certificate is not remembered: all are alike."""

    certificate_id: UUID | None = field(compare=False)

    def read(self) -> certified.Certified:
        """The certificate as it lies in the database. Raises vault.Untrusted where there is none."""
        row = send(certified.MAKER, {"certificate_id": self.certificate_id}).first()
        if row is None:
            raise Untrusted
        return certified.Certified(*row)


@lru_cache(maxsize=_REMEMBERED)
def _organisation_certificate(
    trust_root: TrustRoot, kind: str, signed: SignedCertificate, maker: _Maker
) -> Verified:
    """Verify for the moment of issue. What held once under this root holds, whoever is named beside it."""
    if kind == "recovery":
        return trust_root.recovery(signed, signed.claims().not_before)
    by = _person_certificate(trust_root, maker.read())
    return trust_root.organisation_key(signed, signed.claims().not_before, maker=by)


@lru_cache(maxsize=_REMEMBERED)
def _person(
    trust_root: TrustRoot,
    signed: SignedCertificate,
    invitation: SignedCertificate | None,
    countersignature: Countersignature | None,
) -> Verified:
    return trust_root.person(
        signed, signed.claims().not_before, invitation=invitation, countersignature=countersignature
    )


@lru_cache(maxsize=_REMEMBERED)
def _by_root(trust_root: TrustRoot, signed: SignedCertificate) -> Verified:
    return trust_root.recovery(signed, signed.claims().not_before)
