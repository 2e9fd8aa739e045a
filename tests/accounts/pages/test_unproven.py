"""A clock that was set back, a row that somebody changed: the page says what happened and what to look at."""

from typing import Any

import pytest

from accounts.service import keys
from cases.models import Case
from core.store.transaction import transaction
from tests.cases.pages.conftest import long_form

TITLES = {
    "ar": "لا يمكن التحقق من هذا الآن",
    "tr": "Bu şu anda doğrulanamıyor",
    "en": "This cannot be checked just now",
}


@pytest.mark.parametrize("language", sorted(TITLES))
def test_who_signs_in_on_a_server_whose_clock_was_set_back_learns_why(house: Any, language: str) -> None:
    house.clock.advance(days=-30)
    try:
        guest, player = house.guest(language), house.player("caseworker")
        guest.fill("/sign-in", email=player.email, password=player.password)
        answer = guest.fill("/sign-in/code", code=house.code("caseworker"))
        assert answer.status_code == 503
        assert TITLES[language] in guest.text
        assert "himaya audit verify" in guest.text
    finally:
        house.clock.advance(days=30)
    assert house.at("caseworker").get("/desk").status_code == 200  # nothing was lost


def test_a_key_from_the_future_stops_the_step_and_keeps_everything(house: Any) -> None:
    caseworker = house.at("caseworker")
    house.clock.advance(minutes=10)
    with house.app.app_context(), transaction():
        keys.rotate(house.cast["coordinator"], "supervision")
    house.clock.advance(minutes=-9)
    caseworker.get("/cases/new")
    form = long_form()
    answer = caseworker.post("/cases/new", **form)
    assert answer.status_code == 503
    assert "clock of the server" in caseworker.text
    house.clock.advance(minutes=9)
    caseworker.get("/cases/new")
    assert f"/cases/new?draft={form['token']}" in caseworker.page
    caseworker.get(f"/cases/new?draft={form['token']}")
    assert "سلمى الخطيب" in caseworker.page  # what was typed came back
    assert caseworker.post("/cases/new", **form).status_code == 303


def test_a_changed_row_is_told_from_an_error_of_ours(house: Any) -> None:
    case_id, whole = house.record(), house.record()
    with house.app.app_context(), transaction() as session:
        row = session.get_one(Case, case_id)
        row.record = row.record[:-1] + bytes([row.record[-1] ^ 1])
    caseworker = house.at("caseworker")
    assert caseworker.get(f"/cases/{case_id}").status_code == 503
    assert TITLES["en"] in caseworker.text
    assert caseworker.get(f"/cases/{whole}").status_code == 200
