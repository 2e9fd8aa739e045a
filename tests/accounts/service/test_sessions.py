"""What time, revocation and a thief do to a session."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update

import vault
from accounts import tasks
from accounts.models import KeyGrant, Person, SignInSession
from accounts.service import keys, sessions
from core.audit.models import AuditEntry
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage


def seen(cookie: str) -> sessions.Seen:
    found = sessions.identify(cookie)
    assert found is not None
    return found


def settle(cookie: str) -> SignInSession:
    session_id = seen(cookie).session_id
    with transaction():
        sessions.settle(session_id)
    return db.session.get_one(SignInSession, session_id)


def test_the_row_opens_nothing_without_the_cookie(stage: Stage) -> None:
    """Attack 5, and 1: the database, with every key that lies in it or among the server's secrets."""
    cookie = stage.sign_in("coordinator")
    row = db.session.scalars(select(SignInSession).where(SignInSession.state == "open")).one()
    token = vault.SessionToken.from_cookie(cookie)
    assert row.secret is not None
    assert vault.open_secret(token, row.secret, row.id) == stage.cast["coordinator"].secret.to_bytes()
    settings = stage.settings
    for secret in (settings.pepper, settings.cookie_key, settings.csrf_key, settings.token_key, row.lookup):
        with pytest.raises(vault.Unreadable):
            vault.open_secret(vault.SessionToken((secret + secret)[:48]), row.secret, row.id)


def test_anothers_cookie_opens_anothers_session_only(sqlite_stage: Stage) -> None:
    mine, theirs = sqlite_stage.sign_in("lawyer"), sqlite_stage.sign_in("coordinator")
    my_row, their_row = seen(mine).session_id, seen(theirs).session_id
    with transaction():
        row = db.session.get_one(SignInSession, my_row)
        row.secret = db.session.get_one(SignInSession, their_row).secret
    assert sessions.identify(mine) is None
    assert sessions.open_secret(mine) is None
    assert sqlite_stage.actor(theirs) == sqlite_stage.cast["coordinator"]


def test_a_session_moved_to_another_person_opens_nothing_of_theirs(sqlite_stage: Stage) -> None:
    """Whoever writes to the table can name another person, but not give that person's keys."""
    cookie = sqlite_stage.sign_in("lawyer")
    coordinator = sqlite_stage.cast["coordinator"]
    with transaction():
        db.session.execute(update(SignInSession).values(person_id=coordinator.person_id))
    assert sessions.identify(cookie) is None
    assert db.session.scalar(select(KeyGrant).where(KeyGrant.holder_id == coordinator.person_id))


@pytest.mark.parametrize("cookie", ["", "x", "A" * 64, "é" * 64, "A" * 65, "a b" * 21 + "A"])
def test_a_cookie_that_nobody_gave_is_nothing(sqlite_stage: Stage, cookie: str) -> None:
    assert sessions.identify(cookie) is None
    assert sessions.owner(cookie) is None
    assert sessions.open_secret(cookie) is None


def test_an_idle_session_is_locked_and_stays_locked(stage: Stage) -> None:
    cookie = stage.sign_in("lawyer")
    stage.clock.advance(minutes=14, seconds=59)
    assert seen(cookie).state == "open"
    stage.clock.advance(seconds=1)
    assert (seen(cookie).state, seen(cookie).actor, seen(cookie).due) == ("locked", None, True)
    row = settle(cookie)
    assert (row.state, row.secret is not None) == ("locked", True)
    assert not seen(cookie).due
    assert "session.lock" in db.session.scalars(select(AuditEntry.act)).all()


