"""A form sent again: the same words are once, other words are not called kept and stay in the form."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core import clock
from tests.cases.pages.test_reviews import answers, closed, drawn, soon
from tests.cases.pages.test_todo import token
from tests.support.world import World

AGAIN = {
    "ar": "أُرسل هذا من قبل بكلمات أخرى",
    "tr": "Bu daha önce başka sözlerle gönderildi",
}


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_paragraph_added_after_a_slow_line_is_not_lost(world: World, language: str) -> None:
    lead, today, first = world.browser("coordinator", language), clock.today(), f"ilk söz {uuid4()}"
    lead.get("/talks/new")
    given = {
        "other": str(world.cast["caseworker"].person_id),
        "held_on": [str(today.day), str(today.month), str(today.year)],
    }
    page = token(lead)
    assert lead.post("/talks/new", text=first, token=page, **given).status_code == 303
    assert lead.post("/talks/new", text=first, token=page, **given).status_code == 303
    lead.get("/talks")
    assert lead.text.count(first) == 1
    assert lead.post("/talks/new", text=f"{first} ve ikinci", token=page, **given).status_code == 422
    assert AGAIN[language] in lead.text
    assert f"{first} ve ikinci" in lead.text
    assert lead.post("/talks/new", text=f"{first} ve ikinci", token=token(lead), **given).status_code == 303
    lead.get("/talks")
    assert lead.text.count(first) == 2


def test_a_list_under_the_token_of_another_one_is_not_called_kept(world: World) -> None:
    browser, page = world.browser("caseworker"), str(uuid4())
    browser.get("/cases/choose")
    assert browser.post("/cases/choose", keep="1", token=page, province="01", name="Adana").status_code == 303
    again = browser.post("/cases/choose", keep="1", token=page, province="31", name="Hatay")
    assert again.status_code == 422
    assert 'value="Hatay"' in browser.page
    assert (
        browser.post("/cases/choose", keep="1", token=token(browser), province="31", name="Hatay").location
        != f"/lists/{page}"
    )
    browser.get("/cases/choose")
    assert "Hatay" in browser.text


@pytest.mark.usefixtures("nothing_drawn")
def test_a_review_sent_again_with_another_answer_is_not_called_said(world: World) -> None:
    case_id = closed(world)
    drawn(world)
    review, lead = f"/cases/{case_id}/review", world.browser("coordinator")
    lead.get(review)
    form = {"token": token(lead), "version": "0", "mend_by": soon()}
    assert lead.post(review, **answers(), **form).status_code == 303
    missing = {
        "words_deadline_proof": "kanıt yok",
        "owner_deadline_proof": str(world.cast["caseworker"].person_id),
    }
    assert lead.post(review, **answers("deadline_proof"), **form, **missing).location == review
    lead.get(review)
    assert "What you typed is kept" in lead.text
    assert "kanıt yok" in lead.page
    lead.get("/supervision")
    assert "stands on the desks" not in lead.text


def test_a_row_is_changed_twice_from_pages_that_carry_its_own_token(world: World) -> None:
    lead = world.browser("coordinator")
    entry = {"name_tr": "Kadın Merkezi", "services": ["gbv"], "capacity": "full", "phone": "0312 000 00 00"}
    day = {"provinces": ["06"], "confirmed": "y", "review_on": ["1", "1", "2027"]}
    lead.get("/directory/add")
    made = lead.post("/directory/add", **entry, **day, token=token(lead), version="1").location
    for hours in ("9-17", "10-16"):
        lead.get(f"{made}/edit")
        sent = {**entry, **day, "hours": hours, "token": token(lead), "version": lead.version}
        assert lead.post(f"{made}/edit", **sent).status_code == 303, lead.errors
