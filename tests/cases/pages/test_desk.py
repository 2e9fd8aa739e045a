"""The desk by what is due, what others changed since somebody last looked, and the keys of the keyboard."""

import datetime as dt
import re
from dataclasses import fields, is_dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from cases.service import deadlines
from cases.service.filtering import Filters
from cases.service.own_lists import Kept, Mine
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from desk import service
from tests.support.world import Browser, World


def part(browser: Browser, name: str) -> str:
    """One section of the page; empty where it is not there."""
    found = re.findall(rf'<section class="section" id="{name}".*?</section>', browser.page, re.DOTALL)
    return found[0] if found else ""


def due_in(world: World, case_id: UUID, days: int) -> str:
    """A deadline of thirty days that is safe until so many days from now; its address."""
    began = clock.today() - dt.timedelta(days=30 - days)
    asked = {"rule": "DET_IP", "served_on": began.isoformat(), "facts": {}}  # no holiday moves it
    watching = (world.cast["caseworker"].person_id, world.cast["coordinator"].person_id)
    with transaction():
        deadline_id = deadlines.add(world.cast["caseworker"], case_id, uuid4(), asked, *watching)
    return f"/cases/{case_id}/deadlines/{deadline_id}"


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("ar", ["فات موعدها", "موعدها اليوم", "موعدها في الأيام السبعة القادمة", "في ما بعد"]),
        ("tr", ["Süresi geçti", "Bugün doluyor", "Önümüzdeki yedi gün içinde doluyor", "Daha sonra"]),
    ],
)
def test_deadlines_stand_by_when_they_are_due(world: World, language: str, titles: list[str]) -> None:
    with world.app.app_context():
        case_id = world.cast.record()
        cards = [due_in(world, case_id, days) for days in (-2, 0, 6, 12)]
    browser = world.browser("caseworker", language)
    browser.get("/desk")
    shown = part(browser, "deadlines")
    places = [shown.index(words) for pair in zip(titles, cards, strict=True) for words in pair]
    assert places == sorted(places)


def test_where_nothing_is_due_a_sentence_says_so(world: World) -> None:
    world.record(by="colleague")
    browser = world.browser("colleague")
    browser.get("/desk")
    assert "Nothing of yours is due in the next seven days." in browser.text


def test_what_others_wrote_is_news_until_the_case_is_opened(world: World) -> None:
    case = f"/cases/{world.record()}"
    mine, lead = world.browser("caseworker"), world.browser("coordinator")
    mine.get("/desk")
    assert "was changed by others" in mine.text, "what one wrote oneself is no news"
    lead.get(case)
    for number in range(5):
        assert lead.post(f"{case}/notes", kind="call", text=f"line {number}").status_code == 303
    mine.get("/desk")
    news = part(mine, "news")
    assert (news.count("Phone call"), news.count("Kişi coordinator")) == (3, 3)
    assert "and 2 more lines" in news
    assert "line 4" not in mine.page, "what was written stands in the case alone"
    mine.get(f"{case}/edit")
    assert part((mine.get("/desk"), mine)[1], "news"), "a form of the case shows no timeline"
    mine.get(case)
    mine.get("/desk")
    assert not part(mine, "news")
    lead.get("/desk")
    assert not part(lead, "news"), "whoever does not work on a case is told nothing of it"


def test_whoever_is_put_on_a_case_finds_that_as_news_and_nothing_from_before(world: World) -> None:
    case_id = world.record()
    case = f"/cases/{case_id}"
    mine, colleague = world.browser("caseworker"), world.browser("colleague")
    mine.get(case)
    mine.post(f"{case}/notes", kind="visit", text="before")
    mine.get(f"{case}/members")
    person = world.cast["colleague"].person_id
    assert mine.post(f"{case}/members/add", person=str(person)).status_code == 303
    colleague.get("/desk")
    news = part(colleague, "news")
    assert "Added to the case" in news
    assert "Visit" not in news
    mine.get(case)
    mine.post(f"{case}/members/{person}/remove")
    colleague.get("/desk")
    assert not part(colleague, "news")


def test_single_keys_can_be_turned_off(world: World) -> None:
    browser = world.browser("lawyer")
    browser.get("/account/keyboard")
    assert 'data-shortcuts="/account/keyboard" data-search-url="/cases/search"' in browser.page
    for wanted, said in (
        ("off", "The keys are off."),
        ("off", "The keys are off."),
        ("on", "The keys are on."),
    ):
        assert browser.post("/account/keyboard", shortcuts=wanted).location == "/account/keyboard"
        browser.get("/desk")
        assert said in browser.text
        assert ("data-shortcuts" in browser.page) == (wanted == "on")
        browser.get("/account/keyboard")


def emptied(part: Any) -> Any:
    """The same without anything in it."""
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{one.name: emptied(getattr(part, one.name)) for one in fields(part)})
    return type(part)()


def test_a_desk_on_which_anything_waits_does_not_say_that_nothing_does(world: World) -> None:
    with world.app.app_context():
        found = service.my_desk(world.cast["manager"], "tr")
        db.session.rollback()
    bare = replace(emptied(found), own=Mine([Kept(uuid4(), "liste", Filters())], []))
    assert bare.is_empty
    for part in fields(found):  # whatever comes to the desk, now or later
        waits: Any = Mine([], [uuid4()]) if part.name == "own" else 3
        assert not replace(bare, **{part.name: waits}).is_empty, part.name
