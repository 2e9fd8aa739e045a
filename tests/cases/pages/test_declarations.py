"""Declarations of an organisation among colleagues: planned once, never forgotten, nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from cases.models import Case
from cases.service import declarations
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_documents import bring, listed
from tests.cases.pages.test_organisations import declared, hidden, record
from tests.documents.corpus import page_pdf, saved
from tests.intake.papers import upload
from tests.support.world import Browser, World, as_written, too_late

NOT_PLANNED = "The next one is not planned yet"


def day_of(text: str) -> list[str]:
    """The three boxes of a day in ISO 8601."""
    year, month, day = text.split("-")
    return [day, month, year]


def monthly(world: World, name: str = "caseworker") -> dict[str, Any]:
    """A tax return that comes back every month, on somebody's desk."""
    owner = str(world.cast[name].person_id)
    return {"authority": "tax_office", "period": "Mart", "every": "month", "owner": owner}


def plan(browser: Browser, page: str, **said: Any) -> str:
    """Plan one; gives the case."""
    browser.get(page)
    answer = browser.post(page, **hidden(browser), **said)
    assert answer.status_code == 303, browser.errors
    return str(answer.location)


def given(browser: Browser, one: str, **said: Any) -> str:
    """Say that it was given; gives where one is led."""
    browser.get(one)
    answer = browser.post(one, **hidden(browser), on=["20", "11", "2026"], **said)
    assert answer.status_code == 303, browser.errors
    return str(answer.location)


def counted(world: World, browser: Browser, case: str, year: int, page: str = "") -> tuple[str, str]:
    """Plan the annual declaration for the year that ends then; gives its page and that of its deadline."""
    page = page or f"{case}/declarations/new/annual"
    watching = {
        "responsible": str(world.cast["caseworker"].person_id),
        "second": str(world.cast["coordinator"].person_id),
    }
    browser.get(page)
    carried = {**hidden(browser), "counted": f"{year}-12-31", "after": after(browser)}
    said = {"authority": "associations", "period": str(year), "begun": ["31", "12", str(year)]}
    before = set(declared(browser, case))
    answer = browser.post(page, **carried, **said, **watching)
    assert answer.status_code == 303, browser.errors
    [one] = set(declared(browser, case)) - before
    browser.get(one)
    [card] = re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', browser.page)
    return one, str(card)


def after(browser: Browser) -> str:
    """Which declaration the form on the page says that the new one follows."""
    return "".join(re.findall(r'name="after"[^>]*value="([^"]*)"', browser.page))


def following(browser: Browser, case: str) -> list[str]:
    """Where the page of the case leads to plan the next one."""
    browser.get(case)
    return re.findall(rf'href="({case}/declarations/new/[^"?]+\?after=[0-9a-f-]{{36}})"', browser.page)


def meet(browser: Browser, card: str) -> str:
    browser.get(f"{card}/meet")
    answer = browser.post(f"{card}/meet", version="1", on=["3", "11", "2026"], proof="DERBİS 77")
    assert answer.status_code == 303, browser.errors
    return str(answer.location)


def test_where_the_next_one_is_taken_out_the_calendar_says_that_none_is_planned(world: World) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Takvim Derneği")
    _one, card = counted(world, browser, case, 2026)
    meet(browser, card)
    [page] = following(browser, case)
    _next, card = counted(world, browser, case, 2027, page)
    assert NOT_PLANNED not in browser.text
    assert following(browser, case) == []
    coordinator = world.browser("coordinator")
    coordinator.get(f"{card}/move")
    dropped = coordinator.post(f"{card}/move", version="1", what="drop", reason="Yanlış yıl")
    assert dropped.status_code == 303, coordinator.errors
    assert following(browser, case) == [page]
    assert NOT_PLANNED in browser.text


