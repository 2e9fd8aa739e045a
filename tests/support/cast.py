"""A made-up organisation with people in every role, built through the services as a newcomer would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest
from flask import Flask
from sqlalchemy import Table, exists, insert, select

from accounts.models import Organisation
from accounts.service import factors, joining, keys, setup, trust
from cases.models import Case
from cases.service import assignment, files, progress
from config.settings import Settings
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.store.base import Base, db
from core.store.transaction import transaction
from tests.support.clock import START

PASSWORD = "zeytin-agaci-87-mavi-kapi"
CASEWORKER, LAWYER, COORDINATOR = Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR
MANAGER, ADMINISTRATOR = Role.MANAGER, Role.ADMINISTRATOR
FOCAL_POINT = Role.FOCAL_POINT


@dataclass
class Player:
    """Somebody of the cast: what they know, and the actor they are once signed in."""

    actor: Actor
    email: str
    password: str
    personal_code: str
    totp_secret: bytes

    @property
    def id(self) -> UUID:
        return self.actor.person_id


@dataclass
class Cast:
    """One organisation on one application."""

    app: Flask
    settings: Settings
    prefix: str
    players: dict[str, Player] = field(default_factory=dict)
    papers: list[tuple[int, str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> Actor:
        return self.players[name].actor

    @property
    def organisation_id(self) -> UUID:
        return self["admin"].organisation_id

    def join(self, name: str, *roles: Role) -> Actor:
        """Invite somebody and let them join."""
        with transaction():
            token = joining.invite(self["admin"], f"Kişi {name}", self.address(name), frozenset(roles), "tr")
        secret = factors.new_secret()
        prepared = joining.prepare(self.settings, token, PASSWORD, secret, code_now(secret))
        with transaction():
            joined = joining.join(prepared)
        actor = Actor(prepared.person_id, prepared.organisation_id, frozenset(roles), "tr", prepared.secret)
        self.players[name] = Player(actor, self.address(name), PASSWORD, joined.personal_code, secret)
        return actor

    def address(self, name: str) -> str:
        return f"{name}@{self.prefix.lower()}.example"

    def make_keys(self) -> None:
        """Let the coordinator and the manager make their keys and hand them to those who wait."""
        with transaction():
            for kind in ("supervision", "desk", "match"):
                keys.make(self["coordinator"], kind)
            keys.make(self["manager"], "statistics")
            keys.make(self["manager"], "dossier")
            keys.make(self["focal"], "partner")
        self.hand_over()

    def hand_over(self) -> None:
        """Grant every key to everybody whose role should hold it."""
        for holder in ("coordinator", "manager", "admin", "focal"):
            actor = self[holder]
            with transaction():
                for line in keys.overview(actor):
                    if line.may_grant:
                        for waiting in line.waiting:
                            keys.grant(actor, line.kind, waiting.person_id, waiting.fingerprint)

    def record(self, by: str = "caseworker", **changes: Any) -> UUID:
        """Record a case."""
        given: dict[str, Any] = {
            "urgency": "U1",
            "restricted": False,
            "named": [],
            "consents": [],
            "token": uuid4(),
            **changes,
        }
        with transaction():
            return files.record_case(self[by], given.pop("record", None) or record_of(), **given)

    def assign(self, case_id: UUID, name: str = "lawyer") -> None:
        """Let a lawyer take a case on, the only way in which lawyers come."""
        with transaction():
            case = db.session.get_one(Case, case_id)
            if case.state == "conflict_check":
                progress.move(self["coordinator"], case_id, case.version, "open")
            offer = assignment.offer(self["coordinator"], case_id, case.version, self[name].person_id)
        with transaction():
            assignment.accept(self[name], offer)


def code_now(secret: bytes) -> str:
    """The code that a phone would show."""
    return str(pyotp.TOTP(factors.as_text(secret)).at(clock.unix()))


@dataclass(frozen=True)
class Prepared:
    """A cast at the end of its founding: every row, and who remembers its root."""

    cast: Cast
    rows: list[tuple[Table, list[dict[str, Any]]]]
    roots: str

    @classmethod
    def of(cls, cast: Cast) -> Prepared:
        """What lies in the database and among the secrets of this cast's application."""
        tables = [
            (table, [dict(row) for row in db.session.execute(table.select()).mappings()])
            for table in Base.metadata.sorted_tables
        ]
        db.session.rollback()
        rows = [(table, found) for table, found in tables if found]
        return cls(cast, rows, trust.roots_file(cast.settings).read_text())

    def enter(self, app: Flask) -> Cast:
        """The same people in the empty database of another application."""
        settings: Settings = app.extensions["himaya"]
        with transaction() as session:
            for table, rows in self.rows:
                session.execute(insert(table), rows)
        file = trust.roots_file(settings)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(self.roots)
        players = {name: replace(player) for name, player in self.cast.players.items()}
        return replace(self.cast, app=app, settings=settings, players=players)


