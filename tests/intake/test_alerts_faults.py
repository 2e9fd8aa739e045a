"""An urgent request alarms one after the other whatever befalls worker, clock and mail."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from accounts.service import people
from accounts.service.letters import Letter, Post
from core.outgoing.message import NotCarriedError
from core.store.base import db
from core.store.transaction import transaction
from intake import tasks
from intake.models import Request
from intake.service import alerts, deciding
from tests.intake.test_alerts import came_round, cast, told, version_of
from tests.intake.urgent import ask, on_rota
from tests.support.cast import COORDINATOR, Cast, found
from tests.support.clock import FrozenClock
from tests.support.mailing import Letterbox
from tests.support.racing import Race

__all__ = ["cast"]


def test_downtime_is_caught_up_with_once(cast: Cast, clock: FrozenClock) -> None:
    post = Letterbox(cast.app)
    ask(cast)
    clock.advance(hours=20)  # the rota of then counts, not of now
    came_round(3)
    assert post.receivers == ["caseworker", "colleague", "coordinator"]


@pytest.mark.parametrize("back", [dt.timedelta(minutes=10), dt.timedelta(hours=3), dt.timedelta(days=400)])
def test_under_a_clock_set_back_nobody_is_told_twice_and_nobody_too_late(
    cast: Cast, clock: FrozenClock, back: dt.timedelta
) -> None:
    """What was lost by setting it back is at most what had gone by; beyond that everybody hears at once."""
    post = Letterbox(cast.app)
    ask(cast)
    came_round()
    clock.advance(minutes=12)
    clock.advance(seconds=-back.total_seconds())
    came_round(2)
    late = back < dt.timedelta(minutes=12)
    assert post.receivers == (["caseworker"] if late else ["caseworker", "colleague", "coordinator"])
    for _ in range(6):
        clock.advance(minutes=5)
        came_round(2)
    assert post.receivers == ["caseworker", "colleague", "coordinator"]
    assert len({message.id for message in post.taken}) == 3


def test_clocks_of_two_machines_that_differ_by_seconds_alarm_nobody_early(
    cast: Cast, clock: FrozenClock
) -> None:
    post = Letterbox(cast.app)
    ask(cast)
    clock.advance(seconds=-20)
    came_round(2)
    assert post.receivers == ["caseworker"]


def test_whoever_leaves_meanwhile_makes_room_for_the_next(cast: Cast, clock: FrozenClock) -> None:
    post = Letterbox(cast.app)
    ask(cast)
    with transaction():
        people.depart(cast["admin"], cast["caseworker"].person_id)
    clock.advance(minutes=15)
    came_round(2)
    assert post.receivers == ["colleague", "coordinator"]


def test_what_somebody_was_at_who_leaves_waits_again_and_alarms_anew(cast: Cast, clock: FrozenClock) -> None:
    post, leaving = Letterbox(cast.app), cast["caseworker"]
    taken, calm, opened, ended = ask(cast), ask(cast, "U2"), ask(cast), ask(cast, "U2")
    for request_id in (taken, calm, ended):
        with transaction():
            deciding.claim(leaving, request_id, 1)
    with transaction():
        deciding.end(leaving, ended, version_of(ended), uuid4(), "declined", "Bilgi")
    with transaction():
        alerts.on_it(leaving, opened)
    came_round()
    assert post.taken == []
    with transaction():
        people.depart(cast["admin"], leaving.person_id)
    came_round(2)
    assert post.receivers == ["colleague"]  # one letter for both; first on the rota by now
    assert told(cast) == ["caseworker"] * 2 + ["colleague"] * 2
    for request_id, state in ((taken, "received"), (calm, "received"), (ended, "declined")):
        row = db.session.get_one(Request, request_id, populate_existing=True)
        assert (row.state, row.claimed_by is None) == (state, state == "received")
        assert (row.tell_since is None) == (request_id != taken)
    db.session.rollback()
    with transaction():
        deciding.claim(cast["colleague"], taken, version_of(taken))


def test_with_nobody_at_all_it_is_tried_again(cast: Cast, clock: FrozenClock) -> None:
    post = Letterbox(cast.app)
    for name in ("caseworker", "colleague"):
        with transaction():
            people.depart(cast["admin"], cast[name].person_id)
    with transaction():
        people.depart(cast["admin"], cast["coordinator"].person_id, forced=True)
    ask(cast)
    came_round()
    assert post.taken == []
    cast.join("new_lead", COORDINATOR)
    clock.advance(minutes=5)
    came_round()
    assert post.receivers == ["new_lead"]


def test_mail_that_is_not_taken_is_tried_again_within_minutes_and_the_next_hears_all_the_same(
    cast: Cast, clock: FrozenClock
) -> None:
    post = Letterbox(cast.app)
    ask(cast)
    post.answers = [NotCarriedError(final=False)] * 4
    for _ in range(15):
        came_round(2)
        clock.advance(minutes=1)
    came_round()
    assert post.receivers == ["caseworker", "colleague"]
    post.answers = [NotCarriedError(final=True)]
    clock.advance(minutes=15)
    came_round(3)
    assert len(post.taken) == 2  # refused for good; the desk says it
    assert len(alerts.waiting(cast["coordinator"])) == 1
    db.session.rollback()


def test_a_worker_killed_between_sending_and_marking_sends_the_same_message_again(
    cast: Cast, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Letterbox(cast.app)
    ask(cast)
    with monkeypatch.context() as patch:

        def killed(_post: Post, _letter: Letter) -> None:
            raise KeyboardInterrupt

        patch.setattr(Post, "sent", killed)
        with pytest.raises(KeyboardInterrupt):
            came_round()
    came_round(3)
    assert len(post.taken) == 1
    clock.advance(minutes=11)
    came_round(3)
    assert len(post.taken) == 2
    assert len({message.id for message in post.taken}) == 1


def test_a_hundred_urgent_requests_keep_no_other_waiting(cast: Cast, clock: FrozenClock) -> None:
    post = Letterbox(cast.app)
    for _ in range(alerts.BATCH + 5):
        ask(cast)
    clock.advance(hours=1)
    came_round()
    clock.advance(minutes=1)
    last = ask(cast)
    clock.advance(minutes=30)
    came_round()
    row = db.session.get_one(Request, last)
    assert len(alerts.told_of(row)) == 3
    db.session.rollback()
    assert len(post.taken) < 10  # one letter for all that somebody is told at one time


@pytest.mark.parametrize("race", [pytest.param("postgres-lock", marks=pytest.mark.postgres)], indirect=True)
def test_two_workers_at_once_tell_each_once(race: Race, clock: FrozenClock) -> None:
    with race.app.app_context():
        cast = found(race.app)
        db.session.rollback()
        on_rota(cast)
        request_id = ask(cast)
        post = Letterbox(race.app)
        clock.advance(hours=1)
    race.raw(tasks.tell_urgent, tasks.tell_urgent)
    with race.app.app_context():
        came_round(2)
        assert post.receivers == ["caseworker", "colleague", "coordinator"]
        assert len({message.id for message in post.taken}) == 3
        assert told(cast) == ["caseworker", "colleague", "coordinator"]
        assert db.session.get_one(Request, request_id).tell_next is None


@pytest.mark.parametrize("race", [pytest.param("postgres-lock", marks=pytest.mark.postgres)], indirect=True)
def test_a_worker_and_somebody_who_is_on_it_at_once(race: Race, clock: FrozenClock) -> None:
    with race.app.app_context():
        cast = found(race.app)
        db.session.rollback()
        on_rota(cast)
        request_id = ask(cast)
        clock.advance(minutes=15)
    race.run(alerts.tell_due, lambda: alerts.on_it(cast["coordinator"], request_id))
    with race.app.app_context():
        clock.advance(minutes=10)
        came_round(2)
        assert told(cast) in (["caseworker"], ["caseworker", "colleague"])
        assert db.session.get_one(Request, request_id).acknowledged_by == cast["coordinator"].person_id