def test_the_next_one_is_planned_once(world: World) -> None:
    """Two people have its form open; the second is told, and led to what the first has planned."""
    browser, colleague = world.browser("caseworker"), world.browser("coordinator")
    case = record(browser, name_ar="", name_latin="Bir Kez Derneği")
    plan(browser, f"{case}/declarations/new/tax", **monthly(world), day=day_of("2026-11-30"))
    [one] = declared(browser, case)
    page = given(browser, one, proof="Tahakkuk 1")
    said = {**monthly(world), "day": day_of("2026-12-30")}
    for each in (browser, colleague):
        each.get(page)
    first = browser.post(page, **hidden(browser), after=after(browser), **said)
    assert first.status_code == 303, browser.errors
    second = colleague.post(page, **hidden(colleague), after=after(colleague), **said, more="Not")
    assert second.status_code == 422
    assert "The next one is planned already" in colleague.errors[0]
    [next_one] = set(declared(browser, case)) - {one}
    assert f'href="{next_one}"' in colleague.page
    assert "Not</textarea>" in colleague.page
    assert colleague.get(page).location == next_one
    assert len(declared(browser, case)) == 2


def test_the_annual_one_of_a_year_is_planned_once_though_nobody_said_that_it_follows(world: World) -> None:
    browser, colleague = world.browser("caseworker"), world.browser("coordinator")
    case = record(browser, name_ar="", name_latin="Bir Yıl Derneği")
    page = f"{case}/declarations/new/annual"
    people = {
        name: str(world.cast[by].person_id)
        for name, by in {"responsible": "caseworker", "second": "coordinator"}.items()
    }
    said = {"authority": "associations", "period": "2026", "begun": ["31", "12", "2026"], **people}
    forms = []
    for each in (browser, colleague):
        each.get(page)
        forms.append({**hidden(each), "counted": "2026-12-31", "after": after(each), **said})
    assert [browser.post(page, **forms[0]).status_code for _click in "12"] == [303, 303]
    assert colleague.post(page, **forms[1]).status_code == 422
    assert "this year is in the calendar already" in colleague.errors[0]
    [one] = declared(browser, case)
    assert f'href="{one}"' in colleague.page
    counted(world, browser, case, 2025, f"{page}?year=2025")  # another year is another declaration


def test_what_the_address_said_comes_back_with_the_draft(world: World) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Oturum Derneği")
    plan(browser, f"{case}/declarations/new/tax", **monthly(world), day=day_of("2026-11-30"))
    [one] = declared(browser, case)
    page = given(browser, one, proof="Tahakkuk 2")
    assert following(browser, case) == [page]
    browser.get(page)
    said = {**monthly(world), "day": day_of("2026-12-30"), "after": after(browser)}
    again = too_late(world, "caseworker", page.partition("?")[0], page, **said)
    assert after(again) == one.rpartition("/")[2]
    bare = page.partition("?")[0]
    sent = again.post(bare, **hidden(again), **{**said, "after": after(again)})
    assert sent.status_code == 303, again.errors
    assert following(browser, case) == []


def test_the_original_of_a_document_stays_its_original_after_an_expired_session(world: World) -> None:
    browser, case = world.browser("caseworker"), f"/cases/{world.record()}"
    bring(browser, case, upload(saved(page_pdf()), "Pasaport.pdf"))
    [paper] = listed(browser, case)
    page = as_written(world, f"{case}/todo/new/original")
    named = f"{page}?document={paper.rpartition('/')[2]}"
    browser.get(named)
    said: dict[str, Any] = {
        "title": "Pasaport",
        "giver": "x",
        "place": "kasa",
        "received_on": ["3", "11", "2026"],
    }
    [document] = re.findall(r'name="document"[^>]*value="([^"]+)"', browser.page)
    again = too_late(world, "caseworker", page, named, **said, document=document)
    [document] = re.findall(r'name="document"[^>]*value="([^"]+)"', again.page)
    sent = again.post(page, **hidden(again), **said, document=document)
    assert sent.status_code == 303, again.errors
    again.get(sent.location)
    assert f'href="{paper}"' in again.page


def test_the_message_that_the_law_gives_no_date_stands_beside_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Mesaj Derneği")

    def no_date(*_said: object) -> None:
        raise DomainError("The law gives no date")

    monkeypatch.setattr(declarations, "count", no_date)
    page = f"{case}/declarations/new/assembly"
    browser.get(page)
    assert browser.post(page, **hidden(browser), begun=["1", "10", "2026"], authority="").status_code == 422
    assert any(error.endswith("The law gives no date") for error in browser.errors), browser.errors
    assert len(browser.errors) == 4


