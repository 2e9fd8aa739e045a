"""Organisation keys: who makes, holds, grants and rotates them, and the attacks on each."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, select

import vault
from accounts.models import CertificateRow, KeyGrant, KeyRing, OrganisationKey, PersonKey
from accounts.service import grants, keys, trust
from core.access.permissions import Role
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage
from tests.support.cast import CASEWORKER, COORDINATOR


def line(stage: Stage, kind: str, by: str = "coordinator") -> keys.KeyLine:
    return next(one for one in keys.overview(stage.cast[by]) if one.kind == kind)


def row(stage: Stage, kind: str) -> OrganisationKey:
    return db.session.scalars(
        select(OrganisationKey).where(OrganisationKey.kind == kind, OrganisationKey.retired_at.is_(None))
    ).one()


@pytest.mark.parametrize(
    ("kind", "holders"),
    [
        ("root", {"admin"}),
        ("supervision", {"coordinator"}),
        ("desk", {"coordinator", "caseworker", "colleague"}),
        ("match", {"coordinator", "caseworker", "colleague"}),
        ("statistics", {"manager"}),
    ],
)
def test_each_key_opens_for_those_who_hold_it_and_for_nobody_else(
    sqlite_stage: Stage, kind: str, holders: set[str]
) -> None:
    opened = set()
    for name, player in sqlite_stage.cast.players.items():
        with transaction():
            try:
                opened.add((name, keys.open_key(player.actor, kind).private))
            except Locked:
                continue
    assert {name for name, _private in opened} == holders
    assert len({private for _name, private in opened}) == 1


def test_what_is_sealed_to_the_certified_key_opens(stage: Stage) -> None:
    coordinator = stage.cast["coordinator"]
    for kind in ("supervision", "desk"):
        certified = trust.organisation_key(coordinator.organisation_id, kind)
        assert certified is not None
        context = vault.Context("test", kind)
        sealed = vault.seal_to(certified.public, b"word", context)
        assert keys.open_key(coordinator, kind).pair.open(sealed, context) == b"word"


def test_the_match_key_is_the_same_for_every_holder(sqlite_stage: Stage) -> None:
    one, other = sqlite_stage.cast["coordinator"], sqlite_stage.cast["caseworker"]
    assert keys.open_key(one, "match").key == keys.open_key(other, "match").key


def test_a_key_is_kept_on_the_ring_by_what_writes_and_not_by_what_reads(stage: Stage) -> None:
    coordinator = stage.cast["coordinator"]
    db.session.execute(delete(KeyRing))
    db.session.commit()
    read = keys.open_key(coordinator, "desk")
    db.session.rollback()
    assert db.session.scalar(select(KeyRing)) is None
    with transaction():
        written = keys.open_key(coordinator, "desk")
    assert db.session.scalars(select(KeyRing)).one().person_id == coordinator.person_id
    assert read == written == keys.open_key(coordinator, "desk")


def test_only_the_named_role_makes_a_key_and_only_once(stage: Stage) -> None:
    for kind, name in (("supervision", "manager"), ("statistics", "coordinator"), ("desk", "caseworker")):
        with pytest.raises(Refused), transaction():
            keys.make(stage.cast[name], kind)
    for kind in ("root", "recovery", "anything"):
        with pytest.raises(Refused), transaction():
            keys.make(stage.cast["coordinator"], kind)
    with pytest.raises(Conflict), transaction():
        keys.make(stage.cast["coordinator"], "desk")


def test_a_newcomer_waits_until_a_holder_compares_the_fingerprint(stage: Stage) -> None:
    newcomer = stage.cast.join("newcomer", CASEWORKER)
    waiting = line(stage, "desk").waiting
    assert [(one.person_id, one.name) for one in waiting] == [(newcomer.person_id, "Kişi newcomer")]
    assert line(stage, "supervision").waiting == []
    with pytest.raises(Locked):
        keys.open_key(newcomer, "desk")
    wrong = trust.person_key(stage.cast["lawyer"].person_id).fingerprint
    with pytest.raises(DomainError) as caught, transaction():
        keys.grant(stage.cast["coordinator"], "desk", newcomer.person_id, wrong)
    assert caught.value.field == "fingerprint"
    with transaction():
        keys.grant(
            stage.cast["coordinator"], "desk", newcomer.person_id, waiting[0].fingerprint.replace(" ", "")
        )
    assert keys.open_key(newcomer, "desk").epoch == 1
    assert line(stage, "desk").waiting == []


def test_a_key_is_not_granted_to_another_role_by_another_role_or_to_nobody(sqlite_stage: Stage) -> None:
    cast = sqlite_stage.cast
    lawyer = trust.person_key(cast["lawyer"].person_id)
    with pytest.raises(DomainError) as caught, transaction():
        keys.grant(cast["coordinator"], "supervision", lawyer.person_id, lawyer.fingerprint)
    assert caught.value.field == "person_id"
    for name, kind in (("caseworker", "desk"), ("manager", "desk"), ("coordinator", "recovery")):
        with pytest.raises(Refused), transaction():
            keys.grant(cast[name], kind, lawyer.person_id, lawyer.fingerprint)
    with pytest.raises(NotFound), transaction():
        keys.grant(cast["coordinator"], "desk", uuid4(), lawyer.fingerprint)


def test_who_does_not_hold_a_key_neither_grants_nor_rotates_it(sqlite_stage: Stage) -> None:
    second = sqlite_stage.cast.join("second", COORDINATOR)
    key = trust.person_key(sqlite_stage.cast["caseworker"].person_id)
    with pytest.raises(Locked), transaction():
        keys.grant(second, "desk", key.person_id, key.fingerprint)
    with pytest.raises(Locked), transaction():
        keys.rotate(second, "desk")


def test_a_rotated_key_is_new_for_those_who_stay_and_the_old_one_stays_readable(stage: Stage) -> None:
    cast = stage.cast
    before = keys.open_key(cast["caseworker"], "desk")
    with transaction():
        assert keys.rotate(cast["coordinator"], "desk") == 2
    after = keys.open_key(cast["caseworker"], "desk")
    assert (before.epoch, after.epoch) == (1, 2)
    assert before.private != after.private
    assert keys.open_key(cast["caseworker"], "desk", 1) == before
    assert [one.epoch for one in keys.open_all(cast["caseworker"], "desk")] == [2, 1]
    present = trust.organisation_key(cast.organisation_id, "desk")
    former = trust.organisation_key(cast.organisation_id, "desk", 1)
    assert present is not None
    assert former is not None
    assert (present.epoch, former.epoch) == (2, 1)
    newcomer = cast.join("newcomer", CASEWORKER)
    cast.hand_over()
    assert [one.epoch for one in keys.open_all(newcomer, "desk")] == [2, 1]


def test_the_root_is_not_rotated(sqlite_stage: Stage) -> None:
    with pytest.raises(Refused), transaction():
        keys.rotate(sqlite_stage.cast["admin"], "root")


def test_a_substituted_public_half_is_refused_by_who_seals_and_who_opens(stage: Stage) -> None:
    """Attack 4: the attacker puts an own key in the row and grants its private half."""
    coordinator, attacker = stage.cast["coordinator"], vault.Pair.new()
    assert trust.organisation_key(coordinator.organisation_id, "desk")
    with transaction():
        db.session.execute(delete(KeyRing))
        found = row(stage, "desk")
        found.public = attacker.public
        given = vault.grant_private(
            attacker.private_bytes(),
            1,
            grants.scope(found, coordinator.person_id),
            coordinator.secret.pair.public,
            coordinator.person_id,
            vault.Signer.new(),
        )
        grant = db.session.scalars(
            select(KeyGrant).where(KeyGrant.key_id == found.id, KeyGrant.holder_id == coordinator.person_id)
        ).one()
        grant.sealed, grant.signature = given.sealed, given.signature
    with pytest.raises(vault.Untrusted):
        trust.organisation_key(coordinator.organisation_id, "desk")
    with pytest.raises(vault.Untrusted):
        keys.open_key(coordinator, "desk")


def test_a_chosen_key_granted_by_somebody_entitled_is_refused(sqlite_stage: Stage) -> None:
    """A dishonest coordinator cannot hand a colleague another key under the certified name."""
    cast, chosen = sqlite_stage.cast, vault.Pair.new()
    caseworker, coordinator = cast["caseworker"], cast["coordinator"]
    with transaction():
        db.session.execute(delete(KeyRing))
        grants.hand_over(
            row(sqlite_stage, "desk"),
            chosen.private_bytes(),
            caseworker.person_id,
            caseworker.secret.pair.public,
            coordinator.person_id,
            coordinator.secret.signer,
        )
    with pytest.raises(vault.Untrusted):
        keys.open_key(caseworker, "desk")


def test_a_grant_by_somebody_not_entitled_is_refused(sqlite_stage: Stage) -> None:
    cast = sqlite_stage.cast
    caseworker, colleague = cast["caseworker"], cast["colleague"]
    private = keys.open_key(caseworker, "desk").private
    with transaction():
        db.session.execute(delete(KeyRing))
        grants.hand_over(
            row(sqlite_stage, "desk"),
            private,
            colleague.person_id,
            colleague.secret.pair.public,
            caseworker.person_id,
            caseworker.secret.signer,
        )
    with pytest.raises(vault.Untrusted):
        keys.open_key(colleague, "desk")


def test_a_re_addressed_grant_is_refused_and_not_carried_over(sqlite_stage: Stage) -> None:
    """Attack 4: somebody's grant is copied to the name of somebody else, who waits for the key."""
    cast = sqlite_stage.cast
    newcomer = cast.join("newcomer", CASEWORKER)
    with transaction():
        key = row(sqlite_stage, "desk")
        theirs = db.session.scalars(
            select(KeyGrant).where(
                KeyGrant.key_id == key.id, KeyGrant.holder_id == cast["caseworker"].person_id
            )
        ).one()
        db.session.add(
            KeyGrant(
                id=uuid4(),
                key_id=key.id,
                holder_id=newcomer.person_id,
                sealed=theirs.sealed,
                signature=theirs.signature,
                granter_id=theirs.granter_id,
                created_at=theirs.created_at,
            )
        )
    with pytest.raises(vault.Untrusted):
        keys.open_key(newcomer, "desk")
    with transaction():
        keys.rotate(cast["coordinator"], "desk")
    with pytest.raises(Locked):
        keys.open_key(newcomer, "desk")
    assert keys.open_key(cast["caseworker"], "desk").epoch == 2


