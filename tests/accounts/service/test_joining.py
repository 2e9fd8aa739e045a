"""Invitations: what they say, what they allow once, and the attacks on them."""

import dataclasses

import pytest
from sqlalchemy import select

import vault
from accounts.models import CertificateRow, Invitation, Person, PersonRole
from accounts.service import factors, joining, trust
from core.access.permissions import Role
from core.errors import DomainError, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage
from tests.support.cast import PASSWORD, code_now
from vault import Certificate, SignedCertificate

NEWCOMER = "newcomer@ham.example"


def invite(stage: Stage, *roles: Role) -> str:
    with transaction():
        return joining.invite(
            stage.cast["admin"], "Yeni Gelen", NEWCOMER, frozenset(roles or {Role.LAWYER}), "ar"
        )


def prepare(stage: Stage, token: str) -> joining.PreparedJoining:
    secret = factors.new_secret()
    return joining.prepare(stage.settings, token, PASSWORD, secret, code_now(secret))


def test_an_invitation_says_who_invites_whom_as_what_until_when(stage: Stage) -> None:
    view = joining.look(invite(stage, Role.LAWYER, Role.CASEWORKER))
    assert view.organisation_names["tr"] == "Uydurma Dernek"
    assert (view.person_name, view.email, view.language) == ("Yeni Gelen", NEWCOMER, "ar")
    assert view.roles == {Role.LAWYER, Role.CASEWORKER}
    assert view.expires_at == stage.clock.instant + joining.VALID


def test_who_joins_can_sign_in_with_the_invited_roles(stage: Stage) -> None:
    stage.cast.join("newcomer", Role.LAWYER, Role.COORDINATOR)
    assert stage.actor(stage.sign_in("newcomer")).roles == {Role.LAWYER, Role.COORDINATOR}


def test_an_invitation_works_once(stage: Stage) -> None:
    token = invite(stage)
    first, second = prepare(stage, token), prepare(stage, token)
    with transaction():
        joining.join(first)
    for attempt in (lambda: joining.look(token), lambda: prepare(stage, token)):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotFound), transaction():
        joining.join(second)


def test_the_code_that_was_shown_at_joining_does_not_sign_in(sqlite_stage: Stage) -> None:
    secret = factors.new_secret()
    code = code_now(secret)
    prepared = joining.prepare(sqlite_stage.settings, invite(sqlite_stage), PASSWORD, secret, code)
    with transaction():
        joining.join(prepared)
    step = factors.step_of(secret, code)
    assert step is not None
    with transaction():
        assert not factors.spend(prepared.person_id, step)
        assert factors.spend(prepared.person_id, step + 1)


def test_an_invitation_ends_after_seven_days(stage: Stage) -> None:
    token = invite(stage)
    prepared = prepare(stage, token)
    stage.clock.advance(days=7)
    for attempt in (lambda: joining.look(token), lambda: prepare(stage, token)):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotFound), transaction():
        joining.join(prepared)
    assert [line.expired for line in joining.pending(stage.cast["admin"])] == [True]


def test_a_longer_life_in_the_database_does_not_help(sqlite_stage: Stage) -> None:
    token = invite(sqlite_stage)
    sqlite_stage.clock.advance(days=8)
    with transaction():
        row = db.session.scalars(select(Invitation).where(Invitation.used_at.is_(None))).one()
        row.expires_at = sqlite_stage.clock.instant + joining.VALID
    with pytest.raises(NotFound):
        joining.look(token)
    with pytest.raises(vault.Untrusted):
        prepare(sqlite_stage, token)


def test_a_revoked_invitation_is_dead_and_frees_the_address(stage: Stage) -> None:
    token = invite(stage)
    prepared = prepare(stage, token)
    pending = joining.pending(stage.cast["admin"])
    assert [(line.email, line.roles) for line in pending] == [(NEWCOMER, frozenset({Role.LAWYER}))]
    with transaction():
        joining.revoke(stage.cast["admin"], pending[0].id)
    with pytest.raises(NotFound):
        joining.look(token)
    with pytest.raises(NotFound), transaction():
        joining.join(prepared)
    with pytest.raises(NotFound), transaction():
        joining.revoke(stage.cast["admin"], pending[0].id)
    assert joining.look(invite(stage)).email == NEWCOMER


@pytest.mark.parametrize("token", ["", "x", "A" * 64, "é" * 64, "A" * 63, "%00"])
def test_an_unknown_token_is_nothing(sqlite_stage: Stage, token: str) -> None:
    with pytest.raises(NotFound):
        joining.look(token)


