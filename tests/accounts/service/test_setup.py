"""A new organisation: the link, the root, the papers, the first administrator."""

import dataclasses

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import vault
from accounts.models import Organisation, Person
from accounts.service import factors, keys, papers, setup, trust
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage
from tests.support.cast import PASSWORD, code_now, found


def form(**changes: object) -> setup.SetUpForm:
    secret = factors.new_secret()
    given: dict[str, object] = {
        "name_ar": "جمعية",
        "name_tr": "Dernek",
        "name_en": "Association",
        "prefix": "NEU",
        "person_name": "Yeni Yönetici",
        "email": "Yeni@neu.example",
        "language": "tr",
        "password": PASSWORD,
        "totp_secret": secret,
        "totp_code": code_now(secret),
        "holders": ("Bir", "İki", "Üç"),
        **changes,
    }
    return setup.SetUpForm(**given)  # type: ignore[arg-type] # a test may give anything


def test_the_first_administrator_holds_the_root_and_nothing_else(stage: Stage) -> None:
    admin = stage.actor(stage.sign_in("admin"))
    assert admin.roles == {Role.ADMINISTRATOR}
    root = trust.root(admin.organisation_id, admin)
    assert keys.open_key(admin, "root").signer.public == root.root_public
    held = {line.kind for line in keys.overview(admin) if line.i_hold}
    assert held == {"root"}


def test_three_papers_name_their_holders(sqlite_stage: Stage) -> None:
    assert [(number, name) for number, name, _code in sqlite_stage.cast.papers] == [
        (1, "Birinci"),
        (2, "İkinci"),
        (3, "Üçüncü"),
    ]
    recovery = next(line for line in keys.overview(sqlite_stage.cast["admin"]) if line.kind == "recovery")
    assert [holder.name for holder in recovery.holders] == ["Birinci", "İkinci", "Üçüncü"]


def test_the_link_works_once(stage: Stage) -> None:
    token = setup.new_link(stage.settings)
    setup.check_link(stage.settings, token)
    prepared = setup.prepare(stage.settings, token, form())
    setup.set_up(stage.settings, prepared)
    assert not papers.link_file(stage.settings).exists()
    with pytest.raises(NotFound):
        setup.check_link(stage.settings, token)
    again = dataclasses.replace(
        prepared, form=dataclasses.replace(prepared.form, prefix="ALT", email="b@neu.example")
    )
    with pytest.raises(NotFound):
        setup.set_up(stage.settings, again)