def test_a_substituted_person_key_is_not_sealed_to(sqlite_stage: Stage) -> None:
    lawyer, attacker = sqlite_stage.cast["lawyer"].person_id, vault.Pair.new()
    assert trust.person_key(lawyer).person_id == lawyer
    with transaction():
        key = db.session.scalars(select(PersonKey).where(PersonKey.person_id == lawyer)).one()
        key.hpke_public = attacker.public
    with pytest.raises(vault.Untrusted):
        trust.person_key(lawyer)
    assert trust.person_keys([lawyer]) == {}


def test_a_key_certified_by_a_role_that_may_not_make_it_is_refused(sqlite_stage: Stage) -> None:
    """A caseworker certifies an own supervision key and puts it in the place of the real one."""
    cast = sqlite_stage.cast
    with transaction():
        key = row(sqlite_stage, "supervision")
        certificate = db.session.get_one(CertificateRow, key.certificate_id)
        claims = vault.SignedCertificate(certificate.statement, certificate.signature).claims()
        pair = vault.Pair.new()
        import dataclasses

        forged = vault.issue(
            dataclasses.replace(claims, hpke_public=pair.public, issuer_id=cast["caseworker"].person_id),
            cast["caseworker"].secret.signer,
        )
        key.public = pair.public
        certificate.statement, certificate.signature = forged.statement, forged.signature
        certificate.issuer_certificate_id = db.session.scalars(
            select(PersonKey.certificate_id).where(PersonKey.person_id == cast["caseworker"].person_id)
        ).one()
    with pytest.raises(vault.Untrusted):
        trust.organisation_key(cast.organisation_id, "supervision")


