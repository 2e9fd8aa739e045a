"""Two people at once about keys, invitations and accounts: one does it, the other finds it done."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from accounts.models import Invitation, KeyGrant, KeyRing, OrganisationKey, Person, PersonRole
from accounts.service import drafts, factors, joining, keys, partners, people
from core.access.actors import Actor
from core.access.permissions import Role
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import ADMINISTRATOR, CASEWORKER, MANAGER, PASSWORD, Cast, code_now, found, on_stage
from tests.support.racing import Race, on_both
from tests.support.world import World

CLERK = frozenset({Role.CASEWORKER})


@pytest.fixture
def cast(race: Race) -> Iterator[Cast]:
    with on_stage(race.app) as there:
        yield there


def apart(act: Callable[[], object]) -> None:
    """Outside of the test's own context, which would let one request see what another one left there."""
    contextvars.Context().run(act)


def live(cast: Cast, kind: str) -> list[OrganisationKey]:
    rows = db.session.scalars(
        select(OrganisationKey).where(
            OrganisationKey.organisation_id == cast.organisation_id,
            OrganisationKey.kind == kind,
            OrganisationKey.retired_at.is_(None),
        )
    ).all()
    db.session.rollback()
    return list(rows)


def without_statistics(cast: Cast) -> None:
    """The organisation before its managers have made their key."""
    with transaction():
        theirs = select(OrganisationKey.id).where(OrganisationKey.kind == "statistics")
        for table in (KeyGrant, KeyRing):
            db.session.execute(delete(table).where(table.key_id.in_(theirs)))
        db.session.execute(delete(OrganisationKey).where(OrganisationKey.kind == "statistics"))


def second(cast: Cast, role: Role) -> Actor:
    """A colleague in the same role, who holds what the role holds."""
    actor = cast.join(f"second_{role}", role)
    cast.hand_over()
    return actor


def state(person_id: UUID) -> str:
    there = db.session.get_one(Person, person_id, populate_existing=True).state
    db.session.rollback()
    return there


@on_both
def test_of_two_managers_one_makes_the_key(race: Race, cast: Cast) -> None:
    without_statistics(cast)
    other = cast.join("other", MANAGER)
    made, refused = race.run(
        lambda: keys.make(cast["manager"], "statistics"), lambda: keys.make(other, "statistics")
    )
    assert isinstance(made, UUID)
    assert isinstance(refused, Conflict)
    assert [key.id for key in live(cast, "statistics")] == [made]
    assert keys.open_key(cast["manager"], "statistics").id == made


def test_both_managers_come_to_the_page_that_shows_the_key(race: Race, cast: Cast) -> None:
    without_statistics(cast)
    cast.join("other", MANAGER)
    browsers = [World(race.app, cast).browser(name) for name in ("manager", "other")]
    for browser in browsers:
        apart(partial(browser.get, "/keys/statistics/make"))
    answers = race.raw(*[lambda who=who: who.post("/keys/statistics/make") for who in browsers])
    assert [(one.status_code, one.location) for one in answers] == [(303, "/keys#statistics")] * 2
    for browser in browsers:
        apart(partial(browser.get, "/keys"))
    assert ["The key is made." in browser.text for browser in browsers].count(True) == 1
    assert ["This key exists already." in browser.text for browser in browsers].count(True) == 1
    assert len(live(cast, "statistics")) == 1


def test_two_coordinators_hand_a_key_over_once(race: Race, cast: Cast) -> None:
    other = second(cast, Role.COORDINATOR)
    newcomer = cast.join("newcomer", CASEWORKER)
    fingerprint = next(
        waiting.fingerprint
        for line in keys.overview(other)
        for waiting in line.waiting
        if waiting.person_id == newcomer.person_id
    )
    came = race.run(
        *[
            lambda who=who: keys.grant(who, "desk", newcomer.person_id, fingerprint)
            for who in (cast["coordinator"], other)
        ]
    )
    assert came == [None, None]
    assert keys.open_key(newcomer, "desk").kind == "desk"


def test_a_key_renewed_by_two_has_one_new_epoch(race: Race, cast: Cast) -> None:
    other = second(cast, Role.COORDINATOR)
    assert race.run(lambda: keys.rotate(cast["coordinator"], "desk"), lambda: keys.rotate(other, "desk")) == [
        2,
        2,
    ]
    assert [key.epoch for key in live(cast, "desk")] == [2]
    for actor in (cast["coordinator"], other, cast["caseworker"]):
        assert keys.open_key(actor, "desk").epoch == 2


@pytest.mark.parametrize("leave_first", [True, False])
def test_nobody_holds_a_key_that_was_handed_over_while_the_account_ended(
    race: Race, cast: Cast, leave_first: bool
) -> None:
    leaver = cast.join("leaver", CASEWORKER)
    fingerprint = people.colleague(cast["admin"], leaver.person_id).fingerprint
    acts = [
        lambda: people.depart(cast["admin"], leaver.person_id),
        lambda: keys.grant(cast["coordinator"], "desk", leaver.person_id, fingerprint),
    ]
    came = race.run(*(acts if leave_first else acts[::-1]))
    left, handed = came if leave_first else came[::-1]
    assert left is None
    assert handed is None or isinstance(handed, NotFound)
    held = select(func.count()).select_from(KeyGrant).where(KeyGrant.holder_id == leaver.person_id)
    assert db.session.scalar(held) == 0
    db.session.rollback()
    assert live(cast, "desk")[0].rotation_due == (handed is None)


