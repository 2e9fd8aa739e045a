"""Nobody leaves with a key of the organisation in the pocket: who is missed, and how papers bring it back."""

import pytest
from click.testing import CliRunner
from flask_babel import force_locale
from sqlalchemy import select

from accounts.models import KeyGrant, OrganisationKey, Person
from accounts.service import factors, grants, keys, people, recovery, signin, succession, trust
from cases.service import files
from core.access.actors import Actor
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.errors import DomainError, Locked
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage
from tests.accounts.service.test_recovery import NEW_PASSWORD, papers
from tests.support.cast import COORDINATOR, FOCAL_POINT, LAWYER, MANAGER, code_now
from vault import Pair, Signer

LAST = {"admin": "root", "coordinator": "supervision", "manager": "statistics", "focal": "partner"}


def recovered(stage: Stage, name: str) -> Actor:
    """Somebody of the cast with the key that two papers made."""
    prepared = recovery.prepare(
        stage.settings, stage.cast.organisation_id, papers(stage, 1, 2), stage.cast.players[name].email
    )
    with transaction():
        recovery.recover_person(prepared)
    old = stage.cast[name]
    again = Actor(old.person_id, old.organisation_id, old.roles, old.language, prepared.secret)
    stage.cast.players[name].actor = again
    return again


def end(stage: Stage, name: str, *, forced: bool = True) -> None:
    with force_locale("en"), transaction():
        people.depart(stage.cast["admin"], stage.cast[name].person_id, forced=forced)


@pytest.mark.parametrize("name", sorted(LAST))
def test_the_last_of_every_role_that_makes_keys_is_named(sqlite_stage: Stage, name: str) -> None:
    with pytest.raises(people.LastOfRole, match="This is the last") as caught:
        end(sqlite_stage, name, forced=False)
    assert "papers" in caught.value.message
    assert db.session.get_one(Person, sqlite_stage.cast[name].person_id).state == "active"


def test_a_colleague_of_the_same_role_without_the_key_does_not_count_as_a_holder(sqlite_stage: Stage) -> None:
    """The role alone opens nothing: a second manager who was never granted the key cannot stand in."""
    sqlite_stage.cast.join("second", MANAGER)
    with pytest.raises(people.LastOfRole, match="Dossiers · Statistics"):
        end(sqlite_stage, "manager", forced=False)
    sqlite_stage.cast.hand_over()
    end(sqlite_stage, "manager", forced=False)


def test_a_grant_slipped_into_the_table_makes_nobody_a_holder(sqlite_stage: Stage) -> None:
    cast, second = sqlite_stage.cast, sqlite_stage.cast.join("second", MANAGER)
    stranger = Signer.new()
    with transaction():
        for row in db.session.scalars(select(OrganisationKey).where(OrganisationKey.kind == "statistics")):
            grants.hand_over(
                row, Pair.new().private_bytes(), second.person_id, second.secret.pair.public,
                cast["manager"].person_id, stranger,
            )  # fmt: skip
    with pytest.raises(people.LastOfRole, match="Statistics"):
        end(sqlite_stage, "manager", forced=False)
    end(sqlite_stage, "manager")
    # Recovery does not take the forged grant for a held key, and gives the true one.
    again = recovered(sqlite_stage, "second")
    assert keys.open_key(again, "statistics").epoch == 1


def test_keys_whose_last_holder_left_come_back_to_a_newly_invited_colleague(stage: Stage) -> None:
    """Every epoch: what was sealed before and after the renewal opens again, and a new epoch can begin."""
    cast = stage.cast
    with transaction():
        keys.rotate(cast["manager"], "statistics")
    before = [one.private for one in keys.open_all(cast["manager"], "statistics")]
    end(stage, "manager")
    cast.join("second", MANAGER)
    with pytest.raises(Locked):
        keys.open_key(cast["second"], "statistics")
    again = recovered(stage, "second")
    assert [one.private for one in keys.open_all(again, "statistics")] == before
    assert keys.open_key(again, "dossier").epoch == 1
    with transaction():
        assert keys.renew_due(again) == 2
    assert keys.open_key(again, "statistics").epoch == 3


