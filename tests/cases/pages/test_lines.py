"""Lines of the timeline that hold more than words, and looking at one type of line alone."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

import pytest

from cases.models import Case
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_documents import bring, delete
from tests.cases.pages.test_matter import hidden, put
from tests.intake.papers import photo, upload
from tests.support.world import Browser, World, as_written

WHAT = "İptal davası dilekçesi"
PETITION = {
    "what": WHAT,
    "authority": "administrative_court",
    "name": "Ankara 1. İdare",
    "on": ["3", "11", "2026"],
    "number": "٢٠٢٦/٧٧",
    "proof": "UYAP 4471",
}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Filed", "Administrative court", "3 November 2026", "Granted in part", "Outcome")),
        ("ar", ("قُدِّم طلب", "المحكمة الإدارية", "٣ تشرين الثاني ٢٠٢٦", "قُبل جزئيًا", "النتيجة")),
        ("tr", ("Başvuru yapıldı", "İdare mahkemesi", "3 Kasım 2026", "Kısmen kabul edildi", "Sonuç")),
    ],
)
def test_what_was_filed_has_its_proof_and_its_outcome(
    world: World, language: str, words: tuple[str, ...]
) -> None:
    browser, case = world.browser("caseworker", language), f"/cases/{world.record()}"
    [paper] = bring(browser, case, upload(photo(), "Alindi.jpg"))
    page, document = f"{case}/timeline/new/filing", paper.rpartition("/")[2]
    browser.get(page)
    without = {**PETITION, "proof": ""}
    answer = browser.post(page, **without)
    assert answer.status_code == 422
    assert len(browser.errors) == 1
    assert WHAT in browser.page
    put(browser, page, **without, document=document)
    assert f'href="{paper}"' in browser.page
    asked = as_written(world, f"{case}/timeline/new/outcome")
    [result] = set(re.findall(rf'href="({asked}\?of=[0-9a-f-]{{36}})"', browser.page))
    filed = result.rpartition("=")[2]
    browser.get(result)
    assert re.search(rf'<option[^>]*selected[^>]*value="{filed}"|value="{filed}"[^>]*selected', browser.page)
    put(browser, asked, of=filed, result="partly", on=["9", "11", "2026"], number="2026/901")
    for said in (*words, WHAT, "2026/77", "2026/901"):
        assert said in browser.text, said


def test_what_was_recorded_as_filed_is_corrected_by_a_line_of_its_own(world: World) -> None:
    case_id = world.record()
    browser, case = world.browser("caseworker"), f"/cases/{case_id}"
    [paper] = bring(browser, case, upload(photo(), "Alindi.jpg"))
    put(browser, f"{case}/timeline/new/filing", **PETITION, document=paper.rpartition("/")[2])
    browser.get(case)
    corrects = re.compile(rf'href="({case}/timeline/[0-9a-f-]{{36}}/correct/1)"')
    [correct] = set(corrects.findall(browser.page))
    browser.get(correct)
    assert WHAT in browser.page
    token = re.findall(r'name="token"[^>]*value="([^"]+)"', browser.page)[-1]
    right = {**PETITION, "on": ["4", "11", "2026"], "document": ""}
    assert browser.post(correct, **right, token=token).status_code == 422  # what was wrong is said
    for _click in range(2):
        assert browser.post(correct, **right, wrong="Gün yanlıştı", token=token).status_code == 303
    browser.get(case)
    for said in ("3 November 2026", "4 November 2026", "A later line corrects it"):
        assert said in browser.text, said
    assert browser.text.count("Gün yanlıştı") == 1
    assert stepped_on(world, case_id) == dt.date(2026, 11, 4)
    browser.get(correct)
    assert "It was corrected already" in browser.text
    assert delete(browser, paper, "Bu dilekçenin değil") == 303  # it proves nothing that stands
    browser.get(case)
    [newer] = set(corrects.findall(browser.page))
    never = f"{newer[:-1]}2"
    browser.get(never)
    assert browser.post(never, wrong="Başka dosyanın dilekçesiydi").status_code == 303
    browser.get(case)
    assert "It was not filed" in browser.text
    assert "/correct/" not in browser.page
    assert stepped_on(world, case_id) is None  # the first step is owed again
    browser.get(f"{case}/timeline/new/outcome")
    assert WHAT not in browser.page
    browser.get(f"{case}?type=filing")
    assert "Başka dosyanın dilekçesiydi" in browser.text


def stepped_on(world: World, case_id: UUID) -> dt.date | None:
    with world.app.app_context(), transaction():
        return db.session.get_one(Case, case_id).stepped_on


def test_an_outcome_is_of_something_in_the_same_case(world: World) -> None:
    browser, case, other = world.browser("caseworker"), f"/cases/{world.record()}", f"/cases/{world.record()}"
    put(browser, f"{other}/timeline/new/filing", **PETITION)
    browser.get(other)
    elsewhere = re.findall(r"\?of=([0-9a-f-]{36})", browser.page)[0]
    asked = {"result": "refused", "on": ["9", "11", "2026"]}
    browser.get(f"{case}/timeline/new/outcome")
    assert browser.post(f"{case}/timeline/new/outcome", of=elsewhere, **asked).status_code == 422
    assert browser.post(f"{case}/timeline/new/outcome", of="case", **asked).status_code == 303
    browser.get(case)
    assert "The case as a whole" in browser.text
    assert WHAT not in browser.page


def test_one_type_of_line_is_looked_at_alone(world: World) -> None:
    browser, case = world.browser("caseworker"), f"/cases/{world.record()}"
    put(browser, f"{case}/timeline/new/filing", **PETITION)
    for place in range(22):
        kind = "note" if place % 11 else "visit"
        browser.get(case)
        browser.post(f"{case}/notes", **put_token(browser.page), kind=kind, text=f"line number {place}.")
    browser.get(case)
    assert WHAT not in browser.page  # on the second page
    browser.get(f"{case}?type=filing")
    assert WHAT in browser.page
    assert "line number" not in browser.page
    browser.get(f"{case}?type=visit")
    assert [one in browser.page for one in ("number 0.", "number 11.", "number 1.")] == [True, True, False]
    assert 'rel="next"' not in browser.page
    browser.get(f"{case}?type=note")
    assert 'rel="next"' not in browser.page
    assert browser.page.count("line number") == 20
    browser.get(f"{case}?type=call")
    assert "No line of this type" in browser.text
    assert browser.get(f"{case}?type=nonsense").status_code == 200
    assert "line number 21." in browser.page


def put_token(page: str) -> dict[str, str]:
    return {"token": re.findall(r'name="token"[^>]*value="([^"]+)"', page)[0]}


def heard(world: World, browser: Browser, case: str, day: dt.date) -> str:
    """Add a hearing on that day; gives its page."""
    page = f"{case}/todo/new/hearing"
    boxes = [str(day.day), str(day.month), str(day.year)]
    put(
        browser,
        page,
        title="Duruşma",
        where="Ankara 1. İdare",
        day=boxes,
        owner=str(world.cast["caseworker"].person_id),
    )
    return str(re.findall(rf'href="({case}/todo/[0-9a-f-]{{36}})"', browser.page)[0])


def test_a_hearing_ends_with_its_outcome_and_has_its_next_date(world: World) -> None:
    browser, case = world.browser("caseworker"), f"/cases/{world.record()}"
    today = clock.today()
    hearing, asked = heard(world, browser, case, today), as_written(world, f"{case}/timeline/new/outcome")
    said = {
        "of": hearing.rpartition("/")[2],
        "result": "postponed",
        "on": [today.day, today.month, today.year],
    }
    browser.get(asked)
    sent = {**put_token(browser.page), **said, "text": "Bilirkişi beklenecek"}
    early = browser.post(asked, **sent, next_on=["1", "1", "2026"])
    assert early.status_code == 422
    assert len(browser.errors) == 1
    for _click in range(2):
        answer = browser.post(asked, **sent, next_on=["15", "12", "2026"], next_at="10.30")
        assert answer.location == case, browser.errors
    desk = (browser.get("/todo"), browser.page)[1]
    assert hearing not in desk
    [following] = set(re.findall(rf'href="({case}/todo/[0-9a-f-]{{36}})"', desk))
    browser.get(following)
    assert "15 December 2026" in browser.text
    assert "10:30" in browser.text
    assert "Ankara 1. İdare" in browser.text
    browser.get(hearing)
    assert "Put off to another day" in browser.text
    assert "Bilirkişi beklenecek" in browser.text
    browser.get(asked)
    other = {**put_token(browser.page), **said, "of": "case", "next_on": ["15", "12", "2026"]}
    assert browser.post(asked, **other).status_code == 422  # a case has no next date


@pytest.mark.parametrize("way", ["line", "page"])
def test_a_hearing_that_decided_nothing_leaves_the_task_to_find_out_its_next_date(
    world: World, way: str
) -> None:
    browser, case, today = world.browser("caseworker"), f"/cases/{world.record()}", clock.today()
    asked = as_written(world, f"{case}/timeline/new/outcome")
    for result, left in (("granted", 0), ("postponed", 1)):
        hearing = heard(world, browser, case, today)
        said = {
            "of": hearing.rpartition("/")[2],
            "result": result,
            "on": [today.day, today.month, today.year],
        }
        page, sent = asked, said
        if way == "page":
            page, sent = f"{hearing}/end", {"came": "decided" if result == "granted" else result}
        browser.get(page)
        sent = {**hidden(browser), **sent}
        for _click in range(2):
            assert browser.post(page, **sent).status_code == 303, browser.errors
        tasks = set(
            re.findall(rf'href="({case}/todo/[0-9a-f-]{{36}})"', (browser.get("/todo"), browser.page)[1])
        )
        assert len(tasks) == left
        for task in tasks:
            browser.get(task)
            assert "Find out the next date of the hearing" in browser.text
            assert "Duruşma · Ankara 1. İdare" in browser.text
            assert f'href="{hearing}"' in browser.page


def test_whoever_is_the_second_to_say_what_came_of_a_hearing_reads_what_the_first_said(world: World) -> None:
    case_id, today = world.record(), clock.today()
    with world.app.app_context():
        world.cast.assign(case_id)
    first, second, case = world.browser("caseworker"), world.browser("lawyer"), f"/cases/{case_id}"
    hearing, asked = heard(world, first, case, today), as_written(world, f"{case}/timeline/new/outcome")
    said = {"of": hearing.rpartition("/")[2], "on": [today.day, today.month, today.year]}
    seen = re.compile(r'name="(token|open_then)"[^>]*value="([^"]*)"')
    second.get(asked)
    late = {**dict(seen.findall(second.page)), **said, "result": "papers", "text": "Nüfus kaydı istendi"}
    put(
        first,
        asked,
        **said,
        result="postponed",
        text="Hâkim yok",
        next_on=["15", "12", "2026"],
        next_at="9.05",
    )
    answer = second.post(asked, **late, next_on=["20", "12", "2026"])
    assert answer.status_code == 303
    second.get(answer.location)
    assert "What you typed is kept" in second.text
    for words in ("Nüfus kaydı istendi", "has ended already", "Put off to another day", "Hâkim yok"):
        assert words in second.text, words
    assert "15 December 2026" in second.text
    assert "09:05" in second.text
    kept = dict(seen.findall(second.page))
    assert "Nüfus kaydı istendi" not in (second.get(case), second.text)[1]
    assert second.post(asked, **{**late, **kept}).location == case  # having seen it
    assert "Nüfus kaydı istendi" in (second.get(case), second.text)[1]
    assert "Hâkim yok" in (second.get(hearing), second.text)[1]


def test_a_hearing_that_is_to_come_stays_until_somebody_says_that_it_does_not_take_place(
    world: World,
) -> None:
    browser, case = world.browser("caseworker"), f"/cases/{world.record()}"
    today = clock.today()
    hearing = heard(world, browser, case, today + dt.timedelta(days=20))
    asked = as_written(world, f"{case}/timeline/new/outcome")
    browser.get(asked)
    said = {"of": hearing.rpartition("/")[2], "result": "papers", "on": [today.day, today.month, today.year]}
    assert browser.post(asked, **put_token(browser.page), **said).location == f"{hearing}/end"
    browser.get(f"{hearing}/end")
    assert "still to come and stays on the desk" in browser.text
    assert hearing in (browser.get("/todo"), browser.page)[1]
