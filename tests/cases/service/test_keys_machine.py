"""Any order of grant, offer, answer, remove, step off, restrict, unrestrict, carry out, expire, join, leave.

No outsider ever reads, no member ever loses, and a key that somebody kept opens nothing written later.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import delete, func, select

import vault
from accounts.service import keys as organisation_keys
from accounts.service import people
from cases.models import Assignment, Case, CaseGrant, CaseKeyRing, Order
from cases.service import assignment, departure, files, keys, members, orders, records, timeline
from cases.service.team import BY_HAND
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import CASEWORKER, COORDINATOR, LAWYER, Cast, found

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
        staff = ("caseworker", "colleague", "lawyer", "other_lawyer", "coordinator")
        self.names = {name: self.cast[name] for name in staff}
        self.departed: dict[str, Actor] = {}
        self.members = {"caseworker"}
        self.restricted = False
        self.until: dict[str, dt.datetime] = {}
        self.asked: str | None = None
        self.kept: list[vault.Key] = []
        self.copied: set[UUID] = set()  # supervision keys of coordinators who left

    @precondition(lambda self: self.hands())
    @rule(by=PICK, pick=PICK, days=st.none() | st.integers(min_value=1, max_value=3))
    def grant(self, by: int, pick: int, days: int | None) -> None:
        name = self.pick(pick)
        until = clock.now() + dt.timedelta(days=days) if days else None
        if self.comes_by_assignment(name):
            with pytest.raises(NotFound), transaction():
                members.add(self.hand(by), self.case_id, self.names[name].person_id, until=until)
            return
        with transaction():
            members.add(self.hand(by), self.case_id, self.names[name].person_id, until=until)
        if name not in self.members:
            self.come(name)
            if until:
                self.until[name] = until

    @precondition(lambda self: self.hands())
    @rule(by=PICK, pick=PICK)
    def remove(self, by: int, pick: int) -> None:
        name = self.pick(pick)
        self.keep(name)
        with self.staying(name), transaction():
            members.remove(self.hand(by), self.case_id, self.names[name].person_id)

    @precondition(lambda self: self.members)
    @rule(pick=PICK)
    def step_off(self, pick: int) -> None:
        name = sorted(self.members)[pick % len(self.members)]
        self.keep(name)
        with self.staying(name), transaction():
            members.step_off(self.names[name], self.case_id, "gerekçe")

    @precondition(lambda self: self.hands())
    @rule(by=PICK, pick=PICK)
    def restrict(self, by: int, pick: int) -> None:
        """Two are named; coordinators lose the case like everybody else who is not."""
        name, actor = self.pick(pick), self.hand(by)
        mine = next(one for one in self.hands() if self.names[one] is actor)
        if mine == name:
            return
        self.keep(*self.readers())
        if self.comes_by_assignment(name):
            with pytest.raises(NotFound), transaction():
                members.restrict(actor, self.case_id, [self.names[name].person_id])
            return
        with transaction():
            members.restrict(actor, self.case_id, [self.names[name].person_id])
        if not self.restricted:
            self.restricted = True
            if self.asked not in {mine, name}:
                self.asked = None  # the offer is taken back
            for one in sorted(self.members - {mine, name}):
                self.gone(one)
            for one in {mine, name} - self.members:
                self.come(one)

    @precondition(lambda self: self.restricted and self.hands())
    @rule(by=PICK)
    def unrestrict(self, by: int) -> None:
        with transaction():
            members.unrestrict(self.hand(by), self.case_id, "gerekçe")
        self.restricted = False

    @precondition(lambda self: self.readers())
    @rule(by=PICK)
    def carry_out(self, by: int) -> None:
        """The next key holder, whoever that is."""
        with transaction():
            left = orders.carry_out(self.reader(by), 60)
        assert left == 0

    @rule(by=PICK, pick=PICK)
    def offer(self, by: int, pick: int) -> None:
        lawyers = sorted(
            name for name, actor in self.names.items() if LAWYER in actor.roles and name not in self.members
        )
        coordinators = [one for one in self.hands() if COORDINATOR in self.names[one].roles]
        if not lawyers or not coordinators or self.asked or self.case().state != "open":
            return
        name, actor = lawyers[pick % len(lawyers)], self.names[coordinators[by % len(coordinators)]]
        with transaction():
            assignment.offer(actor, self.case_id, self.case_version(), self.names[name].person_id)
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
        self.keep(*self.members)
        _stage["shift"] += dt.timedelta(hours=hours)
        with transaction():
            ended = assignment.expire()
            members.expire()
        if ended:
            self.asked = None
        for name in [name for name, until in self.until.items() if until <= clock.now()]:
            self.gone(name)

    @rule(role=st.sampled_from([CASEWORKER, LAWYER, COORDINATOR]))
    def join(self, role: Role) -> None:
        name = f"newcomer{next(_numbers)}"
        self.names[name] = self.cast.join(name, role)
        if role is COORDINATOR:
            self.cast.hand_over()

    @rule(pick=PICK)
    def leave(self, pick: int) -> None:
        newcomers = sorted(name for name in self.names if name.startswith("newcomer"))
        if not newcomers:
            return
        name = newcomers[pick % len(newcomers)]
        self.keep(name)
        actor = self.names[name]
        if COORDINATOR in actor.roles:
            self.copied |= {one.id for one in organisation_keys.open_all(actor, "supervision")}
            db.session.rollback()
        with transaction():
            people.depart(self.cast["admin"], actor.person_id)
        self.gone(name)
        self.departed[name] = self.names.pop(name)

    @precondition(lambda self: self.readers())
    @rule(by=PICK)
    def write(self, by: int) -> None:
        with transaction():
            timeline.add_note(self.reader(by), self.case_id, "note", "ملاحظة", uuid4())

    @invariant()
    def members_read(self) -> None:
        for name in sorted(self.readers()):
            actor = self.names[name]
            with transaction():
                # Without the ring, so that the grant is believed anew.
                db.session.execute(delete(CaseKeyRing).where(CaseKeyRing.person_id == actor.person_id))
                opened = files.open_case(actor, self.case_id)
            assert opened.record["client"]["name_ar"] == "محمد الأحمد"

    @invariant()
    def outsiders_do_not(self) -> None:
        readers = self.readers()
        for name, actor in (self.names | self.departed).items():
            if name in readers:
                continue
            # The door shuts on who is elsewhere; a coordinator who left passes it and finds no key.
            refusal = NotFound | Locked if name in self.departed else NotFound
            with pytest.raises(DomainError) as refused, transaction():
                files.open_case(actor, self.case_id)
            assert isinstance(refused.value, refusal)
            assert self.wraps(actor) == (1 if name == self.asked else 0)

    @invariant()
    def kept_keys_open_nothing_new(self) -> None:
        case = self.case()
        for key in self.kept:
            if key.epoch < case.epoch:
                with pytest.raises(vault.Unreadable):
                    records.open_record(key, case)

    @invariant()
    def copied_supervision_keys_lose_the_case(self) -> None:
        """A coordinator may have copied supervision; the order stands until no wrap for the copy is left."""
        grants = select(func.count()).where(
            CaseGrant.case_id == self.case_id, CaseGrant.holder_id.in_(self.copied)
        )
        waiting = select(func.count()).where(
            Order.case_id == self.case_id, Order.kind == "rotation_due", Order.done_at.is_(None)
        )
        left = db.session.scalar(grants) or 0
        assert not left or db.session.scalar(waiting)
        db.session.rollback()

    def readers(self) -> set[str]:
        """Members, and every coordinator unless the case names people."""
        coordinators = {name for name, actor in self.names.items() if COORDINATOR in actor.roles}
        return self.members | (set() if self.restricted else coordinators)

    def hands(self) -> list[str]:
        """Who may say who works on the case."""
        able = {CASEWORKER, COORDINATOR}
        return sorted(name for name in self.readers() if able & self.names[name].roles)

    def hand(self, number: int) -> Actor:
        hands = self.hands()
        return self.names[hands[number % len(hands)]]

    def reader(self, number: int) -> Actor:
        readers = sorted(self.readers())
        return self.names[readers[number % len(readers)]]

    def comes_by_assignment(self, name: str) -> bool:
        """A lawyer who is not on the case, whom nobody can put there by hand."""
        return not self.names[name].roles & BY_HAND and name not in self.members

    def pick(self, number: int) -> str:
        return sorted(self.names)[number % len(self.names)]

    def case(self) -> Case:
        case = db.session.get_one(Case, self.case_id, populate_existing=True)
        db.session.rollback()
        return db.session.get_one(Case, case.id)

    def case_version(self) -> int:
        return db.session.scalars(select(Case.version).where(Case.id == self.case_id)).one()

    def keep(self, *names: str) -> None:
        """Somebody about to lose the case copies its key."""
        for name in self.readers() & set(names):
            with transaction():
                self.kept.append(keys.case_key(self.names[name], db.session.get_one(Case, self.case_id)))

    def come(self, name: str) -> None:
        self.members.add(name)
        if name == self.asked:
            self.asked = None

    def gone(self, name: str) -> None:
        self.members.discard(name)
        self.until.pop(name, None)
        if self.asked == name:
            self.asked = None

    @contextmanager
    def staying(self, leaving: str) -> Iterator[None]:
        """Somebody leaves, unless fewer than two named people would be left."""
        if leaving not in self.members:
            yield
        elif self.restricted and len(self.members - {leaving}) < files.NAMED_AT_LEAST:
            with pytest.raises(DomainError):
                yield
        else:
            yield
            self.gone(leaving)

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
            max_examples=8,
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
