"""A made-up organisation behind real pages, and guests who go through its doors as people do."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.models import Person
from core.store.base import db
from core.store.transaction import transaction
from tests.conftest import serving
from tests.support.cast import Cast, Player, code_now, found
from tests.support.clock import FrozenClock
from tests.support.databases import SqliteTemplate
from tests.support.instances import settings_for

HOME = "https://localhost"
_addresses = count(1)


@dataclass
class Guest:
    """A browser without JavaScript, with an address of its own: keeps cookies and sends what it was shown."""

    client: FlaskClient
    address: str = field(default_factory=lambda: f"10.0.{next(_addresses)}.1")
    page: str = ""
    csrf: str = ""

    def get(self, path: str) -> TestResponse:
        return self._read(self.client.get(path, base_url=HOME, environ_base={"REMOTE_ADDR": self.address}))

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form with the hidden fields of the page before."""
        data = {"csrf_token": self.csrf, **fields}
        return self._read(
            self.client.post(
                path,
                data=data,
                base_url=HOME,
                environ_base={"REMOTE_ADDR": self.address},
                headers={"Referer": f"{HOME}/cases"},
            )
        )

    def fill(self, path: str, **fields: object) -> TestResponse:
        """Open a form and send it."""
        self.get(path)
        return self.post(path, **fields)

    def _read(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and answer.status_code not in range(300, 400):
            self.page = answer.text
            tokens = re.findall(r'name="csrf_token" value="([^"]+)"', self.page)
            self.csrf = tokens[-1] if tokens else self.csrf
        return answer

    @property
    def text(self) -> str:
        """What a person reads: without markup, tokens and pictures."""
        shown = re.sub(r"<svg.*?</svg>|<head>.*?</head>", "", self.page, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())

    @property
    def title(self) -> str:
        return html.unescape(re.findall(r"<title>(.*?)</title>", self.page, re.DOTALL)[0])

    @property
    def codes(self) -> list[str]:
        """The codes that the page shows to be written down."""
        return [html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", self.page)]

    @property
    def authenticator(self) -> str:
        """The key of the authenticator entry on the page, as a telephone reads it."""
        found = re.findall(r"otpauth://totp/[^\"]*?secret=([A-Z2-7]+)", html.unescape(self.page))
        return str(found[0])


@dataclass
class House:
    """One application with one organisation, at a moment that tests choose."""

    app: Flask
    cast: Cast
    clock: FrozenClock

    def guest(self, language: str = "en") -> Guest:
        """Somebody nobody knows."""
        client = self.app.test_client()
        client.set_cookie("language", language, domain="localhost")
        return Guest(client)

    def player(self, name: str) -> Player:
        return self.cast.players[name]

    def code(self, name: str) -> str:
        """A code that nobody has used: half a minute later."""
        self.clock.advance(seconds=31)
        return code_now(self.player(name).totp_secret)

    def at(self, name: str, language: str = "en") -> Guest:
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
            from core.access.permissions import Role

            self.cast.join(name, *map(Role, roles))
        return name


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate) -> Iterator[House]:
    """One organisation for the tests of a module."""
    home = tmp_path_factory.mktemp("pages")
    settings = settings_for(home, sqlite_template.copy(home / "himaya.db"))
    with pytest.MonkeyPatch.context() as patch:
        clock = FrozenClock(patch)
        for app in serving(settings):
            with app.app_context():
                cast = found(app)
                db.session.rollback()
            yield House(app, cast, clock)


@pytest.fixture
def guest(house: House) -> Guest:
    return house.guest()
