"""Two organisations with managers, a caseworker and cases whose coded facts are planted."""

import contextvars
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.service import factors, joining, keys, setup, trust
from accounts.service.setup import SetUpForm
from cases.models import Case, Fact
from cases.service import facts
from config.settings import Settings
from core import clock as clock_
from core.access.actors import Actor
from core.access.guard import Visitor
from core.access.permissions import Role
from core.store.base import db
from core.store.blobs import Blobs
from core.store.transaction import transaction
from tests.support.clock import FrozenClock
from tests.support.founded import Rows

PASSWORD = "kestane rengi 41 bisiklet"
TODAY = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)  # in the last quarter of 2026


def _code(secret: bytes) -> str:
    return pyotp.TOTP(factors.as_text(secret)).at(clock_.unix())


class Browser(FlaskClient):
    """A client whose requests see nothing of the test's own context: no user, no language, no session."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        answer: TestResponse = contextvars.Context().run(super().open, *args, **options)
        db.session.rollback()  # so that the test reads what the request has written
        return answer


@dataclass
class Office:
    """An organisation at work. Methods that write do it in their own transaction."""

    settings: Settings
    prefix: str
    people: dict[str, Actor] = field(default_factory=dict)
    numbers: int = 0

    @property
    def blobs(self) -> Blobs:
        return Blobs(self.settings.storage_url)

    def open(self) -> None:
        """Set up: an administrator, two managers, a caseworker; no statistics key yet."""
        totp = factors.new_secret()
        form = SetUpForm(
            name_ar="=جمعية",
            name_tr="=Dernek",
            name_en="=cmd|' /C calc'!A0",
            prefix=self.prefix,
            person_name="Root",
            email=f"root@{self.prefix}.example",
            language="en",
            password=PASSWORD,
            totp_secret=totp,
            totp_code=_code(totp),
            holders=("One", "Two", "Three"),
        )
        prepared = setup.prepare(self.settings, setup.new_link(self.settings), form)
        setup.set_up(self.settings, prepared)
        self.people["administrator"] = Actor(
            prepared.person_id,
            prepared.organisation_id,
            frozenset({Role.ADMINISTRATOR}),
            "en",
            prepared.secret,
        )
        for name, role in (
            ("manager", Role.MANAGER),
            ("colleague", Role.MANAGER),
            ("caseworker", Role.CASEWORKER),
        ):
            self.join(name, role)

    def join(self, name: str, role: Role) -> Actor:
        totp = factors.new_secret()
        with transaction():
            token = joining.invite(
                self.people["administrator"], name, f"{name}@{self.prefix}.example", frozenset({role}), "en"
            )
        prepared = joining.prepare(self.settings, token, PASSWORD, totp, _code(totp))
        with transaction():
            joining.join(prepared)
        self.people[name] = Actor(
            prepared.person_id, prepared.organisation_id, frozenset({role}), "en", prepared.secret
        )
        return self.people[name]

    def make_key(self) -> None:
        """The statistics key, held by both managers."""
        with transaction():
            keys.make(self.people["manager"], "statistics")
        colleague = trust.person_key(self.people["colleague"].person_id)
        with transaction():
            keys.grant(self.people["manager"], "statistics", colleague.person_id, colleague.fingerprint)

    def case(
        self, opened: dt.date, *, count: int = 1, consented: bool = True, **codes: str
    ) -> list[tuple[UUID, dict[str, Any]]]:
        """Cases as the caseworker's session leaves them: the row and its sealed fact."""
        worker = self.people["caseworker"]
        made = []
        with transaction():
            for _ in range(count):
                self.numbers += 1
                record = {
                    "statistics_ids": facts.fresh_ids(),
                    "issue": codes.get("issue", "A1"),
                    "province": codes.get("province", "34"),
                    "authority": codes.get("authority", "pdmm"),
                    "client": {"sex": codes.get("sex", "f"), "birth": codes.get("birth", "1990")},
                }
                row = Case(
                    id=uuid4(),
                    organisation_id=worker.organisation_id,
                    number=self.numbers,
                    reference=f"{self.prefix}-26-{self.numbers:05}",
                    state="open",
                    urgency="U2",
                    restricted=False,
                    opened_on=opened,
                    closed_on=None,
                    changed_at=clock_.now(),
                    version=1,
                    epoch=1,
                    record=b"",
                    card=b"",
                    head=b"",
                )
                db.session.add(row)
                db.session.flush()
                facts.append(worker, row, record, consented=consented)
                made.append((row.id, record))
        return made

    def change(self, case_id: UUID, record: dict[str, Any], *, consented: bool = True) -> None:
        """A newer version of the fact."""
        with transaction():
            case = db.session.get_one(Case, case_id)
            facts.append(self.people["caseworker"], case, record, consented=consented)

    def on(self, settings: Settings) -> "Office":
        """The same office, when it lies in the database of an application."""
        return replace(self, settings=settings, people=dict(self.people))

    def facts(self) -> list[Fact]:
        return list(db.session.query(Fact))

    def visit(self, app: Flask, name: str, language: str = "en") -> FlaskClient:
        """A browser in which this person is signed in and gave the password a moment ago."""
        who = replace(self.people[name], language=language)
        visitor = Visitor(uuid4(), who.person_id, "open", clock_.now(), who)
        app.login_manager.request_loader(lambda _request: visitor)  # type: ignore[attr-defined] # flask-login
        app.config["WTF_CSRF_ENABLED"] = False
        app.test_client_class = Browser
        return app.test_client()


_begun: dict[object, tuple[Office, Rows]] = {}


def begun(settings: Settings, name: object, begin: Callable[[], Office]) -> Office:
    """An office at work that begins by `begin` once a session; later its rows are put where it is wanted."""
    if name not in _begun:
        before = Rows.of(settings)
        made = begin()
        _begun[name] = made.on(settings), Rows.of(settings).since(before)
        return made
    made, rows = _begun[name]
    rows.put(settings)
    return made.on(settings)


def opened(settings: Settings, prefix: str) -> Office:
    """An organisation with the statistics key."""

    def begin() -> Office:
        made = Office(settings, prefix)
        made.open()
        made.make_key()
        return made

    return begun(settings, prefix, begin)


@pytest.fixture
def office(app: Flask, settings: Settings, clock: FrozenClock) -> Iterator[Office]:
    """An organisation with the statistics key, inside an application context."""
    clock.set(TODAY)
    trust.install(settings)
    with app.app_context():
        yield opened(app.extensions["himaya"], "AA")
        db.session.remove()


@pytest.fixture
def neighbour(office: Office) -> Office:
    """Another organisation of the same installation, with a key of its own."""
    return opened(office.settings, "BB")
