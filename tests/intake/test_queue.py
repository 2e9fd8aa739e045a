"""The queue of the triage desk: what is looked for is found however far behind, and what that costs."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from sqlalchemy import delete

from core.store.transaction import transaction
from intake.models import Request
from intake.service import deciding, queue, waiting
from tests.cases.pages.test_lists import statements
from tests.intake.urgent import ask
from tests.support.world import Browser, World


@pytest.fixture(autouse=True)
def _empty(world: World) -> None:
    with world.app.app_context(), transaction() as session:
        session.execute(delete(Request))


def many(world: World, number: int, **answers: str) -> None:
    """Requests that came one after the other."""
    with world.app.app_context():
        for _ in range(number):
            ask(world.cast, "U2", **answers)


def shown(browser: Browser) -> int:
    return len(re.findall(r'class="row-link" href="/requests/', browser.page))


def further(browser: Browser) -> str:
    """Where the queue goes on, or nothing."""
    found = re.findall(r'href="(/requests\?[^"]+)" rel="next"', browser.page)
    return found[0].replace("&amp;", "&") if found else ""


def test_one_province_is_found_behind_a_page_of_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    monkeypatch.setattr(queue, "LOOKED", 8)
    many(world, 5, province="31", language="tr")
    many(world, 1, province="27", language="ar_levantine")
    browser = world.browser("caseworker")
    browser.get("/requests?province=27")
    assert shown(browser) == 1
    assert "6 requests were looked through" in browser.text
    assert "none behind them" in browser.text
    assert not further(browser)
    # As many as fit on a page; the next one begins behind the last that was looked at.
    browser.get("/requests?province=31&language=tr")
    assert (shown(browser), "3 requests were looked through" in browser.text) == (3, True)
    browser.get(further(browser))
    assert (shown(browser), further(browser)) == (2, "")


def test_a_look_has_an_end_and_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "LOOKED", 4)
    many(world, 9, province="31")
    many(world, 1, province="27")
    browser, seen = world.browser("caseworker"), []
    browser.get("/requests?province=27")
    while further(browser):
        assert "There are more behind them" in browser.text
        assert "None of this language and province" in browser.text
        seen.append(shown(browser))
        browser.get(further(browser))
    assert [*seen, shown(browser)] == [0, 0, 1]


def test_whoever_has_no_key_is_told_that_nothing_could_be_compared(world: World) -> None:
    many(world, 2, province="27")
    with world.app.app_context():
        world.cast.join("keyless", *world.cast["caseworker"].roles)
    browser = world.browser("keyless")
    browser.get("/requests?province=27")
    assert shown(browser) == 0
    assert "2 of them lie with a case or under a key that you do not hold" in browser.text


def test_looking_costs_as_many_statements_however_much_is_looked_through(world: World) -> None:
    browser = world.browser("caseworker")

    def cost() -> int:
        browser.get("/requests?province=27")
        with statements(world) as said:
            assert browser.get("/requests?province=27").status_code == 200
        return len(said)

    many(world, 1, province="27")
    few = cost()
    many(world, 60, province="31")
    assert cost() == few


NOON = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)  # of a Tuesday in Türkiye


def test_what_waits_too_long_stands_on_the_desks_of_those_who_answer_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "clock", SimpleNamespace(now=lambda: NOON))
    came = (("U1", 26), ("U2", 96), ("U2", 24))  # hours ago: yesterday, on Friday, yesterday
    with world.app.app_context():
        three = [ask(world.cast, urgency) for urgency, _ in came]
        with transaction() as session:
            for request_id, (_, hours) in zip(three, came, strict=True):
                session.get_one(Request, request_id).created_at = NOON - dt.timedelta(hours=hours)
        with transaction():
            deciding.claim(world.cast["caseworker"], three[1], 1)
        over, near, calm = (str(one) for one in three)
    lead = world.browser("coordinator")
    lead.get("/desk")
    section = lead.page[lead.page.index('id="late"') :]
    assert section.index(over) < section.index(near)
    assert ("Overdue: nobody took it on" in lead.text, "Decide soon" in lead.text) == (True, True)
    assert calm not in lead.page
    lead.get(f"/requests/{over}")
    assert "Overdue: nobody took it on" in lead.text
    # Whoever may take it on sees what nobody took on; what a colleague is at, only the colleague.
    for name, own in (("caseworker", True), ("colleague", False)):
        browser = world.browser(name)
        browser.get("/desk")
        assert (over in browser.page, near in browser.page, calm in browser.page) == (True, own, False)
        assert ("Decide soon" in browser.text) == own