_prepared: dict[str, Prepared] = {}


def found(app: Flask, prefix: str = "HAM") -> Cast:
    """An organisation with a full cast and its keys. Needs an application context.

    In an empty database it is the one that this test session founded before, put there as rows.
    Its founding lies before every moment at which a test may stand.
    """
    trust.install(app.extensions["himaya"])
    if db.session.scalar(select(exists().where(Organisation.id.is_not(None)))):
        db.session.rollback()
        return founded(app, prefix)
    db.session.rollback()
    if prefix in _prepared:
        return _prepared[prefix].enter(app)
    moment = min(START, clock.now(), dt.datetime.now(dt.UTC)) - dt.timedelta(days=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        cast = founded(app, prefix)
    _prepared[prefix] = Prepared.of(cast)
    return replace(cast, players=dict(cast.players))


def founded(app: Flask, prefix: str) -> Cast:
    """Set an organisation up and let everybody join, through the services."""
    settings: Settings = app.extensions["himaya"]
    secret = factors.new_secret()
    form = setup.SetUpForm(
        name_ar="منظمة مبتكرة",
        name_tr="Uydurma Dernek",
        name_en="Invented Association",
        prefix=prefix,
        person_name="Kişi admin",
        email=f"admin@{prefix.lower()}.example",
        language="tr",
        password=PASSWORD,
        totp_secret=secret,
        totp_code=code_now(secret),
        holders=("Birinci", "İkinci", "Üçüncü"),
        invented=True,
    )
    prepared = setup.prepare(settings, setup.new_link(settings), form)
    result = setup.set_up(settings, prepared)
    cast = Cast(app, settings, prefix, papers=result.papers)
    admin = Actor(result.person_id, result.organisation_id, frozenset({ADMINISTRATOR}), "tr", prepared.secret)
    cast.players["admin"] = Player(admin, form.email, PASSWORD, result.personal_code, secret)
    cast.join("coordinator", COORDINATOR)
    cast.join("caseworker", CASEWORKER)
    cast.join("colleague", CASEWORKER)
    cast.join("lawyer", LAWYER)
    cast.join("other_lawyer", LAWYER)
    cast.join("manager", MANAGER)
    cast.join("focal", FOCAL_POINT)
    cast.make_keys()
    return cast


@contextmanager
def on_stage(app: Flask, prefix: str = "HAM") -> Iterator[Cast]:
    """An application context with a full cast in it."""
    with app.app_context():
        yield found(app, prefix)
        db.session.rollback()


def record_of(**client: Any) -> dict[str, Any]:
    """The record of an invented client."""
    return {
        "client": {
            "name_ar": "محمد الأحمد",
            "name_latin": "MUHAMMED ELAHMED",
            "father": "خالد",
            "mother": "فاطمة",
            "birth": "1987",
            "birth_precision": "year",
            "sex": "m",
            "nationality": "SYR",
            "status": "temporary_protection",
            "language": "ar",
            "numbers": [],
            "phones": [],
            "code_word": "",
            **client,
        },
        "province": "34",
        "authority": "",
        "issue": "A02",
        "narrative": "أُبطلت بطاقته دون إشعار مكتوب.",
        "next_step": "",
    }
