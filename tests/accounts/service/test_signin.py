"""Password, second factor, lock, lost password, and the attacks on each."""

import dataclasses
from uuid import UUID

import pytest
from sqlalchemy import select, update

from accounts.models import Person, PersonKey, SignInSession
from accounts.service import factors, sessions, signin
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage
from tests.support.cast import code_now

NEW_PASSWORD = "turuncu-kayik-52-derin-orman"


def acts(person_id: UUID) -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEntry.act).where(AuditEntry.actor_id == person_id).order_by(AuditEntry.number)
        )
    )


def test_both_factors_open_a_session_with_the_certified_roles(stage: Stage) -> None:
    cookie = stage.sign_in("coordinator")
    actor = stage.actor(cookie)
    assert actor == stage.cast["coordinator"]
    assert actor.roles == {Role.COORDINATOR}
    assert acts(actor.person_id)[-2:] == ["sign_in.password", "sign_in.open"]


def test_the_password_alone_gives_no_actor(sqlite_stage: Stage) -> None:
    seen = sessions.identify(sqlite_stage.pending("lawyer"))
    assert seen is not None
    assert (seen.state, seen.actor) == ("second_factor", None)


@pytest.mark.parametrize("address", ["lawyer@ham.example", "nobody@ham.example"])
def test_a_wrong_password_and_an_unknown_address_look_the_same(
    sqlite_stage: Stage, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vault import passwords

    derivations = []
    derive = passwords.argon2id

    def counted(secret: bytes, salt: bytes, profile: passwords.Profile) -> bytes:
        derivations.append(profile)
        return derive(secret, salt, profile)

    monkeypatch.setattr(passwords, "argon2id", counted)
    checked = signin.check(sqlite_stage.settings, address, "wrong-password-entirely")
    with transaction():
        assert signin.begin(checked, "") is None
    assert derivations == [passwords.Profile.UNSAFE_FAST_FOR_TESTS]


def test_a_failed_sign_in_of_somebody_known_is_on_the_chain(sqlite_stage: Stage) -> None:
    lawyer = sqlite_stage.cast["lawyer"].person_id
    checked = signin.check(sqlite_stage.settings, "lawyer@ham.example", "wrong-password-entirely")
    with transaction():
        signin.begin(checked, "")
    assert acts(lawyer)[-1] == "sign_in.fail"


def test_the_right_password_under_another_pepper_opens_nothing(sqlite_stage: Stage) -> None:
    player = sqlite_stage.cast.players["lawyer"]
    other = dataclasses.replace(sqlite_stage.settings, pepper=bytes(range(32)))
    assert signin.check(other, player.email, player.password).secret is None
    assert signin.check(sqlite_stage.settings, player.email, player.password).secret == player.actor.secret


def test_the_cookie_changes_with_the_second_factor(stage: Stage) -> None:
    planted = stage.pending("lawyer")
    factor = signin.check_factor(stage.settings, sessions.open_secret(planted), stage.next_code("lawyer"))
    with transaction():
        fresh = signin.finish(factor)
    assert fresh is not None
    assert stage.actor(fresh.to_cookie()) == stage.cast["lawyer"]
    assert sessions.identify(planted) is None


def test_a_code_works_once(stage: Stage) -> None:
    code = stage.next_code("lawyer")
    for expected in (True, False):
        factor = signin.check_factor(stage.settings, sessions.open_secret(stage.pending("lawyer")), code)
        with transaction():
            assert (signin.finish(factor) is not None) is expected


def test_an_older_code_than_the_last_one_is_refused(sqlite_stage: Stage) -> None:
    older = sqlite_stage.next_code("lawyer")
    newer = sqlite_stage.next_code("lawyer")
    for code, expected in ((newer, True), (older, False)):
        factor = signin.check_factor(
            sqlite_stage.settings, sessions.open_secret(sqlite_stage.pending("lawyer")), code
        )
        with transaction():
            assert (signin.finish(factor) is not None) is expected


def test_no_code_opens_while_the_password_must_be_changed_or_after_leaving(stage: Stage) -> None:
    for row, back in (
        (update(PersonKey).values(must_change=True), update(PersonKey).values(must_change=False)),
        (update(Person).values(state="departed"), update(Person).values(state="active")),
    ):
        session = sessions.open_secret(stage.pending("lawyer"))
        for change, opens in ((row, False), (back, True)):
            with transaction():
                db.session.execute(change)
            with transaction():
                factor = signin.check_factor(stage.settings, session, stage.next_code("lawyer"))
                assert (signin.finish(factor) is not None) is opens


def test_five_wrong_codes_end_the_session(stage: Stage) -> None:
    cookie = stage.pending("lawyer")
    for _ in range(sessions.MOST_TRIES):
        factor = signin.check_factor(stage.settings, sessions.open_secret(cookie), "000000")
        with transaction():
            assert signin.finish(factor) is None
    factor = signin.check_factor(stage.settings, sessions.open_secret(cookie), stage.next_code("lawyer"))
    with transaction():
        assert signin.finish(factor) is None


def test_the_second_factor_must_come_within_five_minutes(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.pending("lawyer")
    sqlite_stage.clock.advance(minutes=5)
    factor = signin.check_factor(
        sqlite_stage.settings, sessions.open_secret(cookie), sqlite_stage.next_code("lawyer")
    )
    with transaction():
        assert signin.finish(factor) is None


def test_the_personal_code_stands_in_for_the_second_factor(stage: Stage) -> None:
    player = stage.cast.players["lawyer"]
    factor = signin.check_factor(
        stage.settings, sessions.open_secret(stage.pending("lawyer")), player.personal_code.lower()
    )
    with transaction():
        token = signin.finish(factor)
    assert token is not None
    assert acts(player.id)[-1] == "sign_in.code"


def test_somebody_elses_personal_code_does_not(sqlite_stage: Stage) -> None:
    other = sqlite_stage.cast.players["coordinator"].personal_code
    factor = signin.check_factor(
        sqlite_stage.settings, sessions.open_secret(sqlite_stage.pending("lawyer")), other
    )
    with transaction():
        assert signin.finish(factor) is None


def test_a_locked_screen_opens_with_a_code_only(stage: Stage) -> None:
    cookie = stage.sign_in("lawyer")
    stage.clock.advance(minutes=15)
    seen = sessions.identify(cookie)
    assert seen is not None
    assert (seen.state, seen.actor) == ("locked", None)
    for code, expected in (
        ("000000", False),
        (stage.cast.players["lawyer"].personal_code, False),
        (stage.next_code("lawyer"), True),
    ):
        factor = signin.check_factor(stage.settings, sessions.open_secret(cookie), code)
        with transaction():
            assert signin.unlock(factor) is expected
    assert stage.actor(cookie) == stage.cast["lawyer"]


def test_a_pending_session_cannot_be_unlocked_past_the_second_factor(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.pending("lawyer")
    factor = signin.check_factor(
        sqlite_stage.settings, sessions.open_secret(cookie), sqlite_stage.next_code("lawyer")
    )
    with transaction():
        assert not signin.unlock(factor)


def test_after_signing_out_the_cookie_opens_nothing(stage: Stage) -> None:
    cookie = stage.sign_in("lawyer")
    seen = sessions.identify(cookie)
    assert seen is not None
    with transaction():
        signin.sign_out(seen.session_id)
    ended = sessions.identify(cookie)
    assert ended is not None
    assert (ended.state, ended.actor) == ("ended", None)
    assert sessions.open_secret(cookie) is None
    assert db.session.get_one(SignInSession, seen.session_id).secret is None


def test_changing_the_password_ends_the_other_sessions(stage: Stage) -> None:
    here, elsewhere = stage.sign_in("lawyer"), stage.sign_in("lawyer")
    actor, seen = stage.actor(here), sessions.identify(here)
    assert seen is not None
    wrong = signin.prepare_password(stage.settings, actor, "not-the-old-one", NEW_PASSWORD)
    with transaction():
        assert not signin.change_password(actor, seen.session_id, wrong)
    old = stage.cast.players["lawyer"].password
    new = signin.prepare_password(stage.settings, actor, old, NEW_PASSWORD)
    with transaction():
        assert signin.change_password(actor, seen.session_id, new)
    assert stage.actor(here) == actor
    assert sessions.open_secret(elsewhere) is None
    assert signin.check(stage.settings, "lawyer@ham.example", old).secret is None
    assert signin.check(stage.settings, "LAWYER@ham.example ", NEW_PASSWORD).secret == actor.secret


def test_a_password_that_was_changed_between_the_two_halves_begins_nothing(sqlite_stage: Stage) -> None:
    player = sqlite_stage.cast.players["lawyer"]
    checked = signin.check(sqlite_stage.settings, player.email, player.password)
    new = signin.prepare_password(sqlite_stage.settings, player.actor, player.password, NEW_PASSWORD)
    with transaction():
        signin.change_password(player.actor, player.id, new)
        assert signin.begin(checked, "") is None


def test_a_weak_new_password_is_refused(sqlite_stage: Stage) -> None:
    player = sqlite_stage.cast.players["lawyer"]
    with pytest.raises(DomainError) as caught:
        signin.prepare_password(sqlite_stage.settings, player.actor, player.password, "lawyer lawyer 12")
    assert caught.value.field == "password"


def test_typing_the_password_again_is_noted(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.sign_in("lawyer")
    seen, player = sessions.identify(cookie), sqlite_stage.cast.players["lawyer"]
    assert seen is not None
    sqlite_stage.clock.advance(minutes=12)
    for password, expected in (("wrong-password-entirely", False), (player.password, True)):
        good = signin.check_password(sqlite_stage.settings, player.id, password)
        with transaction():
            assert signin.confirm(player.actor, seen.session_id, good=good) is expected
        again = sessions.identify(cookie)
        assert again is not None
        assert (again.confirmed_at == sqlite_stage.clock.instant) is expected


def test_a_lost_password_is_replaced_with_the_personal_code(stage: Stage) -> None:
    player = stage.cast.players["lawyer"]
    cookie = stage.sign_in("lawyer")
    prepared = signin.prepare_reset(stage.settings, player.email, player.personal_code, NEW_PASSWORD)
    with transaction():
        code = signin.reset(prepared)
    assert code is not None
    assert sessions.open_secret(cookie) is None
    assert signin.check(stage.settings, player.email, player.password).secret is None
    assert signin.check(stage.settings, player.email, NEW_PASSWORD).secret == player.actor.secret
    used = signin.prepare_reset(stage.settings, player.email, player.personal_code, NEW_PASSWORD)
    with transaction():
        assert signin.reset(used) is None
    # The second factor is still asked for.
    seen = sessions.identify(stage.pending("lawyer", NEW_PASSWORD))
    assert seen is not None
    assert seen.state == "second_factor"


@pytest.mark.parametrize("address", ["lawyer@ham.example", "nobody@ham.example"])
def test_without_the_personal_code_nothing_is_reset(sqlite_stage: Stage, address: str) -> None:
    other = sqlite_stage.cast.players["coordinator"].personal_code
    prepared = signin.prepare_reset(sqlite_stage.settings, address, other, NEW_PASSWORD)
    with transaction():
        assert signin.reset(prepared) is None
    assert signin.check(sqlite_stage.settings, "lawyer@ham.example", NEW_PASSWORD).secret is None


def test_a_weak_password_says_nothing_about_the_address(sqlite_stage: Stage) -> None:
    for address in ("lawyer@ham.example", "nobody@ham.example"):
        with pytest.raises(DomainError):
            signin.prepare_reset(sqlite_stage.settings, address, "x", "short")


def test_a_new_personal_code_kills_the_old_one(sqlite_stage: Stage) -> None:
    player = sqlite_stage.cast.players["lawyer"]
    new = signin.prepare_code(sqlite_stage.settings, player.actor)
    with transaction():
        code = signin.renew_code(player.actor, new)
    for tried, expected in ((player.personal_code, False), (code, True)):
        factor = signin.check_factor(
            sqlite_stage.settings, sessions.open_secret(sqlite_stage.pending("lawyer")), tried
        )
        with transaction():
            assert (signin.finish(factor) is not None) is expected


def test_a_new_second_factor_replaces_the_old_one(stage: Stage) -> None:
    player = stage.cast.players["lawyer"]
    cookie, elsewhere = stage.sign_in("lawyer"), stage.sign_in("lawyer")
    fresh = factors.new_secret()
    wrong = signin.prepare_factor(stage.settings, cookie, "not-my-password", fresh, code_now(fresh))
    assert wrong is not None
    with transaction():
        assert signin.renew(wrong) is None
    right = signin.prepare_factor(stage.settings, cookie, player.password, fresh, code_now(fresh))
    assert right is not None
    with transaction():
        renewed = signin.renew(right)
    assert renewed is not None
    assert stage.actor(renewed.token.to_cookie()).secret.totp_secret == fresh
    assert sessions.open_secret(elsewhere) is None
    assert sessions.open_secret(cookie) is None
    stale = stage.next_code("lawyer")
    for code, expected in ((stale, False), (code_now(fresh), True)):
        factor = signin.check_factor(stage.settings, sessions.open_secret(stage.pending("lawyer")), code)
        with transaction():
            assert (signin.finish(factor) is not None) is expected


def test_a_new_factor_needs_an_open_session_and_a_right_code(sqlite_stage: Stage) -> None:
    password, fresh = sqlite_stage.cast.players["lawyer"].password, factors.new_secret()
    pending = sqlite_stage.pending("lawyer")
    assert signin.prepare_factor(sqlite_stage.settings, pending, password, fresh, code_now(fresh)) is None
    with pytest.raises(DomainError) as caught:
        signin.prepare_factor(sqlite_stage.settings, sqlite_stage.sign_in("lawyer"), password, fresh, "12")
    assert caught.value.field == "totp_code"


def test_the_first_change_is_only_for_one_time_codes(sqlite_stage: Stage) -> None:
    pending, fresh = sqlite_stage.pending("lawyer"), factors.new_secret()
    assert not signin.must_change(sqlite_stage.cast.players["lawyer"].id)
    assert signin.prepare_first(sqlite_stage.settings, pending, NEW_PASSWORD, fresh, code_now(fresh)) is None


def test_no_lock_in_the_database_opens_with_what_else_is_there(sqlite_stage: Stage) -> None:
    """A stolen database with the server's own pepper still needs the password."""
    key = db.session.scalars(
        select(PersonKey).where(PersonKey.person_id == sqlite_stage.cast["lawyer"].person_id)
    ).one()
    for guess in ("", key.locked_by_password.hex(), str(key.person_id), "lawyer@ham.example"):
        assert signin.check(sqlite_stage.settings, "lawyer@ham.example", guess).secret is None
