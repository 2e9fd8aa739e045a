"""Any order of grant, offer, accept, decline, remove, step off, rotate, expire, join and leave.

No outsider ever reads, no member ever loses, and a key that somebody kept opens nothing written later.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import delete, func, select

import vault
from accounts.service import people
from cases.models import Assignment, Case, CaseGrant, CaseKeyRing
from cases.service import assignment, departure, files, keys, members, orders, records, timeline
from core import clock
from core.access.actors import Actor
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import CASEWORKER, LAWYER, Cast, found

PICK = st.integers(min_value=0, max_value=1000)
_stage: dict[str, Any] = {}
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def stage(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One organisation for all examples; each example has a case and newcomers of its own."""
    started = dt.datetime.now(dt.UTC)
    _stage["shift"] = dt.timedelta()
    monkeypatch.setattr(clock, "now", lambda: started + _stage["shift"])
    people.on_departure[:] = [departure.person_left]
    with sqlite_app.app_context():
        _stage["cast"] = found(sqlite_app)
        yield
        db.session.rollback()


class Keys(RuleBasedStateMachine):
    """The model: who works on the case, who was asked, who has left, and the keys that people kept."""

    cast: Cast
    case_id: UUID

    @initialize()
    def record(self) -> None:
        self.cast = _stage["cast"]
        self.case_id = self.cast.record()
        self.names = {name: self.cast[name] for name in ("caseworker", "colleague", "lawyer", "other_lawyer")}
        self.members = {"caseworker"}
        self.until: dict[str, dt.datetime] = {}
        self.asked: str | None = None
        self.kept: dict[str, vault.Key] = {}
        with transaction():
            from cases.service import progress

            progress.move(self.cast["caseworker"], self.case_id, 1, "open")

    @rule(pick=PICK, days=st.none() | st.integers(min_value=1, max_value=3))
    def grant(self, pick: int, days: int | None) -> None:
        name = self.pick(pick)
        until = clock.now() + dt.timedelta(days=days) if days else None
        with transaction():
            members.add(self.cast["coordinator"], self.case_id, self.names[name].person_id, until=until)
        if name not in self.members:
            self.members.add(name)
            if until:
                self.until[name] = until
            if name == self.asked:
                self.asked = None

    @rule(pick=PICK)
    def remove(self, pick: int) -> None:
        name = self.pick(pick)
        self.keep(name)
        with transaction():
            members.remove(self.cast["coordinator"], self.case_id, self.names[name].person_id)
        if name in self.members:
            self.gone(name)

    @precondition(lambda self: self.members)
    @rule(pick=PICK)
    def step_off(self, pick: int) -> None:
        name = sorted(self.members)[pick % len(self.members)]
        self.keep(name)
        with transaction():
            members.step_off(self.names[name], self.case_id, "gerekçe")
        self.gone(name)

    @rule()
    def rotate(self) -> None:
        with transaction():
            left = orders.carry_out(self.cast["coordinator"], 30)
        assert left == 0

    @rule(pick=PICK)
    def offer(self, pick: int) -> None:
        lawyers = sorted(
            name for name, actor in self.names.items() if LAWYER in actor.roles and name not in self.members
        )
        if not lawyers or self.asked or self.case().state != "open":
            return
        name = lawyers[pick % len(lawyers)]
        with transaction():
            assignment.offer(
                self.cast["coordinator"], self.case_id, self.case().version, self.names[name].person_id
            )
        self.asked = name

    @precondition(lambda self: self.asked)
    @rule(takes=st.booleans())
    def answer(self, takes: bool) -> None:
        name = self.asked
        assert name is not None
        offered = db.session.scalar(
            select(Assignment.id).where(Assignment.case_id == self.case_id, Assignment.state == "offered")
        )
        db.session.rollback()
        if offered is None:
            return
        with transaction():
            if takes:
                assignment.accept(self.names[name], offered)
            else:
                assignment.decline(self.names[name], offered, "workload", "")
        self.asked = None
        if takes:
            self.members.add(name)

    @rule(hours=st.integers(min_value=1, max_value=80))
    def expire(self, hours: int) -> None:
        for name in self.members:
            self.keep(name)
        _stage["shift"] += dt.timedelta(hours=hours)
        with transaction():
            ended = assignment.expire()
            members.expire()
        if ended:
            self.asked = None
        for name in [name for name, until in self.until.items() if until <= clock.now()]:
            self.gone(name)

    @rule(lawyer=st.booleans())
    def join(self, lawyer: bool) -> None:
        name = f"newcomer{next(_numbers)}"
        self.names[name] = self.cast.join(name, LAWYER if lawyer else CASEWORKER)

    @rule(pick=PICK)
    def leave(self, pick: int) -> None:
        newcomers = sorted(name for name in self.names if name.startswith("newcomer"))
        if not newcomers:
            return
        name = newcomers[pick % len(newcomers)]
        self.keep(name)
        with transaction():
            people.depart(self.cast["admin"], self.names[name].person_id)
        self.gone(name)
        del self.names[name]

    @rule(pick=PICK)
    def write(self, pick: int) -> None:
        if self.members:
            name = sorted(self.members)[pick % len(self.members)]
            with transaction():
                timeline.add_note(self.names[name], self.case_id, "note", "ملاحظة", uuid4())

    @invariant()
    def members_read(self) -> None:
        for name in (*sorted(self.members), "coordinator"):
            actor = self.cast[name] if name == "coordinator" else self.names[name]
            with transaction():
                # Without the ring, so that the grant is believed anew.
                db.session.execute(delete(CaseKeyRing).where(CaseKeyRing.person_id == actor.person_id))
                opened = files.open_case(actor, self.case_id)
            assert opened.record["client"]["name_ar"] == "محمد الأحمد"

    @invariant()
    def outsiders_do_not(self) -> None:
        for name, actor in self.names.items():
            if name in self.members:
                continue
            with pytest.raises(NotFound), transaction():
                files.open_case(actor, self.case_id)
            assert self.wraps(actor) == (1 if name == self.asked else 0)

    @invariant()
    def kept_keys_open_nothing_new(self) -> None:
        case = self.case()
        for key in self.kept.values():
            if key.epoch < case.epoch:
                with pytest.raises(vault.Unreadable):
                    records.open_record(key, case)

    def pick(self, number: int) -> str:
        return sorted(self.names)[number % len(self.names)]

    def case(self) -> Case:
        case = db.session.get_one(Case, self.case_id, populate_existing=True)
        db.session.rollback()
        return db.session.get_one(Case, case.id)

    def keep(self, name: str) -> None:
        """A member about to leave copies the key."""
        if name in self.members:
            with transaction():
                self.kept[name] = keys.case_key(self.names[name], db.session.get_one(Case, self.case_id))

    def gone(self, name: str) -> None:
        self.members.discard(name)
        self.until.pop(name, None)
        if self.asked == name:
            self.asked = None

    def wraps(self, actor: Actor) -> int:
        grants = select(func.count()).where(
            CaseGrant.case_id == self.case_id, CaseGrant.holder_id == actor.person_id
        )
        rings = select(func.count()).where(
            CaseKeyRing.case_id == self.case_id, CaseKeyRing.person_id == actor.person_id
        )
        found_grants, found_rings = db.session.scalar(grants) or 0, db.session.scalar(rings) or 0
        db.session.rollback()
        return found_grants + found_rings


def test_any_order_of_coming_and_going() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Keys,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),  # a step costs too much for shrinking
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_model_would_notice(sqlite_app: Flask) -> None:
    """The positive control: a removal that forgets the wraps is caught by the same checks."""
    cast: Cast = _stage["cast"]
    assert sqlite_app is cast.app
    case_id = cast.record()
    with transaction():
        members.add(cast["coordinator"], case_id, cast["colleague"].person_id)
        kept = keys.case_key(cast["colleague"], db.session.get_one(Case, case_id))
    case = db.session.get_one(Case, case_id)
    assert records.open_record(kept, case)["issue"] == "A02"
    with pytest.raises(DomainError), transaction():
        files.open_case(cast["lawyer"], case_id)
