"""The desk gets a new key while many wait: in steps, and never behind whoever writes."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

import vault
from accounts.models import OrganisationKey
from accounts.service import keys, people
from cases.service import orders
from core.errors import Locked
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Request
from intake.service import deciding, queue, rekeying, sealing, visiting
from intake.service.sealing import Desk
from tests.intake.stage import asked_with_code, back_with, reads, taken_on
from tests.intake.urgent import ask
from tests.support.cast import Cast, on_stage
from tests.support.world import World


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def older(cast: Cast) -> int:
    """How many requests lie under a key of the desk that is not the present one."""
    present = select(OrganisationKey.id).where(
        OrganisationKey.organisation_id == cast.organisation_id,
        OrganisationKey.kind == "desk",
        OrganisationKey.retired_at.is_(None),
    )
    asked = select(func.count()).where(Request.desk_key_id.is_not(None), Request.desk_key_id.not_in(present))
    found = db.session.scalar(asked) or 0
    db.session.rollback()
    return found


def rotated(cast: Cast) -> None:
    with transaction():
        keys.rotate(cast["coordinator"], "desk")


def test_the_new_key_holds_nothing_up_and_what_waits_follows_in_steps(cast: Cast) -> None:
    many = [ask(cast, "U2", text=f"talep {number}") for number in range(7)]
    _first, code = asked_with_code(cast, text="yardım")
    damaged = many.pop()
    with transaction() as session:
        session.execute(update(Request).where(Request.id == damaged).values(sealed=b"nothing"))
    rotated(cast)
    assert older(cast) == 8
    steps, left = 0, 1
    while left:
        with transaction():  # a step of no time does one; not who made the key: whoever holds it
            left = orders.carry_out(cast["colleague"], 0)
        steps += 1
    assert steps in {7, 8}  # the damaged one may come last
    assert older(cast) == 1  # the damaged one keeps nobody waiting
    rotated(cast)  # and once more, in the middle of it
    with transaction():
        rekeying.carry_out(cast["caseworker"], 0)
    with transaction():
        texts = {line.answers["text"] for line in _all(cast, damaged)}
    assert texts == {"yardım", *(f"talep {number}" for number in range(6))}
    assert reads(back_with(cast, code) or "") == ["yardım"]


def _all(cast: Cast, besides: UUID) -> list[queue.OpenRequest]:
    others = db.session.scalars(select(Request.id).where(Request.id != besides)).all()
    return [queue.open_request(cast["colleague"], one) for one in others]


@pytest.mark.parametrize("writes", ["person", "desk", "reach"])
def test_whoever_left_reads_nothing_that_was_written_before_the_step_came(cast: Cast, writes: str) -> None:
    request_id, code = asked_with_code(cast, text="eski söz")
    untouched = ask(cast, "U2", text="dokunulmadı")
    leaving = cast["caseworker"]
    with transaction():
        taken_along = Desk(leaving)  # the keys of the desk, as they were opened
        pair = keys.open_key(leaving, "desk").pair
    with transaction():
        people.depart(cast["admin"], leaving.person_id)
    rotated(cast)
    cookie = back_with(cast, code) or ""
    with transaction():
        if writes == "person":
            visiting.say(visiting.visit(cookie), uuid4(), "yeni söz")
        elif writes == "reach":
            visiting.change_reach(visiting.visit(cookie), uuid4(), {"phone": "0532 111 11 11"}, "ar")
        else:
            taken_on(cast["colleague"], request_id)
            deciding.answer(cast["colleague"], request_id, uuid4(), "yeni söz")
    row = db.session.get_one(Request, request_id)
    with pytest.raises(Locked):
        taken_along.key(row)
    context = sealing._desk_context(row.organisation_id, row.id, row.desk_key_id or uuid4())
    with pytest.raises(vault.Unreadable):
        pair.unwrap(row.desk_wrap or b"", context)
    # The control, and said openly: what was there before stays readable with the old key until its step.
    waits = db.session.get_one(Request, untouched)
    assert sealing.opened(taken_along.key(waits), waits)["text"] == "dokunulmadı"
    db.session.rollback()
    assert "eski söz" in reads(cookie)
    with transaction():
        assert orders.carry_out(cast["colleague"]) == 0
    with pytest.raises(Locked):
        taken_along.key(db.session.get_one(Request, untouched, populate_existing=True))
    db.session.rollback()


def test_the_page_goes_on_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.app.app_context():
        for _ in range(3):
            ask(world.cast, "U2")
        rotated(world.cast)
    browser = world.browser("coordinator")
    monkeypatch.setattr(rekeying, "carry_out", lambda _actor, _seconds: 3)
    monkeypatch.setattr(orders, "also", [orders.Also(rekeying.KIND, rekeying.due, rekeying.carry_out)])
    answer = browser.get("/cases/orders")
    assert "Requests for help wait to be sealed under the new key of the desk" in browser.text
    assert "3 of them are left" in browser.text
    assert answer.headers["Refresh"] == "1"
    monkeypatch.undo()
    browser.get("/desk")  # the desk does some of it by itself
    with world.app.app_context():
        assert older(world.cast) == 0
