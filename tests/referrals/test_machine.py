"""Any order of asking, answering, agreeing, taking back, releasing, ending and waiting.

Never a name before the acceptance, never a field without consent, and access ends with it: looked at as the
partner looks, and in what lies in the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import clock
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from domain.referrals import OVER, READABLE
from referrals.models.referrals import ReferralPacket
from referrals.service import ending, receiving, sending, talking
from tests.referrals.conftest import FIELDS, NAME, PHONE, Pair

_stage: dict[str, Any] = {}
SOME = st.lists(st.sampled_from(FIELDS), min_size=1, unique=True)


@pytest.fixture(autouse=True)
def stage(one_database: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """One pair of organisations for all examples; each example has a case of its own."""
    started = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    _stage.update(pair=one_database, shift=dt.timedelta())
    monkeypatch.setattr(clock, "now", lambda: started + _stage["shift"])


class Referring(RuleBasedStateMachine):
    """The model: what the person agreed to until when, and what was released."""

    pair: Pair
    case_id: UUID
    referral_id: UUID

    @initialize()
    def begin(self) -> None:
        self.pair = _stage["pair"]
        self.case_id = self.pair.case()
        self.referral_id = self.pair.draft(self.case_id)
        self.accepted = False
        self.agreed: set[str] = set()
        self.until = dt.date.min
        self.released: set[str] = set()

    @rule()
    def send(self) -> None:
        self.try_to(lambda: sending.send(self.ours("caseworker"), self.referral_id, self.version))

    @rule()
    def accept(self) -> None:
        if self.try_to(lambda: receiving.accept(self.focal, self.referral_id, self.version)):
            self.accepted = True

    @rule()
    def decline(self) -> None:
        self.try_to(lambda: receiving.decline(self.focal, self.referral_id, self.version, "capacity", ""))

    @rule(fields=SOME, purpose=st.sampled_from(["housing", "housing", "housing", "cash"]))
    def agree(self, fields: list[str], purpose: str) -> None:
        self.pair.consent(self.case_id, fields=fields, purposes=[purpose])
        self.agreed = set(fields) if purpose == "housing" else set()
        self.until = clock.today() + dt.timedelta(days=180)

    @rule()
    def refuse(self) -> None:
        self.pair.consent(self.case_id, answer="refused", fields=[], purposes=[])
        self.agreed = set()

    @precondition(lambda self: self.agreed)
    @rule()
    def take_back(self) -> None:
        with suppress(DomainError, StopIteration):
            self.pair.withdraw_consent(self.case_id)
        self.agreed = set()

    @rule(fields=SOME)
    def release(self, fields: list[str]) -> None:
        covered = set(fields) <= self.agreed and clock.today() <= self.until
        done = self.try_to(lambda: self.pair.release(self.referral_id, fields), own=True)
        assert not done or (self.accepted and covered)
        if done:
            self.released = set(fields)

    @rule()
    def work(self) -> None:
        self.try_to(lambda: receiving.begin(self.focal, self.referral_id, self.version))

    @rule()
    def talk(self) -> None:
        done = self.try_to(
            lambda: talking.say_to_partner(
                self.ours("caseworker"), self.referral_id, f"{NAME} gelir", uuid4()
            )
        )
        assert not done or "name" in self.agreed

    @rule()
    def tell(self) -> None:
        self.try_to(
            lambda: receiving.tell_outcome(self.focal, self.referral_id, self.version, "provided", "")
        )

    @rule()
    def end(self) -> None:
        def both() -> None:
            talking.give_feedback(self.ours("caseworker"), self.referral_id, self.version, "helped", "")
            sending.close(self.ours("caseworker"), self.referral_id, self.pair.version(self.referral_id), "")

        self.try_to(both)

    @rule()
    def withdraw(self) -> None:
        self.try_to(
            lambda: sending.withdraw(self.ours("caseworker"), self.referral_id, self.version, "gerekçe")
        )

    @rule(days=st.sampled_from([1, 4, 100, 200]), worker=st.booleans())
    def wait(self, days: int, worker: bool) -> None:
        _stage["shift"] += dt.timedelta(days=days)
        if worker:
            for _ in range(2):
                with transaction():
                    ending.expire_enquiries()
                    ending.expire_packets()
                    ending.chase()

    @invariant()
    def the_partner_sees_no_more_than_it_may(self) -> None:
        row = self.pair.row(self.referral_id)
        state, db_version = row.state, row.version
        db.session.rollback()
        assert db_version
        if state == "draft":
            return
        with transaction():
            seen = receiving.open_received(self.focal, self.referral_id, "tr")
        told = str(seen)
        live = state in READABLE and self.accepted and clock.today() <= self.until
        if seen.packet is not None:
            assert live
            assert set(seen.packet) == self.released <= self.agreed
        elif live:
            raise AssertionError("what was released is not there")
        if not self.accepted or state in OVER:
            assert NAME not in told
            assert PHONE not in told
        if not live or "name" not in self.agreed:
            assert NAME not in told  # neither in the packet nor in what is written

    @invariant()
    def nothing_lies_there_after_the_end(self) -> None:
        packet = db.session.get(ReferralPacket, self.referral_id, populate_existing=True)
        if packet is not None and self.pair.row(self.referral_id).state not in READABLE:
            assert packet.sealed is None
            assert packet.partner_wrap is None
        db.session.rollback()

    def try_to(self, act: Callable[[], object], *, own: bool = False) -> bool:
        """Whether the act was allowed; a refused one must change nothing, which the invariants see."""
        try:
            if own:
                act()
            else:
                with transaction():
                    act()
        except DomainError:
            db.session.rollback()
            return False
        return True

    @property
    def version(self) -> int:
        return self.pair.version(self.referral_id)

    @property
    def focal(self) -> Any:
        return self.pair.theirs["focal"]

    def ours(self, name: str) -> Any:
        return self.pair.ours[name]


def test_any_order_of_acts() -> None:
    run_state_machine_as_test(
        Referring,
        settings=settings(
            max_examples=8,
            stateful_step_count=16,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),  # a step costs too much for shrinking
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_model_would_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: an end that forgets the packet is caught by the same check."""
    pair: Pair = _stage["pair"]
    machine = Referring()
    machine.pair = pair
    machine.case_id, machine.referral_id = pair.released()
    machine.accepted, machine.agreed, machine.released = True, set(FIELDS), set(FIELDS)
    machine.until = clock.today() + dt.timedelta(days=180)
    machine.the_partner_sees_no_more_than_it_may()
    monkeypatch.setattr("referrals.service.moving.end_access", lambda _referral: None)
    with transaction():
        sending.withdraw(pair.ours["caseworker"], machine.referral_id, machine.version, "gerekçe")
    with pytest.raises(AssertionError):
        machine.nothing_lies_there_after_the_end()
