"""Colleagues, the own account, and leaving for good."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

import vault
from accounts.models import Draft, KeyGrant, KeyRing, Person, PersonKey
from accounts.service import drafts, grants, keys, people, sessions, signin, trust
from core.access.actors import Actor
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.errors import Conflict, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage
from tests.accounts.service.test_keys import line, row
from tests.support.cast import CASEWORKER, COORDINATOR


@pytest.fixture
def left() -> Iterator[list[tuple[UUID, UUID]]]:
    """Who was told that somebody left."""
    heard: list[tuple[UUID, UUID]] = []

    def hook(actor: Actor, person_id: UUID) -> None:
        heard.append((actor.person_id, person_id))

    people.on_departure.append(hook)
    try:
        yield heard
    finally:
        people.on_departure.remove(hook)


def test_administrators_and_coordinators_see_who_is_here(sqlite_stage: Stage) -> None:
    seen = people.everyone(sqlite_stage.cast["admin"])
    assert {one.email for one in seen} == {one.email for one in sqlite_stage.cast.players.values()}
    lawyer = next(one for one in seen if one.id == sqlite_stage.cast["lawyer"].person_id)
    assert lawyer.roles == {Role.LAWYER}
    assert lawyer.fingerprint == people.profile(sqlite_stage.cast["lawyer"]).fingerprint
    assert people.everyone(sqlite_stage.cast["coordinator"])
    assert people.everyone(sqlite_stage.cast["lawyer"]) == []
    assert people.colleague(sqlite_stage.cast["admin"], lawyer.id) == lawyer
    with pytest.raises(NotFound):
        people.colleague(sqlite_stage.cast["admin"], uuid4())


def test_the_own_account_is_changed_once_per_version(stage: Stage) -> None:
    lawyer = stage.cast["lawyer"]
    version = people.profile(lawyer).version

    def change(version: int, name: str) -> int:
        with transaction():
            return people.change_profile(
                lawyer, version, name=name, language="ar", languages=["ar", "tr"], provinces=["34"]
            )

    assert change(version, "Av. Kişi") == version + 1
    with pytest.raises(Conflict):
        change(version, "Başka")
    now = people.profile(lawyer)
    assert (now.name, now.language, now.languages, now.provinces) == ("Av. Kişi", "ar", ["ar", "tr"], ["34"])
    with transaction():
        people.remember_language(lawyer, "en")
    assert stage.actor(stage.sign_in("lawyer")).language == "en"


def test_who_has_left_opens_nothing_any_more(stage: Stage, left: list[tuple[UUID, UUID]]) -> None:
    cast, player = stage.cast, stage.cast.players["caseworker"]
    cookie = stage.sign_in("caseworker")
    with transaction():
        drafts.save(player.id, "cases.new", None, {"narrative": ["…"]})
        keys.open_key(player.actor, "desk")
    with transaction():
        people.depart(cast["admin"], player.id)
    assert left == [(cast["admin"].person_id, player.id)]
    assert sessions.open_secret(cookie) is None
    seen = sessions.identify(cookie)
    assert seen is None or seen.actor is None
    assert signin.check(stage.settings, player.email, player.password).secret is None
    reset = signin.prepare_reset(stage.settings, player.email, player.personal_code, "turuncu-kayik-52-orman")
    with transaction():
        assert signin.reset(reset) is None
    with pytest.raises(vault.Untrusted):
        trust.person_key(player.id)
    with pytest.raises(Locked):
        keys.open_key(player.actor, "desk")
    for model, column in (
        (KeyGrant, KeyGrant.holder_id),
        (KeyRing, KeyRing.person_id),
        (Draft, Draft.person_id),
    ):
        assert db.session.scalar(select(model).where(column == player.id)) is None
    locks = db.session.execute(
        select(PersonKey.locked_by_password, PersonKey.locked_by_code).where(PersonKey.person_id == player.id)
    ).one()
    assert (locks.locked_by_password, locks.locked_by_code) == (b"", None)
    gone = next(one for one in people.everyone(cast["admin"]) if one.id == player.id)
    assert (gone.state, gone.roles, gone.fingerprint) == ("departed", frozenset({Role.CASEWORKER}), "")
    with pytest.raises(NotFound), transaction():
        people.depart(cast["admin"], player.id)


def test_what_somebody_held_waits_for_a_new_epoch_without_them(stage: Stage) -> None:
    cast, leaver = stage.cast, stage.cast["caseworker"]
    old = keys.open_key(leaver, "desk")
    with transaction():
        people.depart(cast["admin"], leaver.person_id)
    due = {kind for kind in keys.KINDS if line(stage, kind).needs_new_epoch}
    assert due == {"desk", "match"}
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert acts.count("key.rotation_due") == len(due)
    with transaction():
        keys.rotate(cast["coordinator"], "desk")
    assert not line(stage, "desk").needs_new_epoch
    assert leaver.person_id not in {one.person_id for one in line(stage, "desk").holders}
    certified = trust.organisation_key(cast.organisation_id, "desk")
    assert certified is not None
    context = vault.Context("after", 1)
    sealed = vault.seal_to(certified.public, b"written after rotation", context)
    assert keys.open_key(cast["colleague"], "desk").pair.open(sealed, context) == b"written after rotation"
    with pytest.raises(vault.Unreadable):
        old.pair.open(sealed, context)


def test_what_a_leaver_granted_still_opens_but_no_later_grant_does(stage: Stage) -> None:
    cast = stage.cast
    second = cast.join("second", COORDINATOR)
    cast.hand_over()
    newcomer = cast.join("newcomer", CASEWORKER)
    with transaction():
        keys.grant(second, "desk", newcomer.person_id, trust.person_key(newcomer.person_id).fingerprint)
        private = keys.open_key(second, "desk").private
    stage.clock.advance(hours=1)
    with transaction():
        people.depart(cast["admin"], second.person_id)
    assert keys.open_key(newcomer, "desk").private == private
    stage.clock.advance(hours=1)
    with transaction():
        grants.hand_over(
            row(stage, "desk"),
            private,
            newcomer.person_id,
            newcomer.secret.pair.public,
            second.person_id,
            second.secret.signer,
        )
    with pytest.raises(vault.Untrusted):
        keys.open_key(newcomer, "desk")


@pytest.mark.parametrize("name", ["admin", "coordinator"])
def test_the_last_of_a_role_leaves_only_when_the_consequence_is_accepted(
    sqlite_stage: Stage, name: str
) -> None:
    cast, person_id = sqlite_stage.cast, sqlite_stage.cast[name].person_id
    with pytest.raises(people.LastOfRole) as caught, transaction():
        people.depart(cast["admin"], person_id)
    assert caught.value.status == 422
    assert db.session.get_one(Person, person_id).state == "active"
    with transaction():
        people.depart(cast["admin"], person_id, forced=True)
    assert db.session.get_one(Person, person_id).state == "departed"


def test_with_a_second_one_the_first_may_go(sqlite_stage: Stage) -> None:
    sqlite_stage.cast.join("second", COORDINATOR)
    sqlite_stage.cast.hand_over()
    with transaction():
        people.depart(sqlite_stage.cast["admin"], sqlite_stage.cast["coordinator"].person_id)
    with pytest.raises(vault.Untrusted):
        trust.person_key(sqlite_stage.cast["coordinator"].person_id)


def test_only_an_administrator_ends_accounts(sqlite_stage: Stage) -> None:
    with pytest.raises(NotFound), transaction():
        people.depart(sqlite_stage.cast["coordinator"], sqlite_stage.cast["lawyer"].person_id)
