"""5. Session row without cookie; another's cookie; fixation; after sign-out, after password change."""

from __future__ import annotations

import base64

from accounts.identity import COOKIE
from accounts.models import SignInSession
from accounts.service import sessions, signin
from core.store.base import db
from core.store.transaction import transaction
from tests.support.world import Browser, World
from vault import SessionToken

DOOR = "/sign-in"


def with_cookie(world: World, text: str) -> Browser:
    client = world.app.test_client()
    client.set_cookie(COOKIE, text, domain="localhost", secure=True)
    return Browser(client)


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie(COOKIE, domain="localhost")
    assert cookie is not None
    return cookie.value


def sent_to_door(browser: Browser) -> bool:
    answer = browser.get("/desk")
    return answer.status_code == 303 and answer.location.startswith(DOOR)


def test_the_row_lets_nobody_in_without_the_cookie(world: World) -> None:
    """The thief has the table and makes cookies from everything in it."""
    owner = world.browser("caseworker")
    assert owner.get("/desk").status_code == 200
    with world.app.app_context():
        rows = [dict(row._mapping) for row in db.session.execute(SignInSession.__table__.select())]
        db.session.rollback()
    for row in rows:
        material = row["lookup"] + (row["secret"] or b"")
        for start in (0, 16, 32):
            piece = material[start : start + 48].ljust(48, b"\0")
            assert sent_to_door(with_cookie(world, SessionToken(piece).to_cookie()))


def test_a_guessed_second_half_opens_nothing(world: World) -> None:
    """The right lookup half with another sealing half."""
    owner = world.browser("caseworker")
    true = base64.urlsafe_b64decode(cookie_of(owner))
    forged = SessionToken(true[:16] + bytes(32))
    assert forged.lookup_hash() == SessionToken(true).lookup_hash()  # the row is found
    assert sent_to_door(with_cookie(world, forged.to_cookie()))
    assert owner.get("/desk").status_code == 200


def test_the_cookie_from_before_the_second_factor_is_dead_after_it(world: World) -> None:
    """Fixation: whoever planted or saw the first cookie has nothing once the owner is in."""
    player = world.cast.players["colleague"]
    with world.app.app_context():
        with transaction():
            waiting = sessions.begin(player.id, player.actor.secret, "test")
        opened = sessions.open_secret(waiting.to_cookie())
        assert opened is not None
        db.session.rollback()
        with transaction():
            token = sessions.renew(opened)
    assert token is not None
    assert with_cookie(world, token.to_cookie()).get("/desk").status_code == 200
    assert sent_to_door(with_cookie(world, waiting.to_cookie()))


def test_after_signing_out_the_cookie_is_dead(world: World) -> None:
    browser = world.browser("caseworker")
    browser.get("/desk")
    kept = cookie_of(browser)
    browser.post("/sign-out")
    assert sent_to_door(with_cookie(world, kept))


def test_after_a_new_password_other_sessions_are_dead(world: World) -> None:
    player = world.cast.players["other_lawyer"]
    stolen, own = world.browser("other_lawyer"), world.browser("other_lawyer")
    assert stolen.get("/desk").status_code == 200
    with world.app.app_context():
        session_id = sessions.open_secret(cookie_of(own))
        assert session_id is not None
        new = signin.prepare_password(
            world.cast.settings, player.actor, player.password, "kırmızı-gemi-41-sessiz-orman"
        )
        db.session.rollback()
        with transaction():
            assert signin.change_password(player.actor, session_id.session_id, new)
    assert own.get("/desk").status_code == 200
    assert sent_to_door(stolen)
