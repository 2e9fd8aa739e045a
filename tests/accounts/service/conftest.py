"""An organisation with people in every role, and how its people sign in."""

from collections.abc import Iterator

import pytest
from flask import Flask

from accounts.service import sessions, signin
from core.access.actors import Actor
from core.store.transaction import transaction
from tests.support.cast import Cast, code_now, on_stage
from tests.support.clock import FrozenClock


class Stage:
    """The cast and a clock, with the steps that tests repeat."""

    def __init__(self, cast: Cast, clock: FrozenClock) -> None:
        self.cast = cast
        self.clock = clock
        self.settings = cast.settings

    def next_code(self, name: str) -> str:
        """A code that was not used yet: the next one that the phone shows."""
        self.clock.advance(seconds=30)
        return code_now(self.cast.players[name].totp_secret)

    def pending(self, name: str, password: str | None = None) -> str:
        """The cookie after the password."""
        player = self.cast.players[name]
        checked = signin.check(self.settings, player.email, password or player.password)
        with transaction():
            token = signin.begin(checked, "Firefox, Linux")
        assert token is not None
        return token.to_cookie()

    def sign_in(self, name: str) -> str:
        """The cookie after both factors."""
        first = self.pending(name)
        factor = signin.check_factor(self.settings, sessions.open_secret(first), self.next_code(name))
        with transaction():
            token = signin.finish(factor)
        assert token is not None
        return token.to_cookie()

    def actor(self, cookie: str) -> Actor:
        """Who the cookie lets in."""
        seen = sessions.identify(cookie)
        assert seen is not None
        assert seen.actor is not None
        return seen.actor


@pytest.fixture
def stage(app: Flask, clock: FrozenClock) -> Iterator[Stage]:
    """On SQLite and on PostgreSQL."""
    with on_stage(app) as cast:
        yield Stage(cast, clock)


@pytest.fixture
def sqlite_stage(sqlite_app: Flask, clock: FrozenClock) -> Iterator[Stage]:
    """On SQLite only."""
    with on_stage(sqlite_app) as cast:
        yield Stage(cast, clock)
