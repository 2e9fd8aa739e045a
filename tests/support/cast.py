"""A made-up organisation with people in every role, built through the services as a newcomer would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID, uuid4
from weakref import WeakSet

import pyotp
from flask import Flask
from sqlalchemy import event, select

from accounts.models import Organisation
from accounts.service import factors, joining, keys, setup, trust
from cases.models import Case
from cases.service import assignment, files, progress
from config.settings import Settings
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.store.base import db
from core.store.transaction import transaction
from tests.support.founded import Rows, long_ago

Act = TypeVar("Act", bound=Callable[..., Any])

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

    def on(self, app: Flask) -> Cast:
        """The same people, when they lie in the database of an application."""
        players = {name: replace(player) for name, player in self.players.items()}
        return replace(self, app=app, settings=app.extensions["himaya"], players=players)

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


_founded: dict[str, tuple[dt.datetime, Cast, Rows]] = {}
_untouched: WeakSet[Flask] = WeakSet()


def found(app: Flask, prefix: str = "HAM") -> Cast:
    """An organisation with a full cast and its keys. Needs an application context.

    The first of its prefix is founded through the services, every other one in this test session is the
    same, put there as rows, unless the clock stands before it was founded.
    """
    settings: Settings = app.extensions["himaya"]
    trust.install(settings)
    alone = db.session.scalar(select(Organisation.id).limit(1)) is None
    db.session.rollback()
    if prefix not in _founded or clock.now() < _founded[prefix][0]:
        before = Rows.of(settings)
        with long_ago() as moment:
            cast = founded(app, prefix)
        _founded[prefix] = moment, cast.on(app), Rows.of(settings).since(before)
    else:
        _, cast, rows = _founded[prefix]
        rows.put(settings)
    if alone:
        _watch(app)
    return cast.on(app)


def once(act: Act) -> Act:
    """For what tests begin with: in a house where nothing was written yet it is done once, then put as rows.

    Once for each hour of the clock, so that what is dated fits into the day of the test.
    """
    kept: dict[tuple[object, ...], tuple[Any, Rows]] = {}

    @wraps(act)
    def done(cast: Cast, *args: Any, **given: Any) -> Any:
        if cast.app not in _untouched:
            return act(cast, *args, **given)
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        about = (cast.organisation_id, hour, repr((args, given)))
        if about in kept:
            result, rows = kept[about]
            rows.put(cast.settings)
            return deepcopy(result)
        before = Rows.of(cast.settings)
        result = act(cast, *args, **given)
        kept[about] = deepcopy(result), Rows.of(cast.settings).since(before)
        return result

    return done  # type: ignore[return-value]  # called as it was


def _watch(app: Flask) -> None:
    """Know when something is written into the house that was just founded."""
    _untouched.add(app)

    @event.listens_for(db.engine, "before_cursor_execute")
    def written(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            _untouched.discard(app)


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