@on_both
def test_of_two_administrators_who_end_each_other_one_stays(race: Race, cast: Cast) -> None:
    other = second(cast, ADMINISTRATOR)
    came = race.run(
        lambda: people.depart(cast["admin"], other.person_id),
        lambda: people.depart(other, cast["admin"].person_id),
    )
    assert sum(one is None for one in came) == 1
    assert sum(isinstance(one, people.LastOfRole) for one in came) == 1
    assert sorted(state(one.person_id) for one in (cast["admin"], other)) == ["active", "departed"]


@on_both
def test_an_address_is_invited_by_one_of_two(race: Race, cast: Cast) -> None:
    other = second(cast, ADMINISTRATOR)
    came = race.run(
        *[
            lambda who=who: joining.invite(who, "Kişi yeni", "yeni@ham.example", CLERK, "tr")
            for who in (cast["admin"], other)
        ]
    )
    assert sum(isinstance(one, str) for one in came) == 1
    refused = next(one for one in came if not isinstance(one, str))
    assert isinstance(refused, DomainError)
    assert refused.field == "email"


def test_an_invitation_is_withdrawn_by_one_of_two(race: Race, cast: Cast) -> None:
    other = second(cast, ADMINISTRATOR)
    with transaction():
        joining.invite(cast["admin"], "Kişi yeni", "yeni@ham.example", CLERK, "tr")
    line = joining.pending(other)[0]
    db.session.rollback()
    came = race.run(*[lambda who=who: joining.revoke(who, line.id) for who in (cast["admin"], other)])
    assert sum(one is None for one in came) == 1
    assert sum(isinstance(one, NotFound) for one in came) == 1
    assert joining.pending(other) == []


@pytest.mark.parametrize("join_first", [True, False])
def test_an_invitation_is_used_or_withdrawn(race: Race, cast: Cast, join_first: bool) -> None:
    """Whoever joined stays whole: person, role and key."""
    with transaction():
        token = joining.invite(cast["admin"], "Kişi yeni", "yeni@ham.example", CLERK, "tr")
    line = joining.pending(cast["admin"])[0]
    secret = factors.new_secret()
    prepared = joining.prepare(cast.settings, token, PASSWORD, secret, code_now(secret))
    db.session.rollback()
    acts = [lambda: joining.join(prepared), lambda: joining.revoke(cast["admin"], line.id)]
    came = race.run(*(acts if join_first else acts[::-1]))
    joined, withdrawn = came if join_first else came[::-1]
    there = db.session.get(Person, prepared.person_id)
    roles = db.session.scalars(
        select(PersonRole.role).where(PersonRole.person_id == prepared.person_id)
    ).all()
    db.session.rollback()
    if isinstance(joined, joining.Joined):
        assert isinstance(withdrawn, NotFound)
        assert (there is not None and there.state, list(roles)) == ("active", ["caseworker"])
    else:
        assert isinstance(joined, NotFound)
        assert withdrawn is None
        assert (there, list(roles)) == (None, [])


def test_a_link_used_twice_makes_one_member(race: Race, cast: Cast) -> None:
    with transaction():
        token = joining.invite(cast["admin"], "Kişi yeni", "yeni@ham.example", CLERK, "tr")
    prepared = []
    for _ in range(2):
        secret = factors.new_secret()
        prepared.append(joining.prepare(cast.settings, token, PASSWORD, secret, code_now(secret)))
    db.session.rollback()
    came = race.run(*[lambda one=one: joining.join(one) for one in prepared])
    assert sum(isinstance(one, joining.Joined) for one in came) == 1
    assert sum(isinstance(one, NotFound) for one in came) == 1
    used = select(func.count()).select_from(Invitation).where(Invitation.used_at.is_not(None))
    assert db.session.scalar(used.where(Invitation.person_id == prepared[0].person_id)) == 1
    db.session.rollback()


def test_a_partner_compared_by_two_is_compared(race: Race, cast: Cast) -> None:
    partner = found(race.app, "ORT")
    fingerprint = partners.own_fingerprint(partner["admin"])
    db.session.rollback()
    came = race.run(
        *[
            lambda name=name: partners.confirm(cast[name], partner.organisation_id, fingerprint)
            for name in ("admin", "coordinator")
        ]
    )
    assert came == [None, None]
    assert partners.compared(cast["admin"], partner.organisation_id)


def test_of_two_drafts_saved_at_once_the_later_comes_back(race: Race, cast: Cast) -> None:
    me = cast["caseworker"]
    came = race.run(
        *[
            lambda text=text: drafts.save(me.person_id, "cases.record", None, {"narrative": text})
            for text in ("earlier", "later")
        ]
    )
    assert came == [None, None]
    assert drafts.load(me, "cases.record") == {"narrative": "later"}
    with transaction():
        drafts.discard(me, "cases.record")
    assert drafts.load(me, "cases.record") is None
