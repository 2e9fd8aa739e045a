"""The rules by which a certificate holds, up to the organisation's root.

Time is an argument. A certificate is asked about the moment that matters (now, for sealing; the
moment of signing, for an old grant), its issuer about the moment of issue. That nobody was removed
since, that no serial is used twice, and which serial and epoch is the newest, is the caller's to
know: the database can tell, a signature can not.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import NewType
from uuid import UUID

from vault.certificates import (
    CERTIFICATE_LABEL,
    COUNTERSIGNATURE_LABEL,
    Certificate,
    SignedCertificate,
    countersigned,
)
from vault.errors import Untrusted
from vault.signing import verify

Verified = NewType("Verified", Certificate)
"""A certificate that a TrustRoot has verified; only its methods make one."""

# Which role may make which key of the organisation (security.md, "Who holds what").
MAKERS = MappingProxyType(
    {
        "supervision": "coordinator",
        "desk": "coordinator",
        "match": "coordinator",
        "statistics": "manager",
        "dossier": "manager",
        "partner": "focal_point",
    }
)


@dataclass(frozen=True)
class Countersignature:
    """A signature made by `countersign`, with the verified certificate of who made it."""

    signature: bytes
    by: Verified


@dataclass(frozen=True)
class TrustRoot:
    """The root of one organisation. Every method returns what it verified or raises Untrusted."""

    organisation_id: UUID
    root_public: bytes

    def invitation(self, signed: SignedCertificate, at: int) -> Verified:
        """Verify an invitation. Ask with the present moment before letting anyone join by it."""
        return self._by_root(signed, "invitation", at)

    def recovery(self, signed: SignedCertificate, at: int) -> Verified:
        """Verify the organisation's recovery certificate."""
        return self._by_root(signed, "recovery", at)

    def person(
        self,
        signed: SignedCertificate,
        at: int,
        *,
        invitation: SignedCertificate | None = None,
        countersignature: Countersignature | None = None,
    ) -> Verified:
        """Verify a member's certificate, made by the root or by the member's own invitation.

        The invitation must have been valid when the certificate begins, for the same person and for
        every role. A later certificate (serial above 1) also needs a countersignature.
        """
        claims = self._claims(signed, "person", at)
        if claims.issuer_kind == "root":
            self._check(signed, self.root_public)
        elif claims.issuer_kind == "invitation" and invitation is not None:
            inviting = self.invitation(invitation, claims.not_before)
            _require(claims.issuer_id == inviting.subject_id == claims.subject_id)
            _require(set(claims.roles) <= set(inviting.roles))
            self._check(signed, inviting.sign_public)
        else:
            raise Untrusted
        if claims.serial > 1:
            _require(countersignature is not None and self._confirms(countersignature, signed, claims))
        return Verified(claims)

    def organisation_key(self, signed: SignedCertificate, at: int, *, maker: Verified) -> Verified:
        """Verify the certificate of supervision, desk, match, statistics, dossier or partner.

        `maker` is the member who made or rotated the key, verified for the moment the certificate
        begins; their certified role must allow it.
        """
        claims = self._claims(signed, signed.claims().kind, at)
        _require(claims.kind in MAKERS)
        self._require_member(maker, MAKERS[claims.kind], claims.not_before)
        _require(claims.issuer_kind == "person" and claims.issuer_id == maker.subject_id)
        self._check(signed, maker.sign_public)
        return Verified(claims)

    def _by_root(self, signed: SignedCertificate, kind: str, at: int) -> Verified:
        claims = self._claims(signed, kind, at)
        _require(claims.issuer_kind == "root")
        self._check(signed, self.root_public)
        return Verified(claims)

    def _claims(self, signed: SignedCertificate, kind: str, at: int) -> Certificate:
        claims = signed.claims()
        _require(claims.kind == kind and claims.organisation_id == self.organisation_id and claims.covers(at))
        return claims

    def _check(self, signed: SignedCertificate, issuer_public: bytes) -> None:
        verify(issuer_public, CERTIFICATE_LABEL, signed.statement, signed.signature)

    def _confirms(self, given: Countersignature, signed: SignedCertificate, claims: Certificate) -> bool:
        if given.by.kind == "recovery":
            _require(given.by.organisation_id == self.organisation_id and given.by.covers(claims.not_before))
        else:
            self._require_member(given.by, "coordinator", claims.not_before)
            _require(given.by.subject_id != claims.subject_id)
        message = countersigned(signed, given.by.subject_id)
        verify(given.by.sign_public, COUNTERSIGNATURE_LABEL, message, given.signature)
        return True

    def _require_member(self, member: Verified, role: str, at: int) -> None:
        _require(
            member.kind == "person"
            and member.organisation_id == self.organisation_id
            and member.covers(at)
            and role in member.roles
        )


def _require(condition: bool) -> None:  # noqa: FBT001 a guard in one word; its argument is the condition
    if not condition:
        raise Untrusted
