"""A house with its people, and browsers in which they are signed in already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from accounts.identity import COOKIE
from accounts.service import factors, sessions
from core.store.base import db
from core.store.transaction import transaction
from tests.browser.player import Player
from tests.conftest import serving
from tests.support.cast import found
from tests.support.databases import SqliteTemplate
from tests.support.servers import LiveServer, serving_at
from tests.support.world import World


@dataclass
class Stage:
    """A server in a process of its own, and the same database at hand."""

    browser: Browser
    server: LiveServer
    world: World

    def enter(self, name: str, language: str = "tr", width: int = 1280, *, scripts: bool = True) -> Player:
        """Somebody at a device, signed in, as the cookie of a finished sign-in has it."""
        browser = self.world.browser(name, language)
        cookie = browser.client.get_cookie(COOKIE, domain="localhost")
        assert cookie is not None
        secret = factors.as_text(self.world.cast.players[name].totp_secret)
        email = self.world.cast.players[name].email
        player = Player(self.browser, self.server.url, language, width, email, secret, scripts=scripts)
        # Chromium takes a cookie of this name for https only, and sends it to this machine without.
        home = self.server.url.replace("http:", "https:")
        player.page.context.add_cookies(
            [{"name": COOKIE, "value": cookie.value, "url": home, "secure": True}]
        )
        return player

    def beside(self, prefix: str) -> Stage:
        """The same server with the people of another organisation, which is founded now."""
        with self.world.app.app_context():
            other = found(self.world.app, prefix)
            db.session.rollback()
        return Stage(self.browser, self.server, World(self.world.app, other))

    def end_sessions(self, name: str) -> None:
        """End what somebody has open, as ten hours do."""
        with self.world.app.app_context(), transaction():
            sessions.end_all(self.world.cast.players[name].id)


@pytest.fixture(scope="module")
def stage(
    browser: Browser, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """One house for the tests of a module."""
    home = tmp_path_factory.mktemp("stage")
    sqlite_template.copy(home / "himaya.db")
    with serving_at(home) as server:
        for app in serving(server.settings):
            with app.app_context():
                cast = found(app, "UYD")
                db.session.rollback()
            yield Stage(browser, server, World(app, cast))