def test_a_session_in_use_is_seen_at_most_once_a_minute(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.sign_in("lawyer")
    sqlite_stage.clock.advance(seconds=59)
    assert not seen(cookie).due
    sqlite_stage.clock.advance(seconds=1)
    assert seen(cookie).due
    assert settle(cookie).seen_at == sqlite_stage.clock.instant
    assert not seen(cookie).due
    sqlite_stage.clock.advance(minutes=14, seconds=59)
    assert seen(cookie).state == "open"


def test_a_session_ends_after_ten_hours_whatever_happens(stage: Stage) -> None:
    cookie = stage.sign_in("lawyer")
    for _ in range(60):
        stage.clock.advance(minutes=10)
        if seen(cookie).state != "open":
            break
        settle(cookie)
    ended = seen(cookie)
    assert (ended.state, ended.actor, ended.due) == ("ended", None, True)
    row = settle(cookie)
    assert (row.state, row.secret) == ("ended", None)
    assert row.expires_at - row.created_at == sessions.LONGEST


def test_an_ended_row_stays_a_day_without_its_secret(stage: Stage) -> None:
    cookie = stage.sign_in("lawyer")
    stage.clock.advance(hours=10)
    tasks.purge_sessions()
    db.session.rollback()
    row = db.session.get_one(SignInSession, seen(cookie).session_id)
    assert (row.state, row.secret) == ("ended", None)
    assert sessions.owner(cookie) == stage.cast["lawyer"].person_id
    stage.clock.advance(hours=23, minutes=59)
    tasks.purge_sessions()
    assert sessions.owner(cookie) is not None
    stage.clock.advance(minutes=1)
    tasks.purge_sessions()
    assert sessions.owner(cookie) is None
    assert db.session.scalar(select(SignInSession)) is None
    assert not sessions.purge_due()


def test_one_can_lock_the_own_screen(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.sign_in("lawyer")
    for _ in range(2):
        with transaction():
            sessions.lock(seen(cookie).session_id)
        assert seen(cookie).state == "locked"


def test_own_devices_are_listed_and_revoked(stage: Stage) -> None:
    here, lost = stage.sign_in("lawyer"), stage.sign_in("lawyer")
    stage.sign_in("coordinator")
    lawyer = stage.cast["lawyer"]
    lines = sessions.mine(lawyer)
    assert [(one.device, one.state) for one in lines] == [("Firefox, Linux", "open")] * 2
    with transaction():
        sessions.revoke(lawyer, seen(lost).session_id)
    assert sessions.open_secret(lost) is None
    assert [one.id for one in sessions.mine(lawyer)] == [seen(here).session_id]
    assert stage.actor(here) == lawyer


def test_nobody_revokes_anothers_session(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.sign_in("lawyer")
    for session_id in (seen(cookie).session_id, uuid4()):
        with pytest.raises(NotFound), transaction():
            sessions.revoke(sqlite_stage.cast["admin"], session_id)
    assert sqlite_stage.actor(cookie) == sqlite_stage.cast["lawyer"]
    with transaction():
        sessions.revoke(sqlite_stage.cast["lawyer"], seen(cookie).session_id)
    with pytest.raises(NotFound), transaction():
        sessions.revoke(sqlite_stage.cast["lawyer"], seen(cookie).session_id)


def test_what_comes_after_the_end_does_nothing(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.sign_in("lawyer")
    opened, session_id = sessions.open_secret(cookie), seen(cookie).session_id
    assert opened is not None
    with transaction():
        sessions.end(session_id)
    with transaction():
        assert sessions.renew(opened) is None
        assert not sessions.reopen(session_id)
        for act in (sessions.lock, sessions.confirm, sessions.count_failure, sessions.end, sessions.settle):
            act(session_id)
        sessions.settle(uuid4())
    row = db.session.get_one(SignInSession, session_id)
    assert (row.state, row.secret, row.tries) == ("ended", None, 0)


def test_the_session_of_somebody_who_is_no_longer_active_is_nothing(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.sign_in("lawyer")
    with transaction():
        db.session.execute(update(Person).values(state="departed"))
    assert sessions.identify(cookie) is None
    assert sessions.open_secret(cookie) is None


def test_nothing_secret_is_in_a_repr(sqlite_stage: Stage) -> None:
    cookie = sqlite_stage.sign_in("coordinator")
    opened = sessions.open_secret(cookie)
    assert opened is not None
    held = keys.open_key(sqlite_stage.cast["coordinator"], "desk")
    shown = repr((opened, seen(cookie), held))
    for secret in (opened.secret.totp_secret, opened.secret.pair.private_bytes(), held.private):
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown
