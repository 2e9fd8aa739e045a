"""Reminders of deadlines: each person is told of each step once, whatever befalls worker, clock or mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.service import people
from accounts.service.letters import Letter, Post
from cases import tasks
from cases.models import Deadline, Reminder
from cases.service import coming, deadlines, members, progress, reminders
from core.audit.models import AuditEntry
from core.clock import ISTANBUL
from core.errors import NotFound
from core.outgoing.message import NotCarriedError
from core.store.base import db
from core.store.transaction import transaction
from domain.reminders import Step
from tests.support.cast import COORDINATOR, Cast, on_stage
from tests.support.clock import FrozenClock
from tests.support.mailing import Letterbox
from tests.support.racing import Race

# Served on Monday 9 November; safe is Monday the 16th. START of the clock is Monday the 2nd, noon in Türkiye.
SERVED = {"rule": "DEP_SUIT", "served_on": "2026-11-09", "facts": {"service": "hand"}}
SAFE = dt.date(2026, 11, 16)


@pytest.fixture
def cast(app: Flask, clock: FrozenClock) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def add(
    cast: Cast,
    case_id: UUID | None = None,
    second: str = "colleague",
    rule: str = "DEP_SUIT",
    **changes: Any,
) -> tuple[UUID, UUID]:
    case_id = case_id or cast.record(**changes)
    with transaction():
        if second == "colleague":
            members.add(cast["caseworker"], case_id, cast[second].person_id)
        watching = (cast["caseworker"].person_id, cast[second].person_id)
        asked = {**SERVED, "rule": rule}
        return case_id, deadlines.add(cast["caseworker"], case_id, uuid4(), asked, *watching)


def at(clock: FrozenClock, day: int, hour: int = 8) -> None:
    """A day of November, at an hour of Türkiye."""
    clock.set(dt.datetime(2026, 11, day, hour, tzinfo=ISTANBUL))


def came_round(times: int = 1) -> None:
    """What the worker does every few seconds."""
    for _ in range(times):
        tasks.remind()
        tasks.send_letters()


def written(cast: Cast) -> set[tuple[str, int]]:
    """Who was told of which step."""
    names = {player.id: name for name, player in cast.players.items()}
    found = db.session.scalars(select(Reminder)).all()
    told = [(names[one.person_id], one.step) for one in found]
    db.session.rollback()
    assert len({(one.deadline_id, one.safe_on, one.person_id, one.step) for one in found}) == len(found)
    return set(told)


def test_the_safe_date_decides_who_is_told_on_which_morning(cast: Cast, clock: FrozenClock) -> None:
    post, (case_id, deadline_id) = Letterbox(cast.app), add(cast)
    at(clock, 9, 7)
    came_round()
    assert written(cast) == set()  # seven days before begins at eight
    at(clock, 9)
    came_round(3)
    assert written(cast) == {("caseworker", Step.WEEK)}
    with transaction():
        reminders.see(cast["caseworker"], case_id, deadline_id)
    at(clock, 11)  # three working days before: Friday, Thursday, Wednesday
    came_round(3)
    assert written(cast) == {
        ("caseworker", Step.WEEK),
        ("caseworker", Step.TARGET),
        ("colleague", Step.TARGET),
    }
    at(clock, 13)
    came_round(3)
    told = {name for name, step in written(cast) if step == Step.EVE}
    assert told == {"caseworker", "colleague", "coordinator"}
    assert post.receivers == ["caseworker"] * 3 + ["colleague"] * 2 + ["coordinator"]
    assert len({message.id for message in post.taken}) == 6
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, deadline_id, 1, "UYAP 1", dt.date(2026, 11, 13))
    at(clock, 20)
    came_round()
    assert len(post.taken) == 6  # met: nobody is told of anything any more


def test_what_is_not_seen_climbs_and_stays_on_top(cast: Cast, clock: FrozenClock) -> None:
    post, (case_id, deadline_id) = Letterbox(cast.app), add(cast)
    expected = [["caseworker"], ["colleague"], []]
    for day, receivers in zip((9, 10, 10), expected, strict=True):
        at(clock, day)
        before = len(post.taken)
        came_round(2)
        assert [message.to.partition("@")[0] for message in post.taken[before:]] == receivers
    for name in ("caseworker", "colleague"):
        [line] = coming.coming(cast[name], 20)
        assert (line.id, bool(line.told)) == (deadline_id, True)
    db.session.rollback()
    for _ in range(2):  # a double click
        with transaction():
            reminders.see(cast["colleague"], case_id, deadline_id)
    [line] = coming.coming(cast["colleague"], 20)
    assert not line.told
    lines = reminders.told_of(deadline_id, SAFE)
    assert [(line.name, line.seen_at is not None) for line in lines] == [
        ("Kişi caseworker", False),
        ("Kişi colleague", True),
    ]
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act == "reminder.see")).all()
    assert len(acts) == 1
    db.session.rollback()
    with pytest.raises(NotFound), transaction():
        reminders.see(cast["other_lawyer"], case_id, deadline_id)
    other = cast.record()
    with pytest.raises(NotFound), transaction():
        reminders.see(cast["caseworker"], other, deadline_id)


def test_a_day_of_downtime_is_caught_up_with_once(cast: Cast, clock: FrozenClock) -> None:
    post, _ids = Letterbox(cast.app), add(cast)
    at(clock, 9)
    came_round()
    at(clock, 13, 17)  # three mornings later, in the afternoon
    came_round(3)
    assert post.receivers == ["caseworker", "caseworker", "colleague", "coordinator"]
    assert {step for _name, step in written(cast)} == {Step.WEEK, Step.EVE}  # of the latest step alone


def test_under_a_clock_set_back_nothing_is_sent_again_and_nothing_is_missed(
    cast: Cast, clock: FrozenClock
) -> None:
    post, _ids = Letterbox(cast.app), add(cast)
    for day in (9, 11, 9, 11, 10, 11):
        at(clock, day)
        came_round(2)
    sent = [(message.to, message.id) for message in post.taken]
    assert len(set(sent)) == len(sent)
    assert sorted(written(cast)) == [
        ("caseworker", Step.WEEK),
        ("caseworker", Step.TARGET),
        ("colleague", Step.WEEK),  # unseen on the 10th, when the clock was there
        ("colleague", Step.TARGET),
    ]
    # A clock that ran far ahead has told of days that have not come; their own reminders still come in time.
    clock.set(dt.datetime(2027, 3, 1, 12, tzinfo=ISTANBUL))
    came_round()
    post.answers = [NotCarriedError(final=False)]
    clock.advance(days=1)
    came_round()  # put off by a minute, in March
    at(clock, 13)
    before = len(post.taken)
    came_round(3)
    told = {message.to.partition("@")[0] for message in post.taken[before:]}
    assert told == {"caseworker", "colleague", "coordinator"}
    assert ("coordinator", Step.EVE) in written(cast)


def test_another_date_and_other_people_are_told_at_once(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.record()
    cast.assign(case_id)
    post, (_case, deadline_id) = Letterbox(cast.app), add(cast, case_id)
    at(clock, 9)
    came_round()
    with transaction():
        people_ = (cast["lawyer"].person_id, cast["colleague"].person_id)
        deadlines.watch(cast["caseworker"], case_id, deadline_id, 1, *people_)
    came_round(2)
    assert post.receivers == ["caseworker", "lawyer"]
    with transaction():
        deadlines.move(
            cast["lawyer"], case_id, deadline_id, 2, dt.date(2026, 11, 30), "Tebliğ usulsüz", beyond=True
        )
    came_round(2)
    assert post.receivers == ["caseworker", "lawyer"]
    assert not coming.coming(cast["lawyer"], 20)[0].told  # what was told of the old date is past
    db.session.rollback()
    with transaction():
        deadlines.move(
            cast["lawyer"], case_id, deadline_id, 3, dt.date(2026, 11, 10), "Yanlış gün", beyond=True
        )
    came_round(2)
    assert post.receivers == sorted(["caseworker", "lawyer", "lawyer", "colleague", "coordinator"])


def test_u0_and_a_restricted_case(cast: Cast, clock: FrozenClock) -> None:
    """In U0 two people hear at once; where no coordinator is named, everybody on the case counts."""
    post = Letterbox(cast.app)
    named = [cast["caseworker"].person_id, cast["colleague"].person_id]
    case_id = cast.record(urgency="U0", restricted=True, named=named)
    with transaction():
        deadlines.add(cast["caseworker"], case_id, uuid4(), SERVED, *named)
    at(clock, 3)
    came_round(2)
    assert post.receivers == ["caseworker", "colleague"]
    at(clock, 13)
    came_round(2)
    assert post.receivers == ["caseworker"] * 2 + ["colleague"] * 2


def test_a_closed_case_reminds_nobody_and_one_that_is_reopened_at_once(
    cast: Cast, clock: FrozenClock
) -> None:
    post, (case_id, _id) = Letterbox(cast.app), add(cast, rule="STAY_OBJ")
    despite = {"level": "S1", "code": "A", "outcome": "lost_contact", "despite": "Kişiye ulaşılamıyor"}

    def put(version: int, *states: str) -> None:
        for state in states:
            with transaction():
                why = "lost_contact" if state == "closed" else ""
                progress.move(
                    cast["coordinator"], case_id, version, state, reason="neden", why=why, closing=despite
                )
            version += 1

    at(clock, 13)
    tasks.remind()  # and the mail server is away
    put(1, "in_review", "closed")
    came_round()  # that it was closed, and nothing else
    assert post.receivers == ["caseworker", "colleague"]
    at(clock, 14)
    came_round()
    assert len(post.taken) == 2
    at(clock, 13)
    post.taken.clear()
    put(3, "in_progress")
    came_round()
    assert post.receivers == ["caseworker", "colleague", "coordinator"]


def test_what_became_needless_before_it_left_is_not_sent(cast: Cast, clock: FrozenClock) -> None:
    post, (case_id, deadline_id) = Letterbox(cast.app), add(cast)
    at(clock, 13)
    tasks.remind()  # and the mail server is away
    with transaction():
        reminders.see(cast["colleague"], case_id, deadline_id)
        people.depart(cast["admin"], cast["caseworker"].person_id)
    tasks.send_letters()
    assert post.receivers == ["coordinator"]
    at(clock, 16)
    with transaction():
        deadlines.meet(cast["colleague"], case_id, deadline_id, 1, "UYAP 1", dt.date(2026, 11, 13))
    came_round()
    assert post.receivers == ["coordinator"]


def test_mail_that_is_not_taken_is_tried_again_ever_later_under_the_same_id(
    cast: Cast, clock: FrozenClock
) -> None:
    post, _ids = Letterbox(cast.app), add(cast)
    at(clock, 9)
    post.answers = [NotCarriedError(final=False), NotCarriedError(final=False)]
    came_round(2)
    assert len(post.answers) == 1  # once, then a pause
    clock.advance(seconds=61)
    came_round()
    clock.advance(seconds=61)
    came_round()
    assert post.taken == []  # the second pause is longer
    clock.advance(seconds=61)
    came_round(2)
    [message] = post.taken
    assert message.id == db.session.scalars(select(Reminder.id)).one()
    db.session.rollback()
    at(clock, 10)
    post.answers = [NotCarriedError(final=True)]
    came_round(2)
    assert len(post.taken) == 1  # refused for good; the desk says it
    assert coming.coming(cast["colleague"], 20)[0].told
    db.session.rollback()


def test_a_worker_killed_between_sending_and_marking_sends_the_same_message_again(
    cast: Cast, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, _ids = Letterbox(cast.app), add(cast)
    at(clock, 9)
    tasks.remind()
    with monkeypatch.context() as patch:

        def killed(_post: Post, _letter: Letter) -> None:
            raise KeyboardInterrupt

        patch.setattr(Post, "sent", killed)
        with pytest.raises(KeyboardInterrupt):
            tasks.send_letters()
    came_round(3)
    assert len(post.taken) == 1  # the claim holds: perhaps somebody is still sending
    clock.advance(minutes=11)
    came_round(3)
    assert len(post.taken) == 2
    assert len({message.id for message in post.taken}) == 1  # one letter to whoever receives it
    assert post.taken[0] == post.taken[1]


def test_several_deadlines_at_one_time_are_one_letter_that_says_nothing(
    cast: Cast, clock: FrozenClock
) -> None:
    post = Letterbox(cast.app)
    for _ in range(3):
        add(cast)
    at(clock, 9)
    came_round(2)
    [message] = post.taken
    assert message.to == "caseworker@ham.example"
    assert message.language == "tr"
    assert message.subject == "Himaya: zamanı gelen bir iş var"
    words = f"{message.subject} {message.text}"
    assert f"{cast.settings.base_url}/desk" in words
    for secret in ("HAM-", "DEP_SUIT", "2026", "caseworker", "Kişi", "محمد"):
        assert secret not in words
    states = db.session.execute(select(Reminder.mail, Reminder.letter_id)).all()
    assert {state for state, _letter in states} == {"sent"}
    assert {letter for _state, letter in states} == {message.id}
    db.session.rollback()


def test_a_change_that_waits_stands_on_the_desks_of_those_who_may_confirm_it(cast: Cast) -> None:
    case_id = cast.record(urgency="U0")
    cast.assign(case_id)
    _case, deadline_id = add(cast, case_id)
    with transaction():
        moved = deadlines.move(
            cast["lawyer"], case_id, deadline_id, 1, dt.date(2026, 11, 30), "Tebliğ usulsüz", beyond=True
        )
    assert not moved

    def waits_for() -> set[str]:
        names = ("caseworker", "colleague", "coordinator", "lawyer", "other_lawyer")
        return {name for name in names if any(line.confirm for line in coming.coming(cast[name], 20))}

    assert waits_for() == {"caseworker", "colleague", "coordinator"}
    db.session.rollback()
    with transaction():
        deadlines.confirm(cast["coordinator"], case_id, deadline_id, 2, yes=True)
    assert waits_for() == set()
    db.session.rollback()


def raced(race: Race, number: int) -> Cast:
    """Deadlines that are due, on a database where two workers meet."""
    with on_stage(race.app) as cast:
        cast.join("second_coordinator", COORDINATOR)
        for _ in range(number):
            add(cast)
        with transaction():
            # Whatever day the tests run on, each is due today.
            for row in db.session.scalars(select(Deadline)):
                row.safe_on = dt.datetime.now(ISTANBUL).date()
        return cast


def test_two_workers_at_once_write_and_send_each_once(race: Race) -> None:
    cast = raced(race, 3)
    race.run(reminders.write_due, reminders.write_due)
    with race.app.app_context():
        with transaction():
            reminders.write_due()
        people_ = {name for name, _step in written(cast)}
        assert people_ == {"caseworker", "colleague", "coordinator", "second_coordinator"}
        rows = db.session.scalars(select(Reminder.id)).all()
        assert len(rows) == 3 * 4
        db.session.rollback()
        post = Letterbox(race.app)
    race.raw(tasks.send_letters, tasks.send_letters)
    with race.app.app_context():
        tasks.send_letters()
        assert post.receivers == sorted(people_)
