"""A made-up organisation behind real pages, and people who go through its doors as people do."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from accounts.models import Person
from core.access.permissions import Role
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Player, code_now
from tests.support.clock import FrozenClock
from tests.support.databases import SqliteTemplate
from tests.support.world import Browser, World, opened


@dataclass
class House(World):
    """One application with one organisation, at a moment that tests choose."""

    clock: FrozenClock

    def guest(self, language: str = "en") -> Browser:
        """Somebody nobody knows."""
        client = self.app.test_client()
        client.set_cookie("language", language, domain="localhost")
        return Browser(client)

    def player(self, name: str) -> Player:
        return self.cast.players[name]

    def code(self, name: str) -> str:
        """A code that nobody has used: half a minute later."""
        self.clock.advance(seconds=31)
        return code_now(self.player(name).totp_secret)

    def at(self, name: str, language: str = "en") -> Browser:
        """Somebody who has just signed in through the pages."""
        with self.app.app_context(), transaction():
            db.session.get_one(Person, self.player(name).id).language = language
        guest = self.guest(language)
        guest.fill("/sign-in", email=self.player(name).email, password=self.player(name).password)
        answer = guest.fill("/sign-in/code", code=self.code(name))
        assert answer.location == "/desk", guest.text
        return guest

    def newcomer(self, *roles: str) -> str:
        """Somebody who joined a moment ago and may leave again; gives the name to call them by."""
        name = f"new{uuid4().hex[:8]}"
        with self.app.app_context():
            self.cast.join(name, *map(Role, roles))
        return name


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate) -> Iterator[House]:
    """One organisation for the tests of a module."""
    home = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch, opened(home, sqlite_template) as world:
        yield House(world.app, world.cast, FrozenClock(patch))


@pytest.fixture
def guest(house: House) -> Browser:
    return house.guest()
