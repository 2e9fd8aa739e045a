"""Instances to measure: an organisation made through the services, filled with many cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask

from accounts.models import Person
from accounts.service import sessions, signin
from app import create_app
from bench.seed import Office, record, seed
from cases.service import files
from commands.secret_files import make_missing
from config.settings import Settings
from core.access.actors import Actor
from core.access.permissions import Role
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import PASSWORD, founded

PREFIX = "HAM"
# Everybody whom `tests.support.cast.founded` lets join.
CAST = ("admin", "coordinator", "caseworker", "colleague", "lawyer", "other_lawyer", "manager", "focal")
OWN = 1_000  # cases of the caseworker whose pages are measured, whatever the size of the database


@dataclass(frozen=True)
class Member:
    """Somebody with a signed-in browser."""

    id: UUID
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
            founded(app, PREFIX)

    def fill(self, count: int) -> None:
        """Write that many cases; `OWN` of them, evenly spread, are the caseworker's and full."""
        with self.app():
            reader, colleague, coordinator = (
                self.actor(name) for name in ("caseworker", "colleague", "coordinator")
            )
        office = Office(
            reader.organisation_id, PREFIX, reader.person_id, reader.secret.ring, colleague.person_id,
            coordinator.person_id, coordinator.secret.ring,
        )  # fmt: skip  # one call
        seed(self.database_url, office, count, OWN)

    def record(self, name: str, count: int) -> None:
        """Record that many cases through the service, with all their grants."""
        with self.app():
            actor = self.actor(name)
            for number in range(count):
                with transaction():
                    files.record_case(
                        actor, record(number), urgency="U1", restricted=False, named=[], consents=[],
                        token=uuid4(),
                    )  # fmt: skip  # one call

    def actor(self, name: str) -> Actor:
        """A caseworker or coordinator of the cast. Needs the application's context."""
        checked = self.checked(name)
        assert checked.person_id is not None
        assert checked.organisation_id is not None
        assert checked.secret is not None
        role = Role.COORDINATOR if name == "coordinator" else Role.CASEWORKER
        return Actor(checked.person_id, checked.organisation_id, frozenset({role}), "ar", checked.secret)

    def checked(self, name: str) -> signin.Checked:
        """Ids and secret of one of the cast, by their password. Needs the application's context."""
        return signin.check(Settings.from_env(self.env), _address(name), PASSWORD)

    def member(self, name: str) -> Member:
        """Sign a browser in for one of the cast, who reads Arabic."""
        with self.app():
            actor = self.actor(name)
            with transaction():
                db.session.get_one(Person, actor.person_id).language = actor.language
                waiting = sessions.begin(actor.person_id, actor.secret, "bench")
            opened = sessions.open_secret(waiting.to_cookie())
            assert opened is not None
            with transaction():
                token = sessions.renew(opened)
            assert token is not None
            secret = actor.secret.totp_secret
            return Member(
                actor.person_id, _address(name), token.to_cookie(), token.lookup_hash().hex(), secret
            )


def _address(name: str) -> str:
    return f"{name}@{PREFIX.lower()}.example"
