"""Who cannot write here now is told whom to call: the door is shut, the code is lost, it was taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from awareness.service import office
from core.store.transaction import transaction
from core.web.locale import NAMES
from tests.intake.stage import ANSWERS, LAST, ask, come_back, open_door, phone, send, token, write
from tests.support.world import World

TOLD = ANSWERS[3]["text"]


@pytest.fixture(scope="module")
def desk(world: World) -> World:
    open_door(world)
    return world


OFFICE = "[0342 000 00 09](tel:+903420000009)"


@pytest.fixture
def reachable(desk: World) -> Iterator[None]:
    """How to reach the organisation is written, in three languages."""

    def write_office(text: str) -> None:
        with desk.app.app_context(), transaction():
            row = office.read(desk.cast["admin"])
            office.write(desk.cast["admin"], row.version if row else 0, dict.fromkeys(NAMES, text))

    write_office(OFFICE)
    yield
    write_office("")


@pytest.mark.usefixtures("reachable")
def test_a_closed_door_says_so_on_every_page_whom_to_call_and_loses_nothing(desk: World) -> None:
    browser, half = write(phone(desk)), phone(desk)
    form = token(browser)
    for number in (1, 2, 3):
        half.fill(f"/m/ar/{number}", **ANSWERS[number])
    open_door(desk, open=False)
    try:
        fresh = phone(desk)
        fresh.get("/m/ar")
        assert "لا أحد يستقبل الطلبات" in fresh.text
        assert "tel:+903420000009" in fresh.page
        assert fresh.get("/m/ar/1").location == "/m/ar"  # nobody begins now
        browser.post(f"/m/ar/{LAST}", token=form)
        assert TOLD in browser.text
        for page, closed in ((3, half), (4, half), (2, browser), (LAST, browser)):
            closed.get(f"/m/ar/{page}")
            assert "منذ أن بدأت الكتابة توقف استقبال الطلبات هنا" in closed.text, page
            assert {"tel:112", "tel:+903420000009"} <= set(re.findall(r'href="(tel:[^"]+)"', closed.page))
        assert TOLD in half.get("/m/ar/3").text  # what was written is there, and goes on
        assert half.fill("/m/ar/4", **ANSWERS[4]).location == "/m/ar/5"
    finally:
        open_door(desk)
    half.get("/m/ar/5")
    assert "توقف استقبال الطلبات" not in half.text
    assert browser.get(f"/m/ar/{LAST}").status_code == 200
    assert send(browser)


@pytest.mark.usefixtures("reachable")
def test_who_lost_the_code_or_took_it_back_reads_whom_to_call(desk: World) -> None:
    for language in NAMES:
        assert "tel:+903420000009" in phone(desk).get(f"/n/{language}").text
    browser = come_back(desk, ask(desk))
    assert "tel:+903420000009" in browser.page
    assert "tel:+903420000009" in browser.fill("/n/ar/back").text


def test_where_nobody_wrote_a_number_the_page_says_so(desk: World) -> None:
    assert "No number of ours stands here yet" in phone(desk).get("/n/en").text
