"""Which certificates hold. Each attack stands beside the honest case that succeeds."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.vault.cast import DAY, NOW, Member, Organisation, flipped
from vault import (
    Certificate,
    Countersignature,
    PersonSecret,
    RecoverySecret,
    SignedCertificate,
    Signer,
    TrustRoot,
    Untrusted,
    countersign,
    issue,
)

HOUSE = Organisation()
COORDINATOR = HOUSE.member("coordinator")
MANAGER = HOUSE.member("manager")
LAWYER = HOUSE.member("lawyer")


class Invitation:
    """A root-signed right to join, with its one-time signing key."""

    def __init__(self, *roles: str, issuer: Signer = HOUSE.root, **changes: object) -> None:
        self.person_id = uuid4()
        self.signer = Signer.new()
        said: dict[str, object] = {
            "organisation_id": HOUSE.id,
            "kind": "invitation",
            "subject_id": self.person_id,
            "hpke_public": b"",
            "sign_public": self.signer.public,
            "roles": roles,
            "not_before": NOW - DAY,
            "not_after": NOW + DAY,
        }
        self.signed = issue(Certificate(**(said | changes)), issuer)  # type: ignore[arg-type]  # tests try what does not fit

    def join(self, *roles: str, **changes: object) -> SignedCertificate:
        said: dict[str, object] = {
            "subject_id": self.person_id,
            "issuer_kind": "invitation",
            "issuer_id": self.person_id,
            "not_before": NOW,
        }
        secret = PersonSecret.new(HOUSE.root.public)
        return issue(HOUSE.person(secret, *roles, **(said | changes)), self.signer)


def refused(signed: SignedCertificate, invitation: SignedCertificate | None = None, *, at: int = NOW) -> None:
    with pytest.raises(Untrusted):
        HOUSE.trust.person(signed, at, invitation=invitation)


# Persons by the root


def test_a_member_certified_by_the_root_holds() -> None:
    verified = HOUSE.trust.person(COORDINATOR.signed, NOW)
    assert verified.roles == ("coordinator",)
    assert verified.hpke_public == COORDINATOR.secret.pair.public


def test_a_member_of_another_root_or_organisation_does_not() -> None:
    with pytest.raises(Untrusted):
        TrustRoot(HOUSE.id, Signer.new().public).person(COORDINATOR.signed, NOW)
    with pytest.raises(Untrusted):
        TrustRoot(uuid4(), HOUSE.root.public).person(COORDINATOR.signed, NOW)


def test_a_substituted_public_key_does_not() -> None:
    attacker = PersonSecret.new(HOUSE.root.public)
    said = replace(COORDINATOR.verified, hpke_public=attacker.pair.public)
    refused(SignedCertificate(said.statement(), COORDINATOR.signed.signature))
    refused(issue(said, attacker.signer))


def test_a_changed_statement_or_signature_does_not() -> None:
    for bit in range(0, 8 * len(COORDINATOR.signed.statement), 97):
        refused(SignedCertificate(flipped(COORDINATOR.signed.statement, bit), COORDINATOR.signed.signature))
    for bit in range(512):
        refused(SignedCertificate(COORDINATOR.signed.statement, flipped(COORDINATOR.signed.signature, bit)))


@pytest.mark.parametrize(
    ("at", "holds"),
    [(NOW - DAY - 1, False), (NOW - DAY, True), (NOW + 365 * DAY - 1, True), (NOW + 365 * DAY, False)],
)
def test_time_decides(at: int, holds: bool) -> None:
    if holds:
        assert HOUSE.trust.person(COORDINATOR.signed, at).subject_id == COORDINATOR.id
    else:
        refused(COORDINATOR.signed, at=at)


def test_a_certificate_is_not_taken_for_another_kind() -> None:
    recovery = RecoverySecret.new()
    signed = issue(
        replace(
            COORDINATOR.verified,
            kind="recovery",
            hpke_public=recovery.pair.public,
            sign_public=recovery.signer.public,
        ),
        HOUSE.root,
    )
    assert HOUSE.trust.recovery(signed, NOW).kind == "recovery"
    refused(signed)
    with pytest.raises(Untrusted):
        HOUSE.trust.recovery(COORDINATOR.signed, NOW)
    with pytest.raises(Untrusted):
        HOUSE.trust.invitation(COORDINATOR.signed, NOW)


def test_a_signature_made_for_something_else_is_no_certificate() -> None:
    said = replace(LAWYER.verified, roles=("coordinator",))
    refused(SignedCertificate(said.statement(), HOUSE.root.sign("grant", said.statement())))


# Persons by invitation


def test_an_invited_person_joins_with_some_or_all_roles() -> None:
    invitation = Invitation("lawyer", "caseworker")
    for roles in [("lawyer",), ("lawyer", "caseworker"), ()]:
        verified = HOUSE.trust.person(invitation.join(*roles), NOW, invitation=invitation.signed)
        assert verified.roles == roles
        assert verified.subject_id == invitation.person_id


def test_an_invitation_gives_no_other_role() -> None:
    invitation = Invitation("caseworker")
    refused(invitation.join("coordinator"), invitation.signed)
    refused(invitation.join("caseworker", "administrator"), invitation.signed)


def test_an_invitation_serves_nobody_else() -> None:
    invitation = Invitation("lawyer")
    refused(invitation.join("lawyer", subject_id=uuid4()), invitation.signed)
    other = uuid4()
    refused(invitation.join("lawyer", subject_id=other, issuer_id=other), invitation.signed)
    refused(invitation.join("lawyer", issuer_id=uuid4()), invitation.signed)


def test_an_invitation_ends() -> None:
    invitation = Invitation("lawyer")
    last = invitation.join("lawyer", not_before=NOW + DAY - 1)
    assert HOUSE.trust.person(last, NOW + DAY, invitation=invitation.signed).roles == ("lawyer",)
    refused(invitation.join("lawyer", not_before=NOW + DAY), invitation.signed, at=NOW + DAY)
    refused(invitation.join("lawyer", not_before=NOW - DAY - 1), invitation.signed)
    with pytest.raises(Untrusted):
        HOUSE.trust.invitation(invitation.signed, NOW + DAY)
    assert HOUSE.trust.invitation(invitation.signed, NOW).roles == ("lawyer",)


def test_a_member_who_joined_stays_one_after_the_invitation_ended() -> None:
    invitation = Invitation("lawyer")
    later = HOUSE.trust.person(invitation.join("lawyer"), NOW + 30 * DAY, invitation=invitation.signed)
    assert later.roles == ("lawyer",)


def test_an_invitation_needs_the_root() -> None:
    for signer in (Signer.new(), COORDINATOR.secret.signer):
        forged = Invitation("administrator", issuer=signer)
        refused(forged.join("administrator"), forged.signed)
    chained = Invitation("lawyer")
    further = Invitation(
        "lawyer", issuer=chained.signer, issuer_kind="invitation", issuer_id=chained.person_id
    )
    refused(further.join("lawyer"), further.signed)


def test_a_root_signature_over_an_invitation_that_names_another_issuer_does_not_hold() -> None:
    odd = Invitation("lawyer", issuer_kind="person", issuer_id=uuid4())
    refused(odd.join("lawyer"), odd.signed)


def test_another_invitations_key_does_not_sign() -> None:
    one, other = Invitation("lawyer"), Invitation("lawyer")
    refused(one.join("lawyer"), other.signed)
    refused(one.join("lawyer"))
    refused(one.join("lawyer"), COORDINATOR.signed)


def test_whoever_lacks_the_invitations_key_does_not_join_by_it() -> None:
    invitation = Invitation("lawyer")
    honest = invitation.join("lawyer")
    assert HOUSE.trust.person(honest, NOW, invitation=invitation.signed).roles == ("lawyer",)
    for thief in (Signer.new(), COORDINATOR.secret.signer, HOUSE.root):
        refused(issue(honest.claims(), thief), invitation.signed)


def test_a_member_certifies_nobody() -> None:
    secret = PersonSecret.new(HOUSE.root.public)
    said = HOUSE.person(secret, "lawyer", issuer_kind="person", issuer_id=COORDINATOR.id)
    refused(issue(said, COORDINATOR.secret.signer))
    refused(issue(said, COORDINATOR.secret.signer), COORDINATOR.signed)


# Later certificates


def again(member: Member, **changes: object) -> SignedCertificate:
    secret = PersonSecret.new(HOUSE.root.public)
    said: dict[str, object] = {"subject_id": member.id, "serial": 2, "not_before": NOW}
    return issue(HOUSE.person(secret, *member.verified.roles, **(said | changes)), HOUSE.root)


def second(signed: SignedCertificate, by: Member) -> Countersignature:
    return Countersignature(countersign(signed, by.id, by.secret.signer), by.verified)


def test_a_second_certificate_holds_with_a_coordinators_countersignature() -> None:
    signed = again(LAWYER)
    verified = HOUSE.trust.person(signed, NOW, countersignature=second(signed, COORDINATOR))
    assert verified.serial == 2


def test_a_second_certificate_by_invitation_needs_one_too() -> None:
    invitation = Invitation("lawyer")
    signed = invitation.join("lawyer", serial=2)
    refused(signed, invitation.signed)
    given = second(signed, COORDINATOR)
    verified = HOUSE.trust.person(signed, NOW, invitation=invitation.signed, countersignature=given)
    assert verified.serial == 2


def test_a_second_certificate_alone_does_not_hold_even_from_the_root() -> None:
    refused(again(LAWYER))


def test_a_countersignature_by_nobody_entitled_does_not_help() -> None:
    signed = again(LAWYER)
    stranger = Organisation(id=HOUSE.id).member("coordinator")
    abroad = Organisation().member("coordinator")
    late = HOUSE.member("coordinator")
    late.verified = HOUSE.trust.person(issue(replace(late.verified, not_before=NOW + 1), HOUSE.root), NOW + 1)
    for by in (LAWYER, MANAGER, abroad, late):
        with pytest.raises(Untrusted):
            HOUSE.trust.person(signed, NOW, countersignature=second(signed, by))
    # A coordinator under a forged root never becomes a verified certificate of this one.
    with pytest.raises(Untrusted):
        HOUSE.trust.person(stranger.signed, NOW)


def test_nobody_countersigns_themselves() -> None:
    signed = again(COORDINATOR)
    with pytest.raises(Untrusted):
        HOUSE.trust.person(signed, NOW, countersignature=second(signed, COORDINATOR))
    other = HOUSE.member("coordinator")
    assert HOUSE.trust.person(signed, NOW, countersignature=second(signed, other)).serial == 2


def test_a_countersignature_is_for_one_certificate_and_one_signer() -> None:
    signed, other = again(LAWYER), again(LAWYER)
    colleague = HOUSE.member("coordinator")
    for forged in (
        second(other, COORDINATOR),
        Countersignature(second(signed, COORDINATOR).signature, colleague.verified),
        Countersignature(countersign(signed, colleague.id, COORDINATOR.secret.signer), COORDINATOR.verified),
        Countersignature(signed.signature, COORDINATOR.verified),
    ):
        with pytest.raises(Untrusted):
            HOUSE.trust.person(signed, NOW, countersignature=forged)


def test_recovery_countersigns() -> None:
    secret = RecoverySecret.new()
    recovery = HOUSE.recovery(secret)
    signed = again(COORDINATOR)
    given = Countersignature(countersign(signed, recovery.subject_id, secret.signer), recovery)
    assert HOUSE.trust.person(signed, NOW, countersignature=given).serial == 2
    expired = again(COORDINATOR, not_before=recovery.not_after, not_after=recovery.not_after + DAY)
    late = Countersignature(countersign(expired, recovery.subject_id, secret.signer), recovery)
    with pytest.raises(Untrusted):
        HOUSE.trust.person(expired, recovery.not_after, countersignature=late)


def test_another_organisations_recovery_does_not() -> None:
    secret = RecoverySecret.new()
    recovery = Organisation().recovery(secret)
    signed = again(COORDINATOR)
    given = Countersignature(countersign(signed, recovery.subject_id, secret.signer), recovery)
    with pytest.raises(Untrusted):
        HOUSE.trust.person(signed, NOW, countersignature=given)


def test_only_the_root_certifies_recovery() -> None:
    secret = RecoverySecret.new()
    said = HOUSE.recovery(secret)
    with pytest.raises(Untrusted):
        HOUSE.trust.recovery(issue(said, COORDINATOR.secret.signer), NOW)
