"""An urgent request alarms one after the other until somebody is on it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit.models import AuditEntry
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from intake import tasks
from intake.models import DutyAlert, Request
from intake.service import alerts, deciding, queue
from tests.intake.urgent import ask, on_rota
from tests.support.cast import COORDINATOR, Cast, found, on_stage
from tests.support.clock import FrozenClock
from tests.support.mailing import Letterbox


@pytest.fixture
def cast(app: Flask, clock: FrozenClock) -> Iterator[Cast]:
    """Monday at noon in Türkiye: the caseworker is on duty, the colleague second."""
    with on_stage(app) as here:
        on_rota(here)
        yield here


def came_round(times: int = 1) -> None:
    """What the worker does every few seconds."""
    for _ in range(times):
        tasks.tell_urgent()


def told(cast: Cast) -> list[str]:
    """Who was told, in order; nobody twice of the same waiting."""
    names = {player.id: name for name, player in cast.players.items()}
    rows = db.session.scalars(select(DutyAlert).order_by(DutyAlert.written_at, DutyAlert.step)).all()
    assert len({(one.request_id, one.since, one.person_id) for one in rows}) == len(rows)
    found_ = [names[one.person_id] for one in rows]
    db.session.rollback()
    return found_


def version_of(request_id: UUID) -> int:
    row = db.session.get_one(Request, request_id, populate_existing=True)
    db.session.rollback()
    return row.version


def test_at_once_after_15_minutes_and_after_30(cast: Cast, clock: FrozenClock) -> None:
    post, request_id = Letterbox(cast.app), ask(cast)
    assert told(cast) == ["caseworker"]  # with the request itself, before any worker comes round
    came_round(3)
    assert post.receivers == ["caseworker"]
    clock.advance(minutes=14, seconds=59)
    came_round(3)
    assert post.receivers == ["caseworker"]
    clock.advance(seconds=1)
    came_round(3)
    assert post.receivers == ["caseworker", "colleague"]
    clock.advance(minutes=15)
    came_round(3)
    clock.advance(days=3)
    came_round(3)
    assert told(cast) == ["caseworker", "colleague", "coordinator"]
    assert post.receivers == ["caseworker", "colleague", "coordinator"]
    assert [one.name for one in alerts.told_of(db.session.get_one(Request, request_id))] == [
        "Kişi caseworker",
        "Kişi colleague",
        "Kişi coordinator",
    ]


def test_the_notice_says_nothing(cast: Cast) -> None:
    post = Letterbox(cast.app)
    ask(cast, name="سلمى", province="27")
    came_round()
    [message] = post.taken
    assert message.subject == "Himaya: acil bir şey bekliyor"
    words = f"{message.subject} {message.text}"
    assert f"{cast.settings.base_url}/requests\n" in words
    for secret in ("HAMR", "سلمى", "U0", "ساعدوني", "Gaziantep", "Kişi", "2026"):
        assert secret not in words


@pytest.mark.parametrize("how", ["button", "claimed"])
def test_whoever_takes_it_on_stops_the_rest(cast: Cast, clock: FrozenClock, how: str) -> None:
    post, request_id, colleague = Letterbox(cast.app), ask(cast), cast["colleague"]
    came_round()
    clock.advance(minutes=14)
    with transaction():
        if how == "button":
            alerts.on_it(colleague, request_id)
        else:
            deciding.claim(colleague, request_id, 1)
    with transaction():
        alerts.on_it(cast["coordinator"], request_id)  # too late, and no error
    if how == "button":
        with transaction():
            deciding.claim(cast["coordinator"], request_id, 1)
    clock.advance(hours=2)
    came_round(3)
    assert post.receivers == ["caseworker"]
    row = db.session.get_one(Request, request_id)
    assert (row.acknowledged_by, row.tell_since, row.tell_next) == (colleague.person_id, None, None)
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act == "request.acknowledge")).all()
    assert len(acts) == 1
    db.session.rollback()


def test_to_open_it_stops_nothing(cast: Cast, clock: FrozenClock) -> None:
    post, request_id = Letterbox(cast.app), ask(cast)
    with transaction():
        assert queue.open_request(cast["coordinator"], request_id, shown=True).on_it is None
    for _ in range(3):
        came_round()
        clock.advance(minutes=15)
    assert post.receivers == ["caseworker", "colleague", "coordinator"]


def test_whoever_is_on_it_and_does_not_take_it_on_is_believed_for_15_minutes(
    cast: Cast, clock: FrozenClock
) -> None:
    post, request_id = Letterbox(cast.app), ask(cast)
    came_round()
    with transaction():
        alerts.on_it(cast["caseworker"], request_id)
    assert [one.id for one in alerts.waiting(cast["caseworker"])] == [request_id]  # to be taken on
    db.session.rollback()
    clock.advance(minutes=14, seconds=59)
    came_round(2)
    assert post.receivers == ["caseworker"]
    clock.advance(seconds=1)
    came_round(2)
    assert sorted(post.receivers) == ["caseworker", "caseworker", "colleague"]  # both on duty at once
    clock.advance(minutes=15)
    came_round(2)
    assert post.receivers[3:] == ["coordinator"]
    on_it = alerts.on_it_of(db.session.get_one(Request, request_id))
    assert on_it is not None
    assert (on_it.name, on_it.until) == ("Kişi caseworker", None)
    db.session.rollback()
    with transaction():  # and once more
        alerts.on_it(cast["coordinator"], request_id)
    clock.advance(minutes=15)
    came_round(2)
    assert len(post.receivers) == 6
    with transaction():
        deciding.claim(cast["colleague"], request_id, version_of(request_id))
    clock.advance(days=1)
    came_round(3)
    assert len(post.receivers) == 6


def test_what_is_less_urgent_after_all_alarms_nobody(cast: Cast, clock: FrozenClock) -> None:
    post, request_id = Letterbox(cast.app), ask(cast)
    came_round()
    with transaction():
        alerts.on_it(cast["caseworker"], request_id)
        deciding.weigh(cast["caseworker"], request_id, 1, "U2")
    clock.advance(hours=2)
    came_round(3)
    assert post.receivers == ["caseworker"]


def test_given_back_it_alarms_anew(cast: Cast, clock: FrozenClock) -> None:
    post, request_id = Letterbox(cast.app), ask(cast)
    came_round()
    with transaction():
        deciding.claim(cast["caseworker"], request_id, version_of(request_id))
    clock.advance(minutes=5)
    with transaction():
        deciding.give_back(cast["caseworker"], request_id, version_of(request_id))
    came_round(2)
    assert post.receivers == ["caseworker"] * 2
    clock.advance(minutes=15)
    came_round(2)
    assert post.receivers == ["caseworker"] * 2 + ["colleague"]


def test_only_what_is_urgent(cast: Cast, clock: FrozenClock) -> None:
    post = Letterbox(cast.app)
    request_id = ask(cast, "U1")
    with transaction():
        deciding.claim(cast["caseworker"], request_id, 1)
        deciding.give_back(cast["caseworker"], request_id, 2)
    clock.advance(hours=1)
    came_round(2)
    assert (post.taken, told(cast)) == ([], [])


def test_at_night_the_coordinators_hear_at_once(cast: Cast, clock: FrozenClock) -> None:
    lead = cast.join("second_lead", COORDINATOR)
    post = Letterbox(cast.app)
    clock.advance(hours=9)
    ask(cast)
    came_round()
    assert post.receivers == ["coordinator", "second_lead"]
    assert len(alerts.waiting(lead)) == 1
    db.session.rollback()


def test_it_stands_on_top_of_whoever_was_told_and_of_nobody_else(cast: Cast, clock: FrozenClock) -> None:
    first = ask(cast)
    clock.advance(minutes=1)
    second = ask(cast)

    def on_desk(name: str) -> list[UUID]:
        found_ = [row.id for row in alerts.waiting(cast[name])]
        db.session.rollback()
        return found_

    assert on_desk("caseworker") == [first, second]
    assert on_desk("colleague") == on_desk("coordinator") == on_desk("lawyer") == []
    clock.advance(minutes=15)
    came_round()
    assert on_desk("colleague") == [first, second]
    with transaction():
        alerts.on_it(cast["colleague"], first)
    assert (on_desk("colleague"), on_desk("caseworker")) == ([first, second], [second])  # to be taken on


def test_not_ours_is_not_found(cast: Cast) -> None:
    request_id = ask(cast)
    foreign = found(cast.app, "YAD")
    for stranger in (foreign["coordinator"], cast["lawyer"], cast["manager"]):
        with pytest.raises(NotFound), transaction():
            alerts.on_it(stranger, request_id)
    assert db.session.get_one(Request, request_id).acknowledged_at is None
    db.session.rollback()


def test_what_was_taken_back_alarms_nobody_more(cast: Cast, clock: FrozenClock) -> None:
    post, request_id = Letterbox(cast.app), ask(cast)
    with transaction():
        db.session.get_one(Request, request_id).state = "withdrawn"
    clock.advance(hours=1)
    came_round(2)
    assert (post.taken, told(cast)) == ([], ["caseworker"])
    assert alerts.waiting(cast["caseworker"]) == []
    db.session.rollback()
