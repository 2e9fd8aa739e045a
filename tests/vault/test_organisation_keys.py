"""Which keys of the organisation hold, and who may make them."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.vault.cast import DAY, NOW, Member, Organisation
from vault import (
    PersonSecret,
    RecoverySecret,
    SignedCertificate,
    Untrusted,
    issue,
)
from vault.trust import MAKERS

HOUSE = Organisation()
COORDINATOR = HOUSE.member("coordinator")
MANAGER = HOUSE.member("manager")
LAWYER = HOUSE.member("lawyer")


@pytest.mark.parametrize(("kind", "role"), MAKERS.items())
def test_the_role_that_may_makes_the_key(kind: str, role: str) -> None:
    maker = HOUSE.member("caseworker", role)
    verified = HOUSE.trust.organisation_key(
        issue(HOUSE.key(kind, maker), maker.secret.signer), NOW, maker=maker.verified
    )
    assert verified.kind == kind


def test_the_table_of_makers_is_the_designs() -> None:
    assert dict(MAKERS) == {
        "supervision": "coordinator",
        "desk": "coordinator",
        "match": "coordinator",
        "statistics": "manager",
        "dossier": "manager",
        "partner": "focal_point",
    }


@pytest.mark.parametrize(("kind", "role"), MAKERS.items())
def test_no_other_role_makes_it(kind: str, role: str) -> None:
    everybody_else = {"caseworker", "lawyer", "coordinator", "manager", "administrator", "focal_point"} - {
        role
    }
    maker = HOUSE.member(*everybody_else)
    refused_key(issue(HOUSE.key(kind, maker), maker.secret.signer), maker)


def refused_key(signed: SignedCertificate, maker: Member, at: int = NOW) -> None:
    with pytest.raises(Untrusted):
        HOUSE.trust.organisation_key(signed, at, maker=maker.verified)


def test_a_role_that_one_gives_oneself_makes_nothing() -> None:
    """A lawyer writes a certificate in which they are a coordinator, and a supervision key under it."""
    claimed = replace(LAWYER.verified, roles=("coordinator",))
    own = issue(claimed, LAWYER.secret.signer)
    with pytest.raises(Untrusted):
        HOUSE.trust.person(own, NOW)
    refused_key(issue(HOUSE.key("supervision", LAWYER), LAWYER.secret.signer), LAWYER)


def test_a_substituted_desk_key_is_refused() -> None:
    honest = HOUSE.key("desk", COORDINATOR)
    signed = issue(honest, COORDINATOR.secret.signer)
    assert HOUSE.trust.organisation_key(signed, NOW, maker=COORDINATOR.verified).hpke_public
    attacker = PersonSecret.new(HOUSE.root.public)
    swapped = replace(honest, hpke_public=attacker.pair.public)
    refused_key(SignedCertificate(swapped.statement(), signed.signature), COORDINATOR)
    refused_key(issue(swapped, attacker.signer), COORDINATOR)


def test_the_maker_must_be_who_is_named() -> None:
    colleague = HOUSE.member("coordinator")
    signed = issue(HOUSE.key("desk", COORDINATOR), COORDINATOR.secret.signer)
    refused_key(signed, colleague)
    refused_key(issue(HOUSE.key("desk", COORDINATOR), colleague.secret.signer), colleague)
    refused_key(
        issue(HOUSE.key("desk", COORDINATOR, issuer_id=uuid4()), COORDINATOR.secret.signer), COORDINATOR
    )


def test_the_root_does_not_make_keys_of_the_organisation() -> None:
    said = HOUSE.key("supervision", COORDINATOR, issuer_kind="root", issuer_id=None)
    refused_key(issue(said, HOUSE.root), COORDINATOR)
    refused_key(issue(said, COORDINATOR.secret.signer), COORDINATOR)
    said = HOUSE.key("supervision", COORDINATOR, issuer_kind="invitation")
    refused_key(issue(said, COORDINATOR.secret.signer), COORDINATOR)


def test_a_maker_of_another_organisation_or_kind_is_refused() -> None:
    abroad = Organisation().member("coordinator")
    refused_key(issue(HOUSE.key("desk", abroad), abroad.secret.signer), abroad)
    secret = RecoverySecret.new()
    said = replace(HOUSE.recovery(secret), roles=("coordinator",))
    recovery = HOUSE.trust.recovery(issue(said, HOUSE.root), NOW)
    signed = issue(HOUSE.key("desk", COORDINATOR, issuer_id=recovery.subject_id), secret.signer)
    with pytest.raises(Untrusted):
        HOUSE.trust.organisation_key(signed, NOW, maker=recovery)


def test_the_maker_must_have_been_a_member_when_the_key_was_made() -> None:
    early = HOUSE.key("desk", COORDINATOR, not_before=NOW - 2 * DAY)
    refused_key(issue(early, COORDINATOR.secret.signer), COORDINATOR)
    late = HOUSE.key("desk", COORDINATOR, not_before=NOW + 365 * DAY, not_after=NOW + 400 * DAY)
    refused_key(issue(late, COORDINATOR.secret.signer), COORDINATOR, at=NOW + 366 * DAY)


def test_a_key_of_the_organisation_ends_and_belongs_to_it() -> None:
    signed = issue(HOUSE.key("desk", COORDINATOR, not_after=NOW), COORDINATOR.secret.signer)
    refused_key(signed, COORDINATOR)
    elsewhere: UUID = uuid4()
    refused_key(
        issue(HOUSE.key("desk", COORDINATOR, organisation_id=elsewhere), COORDINATOR.secret.signer),
        COORDINATOR,
    )


def test_a_person_is_no_key_of_the_organisation() -> None:
    said = replace(COORDINATOR.verified, issuer_kind="person", issuer_id=COORDINATOR.id)
    refused_key(issue(said, COORDINATOR.secret.signer), COORDINATOR)
