"""A made-up organisation behind real pages, and browsers that are signed in as its people."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote
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
from tests.support.cast import Cast, on_stage
from tests.support.databases import SqliteTemplate
from tests.support.instances import settings_for

HOME = "https://localhost"
_addresses = count(1)


@dataclass
class Browser:
    """A browser without JavaScript, with an address of its own: keeps cookies and sends what it was shown."""

    client: FlaskClient
    address: str = field(default_factory=lambda: f"10.0.{next(_addresses)}.1")
    page: str = ""
    csrf: str = field(default="", repr=False)

    def get(self, path: str) -> TestResponse:
        return self._read(self.client.get(path, base_url=HOME, environ_base={"REMOTE_ADDR": self.address}))

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form with the token of the last page."""
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
        """Show the page; an answer that leads elsewhere leaves the last one where it is."""
        if answer.location is None:
            self.page = answer.text if answer.mimetype == "text/html" else ""
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
    def codes(self) -> list[str]:
        """The codes that the page shows to be written down."""
        return [html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", self.page)]

    @property
    def authenticator(self) -> str:
        """The key of the authenticator entry on the page, as a telephone reads it."""
        found = re.findall(r"otpauth://totp/[^\"]*?secret=([A-Z2-7]+)", html.unescape(self.page))
        return str(found[0])


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
                token = sessions.renew(opened)
        assert token is not None
        client = self.app.test_client()
        client.set_cookie(COOKIE, token.to_cookie(), domain="localhost", secure=True)
        client.set_cookie("language", language, domain="localhost")
        return Browser(client)

    def record(self, by: str = "caseworker", **changes: object) -> UUID:
        """A case recorded through the service."""
        with self.app.app_context():
            return self.cast.record(by, **changes)


def as_written(world: World, path: str) -> str:
    """An address as pages write it, with what stands for the codes in it."""
    adapter = world.app.url_map.bind("localhost")
    plain, mark, asked = path.partition("?")
    with world.app.app_context():
        endpoint, values = adapter.match(plain, method="GET")
        return f"{adapter.build(endpoint, values)}{mark}{asked}"


def too_late(world: World, name: str, page: str, sent_to: str = "", /, **fields: object) -> Browser:
    """Fill in the form of a page after signing out in another tab; then come back to it in a new sign-in."""
    browser = world.browser(name)
    browser.get(page)
    form, hidden = browser.csrf, re.findall(r'name="(version\w*)"[^>]*value="(\d+)"', browser.page)
    browser.post("/sign-out")
    sent = browser.post(sent_to or page, csrf_token=form, **{**dict(hidden), **fields})
    page = as_written(world, page)
    assert sent.location == f"/sign-in?next={quote(page, safe='/?')}", sent.location
    again = world.browser(name)
    again.get(page)
    return again


@contextmanager
def opened(home: Path, template: SqliteTemplate) -> Iterator[World]:
    """An application on SQLite with a cast in it."""
    from tests.conftest import serving

    settings = settings_for(home, template.copy(home / "himaya.db"))
    for app in serving(settings):
        with on_stage(app) as cast:
            pass
        yield World(app, cast)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate) -> Iterator[World]:
    """One organisation for the tests of a module."""
    with opened(tmp_path_factory.mktemp("pages"), sqlite_template) as made:
        yield made
