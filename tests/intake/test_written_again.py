"""Somebody writes again: to a request that was ended, or to the colleague who works on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from accounts.models import KeyGrant, KeyRing, OrganisationKey
from core.errors import Conflict
from core.store.base import db
from core.store.transaction import transaction
from intake import tasks
from intake.models import DutyAlert, Request, RequestToken
from intake.service import alerts, deciding, meeting, merging, queue, sealing, visiting, waiting
from intake.service.sealing import Desk
from tests.intake.stage import ask, asked_with_code, back_with, come_back, open_door, requests_on, token
from tests.intake.urgent import on_rota
from tests.support.cast import Cast, on_stage
from tests.support.clock import FrozenClock
from tests.support.world import Browser, World


@pytest.fixture
def cast(app: Flask, clock: FrozenClock) -> Iterator[Cast]:
    with on_stage(app) as here:
        yield here


def write(cast: Cast, code: str, text: str) -> None:
    cookie = back_with(cast, code) or ""
    with transaction():
        visiting.say(visiting.visit(cookie), uuid4(), text)


def ended(cast: Cast, urgency: str) -> tuple[UUID, str]:
    """A request that the caseworker declined, and its code."""
    request_id, code = asked_with_code(cast)
    worker = cast["caseworker"]
    with transaction() as session:
        session.get_one(Request, request_id).urgency = urgency
    with transaction():
        deciding.claim(worker, request_id, 1)
    with transaction():
        deciding.end(worker, request_id, 2, uuid4(), "declined", "cevap")
    return request_id, code


def news(cast: Cast, name: str) -> list[tuple[UUID, str]]:
    found = [(one.row.id, str(one.wait.breach)) for one in waiting.news(cast[name])]
    db.session.rollback()
    return found


@pytest.mark.parametrize(("urgency", "minutes"), [("U0", 60), ("U3", 24 * 60 + 13 * 60)])
def test_who_writes_again_to_an_ended_request_is_read_in_time(
    cast: Cast, clock: FrozenClock, urgency: str, minutes: int
) -> None:
    request_id, code = ended(cast, urgency)
    news_before = news(cast, "colleague")
    write(cast, code, "yakaladılar")
    assert news_before == []
    for name in ("caseworker", "colleague", "coordinator"):  # whoever ended it may be away
        assert news(cast, name) == [(request_id, "none")]
    clock.advance(minutes=minutes)
    assert news(cast, "colleague") == [(request_id, "over")]


def test_what_was_of_the_same_day_alarms_whoever_is_on_duty_until_somebody_is_on_it(
    cast: Cast, clock: FrozenClock
) -> None:
    on_rota(cast)
    request_id, code = ended(cast, "U0")
    write(cast, code, "yakaladılar")
    write(cast, code, "yardım")
    with transaction() as session:
        assert session.scalars(select(DutyAlert.person_id)).all() == [cast["caseworker"].person_id]
    assert [row.id for row in alerts.waiting(cast["caseworker"])] == [request_id]
    db.session.rollback()
    with transaction():
        alerts.on_it(cast["caseworker"], request_id)
    clock.advance(minutes=16)
    tasks.tell_urgent()
    with transaction() as session:  # nobody has answered: everybody hears again
        assert (session.scalar(select(func.count()).select_from(DutyAlert)) or 0) > 1
        version = session.get_one(Request, request_id).version
    with transaction():
        deciding.take_up(cast["colleague"], request_id, version)
    clock.advance(minutes=60)
    tasks.tell_urgent()
    assert alerts.waiting(cast["caseworker"]) == []


def test_a_colleagues_look_leaves_the_news_with_whoever_works_on_it(world: World) -> None:
    open_door(world)
    code = ask(world)
    worker = world.browser("caseworker")
    page = requests_on(worker)[-1]
    worker.get(page)
    worker.post(f"{page}/claim", version=worker.version)
    worker.get(page)
    person = come_back(world, code)
    person.post("/n/ar/all", token=token(person), text="وصلت ورقة")
    other = world.browser("colleague")
    other.get(page)
    assert "وصلت ورقة" in other.text
    assert page in (worker.get("/desk"), worker.page)[1]
    assert "You work on it" in worker.text
    assert "New message" in (worker.get("/requests"), worker.text)[1]
    assert "قُرئ" not in (person.get("/n/ar/all"), person.text)[1]
    worker.get(page)
    assert "You work on it" not in (worker.get("/desk"), worker.text)[1]
    worker.get(f"{page}/code")
    worker.post(f"{page}/code", version=worker.version, how="in_person")  # a new code is no answer
    again = come_back(world, " ".join(worker.codes))
    assert "لم يُجب أحد بعد" in again.text


def test_a_look_is_no_answer_to_who_writes_after_the_end(cast: Cast, clock: FrozenClock) -> None:
    on_rota(cast)
    request_id, code = ended(cast, "U0")
    write(cast, code, "yakaladılar")
    with transaction():
        alerts.on_it(cast["coordinator"], request_id)
    with transaction():
        queue.open_request(cast["coordinator"], request_id, shown=True)
    for name in ("caseworker", "colleague", "coordinator"):
        assert news(cast, name) == [(request_id, "none")]
    clock.advance(minutes=16)
    tasks.tell_urgent()
    assert [row.id for row in alerts.waiting(cast["caseworker"])] == [request_id]
    db.session.rollback()
    with transaction():
        deciding.answer(cast["caseworker"], request_id, uuid4(), "geliyoruz", shown=1)
    assert news(cast, "coordinator") == []
    clock.advance(minutes=60)
    tasks.tell_urgent()
    assert alerts.waiting(cast["caseworker"]) == []


def test_what_needs_no_answer_is_said_by_a_button_once_it_was_read(world: World) -> None:
    open_door(world)
    code = ask(world)
    worker = world.browser("caseworker")
    page = requests_on(worker)[-1]
    worker.get(page)
    worker.post(f"{page}/claim", version=worker.version)
    worker.get(f"{page}/decline")
    told = {"version": worker.version, "token": token(worker), "text": "هذا خارج عملنا"}
    assert worker.post(f"{page}/decline", **told).status_code == 303
    person = come_back(world, code)
    person.post("/n/ar/all", token=token(person), text="شكرًا")
    other = world.browser("coordinator")
    other.get(page)
    assert "It needs no answer" in other.text
    assert shown_on(other, page) == "1"
    other.get("/desk")
    assert "Answer by" in other.text
    assert other.post(f"{page}/settle", version="0").status_code == 409  # from a page before it came
    other.post(f"{page}/settle", version="1")
    for name in ("coordinator", "colleague"):
        browser = world.browser(name)
        browser.get("/desk")
        assert "Answer by" not in browser.text
    person.get("/n/ar/all")
    person.post("/n/ar/all", token=token(person), text="لكن")
    assert "Answer by" in (other.get("/desk"), other.text)[1]


def shown_on(browser: Browser, page: str) -> str:
    """How many lines of the person the button says that the page shows."""
    form = browser.page.partition(f'action="{page}/settle"')[2].partition("</form>")[0]
    return str(re.findall(r'name="version" value="(\d+)"', form)[0])


def test_an_old_page_settles_no_line_that_it_does_not_show(cast: Cast, clock: FrozenClock) -> None:
    on_rota(cast)
    request_id, code = ended(cast, "U0")
    write(cast, code, "شكرًا")
    write(cast, code, "الشرطة على الباب")
    with transaction():
        queue.open_request(cast["coordinator"], request_id, shown=True)  # a colleague sees both
    with pytest.raises(Conflict), transaction():
        deciding.settle(cast["caseworker"], request_id, 1)
    with transaction():
        deciding.answer(cast["caseworker"], request_id, uuid4(), "على الرحب", shown=1)
    assert news(cast, "colleague") == [(request_id, "none")]
    assert [row.id for row in alerts.waiting(cast["caseworker"])] == [request_id]
    db.session.rollback()
    clock.advance(minutes=45)
    before = news(cast, "colleague")
    with transaction():
        queue.open_request(cast["colleague"], request_id, shown=True)
    assert news(cast, "colleague") == before  # a look sets no clock back
    clock.advance(minutes=20)
    assert news(cast, "colleague") == [(request_id, "over")]


def test_a_line_that_came_while_a_request_was_ended_alarms(cast: Cast) -> None:
    on_rota(cast)
    request_id, code = asked_with_code(cast)
    with transaction() as session:
        session.get_one(Request, request_id).urgency = "U0"
    with transaction():
        deciding.claim(cast["caseworker"], request_id, 1)
    write(cast, code, "أخذوه الآن")
    with transaction():
        deciding.end(cast["caseworker"], request_id, 2, uuid4(), "declined", "cevap")
    assert [row.id for row in alerts.waiting(cast["caseworker"])] == [request_id]
    db.session.rollback()


def test_who_was_turned_away_stays_compared_whoever_turned_them_away(cast: Cast) -> None:
    """The colleague who declines holds no key that finds files; the next who does holds it."""
    worker, named = cast["caseworker"], {"name": "سلمى الحسن", "phone": "0532 000 00 07"}
    before, after = (asked_with_code(cast, **named)[0] for _ in range(2))

    def known(request_id: UUID) -> int:
        found = select(func.count()).where(RequestToken.request_id == request_id)
        with transaction() as session:
            return session.scalar(found) or 0

    def look(request_id: UUID) -> None:
        with transaction() as session:
            key = Desk(reader := cast["coordinator"]).key(row := session.get_one(Request, request_id))
            answers = sealing.opened(key, row)
            assert meeting.is_new(row)
            meeting.look(reader, request_id, answers, merging.tokens_of(reader, answers))

    look(before)
    assert (held := known(before))
    with transaction() as session:
        kept = select(OrganisationKey.id).where(OrganisationKey.kind == "match")
        session.execute(
            delete(KeyGrant).where(KeyGrant.holder_id == worker.person_id, KeyGrant.key_id.in_(kept))
        )
        session.execute(delete(KeyRing).where(KeyRing.person_id == worker.person_id))
    for request_id in (before, after):
        with transaction():
            deciding.claim(worker, request_id, 1)
        with transaction():
            deciding.end(worker, request_id, 2, uuid4(), "declined", "cevap")
    assert (known(before), known(after)) == (held, 0)
    look(after)
    assert known(after) == held