def test_a_new_coordinator_reads_the_files_of_one_who_left_for_good(sqlite_stage: Stage) -> None:
    cast = sqlite_stage.cast
    case_id = cast.record()
    end(sqlite_stage, "coordinator")
    cast.join("second", COORDINATOR)
    with pytest.raises(DomainError), transaction():
        files.open_case(cast["second"], case_id)
    again = recovered(sqlite_stage, "second")
    # Caseworkers hold the desk key but may not hand it on, so it comes from the papers too.
    assert {line.kind for line in keys.overview(again) if line.i_hold} == {"supervision", "desk", "match"}
    with transaction():
        assert files.open_case(again, case_id).record["issue"] == "A02"


@pytest.mark.parametrize(("role", "kind"), [(MANAGER, "statistics"), (FOCAL_POINT, "partner")])
def test_a_key_that_a_colleague_can_hand_over_waits_for_them(
    sqlite_stage: Stage, role: Role, kind: str
) -> None:
    """Papers do not replace the comparison of fingerprints while somebody is there to compare."""
    sqlite_stage.cast.join("second", role)
    again = recovered(sqlite_stage, "second")
    with pytest.raises(Locked):
        keys.open_key(again, kind)


def test_a_lawyer_never_gets_the_dossiers_by_recovery(sqlite_stage: Stage) -> None:
    end(sqlite_stage, "manager")
    sqlite_stage.cast.join("second", LAWYER)
    with pytest.raises(Locked):
        keys.open_key(recovered(sqlite_stage, "second"), "dossier")


def test_two_papers_let_a_new_administrator_in_when_the_last_one_left(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commands import recover as command

    cast, address = stage.cast, "yeni@ham.example"
    monkeypatch.setattr(command, "load_settings", lambda: stage.settings)
    monkeypatch.setattr(command, "application", lambda _settings: cast.app)
    given = papers(stage, 2, 3)

    def appoint(email: str, name: str = "Yeni\u202e\nKişi") -> tuple[int, str]:
        options = ["--organisation", "HAM", "--email", email, "--new-administrator", name]
        typed = ["2", given[2], "3", given[3]]
        result = CliRunner().invoke(command.recover, options, input="\n".join(typed) + "\n")
        return result.exit_code, result.output

    status, output = appoint(address)
    assert (status, "can invite colleagues" in output) == (1, True)
    end(stage, "admin")
    assert [appoint(address, "\u200f ")[0], appoint(address, "x" * 500)[0]] == [1, 1]
    assert [appoint("yeni")[0], appoint(cast.players["lawyer"].email)[0]] == [1, 1]
    status, output = appoint(address)
    assert status == 0, output
    code = next(one.strip() for one in output.splitlines() if one.startswith("    "))
    checked = signin.check(stage.settings, address, code)
    with transaction():
        pending = signin.begin(checked, "test")
    assert pending is not None
    fresh = factors.new_secret()
    first = signin.prepare_first(stage.settings, pending.to_cookie(), NEW_PASSWORD, fresh, code_now(fresh))
    assert first is not None
    with transaction():
        renewed = signin.renew(first)
    assert renewed is not None
    administrator = stage.actor(renewed.token.to_cookie())
    assert administrator.roles == {Role.ADMINISTRATOR}
    cast.players["admin"].actor = administrator
    newcomer = cast.join("newcomer", MANAGER)  # the root is in their hands
    assert trust.person_key(newcomer.person_id).roles == {MANAGER}
    assert db.session.get_one(Person, administrator.person_id).name == "Yeni Kişi"
    assert "person.appoint" in db.session.scalars(select(AuditEntry.act)).all()
    assert appoint("another@ham.example")[0] == 1


def test_one_paper_appoints_nobody(sqlite_stage: Stage) -> None:
    import vault

    end(sqlite_stage, "admin")
    home = sqlite_stage.cast.organisation_id
    with pytest.raises(vault.Unreadable):
        succession.prepare(
            sqlite_stage.settings,
            recovery.open_with_papers(home, papers(sqlite_stage, 2)), "X", "x@ham.example", "tr",
        )  # fmt: skip
    left = select(KeyGrant.id).where(KeyGrant.holder_id == sqlite_stage.cast["admin"].person_id)
    assert db.session.scalar(left) is None
