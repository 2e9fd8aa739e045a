"""Who chose to be told is told once, in a safe hour, without a word about anything; nobody else ever is."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from cases.service import files
from config.logs import configure_logs
from core.clock import ISTANBUL
from core.outgoing.message import NotCarriedError
from core.store.base import db
from core.store.transaction import transaction
from intake import tasks
from intake.models import Request, RequestNotice
from intake.service import casework, complaints, deciding, queue, telling, visiting
from tests.attacks import thief
from tests.intake.stage import asked_with_code, back_with, reads, taken_on
from tests.support.cast import Cast, on_stage, record_of
from tests.support.clock import FrozenClock
from tests.support.mailing import Letterbox
from tests.support.racing import Race, on_both

MAIL = "gizli.kisi@posta.example"
PHONE = "0532 000 00 07"
CHOICE: dict[str, Any] = {
    "notice": "mail",
    "notice_mail": MAIL,
    "notice_phone": "",
    "notice_parts": ["morning", "afternoon", "evening"],
    "notice_days": "all",
    "notice_language": "ar",
}
BY_SMS = CHOICE | {"notice": "sms", "notice_mail": "", "notice_phone": PHONE}


@pytest.fixture
def cast(app: Flask, clock: FrozenClock) -> Iterator[Cast]:
    """Monday at noon in Türkiye."""
    with on_stage(app) as here:
        yield here


@pytest.fixture
def post(cast: Cast) -> Letterbox:
    box = Letterbox(cast.app)
    cast.app.extensions["himaya.ways"] = {"mail": box, "sms": box}
    return box


def answer(cast: Cast, request_id: UUID, words: str = "أجبنا") -> None:
    with transaction():
        taken_on(cast["caseworker"], request_id)
        deciding.answer(cast["caseworker"], request_id, uuid4(), words)


def state(request_id: UUID) -> str:
    found = select(RequestNotice.state).where(RequestNotice.request_id == request_id)
    answer_ = db.session.scalar(found) or "gone"
    db.session.rollback()
    return answer_


def wall(clock: FrozenClock, shown: str) -> None:
    clock.set(dt.datetime.fromisoformat(shown).replace(tzinfo=ISTANBUL))


def case_of(cast: Cast, request_id: UUID, **phone: Any) -> UUID:
    """The request becomes a case; gives its id."""
    with transaction():
        taken_on(cast["caseworker"], request_id)
    with transaction():
        record = record_of(phones=[phone])
        return deciding.accept(
            cast["caseworker"], request_id, record, urgency="U2", restricted=False, named=[], consents=[],
            token=uuid4(),
        )  # fmt: skip # one call


def test_one_notice_until_it_is_read_and_it_says_nothing(
    cast: Cast, post: Letterbox, clock: FrozenClock
) -> None:
    request_id, code = asked_with_code(cast, name="سلمى", **CHOICE)
    tasks.tell_people()
    assert post.taken == []
    answer(cast, request_id)
    answer(cast, request_id, "ومرة أخرى")
    for _round in range(3):
        tasks.tell_people()
        clock.advance(hours=1)
    answer(cast, request_id)
    tasks.tell_people()
    [message] = post.taken
    assert message.to == MAIL
    assert (message.subject, message.text) == ("رسالة", "لديك شيء جديد. أنت تعرف أين تجده.\n")
    reads(back_with(cast, code) or "")
    tasks.tell_people()
    answer(cast, request_id)
    tasks.tell_people()
    assert len({one.id for one in post.taken}) == 2


def test_who_chose_nothing_is_never_told(cast: Cast, post: Letterbox, clock: FrozenClock) -> None:
    for more in ({}, {"notice": "", "notice_mail": MAIL}, {**CHOICE, "way": "call"}):
        request_id, _code = asked_with_code(cast, **more)
        answer(cast, request_id)
    clock.advance(days=1)
    tasks.tell_people()
    assert post.taken == []
    assert db.session.scalars(select(RequestNotice)).all() == []
    db.session.rollback()


def test_never_at_night_nor_on_other_days_and_read_meanwhile_it_does_not_leave(
    cast: Cast, post: Letterbox, clock: FrozenClock
) -> None:
    mornings = BY_SMS | {"notice_parts": ["morning"], "notice_days": "weekend", "notice_language": "tr"}
    patient, _code = asked_with_code(cast, **mornings)
    quick, code = asked_with_code(cast, **CHOICE)
    wall(clock, "2026-11-02T20:00")  # Monday
    answer(cast, patient)
    answer(cast, quick)
    for _minutes in range(0, 13 * 60, 10):  # until a minute before nine
        tasks.tell_people()
        clock.advance(minutes=10)
    assert post.taken == []
    reads(back_with(cast, code) or "")
    wall(clock, "2026-11-07T08:59")
    tasks.tell_people()
    assert post.taken == []
    wall(clock, "2026-11-07T09:00")  # Saturday
    tasks.tell_people()
    [message] = post.taken
    assert (message.to, message.text.strip()) == (
        "+905320000007",
        "Sizin için yeni bir şey var. Nereye bakacağınızı biliyorsunuz.",
    )


def test_killed_between_sending_and_marking_it_is_the_same_one_and_not_at_night(
    cast: Cast, post: Letterbox, clock: FrozenClock
) -> None:
    request_id, code = asked_with_code(cast, **CHOICE)
    wall(clock, "2026-11-02T19:55")
    answer(cast, request_id)
    with transaction():
        first = telling.claim()  # and the worker dies after it was sent
    assert first is not None
    tasks.tell_people()
    assert post.taken == []  # nobody takes it over while it may still be on its way
    wall(clock, "2026-11-02T20:10")
    tasks.tell_people()
    assert post.taken == []
    wall(clock, "2026-11-03T09:00")
    tasks.tell_people()
    assert [one.id for one in post.taken] == [first.id]
    reads(back_with(cast, code) or "")
    answer(cast, request_id)
    with transaction():
        telling.claim()
    reads(back_with(cast, code) or "")  # read before the worker is back
    clock.advance(hours=1)
    tasks.tell_people()
    assert len(post.taken) == 1


def test_a_day_without_a_server_and_a_clock_set_back(cast: Cast, post: Letterbox, clock: FrozenClock) -> None:
    request_id, _code = asked_with_code(cast, **CHOICE)
    other, _code = asked_with_code(cast, **CHOICE)
    post.answers = [NotCarriedError(final=False)]
    answer(cast, request_id)
    tasks.tell_people()  # put off for a minute
    clock.advance(days=-3)  # noon, three days before
    tasks.tell_people()
    assert [one.to for one in post.taken] == [MAIL]
    wall(clock, "2026-11-03T21:00")
    answer(cast, other)
    tasks.tell_people()
    wall(clock, "2026-11-04T21:30")  # the server was off all day: still not at night
    tasks.tell_people()
    assert len(post.taken) == 1
    wall(clock, "2026-11-05T09:00")
    tasks.tell_people()
    tasks.tell_people()
    assert len(post.taken) == 2


def test_taken_back_stopped_or_over_the_address_is_gone(
    cast: Cast, post: Letterbox, clock: FrozenClock
) -> None:
    back, code = asked_with_code(cast, **CHOICE)
    answer(cast, back)
    cookie = back_with(cast, code) or ""
    with transaction():
        visiting.withdraw(visiting.visit(cookie))
    stopped, code = asked_with_code(cast, **CHOICE)
    answer(cast, stopped)
    cookie = back_with(cast, code) or ""
    with transaction():
        here = visiting.visit(cookie)
        visiting.change_reach(here, uuid4(), {"notice": ""}, "ar")
    declined, _code = asked_with_code(cast, **CHOICE)
    with transaction():
        deciding.claim(cast["caseworker"], declined, 1)
    with transaction():
        deciding.end(cast["caseworker"], declined, 2, uuid4(), "declined", "إليك معلومات")
    tasks.tell_people()
    assert [one.to for one in post.taken] == [MAIL]  # who was answered without a case is told of it
    assert [state(one) for one in (back, stopped, declined)] == ["gone", "gone", "sent"]
    clock.advance(days=29)
    tasks.tidy()
    assert state(declined) == "sent"
    clock.advance(days=2)
    tasks.tidy()
    assert state(declined) == "gone"


def test_what_could_not_be_delivered_is_told_to_colleagues_and_not_to_the_log(
    cast: Cast, post: Letterbox
) -> None:
    log = io.StringIO()
    configure_logs("info", log)
    request_id, _code = asked_with_code(cast, **CHOICE)
    post.answers = [NotCarriedError(final=True)]
    answer(cast, request_id)
    tasks.tell_people()
    tasks.tell_people()
    assert post.taken == []
    with transaction():
        told = queue.open_request(cast["caseworker"], request_id).person_told
    assert told is not None
    assert (told.way, told.state, told.failed) == ("mail", "refused", True)
    assert "notice.refused" in log.getvalue()
    assert MAIL not in log.getvalue()


def test_what_the_file_says_of_safe_contact_holds_for_notices(cast: Cast, post: Letterbox) -> None:
    request_id, _code = asked_with_code(cast, **BY_SMS)
    case_id = case_of(cast, request_id, number=PHONE, whose="own", channels=["call", "sms"])
    actor = cast["caseworker"]
    with transaction():
        casework.answer(actor, case_id, request_id, uuid4(), "أجبنا")
    with transaction():
        case = files.open_case(actor, case_id)
        phone = {"number": PHONE, "whose": "own", "channels": ["call"]}
        record = case.record | {"client": case.record["client"] | {"phones": [phone]}}
        version = case.version
    with transaction():
        files.edit_case(actor, case_id, version, record, urgency="U2")
    tasks.tell_people()
    assert post.taken == []  # although it waited already
    with transaction():
        told = casework.read(actor, case_id, request_id).told
    assert told is not None
    assert told.state == "never"


def test_the_database_alone_shows_no_address_and_a_changed_row_sends_nothing(
    cast: Cast, post: Letterbox
) -> None:
    one, _code = asked_with_code(cast, **CHOICE)
    other, _code = asked_with_code(cast, **CHOICE | {"notice_mail": "baska@posta.example"})
    stored = [*thief.values(binary=True), *thief.files(cast.settings.home)]
    words = " ".join(str(value) for value in thief.values(binary=False))
    assert MAIL not in words
    assert not any(MAIL.encode() in value for value in stored)
    with transaction() as session:
        moved = select(RequestNotice.sealed).where(RequestNotice.request_id == other)
        sealed = session.scalar(moved)
        session.execute(
            text("UPDATE request_notices SET sealed = :sealed WHERE request_id IN "
                 "(SELECT id FROM requests WHERE reference = :reference)"),
            {"sealed": sealed, "reference": session.get_one(Request, one).reference},
        )  # fmt: skip # one statement
    answer(cast, one)
    tasks.tell_people()
    assert post.taken == []
    assert state(one) == "refused"


def test_the_answer_to_a_complaint_is_told_too(cast: Cast, post: Letterbox) -> None:
    request_id, code = asked_with_code(cast, **CHOICE)
    cookie = back_with(cast, code) or ""
    with transaction():
        complaints.write(visiting.visit(cookie), uuid4(), "şikâyet")
    reader = cast["coordinator"]
    with transaction():
        [row] = complaints.index(reader)
        complaints.answer(reader, row.id, "أجبنا على الشكوى")
    tasks.tell_people()
    assert len(post.taken) == 1
    assert state(request_id) == "sent"


@pytest.mark.parametrize("first", [CHOICE, {"notice": ""}], ids=["chosen before", "chosen only now"])
def test_a_file_that_forbids_contact_is_heeded_after_a_change_by_code(
    cast: Cast, post: Letterbox, first: dict[str, Any]
) -> None:
    request_id, code = asked_with_code(cast, **first)
    case_of(cast, request_id, number=PHONE, whose="own", channels=["none"])
    cookie = back_with(cast, code) or ""
    with transaction():
        visiting.change_reach(visiting.visit(cookie), uuid4(), CHOICE | {"notice_days": "working"}, "ar")
    with transaction():
        complaints.write(visiting.visit(cookie), uuid4(), "şikâyet")
    reader = cast["coordinator"]
    with transaction():
        [row] = complaints.index(reader)
        complaints.answer(reader, row.id, "أجبنا على الشكوى")
    tasks.tell_people()
    assert post.taken == []


@on_both
def test_two_workers_and_a_reader_at_once(race: Race, clock: FrozenClock) -> None:
    with on_stage(race.app) as cast:
        request_id, code = asked_with_code(cast, **CHOICE)
        cookie = back_with(cast, code) or ""
        answer(cast, request_id)
        [notice] = [one for one in race.run(telling.claim, telling.claim) if one is not None]
        with transaction():
            telling.put_off(notice)
        clock.advance(minutes=2)
        results = race.run(telling.claim, lambda: visiting.read(visiting.visit(cookie)))
        assert not any(isinstance(one, Exception) for one in results)
        with transaction():
            telling.sent(notice)  # the mark of a claim that was read meanwhile changes nothing
        assert state(request_id) == "idle"
