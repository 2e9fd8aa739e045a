"""What was written about a fact is read where the case is worked on and handed over; a court gets no note."""

from __future__ import annotations

import pytest

from tests.cases.pages.test_matter import put
from tests.support.world import World


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "No minutes (tutanak) were drawn up"),
        ("ar", "لم يُحرَّر محضر (tutanak)"),
        ("tr", "Tutanak tutulmadı"),
    ],
)
def test_every_part_of_a_fact_is_shown_and_no_note_goes_out(world: World, language: str, words: str) -> None:
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
    case, browser = f"/cases/{case_id}", world.browser("caseworker", language)
    stay = {"place": "centre", "name": "Tuzla", "since": ["2", "11", "2026"], "how": "family"}
    decided = {"basis": "KARAR-4455", "decided_on": ["1", "11", "2026"], "note": "Görüş Salı günleri"}
    put(browser, f"{case}/matter/detention/new", **stay, **decided)
    power = {
        "result": "given",
        "on": ["6", "11", "2026"],
        "place": "notary",
        "number": "Y-1",
        "minutes": "no",
    }
    holder = {"lawyer": str(world.cast["lawyer"].person_id), "scope": "Yalnız iptal davası"}
    put(browser, f"{case}/matter/power/new", **power, **holder, note="Aslı notere soruldu")
    goes_out, stays = ("KARAR-4455", "Yalnız iptal davası", words), ("Görüş Salı", "Aslı notere")
    browser.get(case)
    shown = browser.page[browser.page.index('id="matter"') :].partition("</section>")[0]
    browser.get(f"{case}/hand-over")
    for said in (*goes_out, *stays, "Kişi lawyer"):
        assert said in shown, said
        assert said in browser.text, said
    lawyer = world.browser("lawyer", language)
    lawyer.get(f"{case}/export/1")
    for said in goes_out:
        assert said in lawyer.text, said
    assert not any(said in lawyer.text for said in stays)
