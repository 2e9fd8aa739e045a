"""Instances to measure: an organisation made through the services, filled with many cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from accounts.models import Person
from accounts.service import sessions, signin
from app import create_app
from bench.seed import Office, seed
from commands.secret_files import make_missing
from config.settings import Settings
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import PASSWORD, found

PREFIX = "HAM"


@dataclass(frozen=True)
class Member:
    """Somebody with a signed-in browser."""

    email: str
    cookie: str = field(repr=False)
    lookup: str = field(repr=False)  # how the floor knows the same browser
    totp_secret: bytes = field(repr=False)


@dataclass(frozen=True)
class World:
    """An instance folder with its secrets, and its database."""

    home: Path
    database_url: str
    argon2: str = "standard"

    @property
    def env(self) -> dict[str, str]:
        """What a process is told to work on this instance."""
        return {
            "HIMAYA_HOME": str(self.home),
            "HIMAYA_MODE": "development",
            "HIMAYA_ARGON2": self.argon2,
            "DATABASE_URL": self.database_url,
        }

    @contextmanager
    def app(self) -> Iterator[Flask]:
        """The application in this process, with its context."""
        application = create_app(Settings.from_env(self.env))
        with application.app_context():
            yield application
            db.session.remove()
            db.engine.dispose()

    def found(self) -> None:
        """Make the secrets, the organisation and its people in a database that holds no row."""
        for name in ("secrets", "queue", "files"):
            (self.home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        make_missing(self.home)
        with self.app() as app:
            found(app, PREFIX)

    def fill(self, count: int, full: int) -> None:
        """Write that many cases."""
        with self.app():
            checked = {name: self.checked(name) for name in ("caseworker", "colleague", "coordinator")}
            ids = {name: one.person_id for name, one in checked.items()}
            rings = {name: one.secret.ring for name, one in checked.items() if one.secret}
            home = checked["caseworker"].organisation_id
        assert home is not None
        assert ids["caseworker"] is not None and ids["colleague"] is not None and ids["coordinator"] is not None
        office = Office(
            home, PREFIX, ids["caseworker"], rings["caseworker"], ids["colleague"], ids["coordinator"],
            rings["coordinator"],
        )  # fmt: skip  # one call
        seed(self.database_url, office, count, full)

    def checked(self, name: str) -> signin.Checked:
        """Ids and secret of one of the cast, as their password gives them. Needs the application's context."""
        return signin.check(Settings.from_env(self.env), _address(name), PASSWORD)

    def member(self, name: str, language: str = "ar") -> Member:
        """Sign a browser in for one of the cast."""
        with self.app():
            checked = self.checked(name)
            assert checked.person_id is not None and checked.secret is not None
            with transaction():
                db.session.get_one(Person, checked.person_id).language = language
                waiting = sessions.begin(checked.person_id, checked.secret, "bench")
            opened = sessions.open_secret(waiting.to_cookie())
            assert opened is not None
            with transaction():
                token = sessions.renew(opened.session_id, opened.secret)
            assert token is not None
            return Member(
                _address(name), token.to_cookie(), token.lookup_hash().hex(), checked.secret.totp_secret
            )


def _address(name: str) -> str:
    return f"{name}@{PREFIX.lower()}.example"