def test_only_an_administrator_invites_and_not_everything(sqlite_stage: Stage) -> None:
    with pytest.raises(Refused), transaction():
        joining.invite(sqlite_stage.cast["coordinator"], "X", NEWCOMER, frozenset({Role.LAWYER}), "tr")
    for roles in (frozenset[Role](), frozenset({Role.LAWYER, Role.MANAGER})):
        with pytest.raises(DomainError) as caught, transaction():
            joining.invite(sqlite_stage.cast["admin"], "X", NEWCOMER, roles, "tr")
        assert caught.value.field == "roles"
    with pytest.raises(DomainError) as caught, transaction():
        joining.invite(sqlite_stage.cast["admin"], "X", " Lawyer@HAM.example", frozenset({Role.LAWYER}), "tr")
    assert caught.value.field == "email"


def test_a_wrong_code_or_weak_password_leaves_the_invitation_open(sqlite_stage: Stage) -> None:
    token, secret = invite(sqlite_stage), factors.new_secret()
    for password, code, field in ((PASSWORD, "1", "totp_code"), ("kısa", code_now(secret), "password")):
        with pytest.raises(DomainError) as caught:
            joining.prepare(sqlite_stage.settings, token, password, secret, code)
        assert caught.value.field == field
    assert joining.look(token).email == NEWCOMER


def test_another_role_than_the_invited_one_is_not_believed(sqlite_stage: Stage) -> None:
    """Attack 4: the holder of an invitation certifies more than it allows; database rows agree with it."""
    token = invite(sqlite_stage)
    prepared = prepare(sqlite_stage, token)
    from base64 import urlsafe_b64decode

    signer = vault.Signer.from_seed(urlsafe_b64decode(token)[16:])
    greedy = vault.issue(
        dataclasses.replace(prepared.certificate.claims(), roles=("administrator", "lawyer")), signer
    )
    with transaction():
        joining.join(dataclasses.replace(prepared, certificate=greedy))
        db.session.add(PersonRole(person_id=prepared.person_id, role=Role.ADMINISTRATOR))
    with pytest.raises(vault.Untrusted):
        trust.person_key(prepared.person_id)


def test_a_role_row_alone_gives_no_role(sqlite_stage: Stage) -> None:
    lawyer = sqlite_stage.cast["lawyer"].person_id
    with transaction():
        db.session.add(PersonRole(person_id=lawyer, role=Role.COORDINATOR))
    assert sqlite_stage.actor(sqlite_stage.sign_in("lawyer")).roles == {Role.LAWYER}


def test_an_invitation_that_the_root_did_not_sign_is_nothing(sqlite_stage: Stage) -> None:
    token = invite(sqlite_stage)
    prepared = prepare(sqlite_stage, token)
    with transaction():
        row = db.session.get_one(CertificateRow, prepared.issuer_id)
        claims = SignedCertificate(row.statement, row.signature).claims()
        row.signature = vault.issue(claims, vault.Signer.new()).signature
    with pytest.raises(NotFound):
        joining.look(token)
    with pytest.raises(vault.Untrusted):
        prepare(sqlite_stage, token)


def test_a_person_certified_by_themselves_is_not_believed(sqlite_stage: Stage) -> None:
    """Attack 4: a forged certificate with a valid-looking chain of rows."""
    lawyer = sqlite_stage.cast["lawyer"]
    assert trust.person_key(lawyer.person_id).hpke_public == lawyer.secret.pair.public
    own = trust.person_key(lawyer.person_id).certificate
    forged = vault.issue(
        Certificate(
            organisation_id=lawyer.organisation_id,
            kind="person",
            subject_id=lawyer.person_id,
            roles=("coordinator",),
            hpke_public=own.hpke_public,
            sign_public=own.sign_public,
            not_before=own.not_before,
            not_after=own.not_after,
        ),
        lawyer.secret.signer,
    )
    with transaction():
        row = db.session.scalars(
            select(CertificateRow).where(
                CertificateRow.subject_id == lawyer.person_id, CertificateRow.kind == "person"
            )
        ).one()
        row.statement, row.signature = forged.statement, forged.signature
        row.issuer_certificate_id = None
    with pytest.raises(vault.Untrusted):
        trust.person_key(lawyer.person_id)
    assert db.session.get_one(Person, lawyer.person_id).state == "active"
