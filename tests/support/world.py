"""A made-up organisation behind real pages, and browsers that are signed in as its people."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.identity import COOKIE
from accounts.models import Person
from accounts.service import sessions
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, found
from tests.support.databases import SqliteTemplate
from tests.support.instances import settings_for

HOME = "https://localhost"


@dataclass
class Browser:
    """A browser without JavaScript: it keeps cookies and sends the forms it was shown."""

    client: FlaskClient
    page: str = ""
    csrf: str = field(default="", repr=False)

    def get(self, path: str) -> TestResponse:
        return self._read(self.client.get(path, base_url=HOME))

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form with the token of the last page."""
        data = {"csrf_token": self.csrf, **fields}
        return self._read(self.client.post(path, data=data, base_url=HOME))

    def _read(self, answer: TestResponse) -> TestResponse:
        self.page = answer.text if answer.mimetype == "text/html" else ""
        tokens = re.findall(r'name="csrf_token" value="([^"]+)"', self.page)
        self.csrf = tokens[-1] if tokens else self.csrf
        return answer

    @property
    def errors(self) -> list[str]:
        """What the summary above the form says."""
        summary = re.findall(r'<section class="error-summary".*?</section>', self.page, re.DOTALL)
        lines = re.findall(r"<li>(.*?)</li>", summary[0], re.DOTALL) if summary else []
        return [html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]

    @property
    def version(self) -> str:
        """The version of the case that the form on the page carries."""
        found: list[str] = re.findall(r'name="version"[^>]*value="(\d+)"', self.page)
        return found[0]

    @property
    def title(self) -> str:
        return html.unescape(re.findall(r"<title>(.*?)</title>", self.page, re.DOTALL)[0])


@dataclass
class World:
    """The cast, and a way to sit down at somebody's desk."""

    app: Flask
    cast: Cast

    def browser(self, name: str, language: str = "en") -> Browser:
        """A browser in which somebody is signed in, in a language of their choice."""
        player = self.cast.players[name]
        with self.app.app_context():
            with transaction():
                db.session.get_one(Person, player.id).language = language
                waiting = sessions.begin(player.id, player.actor.secret, "test")
            opened = sessions.open_secret(waiting.to_cookie())
            assert opened is not None
            with transaction():
                token = sessions.renew(opened.session_id, opened.secret)
        assert token is not None
        client = self.app.test_client()
        client.set_cookie(COOKIE, token.to_cookie(), domain="localhost", secure=True)
        client.set_cookie("language", language, domain="localhost")
        return Browser(client)

    def record(self, by: str = "caseworker", **changes: object) -> UUID:
        """A case recorded through the service."""
        with self.app.app_context():
            return self.cast.record(by, **changes)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate) -> Iterator[World]:
    """One organisation for the tests of a module."""
    home = tmp_path_factory.mktemp("pages")
    settings = settings_for(home, sqlite_template.copy(home / "himaya.db"))
    from tests.conftest import serving

    for app in serving(settings):
        with app.app_context():
            cast = found(app)
            db.session.rollback()
        yield World(app, cast)
