"""Two of three papers bring a colleague back; one does not."""

import dataclasses
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select

import vault
from accounts.models import CertificateRow, Draft, KeyGrant, RecoveryWrap
from accounts.service import drafts, factors, keys, people, recovery, sessions, signin, trust
from core.audit.models import AuditEntry
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage
from tests.support.cast import code_now

NEW_PASSWORD = "turuncu-kayik-52-derin-orman"


def papers(stage: Stage, *numbers: int) -> dict[int, str]:
    return {number: code for number, _name, code in stage.cast.papers if number in numbers}


def recover(stage: Stage, name: str) -> str:
    prepared = recovery.prepare(
        stage.settings, stage.cast.organisation_id, papers(stage, 1, 3), stage.cast.players[name].email
    )
    with transaction():
        return recovery.recover_person(prepared)


@pytest.mark.parametrize("numbers", [(1, 2), (1, 3), (2, 3), (1, 2, 3)])
def test_any_two_papers_open_the_recovery_key(sqlite_stage: Stage, numbers: tuple[int, ...]) -> None:
    cast = sqlite_stage.cast
    opened = recovery.open_with_papers(cast.organisation_id, papers(sqlite_stage, *numbers))
    certified = trust.organisation_key(cast.organisation_id, "recovery")
    assert certified is not None
    assert opened.pair.public == certified.public


@pytest.mark.parametrize("number", [1, 2, 3])
def test_one_paper_opens_nothing(sqlite_stage: Stage, number: int) -> None:
    """Attack 9."""
    given = papers(sqlite_stage, number)
    twice = {one: next(iter(given.values())) for one in (number, number % 3 + 1)}
    for tried in (given, twice, {}):
        with pytest.raises(vault.Unreadable):
            recovery.open_with_papers(sqlite_stage.cast.organisation_id, tried)


def test_a_typing_mistake_is_told_from_a_wrong_paper(sqlite_stage: Stage) -> None:
    given = papers(sqlite_stage, 1, 2)
    with pytest.raises(vault.Mistyped):
        recovery.open_with_papers(sqlite_stage.cast.organisation_id, {**given, 2: given[2][:-1]})


def test_a_recovery_key_that_the_root_did_not_certify_is_refused(sqlite_stage: Stage) -> None:
    """Whoever exchanges the wraps cannot make the holders open another key."""
    cast, other = sqlite_stage.cast, vault.RecoverySecret.new()
    from vault import Holder

    rows = db.session.scalars(select(RecoveryWrap).order_by(RecoveryWrap.first, RecoveryWrap.second)).all()
    from accounts.models import RecoveryHolder

    holders = [
        Holder(one.number, one.public, one.sealed_private)
        for one in db.session.scalars(select(RecoveryHolder).order_by(RecoveryHolder.number))
    ]
    box = vault.seal_recovery(other, cast.organisation_id, holders)
    with transaction():
        for row, sealed in zip(rows, box.sealed, strict=True):
            db.session.get_one(RecoveryWrap, (row.organisation_id, row.first, row.second)).sealed = sealed
    with pytest.raises(vault.Untrusted):
        recovery.open_with_papers(cast.organisation_id, papers(sqlite_stage, 1, 2))


