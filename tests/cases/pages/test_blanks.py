"""Blank forms: A4 sheets in three languages about nobody."""

from __future__ import annotations

import pytest

from cases.routes.blanks import BLANKS
from core.reference import reference
from domain.consents import STORY
from tests.support.rendering import inside, metadata, pages, text, where
from tests.support.world import World

A4 = (595, 842)
MOST = {"intake": 2, "consents": 4, "story": 2, "visit": 3}  # sheets


@pytest.mark.parametrize("kind", BLANKS)
@pytest.mark.parametrize("language", ["ar", "tr", "en"])
def test_a_form_is_printed_with_room_to_write_and_nobody_in_it(
    world: World, kind: str, language: str
) -> None:
    browser = world.browser("caseworker", "en")  # the form speaks its own language, not the reader's
    answer = browser.get(f"/cases/paper/{kind}/{language}.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{kind}-{language}.pdf"'
    sheets = pages(answer.data, scale=1.0)
    assert 1 <= len(sheets) <= MOST[kind]
    assert all(sheet.size == pytest.approx(A4, abs=2) for sheet in sheets)
    assert {"Author", "Creator"}.isdisjoint(metadata(answer.data))
    for name in ("caseworker@", "Kişi caseworker", str(world.cast.organisation_id)):
        assert name.encode() not in inside(answer.data)
        assert name not in " ".join(text(answer.data))


def test_the_paper_asks_what_the_system_asks_when_it_is_entered(world: World) -> None:
    browser = world.browser("caseworker")
    for kind in BLANKS:
        words = " ".join(text(browser.get(f"/cases/paper/{kind}/en.pdf").data)).replace("\n", " ")
        assert "Recorded on paper at" in words
        assert "Entered on, by" in words
    consents = " ".join(text(browser.get("/cases/paper/consents/en.pdf").data)).replace("\n", " ")
    for code in set(reference().consents.codes) - {STORY}:
        assert reference().consents.wording(code, 1).title.en in consents
    intake = " ".join(text(browser.get("/cases/paper/intake/en.pdf").data)).replace("\n", " ")
    for asked in ("held by the police", "sent out of the country", "paper with a date", "danger tonight"):
        assert asked in intake
    visit = browser.get("/cases/paper/visit/en.pdf").data
    for asked in ("Served: day and hour", "Number and date", "Notary refused", "pressed, threatened"):
        assert where(visit, asked).page in {0, 1, 2}


def test_arabic_starts_on_the_right(world: World) -> None:
    browser = world.browser("caseworker")
    sheet = pages(browser.get("/cases/paper/visit/ar.pdf").data, scale=1.0)[0]
    ink = sheet.crop((0, 70, sheet.width, 130)).point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert ink is not None
    assert ink[2] > sheet.width - 70


def test_what_there_is_not(world: World) -> None:
    browser = world.browser("caseworker")
    assert browser.get("/cases/paper/other/en.pdf").status_code == 404
    assert browser.get("/cases/paper/intake/de.pdf").status_code == 404
    browser.get("/cases/paper")
    assert browser.page.count("/cases/paper/") == 12
    assert world.browser("lawyer").get("/cases/paper").status_code == 404
