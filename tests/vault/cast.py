"""People and keys that the vault's tests share, and how often hypothesis tries."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from hypothesis import settings

from vault import (
    Certificate,
    PersonSecret,
    Profile,
    RecoverySecret,
    SignedCertificate,
    Signer,
    TrustRoot,
    Verified,
    issue,
)

FAST = Profile.UNSAFE_FAST_FOR_TESTS
PEPPER = b"the pepper of the server, 32 byte"
NOW = 1_790_000_000
DAY = 86_400

few = settings(max_examples=40, deadline=None)
many = settings(max_examples=200, deadline=None)


@dataclass
class Member:
    """Somebody with a secret and a certificate from the root."""

    id: UUID
    secret: PersonSecret
    signed: SignedCertificate
    verified: Verified


@dataclass
class Organisation:
    """An organisation with a root."""

    id: UUID = field(default_factory=uuid4)
    root: Signer = field(default_factory=Signer.new)

    @property
    def trust(self) -> TrustRoot:
        return TrustRoot(self.id, self.root.public)

    def person(self, secret: PersonSecret, *roles: str, **changes: object) -> Certificate:
        """What a person's certificate says, with whatever a test wants to change."""
        said: dict[str, object] = {
            "organisation_id": self.id,
            "kind": "person",
            "subject_id": uuid4(),
            "hpke_public": secret.pair.public,
            "sign_public": secret.signer.public,
            "roles": roles,
            "not_before": NOW - DAY,
            "not_after": NOW + 365 * DAY,
        }
        return Certificate(**(said | changes))  # type: ignore[arg-type]  # tests also try what does not fit

    def key(self, kind: str, maker: Member, **changes: object) -> Certificate:
        """What the certificate of one of the organisation's keys says."""
        said: dict[str, object] = {
            "organisation_id": self.id,
            "kind": kind,
            "subject_id": uuid4(),
            "hpke_public": maker.secret.pair.public,
            "sign_public": b"",
            "not_before": NOW - DAY,
            "not_after": NOW + 365 * DAY,
            "issuer_kind": "person",
            "issuer_id": maker.id,
        }
        return Certificate(**(said | changes))  # type: ignore[arg-type]  # tests also try what does not fit

    def member(self, *roles: str) -> Member:
        secret = PersonSecret.new(self.root.public)
        said = self.person(secret, *roles)
        signed = issue(said, self.root)
        return Member(said.subject_id, secret, signed, self.trust.person(signed, NOW))

    def recovery(self, secret: RecoverySecret) -> Verified:
        said = Certificate(
            organisation_id=self.id,
            kind="recovery",
            subject_id=uuid4(),
            hpke_public=secret.pair.public,
            sign_public=secret.signer.public,
            not_before=NOW - DAY,
            not_after=NOW + 365 * DAY,
        )
        return self.trust.recovery(issue(said, self.root), NOW)


def flipped(data: bytes, bit: int) -> bytes:
    """The same bytes with one bit changed, counted round."""
    place, shift = divmod(bit % (8 * len(data)), 8)
    return data[:place] + bytes([data[place] ^ 1 << shift]) + data[place + 1 :]