def test_right_papers_are_not_blamed_for_a_key_that_somebody_changed(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commands import recover as command

    cast, given = sqlite_stage.cast, papers(sqlite_stage, 1, 3)
    monkeypatch.setattr(command, "load_settings", lambda: sqlite_stage.settings)
    monkeypatch.setattr(command, "application", lambda _settings: cast.app)
    with transaction():
        for grant in db.session.scalars(select(KeyGrant)):
            grant.sealed = grant.sealed[:-1] + bytes([grant.sealed[-1] ^ 1])
    options = ["--organisation", "HAM", "--email", cast.players["caseworker"].email]
    typed = "\n".join(["1", given[1], "3", given[3], ""])
    result = CliRunner().invoke(command.recover, options, input=typed)
    assert result.exit_code == 1
    assert "audit verify" in result.output
    assert "recovery.fail" not in db.session.scalars(select(AuditEntry.act)).all()


@pytest.mark.parametrize("name", ["coordinator", "admin", "caseworker", "manager"])
def test_a_recovered_colleague_has_a_new_key_and_the_old_grants(stage: Stage, name: str) -> None:
    cast, player = stage.cast, stage.cast.players[name]
    held = {
        line.kind: keys.open_key(player.actor, line.kind)
        for line in keys.overview(player.actor)
        if line.i_hold
    }
    before = trust.person_key(player.id)
    cookie = stage.sign_in(name)
    one_time = recover(stage, name)
    after = trust.person_key(player.id)
    assert after.hpke_public != before.hpke_public
    assert (after.serial, after.roles) == (before.serial + 1, before.roles)
    assert sessions.open_secret(cookie) is None
    assert signin.check(stage.settings, player.email, player.password).secret is None
    # The one-time code is a password for nothing but the change.
    pending = stage.pending(name, one_time)
    assert signin.must_change(player.id)
    factor = signin.check_factor(stage.settings, sessions.open_secret(pending), "000000")
    with transaction():
        assert signin.finish(factor) is None
    fresh = factors.new_secret()
    prepared = signin.prepare_first(stage.settings, pending, NEW_PASSWORD, fresh, code_now(fresh))
    assert prepared is not None
    with transaction():
        renewed = signin.renew(prepared)
    assert renewed is not None
    actor = stage.actor(renewed.token.to_cookie())
    assert actor.roles == player.actor.roles
    assert {kind: keys.open_key(actor, kind) for kind in held} == held
    assert not signin.must_change(player.id)
    assert signin.check(stage.settings, player.email, one_time).secret is None
    assert signin.check(stage.settings, player.email, NEW_PASSWORD).secret == actor.secret
    factor = signin.check_factor(
        stage.settings, sessions.open_secret(stage.pending(name, NEW_PASSWORD)), renewed.personal_code
    )
    with transaction():
        assert signin.finish(factor) is not None
    # The key from before opens nothing.
    for kind in held:
        with pytest.raises((Locked, vault.VaultError)):
            keys.open_key(player.actor, kind)
    assert "person.recover" in db.session.scalars(select(AuditEntry.act)).all()
    assert cast.organisation_id == actor.organisation_id


def test_what_was_sealed_to_the_lost_key_is_listed_no_more(sqlite_stage: Stage) -> None:
    cast = sqlite_stage.cast
    with transaction():
        for name in ("caseworker", "coordinator"):
            drafts.save(cast[name].person_id, "cases.new", None, {"narrative": ["x"]})
    recover(sqlite_stage, "caseworker")
    left = db.session.scalars(select(Draft.person_id)).all()
    assert left == [cast["coordinator"].person_id]


def test_recovery_gives_no_key_that_was_not_held(sqlite_stage: Stage) -> None:
    cast = sqlite_stage.cast
    newcomer = cast.join("newcomer", *cast["caseworker"].roles)
    recover(sqlite_stage, "newcomer")
    coordinator = keys.overview(cast["coordinator"])
    assert newcomer.person_id in {
        one.person_id for line in coordinator if line.kind == "desk" for one in line.waiting
    }


def test_a_recovered_coordinator_grants_and_rotates_again(stage: Stage) -> None:
    recover_and_sign_in(stage, "coordinator")
    coordinator = stage.cast["coordinator"]
    with transaction():
        assert keys.rotate(coordinator, "desk") == 2
    assert keys.open_key(stage.cast["caseworker"], "desk").epoch == 2


def recover_and_sign_in(stage: Stage, name: str) -> None:
    fresh = factors.new_secret()
    pending = stage.pending(name, recover(stage, name))
    prepared = signin.prepare_first(stage.settings, pending, NEW_PASSWORD, fresh, code_now(fresh))
    assert prepared is not None
    with transaction():
        renewed = signin.renew(prepared)
    assert renewed is not None
    player = stage.cast.players[name]
    player.actor = stage.actor(renewed.token.to_cookie())


def test_somebody_can_be_recovered_twice(sqlite_stage: Stage) -> None:
    recover(sqlite_stage, "lawyer")
    recover(sqlite_stage, "lawyer")
    assert trust.person_key(sqlite_stage.cast["lawyer"].person_id).serial == 3


def test_the_one_time_code_ends_after_seven_days(sqlite_stage: Stage) -> None:
    code = recover(sqlite_stage, "lawyer")
    email = sqlite_stage.cast.players["lawyer"].email
    assert signin.check(sqlite_stage.settings, email, code).secret is not None
    sqlite_stage.clock.advance(days=7)
    assert signin.check(sqlite_stage.settings, email, code).secret is None


def test_a_second_certificate_without_countersignature_is_not_believed(sqlite_stage: Stage) -> None:
    """The root alone cannot put another key under a colleague's name."""
    lawyer = sqlite_stage.cast["lawyer"].person_id
    recover(sqlite_stage, "lawyer")
    assert trust.person_key(lawyer).serial == 2
    with transaction():
        row = db.session.scalars(
            select(CertificateRow).where(CertificateRow.subject_id == lawyer, CertificateRow.serial == 2)
        ).one()
        row.countersignature = None
        row.countersigner_certificate_id = None
    with pytest.raises(vault.Untrusted):
        trust.person_key(lawyer)


def test_features_above_are_told(sqlite_stage: Stage) -> None:
    heard: list[tuple[UUID, int]] = []

    def hook(opened: recovery.OpenRecovery, person: trust.VerifiedPersonKey) -> None:
        heard.append((person.person_id, person.serial))

    recovery.on_recovery.append(hook)
    try:
        recover(sqlite_stage, "lawyer")
    finally:
        recovery.on_recovery.remove(hook)
    assert heard == [(sqlite_stage.cast["lawyer"].person_id, 2)]


def test_who_has_left_or_never_joined_is_not_recovered(sqlite_stage: Stage) -> None:
    cast = sqlite_stage.cast
    with transaction():
        people.depart(cast["admin"], cast["lawyer"].person_id)
    for email in (cast.players["lawyer"].email, "nobody@ham.example"):
        with pytest.raises(NotFound):
            recovery.prepare(sqlite_stage.settings, cast.organisation_id, papers(sqlite_stage, 1, 2), email)


def test_a_key_that_never_held_is_not_recovered(sqlite_stage: Stage) -> None:
    lawyer = sqlite_stage.cast["lawyer"].person_id
    with transaction():
        for row in db.session.scalars(select(CertificateRow).where(CertificateRow.subject_id == lawyer)):
            row.signature = bytes(64)
    with pytest.raises(DomainError):
        recover(sqlite_stage, "lawyer")


class TestCommand:
    """`himaya recover` as two holders and an administrator of the server use it."""

    @pytest.fixture(autouse=True)
    def instance(self, sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        from commands import recover as command

        monkeypatch.setattr(command, "load_settings", lambda: sqlite_stage.settings)
        monkeypatch.setattr(command, "application", lambda _settings: sqlite_stage.cast.app)

    def run(self, typed: list[str], organisation: str = "HAM") -> tuple[int, str]:
        from commands.recover import recover as command

        result = CliRunner().invoke(
            command,
            ["--organisation", organisation, "--email", "lawyer@ham.example"],
            input="\n".join(typed) + "\n",
        )
        return result.exit_code, result.output

    def test_two_papers_give_a_one_time_code(self, sqlite_stage: Stage) -> None:
        given = papers(sqlite_stage, 1, 2)
        status, output = self.run(["1", given[1], "1", "2", given[2].lower()])
        assert status == 0
        assert given[1] not in output
        code = next(one.strip() for one in output.splitlines() if one.startswith("    "))
        assert signin.check(sqlite_stage.settings, "lawyer@ham.example", code).secret is not None

    def test_wrong_papers_are_on_the_chain(self, sqlite_stage: Stage) -> None:
        given = papers(sqlite_stage, 1, 2)
        status, output = self.run(["1", given[1], "2", given[1]])
        assert status == 1
        assert "do not open" in output
        db.session.rollback()
        assert "recovery.fail" in db.session.scalars(select(AuditEntry.act)).all()

    def test_a_mistyped_code_is_named_as_one(self, sqlite_stage: Stage) -> None:
        given = papers(sqlite_stage, 1)
        status, output = self.run(["1", given[1], "2", "AAAA"])
        assert (status, "mistyped" in output) == (1, True)

    def test_an_unknown_organisation_and_colleague_are_named(self, sqlite_stage: Stage) -> None:
        status, output = self.run([], organisation="ZZZ")
        assert (status, "ZZZ" in output) == (1, True)
        with transaction():
            people.depart(sqlite_stage.cast["admin"], sqlite_stage.cast["lawyer"].person_id)
        given = papers(sqlite_stage, 1, 2)
        status, output = self.run(["1", given[1], "2", given[2]])
        assert (status, "Nobody with this address" in output) == (1, True)


def test_an_organisation_is_invited_by_a_link(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from accounts.service import setup
    from commands import organisation

    settings = dataclasses.replace(sqlite_stage.settings, base_url="https://himaya.example")
    monkeypatch.setattr(organisation, "load_settings", lambda: settings)
    result = CliRunner().invoke(organisation.group, ["invite"])
    assert result.exit_code == 0
    address, _, token = result.output.strip().rpartition("/")
    assert address == "https://himaya.example/set-up"
    setup.check_link(settings, token)
