"""A complaint reaches people outside the case and nobody else; their answer reaches who wrote it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from intake.service import complaints
from tests.intake.stage import ask, come_back, complained, open_door, requests_on, token
from tests.support.world import World

WRONG = "طلب مني أحدهم مالًا"


def test_whoever_took_the_request_on_does_not_see_what_is_said_of_them(world: World) -> None:
    open_door(world)
    code = ask(world)
    page = requests_on(inside := world.browser("coordinator"))[-1]
    inside.get(page)
    inside.post(f"{page}/claim", version=inside.version)
    back = come_back(world, code)
    back.get("/n/ar/else")
    form = token(back)
    for _twice in range(2):
        assert back.post("/n/ar/else", token=form, text=WRONG).status_code == 303
    back.get("/n/ar/else")
    assert back.text.count(WRONG) == 1
    inside.get("/complaints")
    assert "No complaint" in inside.text
    outside = world.browser("manager")
    outside.get("/desk")
    assert "complaint" in outside.text
    outside.get("/complaints")
    found = outside.page.split('class="row-link" href="')[1].split('"')[0]
    assert WRONG in outside.get(found).text
    assert inside.get(found).status_code == 404
    assert outside.post(found, text="نحقق في الأمر ونكتب لك").status_code == 303
    assert world.browser("coordinator").get(found).status_code == 404
    back.get("/n/ar/else")
    assert "نحقق في الأمر" in back.text
    assert outside.post(found, text="غير ذلك").status_code in {303, 409}  # one answer stands
    assert "غير ذلك" not in (back.get("/n/ar/else"), back.text)[1]


def test_nothing_written_is_nothing_sent(world: World) -> None:
    open_door(world)
    back = come_back(world, ask(world))
    back.get("/n/ar/else")
    assert back.post("/n/ar/else", token=token(back), text=" ").status_code == 422


def test_only_those_to_whom_it_was_sealed_find_it(world: World) -> None:
    with world.app.app_context():
        complaint_id = complained(world.cast, WRONG)
        for name in ("coordinator", "manager"):
            with transaction():
                assert complaints.read(world.cast[name], complaint_id).text == WRONG
        with pytest.raises(NotFound), transaction():
            complaints.read(world.cast["admin"], complaint_id)
        with pytest.raises(NotFound), transaction():
            complaints.answer(world.cast["manager"], uuid4(), "yok")
        db.session.rollback()