def test_what_somebody_typed_is_shown_where_the_thing_is_over(world: World) -> None:
    """A colleague gives it first, in another window: both forms come back with what was typed."""
    browser, colleague = world.browser("caseworker"), world.browser("coordinator")
    case = record(browser, name_ar="", name_latin="Yarış Derneği")
    plan(browser, f"{case}/declarations/new/tax", **monthly(world), day=day_of("2026-11-30"))
    [one] = declared(browser, case)
    give = {"on": ["20", "11", "2026"], "proof": "Benim makbuzum 88"}
    change = {**monthly(world), "more": "Uzun bir not", "day": day_of("2026-12-02")}
    carried = {}
    for page in (one, f"{one}/change"):
        colleague.get(page)
        carried[page] = hidden(colleague)
    given(browser, one, proof="Tahakkuk 9")
    for page, said in ((one, give), (f"{one}/change", change)):
        answer = colleague.post(page, **carried[page], **said)
        assert answer.status_code == 303, (page, colleague.text)
        colleague.get(answer.location)
        typed = said.get("proof") or said.get("more")
        assert f'dir="auto">{typed}</p>' in colleague.page, page
        assert "It can be sent here no more" in colleague.text
    colleague.get(one)
    assert "Tahakkuk 9" in colleague.text


def test_a_file_closed_meanwhile_says_so_and_keeps_what_was_typed(world: World) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Kapalı Derneği")
    plan(browser, f"{case}/declarations/new/tax", **monthly(world), day=day_of("2026-11-30"))
    [one] = declared(browser, case)
    browser.get(one)
    carried = hidden(browser)
    with world.app.app_context(), transaction():
        closed = update(Case).where(Case.id == UUID(case.rpartition("/")[2])).values(state="closed")
        db.session.execute(closed)
    answer = browser.post(one, **carried, on=["20", "11", "2026"], proof="Makbuz 12")
    assert answer.status_code == 422
    assert "A closed file is not edited" in browser.errors[0]
    assert "Makbuz 12</textarea>" in browser.page


def test_what_became_of_a_task_is_shown_to_whoever_was_second(world: World) -> None:
    """The same fault beside: the pages of what is to be done, and of a deadline, led away from the draft."""
    browser, colleague = world.browser("caseworker"), world.browser("coordinator")
    case = record(browser, name_ar="", name_latin="İkinci Derneği")
    _one, card = counted(world, browser, case, 2026)
    browser.get(f"{case}/todo/new/task")
    made = browser.post(f"{case}/todo/new/task", **hidden(browser), title="Arama")
    assert made.status_code == 303, browser.errors
    browser.get(case)
    [task] = set(re.findall(rf'href="({case}/todo/[0-9a-f-]{{36}})"', browser.page))
    colleague.get(f"{task}/end")
    second = hidden(colleague)
    browser.get(f"{task}/end")
    browser.post(f"{task}/end", **hidden(browser), how="done", word="Aradım")
    answer = colleague.post(f"{task}/end", **second, how="done", word="Ben de aradım")
    colleague.get(answer.location)
    assert 'dir="auto">Ben de aradım</p>' in colleague.page
    meet(browser, card)
    answer = colleague.post(f"{card}/meet", version="1", on=["3", "11", "2026"], proof="Benim makbuzum")
    colleague.get(answer.location)
    assert 'dir="auto">Benim makbuzum</p>' in colleague.page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "إدراج التصريح التالي"),
        ("tr", "Sıradaki beyanı takvime alın"),
        ("en", "Plan the next declaration"),
    ],
)
def test_that_the_next_one_is_not_planned_stands_on_a_desk_until_it_is(
    world: World, language: str, words: str
) -> None:
    browser, coordinator = world.browser("caseworker", language), world.browser("coordinator")
    case = record(browser, name_ar="", name_latin=f"Sıradaki {language} Derneği")
    _one, card = counted(world, browser, case, 2026)
    page = meet(coordinator, card)  # a colleague meets it: the next one is proposed to her
    assert page.startswith(f"{case}/declarations/new/"), page
    coordinator.get(page)
    assert "Here is the next one" in coordinator.text
    browser.get("/todo")
    assert words in browser.text  # and stands on the desk of whoever is responsible
    [task] = re.findall(rf'href="({case}/todo/[0-9a-f-]{{36}})"', browser.page)
    browser.get(task)
    assert f'href="{page}"' in browser.page
    _next, card = counted(world, browser, case, 2027, page)
    assert case not in (browser.get("/todo"), browser.page)[1]
    coordinator.get(f"{card}/move")
    coordinator.post(f"{card}/move", version="1", what="drop", reason="Yanlış yıl")
    assert task in (browser.get("/todo"), browser.page)[1]
    browser.get(f"{task}/end")
    browser.post(f"{task}/end", **hidden(browser), how="dropped", word="Kapandı")
    assert case not in (browser.get("/todo"), browser.page)[1]
    browser.get(f"{case}/deadlines/{card.rpartition('/')[2]}")
    assert following(browser, case) == [page]