def test_the_link_stays_open_when_nothing_was_written(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the last moment must not lock the founders out."""
    token = setup.new_link(sqlite_stage.settings)
    prepared = setup.prepare(sqlite_stage.settings, token, form())

    def full() -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr(db.session(), "commit", full)
        with pytest.raises(OperationalError):
            setup.set_up(sqlite_stage.settings, prepared)
    setup.check_link(sqlite_stage.settings, token)
    assert setup.set_up(sqlite_stage.settings, prepared).papers
    assert not papers.link_file(sqlite_stage.settings).exists()


def test_the_link_stays_closed_when_the_organisation_was_written(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A queue that breaks after the commit: nobody founds a second organisation, the papers come again."""
    token = setup.new_link(sqlite_stage.settings)
    prepared = setup.prepare(sqlite_stage.settings, token, form())

    def broken(_session: object) -> None:
        raise ConnectionError("the queue is gone")

    with monkeypatch.context() as hooks:
        hooks.setattr("core.store.transaction.after_commit", [broken])
        with pytest.raises(ConnectionError):
            setup.set_up(sqlite_stage.settings, prepared)
    with pytest.raises(NotFound):
        setup.check_link(sqlite_stage.settings, token)
    assert papers.organisation_of(sqlite_stage.settings, token) == prepared.organisation_id


def test_a_new_link_kills_the_earlier_one_and_is_for_the_owner_only(sqlite_stage: Stage) -> None:
    earlier, later = setup.new_link(sqlite_stage.settings), setup.new_link(sqlite_stage.settings)
    setup.check_link(sqlite_stage.settings, later)
    for wrong in (earlier, "", later[:-1], "\ud800"):
        with pytest.raises(NotFound):
            setup.check_link(sqlite_stage.settings, wrong)
    assert papers.link_file(sqlite_stage.settings).stat().st_mode & 0o777 == 0o600
    assert trust.roots_file(sqlite_stage.settings).stat().st_mode & 0o777 == 0o600


def test_an_empty_link_file_lets_nobody_in(sqlite_stage: Stage) -> None:
    papers.link_file(sqlite_stage.settings).write_text("")
    with pytest.raises(NotFound):
        setup.check_link(sqlite_stage.settings, "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prefix": "ham"}, "prefix"),
        ({"prefix": "HAM"}, "prefix"),
        ({"prefix": "HAMİ"}, "prefix"),
        ({"email": "ADMIN@ham.example"}, "email"),
        ({"holders": ("Bir", "Bir ", "Üç")}, "holders"),
        ({"holders": ("Bir", "", "Üç")}, "holders"),
        ({"password": "1234567890123"}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "uzun " * 50}, "password"),
        ({"totp_code": "000000x"}, "totp_code"),
    ],
)
def test_what_cannot_be_accepted_names_its_field(
    sqlite_stage: Stage, changes: dict[str, object], field: str
) -> None:
    token = setup.new_link(sqlite_stage.settings)
    with pytest.raises(DomainError) as caught:
        setup.prepare(sqlite_stage.settings, token, form(**changes))
    assert caught.value.field == field
    setup.check_link(sqlite_stage.settings, token)


def test_set_up_is_the_first_act(sqlite_stage: Stage) -> None:
    first = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).first()
    assert first is not None
    assert (first.number, first.act, first.actor_id) == (
        1,
        "organisation.set_up",
        sqlite_stage.cast["admin"].person_id,
    )


def test_two_organisations_do_not_know_each_others_keys(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        ours, theirs = found(sqlite_app, "HAM"), found(sqlite_app, "YAR")
        key = trust.person_key(theirs["coordinator"].person_id)
        assert key.organisation_id == theirs.organisation_id != ours.organisation_id
        with pytest.raises(NotFound), transaction():
            keys.grant(ours["coordinator"], "desk", key.person_id, key.fingerprint)
        assert {line.kind for line in keys.overview(ours["coordinator"]) if line.waiting} == set()


def test_a_swapped_root_is_refused_by_server_and_member(stage: Stage) -> None:
    """Attack 4: the database shows a root whose private half the attacker has."""
    admin = stage.cast["admin"]
    assert trust.root(admin.organisation_id, admin).organisation_id == admin.organisation_id
    cookie = stage.sign_in("admin")
    forged = vault.Signer.new()
    with transaction():
        db.session.get_one(Organisation, admin.organisation_id).root_public = forged.public
    with pytest.raises(vault.Untrusted):
        trust.root(admin.organisation_id)
    # Even with the server's own list changed, the member's secret knows better.
    trust.remember_root(stage.settings, admin.organisation_id, forged.public)
    assert trust.root(admin.organisation_id).root_public == forged.public
    with pytest.raises(vault.Untrusted):
        trust.root(admin.organisation_id, admin)
    from accounts.service import sessions

    assert sessions.identify(cookie) is None


def test_an_unknown_organisation_has_no_root(sqlite_stage: Stage) -> None:
    with pytest.raises(vault.Untrusted):
        trust.root(sqlite_stage.cast["admin"].person_id)


def test_nobody_is_stored_with_a_capital_address(sqlite_stage: Stage) -> None:
    prepared = setup.prepare(sqlite_stage.settings, setup.new_link(sqlite_stage.settings), form())
    result = setup.set_up(sqlite_stage.settings, prepared)
    assert db.session.get_one(Person, result.person_id).email == "yeni@neu.example"
    assert prepared.secret.totp_secret.hex() not in repr(prepared)
    assert result.personal_code not in repr(result)
