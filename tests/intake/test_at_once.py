"""Several people at one request, one person twice, many at the door: nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from accounts.service import drafts as own_drafts
from accounts.service import keys
from cases.models import Case
from cases.routes import filling
from core.errors import Conflict, NotFound
from core.store.base import db
from core.store.transaction import transaction
from core.web import kept
from intake.models import Receipt, Request
from intake.service import deciding, drafts, queue, sending, visiting
from tests.intake.stage import asked, asked_with_code, back_with, reads, taken_on
from tests.support.cast import CASEWORKER, Cast, on_stage, record_of
from tests.support.racing import Race, on_both


@pytest.fixture
def cast(race: Race) -> Iterator[Cast]:
    with on_stage(race.app) as found:
        yield found


def count(model: Any) -> int:
    found = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()
    return int(found)


@on_both
def test_the_same_draft_sent_twice_at_once_is_one_request_with_one_code(race: Race, cast: Cast) -> None:
    asked(cast)
    draft = drafts.load("")
    with transaction():
        drafts.save(draft, {"whom": "me", "text": "yardım", "province": "27"})
        drafts.save(draft, {drafts.BEGAN: "2026-01-01T00:00:00+00:00"})
    both = [drafts.load(draft.cookie) for _ in range(2)]
    prepared = [sending.prepare(cast.settings, one) for one in both]
    db.session.rollback()
    results = race.run(
        *[lambda at=at: sending.send(prepared[at], both[at], uuid4()) for at in range(2)]  # two tabs
    )
    assert sorted(results) == [False, True]
    assert (count(Request), count(Receipt)) == (2, 2)
    code = str(drafts.load(draft.cookie).answers["code"])
    db.session.rollback()
    assert back_with(cast, code) is not None


@on_both
def test_two_who_take_the_same_request(race: Race, cast: Cast) -> None:
    request_id = asked(cast)
    other = cast.join("second", CASEWORKER)
    cast.hand_over()
    results = race.run(
        lambda: deciding.claim(cast["caseworker"], request_id, 1),
        lambda: deciding.claim(other, request_id, 1),
    )
    assert [type(one) for one in results if one is not None] == [Conflict]


@on_both
def test_two_clicks_on_opening_a_case_open_one(race: Race, cast: Cast) -> None:
    request_id, worker, token = asked(cast), cast["caseworker"], uuid4()
    with transaction():
        deciding.claim(worker, request_id, 1)
    before = count(Case)

    def accept() -> Any:
        return deciding.accept(
            worker,
            request_id,
            record_of(),
            urgency="U1",
            restricted=False,
            named=[],
            consents=[],
            token=token,
        )

    one, two = race.run(accept, accept)
    assert one == two
    assert count(Case) == before + 1


@on_both
def test_a_line_of_each_side_at_once_and_one_while_it_is_taken_back(race: Race, cast: Cast) -> None:
    request_id, code = asked_with_code(cast)
    cookie = back_with(cast, code) or ""
    with transaction():
        taken_on(cast["caseworker"], request_id)
    race.run(
        lambda: visiting.say(visiting.visit(cookie), uuid4(), "من الهاتف"),
        lambda: deciding.answer(cast["caseworker"], request_id, uuid4(), "من المكتب"),
    )
    assert sorted(reads(cookie)[1:]) == sorted(["من الهاتف", "من المكتب"])
    results = race.run(
        lambda: visiting.withdraw(visiting.visit(cookie)),
        lambda: deciding.answer(cast["caseworker"], request_id, uuid4(), "متأخر"),
    )
    assert results[0] is None
    assert back_with(cast, code) is None
    assert db.session.get_one(Request, request_id).sealed == b""
    db.session.rollback()


@on_both
def test_a_draft_kept_anew_while_the_request_is_taken_back(
    race: Race, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id, code = asked_with_code(cast)
    cookie, key = back_with(cast, code) or "", kept.Key("intake.show", request_id)
    worker = cast["caseworker"]
    with transaction():
        own_drafts.save(worker.person_id, *key, {"text": ["أول"]})
    monkeypatch.setattr(filling, "actor", lambda: worker)
    monkeypatch.setattr(kept, "draft", lambda: None)

    def taken_back() -> None:
        with transaction():
            visiting.withdraw(visiting.visit(cookie))

    results = race.raw(taken_back, lambda: filling.keep(key, {"text": ["ثانٍ"]}))
    assert results[0] is None
    assert isinstance(results[1], NotFound)
    assert own_drafts.opened(worker, *key) == []
    db.session.rollback()


@on_both
def test_many_at_the_door_get_numbers_of_their_own_and_nobody_is_lost(race: Race, cast: Cast) -> None:
    asked(cast)

    def one(_number: int) -> str:
        with race.app.app_context():
            try:
                _id, code = asked_with_code(cast, text="kalabalık")
                return code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as telephones:
        sent = list(telephones.map(one, range(24)))
    numbers = db.session.scalars(select(Request.number).order_by(Request.number)).all()
    db.session.rollback()
    assert numbers == list(range(1, 26))
    assert len(set(sent)) == 24
    assert all("kalabalık" in reads(back_with(cast, code) or "") for code in sent[:3])


@on_both
def test_a_line_and_a_change_of_reach_while_the_desk_gets_a_new_key(race: Race, cast: Cast) -> None:
    request_id, code = asked_with_code(cast)
    cookie = back_with(cast, code) or ""
    rules = {"phone": "0532 111 11 11", "channels": ["phone"]}
    results = race.run(
        lambda: visiting.say(visiting.visit(cookie), uuid4(), "أثناء التبديل"),
        lambda: visiting.change_reach(visiting.visit(cookie), uuid4(), rules, "ar"),
        lambda: keys.rotate(cast["coordinator"], "desk"),
    )
    assert results[:2] == [None, None]
    assert "أثناء التبديل" in reads(cookie)
    with transaction():
        opened = queue.open_request(cast["caseworker"], request_id)
    assert opened.answers["phone"] == "0532 111 11 11"
    assert "أثناء التبديل" in [line.text for line in opened.conversation]