def test_a_year_that_was_missed_is_mentioned(world: World) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Kaçan Derneği")
    page = as_written(world, f"{case}/declarations/new/annual")
    browser.get(page)
    assert "31 December 2025" in browser.text
    assert "It was due on: Thursday 30 April 2026" in browser.text, browser.text
    earlier = f"{page}?year=2025"
    assert f'href="{earlier}"' in browser.page
    browser.get(earlier)
    assert 'value="2025"' in browser.page
    counted(world, browser, case, 2025, earlier)
    browser.get(page)
    assert "It was due on" not in browser.text
    assert "Planned already" in browser.text


@pytest.mark.parametrize(
    ("legal_form", "authority", "knows"),
    [("association", "associations", True), ("foundation", "foundations", False), ("company", "", False)],
)
def test_a_legal_form_has_its_authority_and_the_page_says_where_no_rule_is_known(
    world: World, legal_form: str, authority: str, *, knows: bool
) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin=f"Kurum {legal_form}", legal_form=legal_form)
    browser.get(case)
    assert ("the program knows no rule of the law" in browser.text) is not knows
    browser.get(f"{case}/declarations/new/annual")
    [select] = re.findall(r'<select[^>]*name="authority".*?</select>', browser.page, re.DOTALL)
    assert re.findall(r'<option selected value="([^"]*)"', select) == [authority]


def test_the_annual_one_of_a_foundation_is_known_by_the_year_in_its_words(world: World) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Sözle Vakfı", legal_form="foundation")
    page, owner = f"{case}/declarations/new/annual", str(world.cast["caseworker"].person_id)
    said = {"authority": "foundations", "every": "once", "owner": owner, "day": day_of("2026-12-28")}
    for period in ("2025", "2026"):
        plan(browser, page, **said, period=period)
    browser.get(page)
    assert browser.post(page, **hidden(browser), **said, period="٢٠٢٥").status_code == 422
    assert "this year is in the calendar already" in browser.errors[0]
    for one in declared(browser, case):
        browser.get(f"{one}/change")
        [period] = re.findall(r'name="period"[^>]*value="([^"]*)"', browser.page)
        about, other = hidden(browser), {"2025": "2026 yılı", "2026": "2025 yılı"}[period]
        assert browser.post(f"{one}/change", **about, **said, period=other).status_code == 422
        assert browser.post(f"{one}/change", **about, **said, period=f"{period} yılı").status_code == 303
    assert len(declared(browser, case)) == 2


def test_whoever_writes_the_same_words_each_year_plans_the_next_one(world: World) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Her Yıl Vakfı", legal_form="foundation")
    owner = str(world.cast["caseworker"].person_id)
    said = {"authority": "foundations", "every": "year", "owner": owner, "period": "yıllık beyanname"}
    plan(browser, f"{case}/declarations/new/annual", **said, day=day_of("2026-12-28"))
    [one] = declared(browser, case)
    page = given(browser, one, proof="Alındı 1")
    next_one = {**said, "day": day_of("2026-12-31"), "after": one.rpartition("/")[2]}
    plan(browser, page, **next_one)  # both in one year, because the first came late
    assert following(browser, case) == []
