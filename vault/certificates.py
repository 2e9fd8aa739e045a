"""Certificates: who a public key belongs to, in which organisation, as what, and for how long.

A certificate opens nothing. Whether it holds is asked of `vault.trust.TrustRoot`.
"""

from dataclasses import dataclass, field
from typing import Literal, Self, TypeAlias, get_args
from uuid import UUID

from vault.encoding import pack, unpack
from vault.errors import Untrusted, VaultError
from vault.pairs import PUBLIC_BYTES, fingerprint
from vault.signing import SIGN_PUBLIC_BYTES, Signer

PersonKind: TypeAlias = Literal["person", "invitation", "recovery"]
OrganisationKeyKind: TypeAlias = Literal["supervision", "desk", "match", "statistics", "partner", "dossier"]
Kind: TypeAlias = PersonKind | OrganisationKeyKind
IssuerKind: TypeAlias = Literal["root", "invitation", "person"]

KINDS: tuple[str, ...] = get_args(PersonKind) + get_args(OrganisationKeyKind)
ISSUER_KINDS: tuple[str, ...] = get_args(IssuerKind)

_VERSION = 1
CERTIFICATE_LABEL = "certificate"
COUNTERSIGNATURE_LABEL = "countersignature"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a certificate says. Times are Unix seconds; it holds from `not_before` until before `not_after`.

    `subject_id` is the person (also for an invitation: the person who is to join) or the id of the
    organisation's key. `serial` counts certificates of one subject from 1, `epoch` the key's epochs.
    `issuer_id` is the subject of the issuer's certificate, None for the root.
    """

    organisation_id: UUID
    kind: Kind
    subject_id: UUID
    hpke_public: bytes = field(repr=False)
    sign_public: bytes = field(repr=False)
    not_before: int
    not_after: int
    roles: tuple[str, ...] = ()
    serial: int = 1
    epoch: int = 1
    issuer_kind: IssuerKind = "root"
    issuer_id: UUID | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a certificate that could not mean anything."""
        seals = self.kind != "invitation"
        signs = self.kind in get_args(PersonKind)
        if not (
            self.kind in KINDS
            and self.issuer_kind in ISSUER_KINDS
            and len(self.hpke_public) == (PUBLIC_BYTES if seals else 0)
            and len(self.sign_public) == (SIGN_PUBLIC_BYTES if signs else 0)
            and self.serial >= 1
            and self.epoch >= 1
            and self.not_before < self.not_after
            and (self.issuer_id is None) == (self.issuer_kind == "root")
        ):
            raise ValueError(f"This can be no certificate of kind {self.kind}.")

    def statement(self) -> bytes:
        """The bytes that are signed."""
        return pack(
            _VERSION,
            self.organisation_id,
            self.kind,
            self.subject_id,
            pack(*self.roles),
            self.hpke_public,
            self.sign_public,
            self.serial,
            self.epoch,
            self.not_before,
            self.not_after,
            self.issuer_kind,
            self.issuer_id,
        )

    @classmethod
    def from_statement(cls, statement: bytes) -> Self:
        """Read what `statement` made, and nothing else. Raises Untrusted."""
        try:
            return cls._read(statement)
        except (ValueError, VaultError):
            raise Untrusted from None

    @classmethod
    def _read(cls, statement: bytes) -> Self:
        match unpack(statement):
            case (
                1,
                UUID() as organisation_id,
                str() as kind,
                UUID() as subject_id,
                bytes() as roles,
                bytes() as hpke_public,
                bytes() as sign_public,
                int() as serial,
                int() as epoch,
                int() as not_before,
                int() as not_after,
                str() as issuer_kind,
                (UUID() | None) as issuer_id,
            ):
                return cls(
                    organisation_id=organisation_id,
                    kind=kind,  # type: ignore[arg-type]  # __post_init__ refuses unknown kinds
                    subject_id=subject_id,
                    roles=_roles(roles),
                    hpke_public=hpke_public,
                    sign_public=sign_public,
                    serial=serial,
                    epoch=epoch,
                    not_before=not_before,
                    not_after=not_after,
                    issuer_kind=issuer_kind,  # type: ignore[arg-type]  # likewise
                    issuer_id=issuer_id,
                )
            case _:
                raise Untrusted

    def covers(self, moment: int) -> bool:
        """Whether the certificate holds at a moment, in Unix seconds."""
        return self.not_before <= moment < self.not_after

    def fingerprint(self) -> str:
        """Both public keys as digits that two people can compare before one trusts the other."""
        return fingerprint(pack(self.hpke_public, self.sign_public))


@dataclass(frozen=True)
class SignedCertificate:
    """A statement and its issuer's signature, as stored and sent. Says nothing until verified."""

    statement: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def claims(self) -> Certificate:
        """What it says, unverified. Raises Untrusted if it is not even a certificate."""
        return Certificate.from_statement(self.statement)

    def to_bytes(self) -> bytes:
        """Encode for storage."""
        return pack(self.statement, self.signature)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Decode what `to_bytes` made. Raises Unreadable or Untrusted."""
        match unpack(data):
            case (bytes() as statement, bytes() as signature):
                return cls(statement, signature)
            case _:
                raise Untrusted


def issue(certificate: Certificate, signer: Signer) -> SignedCertificate:
    """Sign a certificate as its issuer. Whether the issuer may is decided where it is verified."""
    statement = certificate.statement()
    return SignedCertificate(statement, signer.sign(CERTIFICATE_LABEL, statement))


def countersign(signed: SignedCertificate, countersigner_id: UUID, signer: Signer) -> bytes:
    """Confirm, as a coordinator or as recovery, that a person's later certificate is really that person's."""
    return signer.sign(COUNTERSIGNATURE_LABEL, countersigned(signed, countersigner_id))


def countersigned(signed: SignedCertificate, countersigner_id: UUID) -> bytes:
    """The bytes a countersignature covers."""
    return pack(countersigner_id, signed.statement)


def _roles(packed: bytes) -> tuple[str, ...]:
    roles = unpack(packed)
    texts = tuple(role for role in roles if isinstance(role, str))
    if len(texts) != len(roles):
        raise Untrusted
    return texts