def test_another_members_ring_opens_nothing(sqlite_stage: Stage) -> None:
    cast = sqlite_stage.cast
    with transaction():
        keys.open_key(cast["coordinator"], "desk")
        keys.open_key(cast["caseworker"], "desk")
        mine = db.session.get_one(KeyRing, (cast["caseworker"].person_id, row(sqlite_stage, "desk").id))
        theirs = db.session.get_one(KeyRing, (cast["coordinator"].person_id, mine.key_id))
        mine.wrapped = theirs.wrapped
    with pytest.raises(vault.Unreadable):
        keys.open_key(cast["caseworker"], "desk")


def test_the_page_of_keys_says_what_each_may_do(sqlite_stage: Stage) -> None:
    sqlite_stage.cast.join("second_manager", Role.MANAGER)
    seen = line(sqlite_stage, "statistics", by="manager")
    assert (seen.exists, seen.i_hold, seen.may_make, seen.may_grant, seen.may_rotate) == (
        True,
        True,
        False,
        True,
        True,
    )
    other = line(sqlite_stage, "statistics", by="admin")
    assert (other.i_hold, other.may_make, other.may_grant, other.may_rotate) == (False, False, False, False)
    assert not line(sqlite_stage, "root", by="admin").may_rotate


def test_without_a_recovery_key_nothing_is_made(sqlite_stage: Stage) -> None:
    with transaction():
        row(sqlite_stage, "recovery").retired_at = sqlite_stage.clock.instant
        found = row(sqlite_stage, "statistics")
        found.kind = "gone"
    with pytest.raises(Locked), transaction():
        keys.make(sqlite_stage.cast["manager"], "statistics")
