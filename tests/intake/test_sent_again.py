"""Whoever stops a slow page, writes more and sends it again is not told that it arrived."""

from __future__ import annotations

import pytest

from tests.intake.stage import ask, come_back, open_door, token
from tests.support.world import World

AGAIN = {"ar": "أُرسل هذا من قبل بكلمات أخرى", "tr": "Bu daha önce başka sözlerle gönderildi"}


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_what_a_person_adds_after_a_slow_line_is_not_lost(world: World, language: str) -> None:
    open_door(world)
    back = come_back(world, ask(world, language), language)
    for page, read in ((f"/n/{language}/all", ""), (f"/n/{language}/else", "")):
        back.get(page)
        form = token(back)
        for _twice in range(2):
            assert back.post(page, token=form, text="ilk").status_code == 303
        assert back.post(page, token=form, text="ilk ve sonra").status_code == 422, read
        assert AGAIN[language] in back.text
        assert "ilk ve sonra" in back.page
        assert back.post(page, token=token(back), text="ilk ve sonra").status_code == 303
        back.get(page)
        assert back.text.count("ilk") == 2


def test_other_answers_on_how_to_be_reached_count(world: World) -> None:
    open_door(world)
    back = come_back(world, ask(world, "tr"), "tr")
    page = "/n/tr/reach"
    back.get(page)
    form = {
        "token": token(back),
        "phone": "0532 111 22 33",
        "whose": "own",
        "channels": ["call"],
        "message_ok": "no",
    }
    for number in ("0532 111 22 33", "0532 111 22 33", "0532 999 88 77"):
        assert back.post(page, **{**form, "phone": number}).status_code == 303, back.errors
    back.get(page)
    assert "999 88 77" in back.page
