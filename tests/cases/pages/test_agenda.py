"""All open deadlines on one page: what is over first, whose, page by page, at the same cost however many."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest

from cases.service import deadlines, members
from cases.service.agenda import Place, agenda
from core import clock
from core.access.permissions import Role
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_lists import statements
from tests.support.cast import record_of
from tests.support.world import Browser, World


def watched(
    world: World, case_id: UUID, days: int, by: str = "caseworker", second: str = "coordinator"
) -> str:
    """A deadline that is safe until so many days from now; thirty days that no holiday moves."""
    began = clock.today() - dt.timedelta(days=30 - days)
    asked = {"rule": "DET_IP", "served_on": began.isoformat(), "facts": {}}
    with world.app.app_context(), transaction():
        two = (world.cast[by].person_id, world.cast[second].person_id)
        return f"/cases/{case_id}/deadlines/{deadlines.add(world.cast[by], case_id, uuid4(), asked, *two)}"


def listed(browser: Browser, path: str = "/deadlines") -> list[str]:
    assert browser.get(path).status_code == 200
    return re.findall(r'class="row-link" href="([^"]+)"', browser.page)


@pytest.fixture
def house(world: World) -> tuple[str, str]:
    """Two people of whom nobody else in this module has heard."""
    one, two = f"w{uuid4().hex[:6]}", f"w{uuid4().hex[:6]}"
    with world.app.app_context():
        world.cast.join(one, Role.CASEWORKER)
        world.cast.join(two, Role.CASEWORKER)
    return one, two


@pytest.mark.parametrize(
    ("language", "title", "over", "soon"),
    [
        ("ar", "كل المهل", "انتهت", "اليوم"),
        ("tr", "Bütün süreler", "Geçti", "Bugün"),
        ("en", "All deadlines", "Over", "Today"),
    ],
)
def test_what_is_over_stands_first_with_whose_it_is(
    world: World, house: tuple[str, str], language: str, title: str, over: str, soon: str
) -> None:
    name, _other = house
    with world.app.app_context():
        record = record_of(name_ar="هدى المنتظرة")
    case_id = world.record(name, record=record, urgency="U1")
    later, today, past = (watched(world, case_id, days, name) for days in (9, 0, -2))
    browser = world.browser(name, language)
    assert listed(browser) == [past, today, later]
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", browser.page, re.DOTALL)[1:]
    assert [word in row for word, row in zip((over, soon), rows, strict=False)] == [True, True]
    for row in rows:
        assert "هدى المنتظرة" in row
        assert f"Kişi {name}" in row
        assert "Kişi coordinator" in row
        assert "U1" in row
    assert title in browser.text
    assert "هدى" not in browser.title
    browser.get("/desk")
    assert 'href="/deadlines"' in browser.page
    assert title in browser.text


def test_a_desk_of_twenty_ends_in_the_page_that_holds_the_rest(world: World, house: tuple[str, str]) -> None:
    name, _other = house
    case_id = world.record(name)
    made = [watched(world, case_id, days, name) for days in range(10, 32)]
    browser = world.browser(name)
    browser.get("/desk")
    [section] = re.findall(r'<section class="section" id="deadlines".*?</section>', browser.page, re.DOTALL)
    assert re.findall(r'class="row-link" href="([^"]+)"', section) == made[:20]
    assert re.search(r'<a href="/deadlines">All deadlines</a></p>\s*</section>$', section)
    assert listed(browser) == made


def test_mine_are_those_that_i_watch_and_others_are_those_that_i_may_open(
    world: World, house: tuple[str, str]
) -> None:
    name, other = house
    case_id = world.record(name)
    mine = watched(world, case_id, 5, name)
    with world.app.app_context(), transaction():
        members.add(world.cast[name], case_id, world.cast[other].person_id)
    by_others = watched(world, case_id, 6, other)
    theirs = watched(world, world.record(other), 4, other)
    closed = world.record(name, restricted=True, named=[world.cast["colleague"].person_id])
    secret = watched(world, closed, 3, name, "colleague")
    browser, lead = world.browser(name), world.browser("coordinator")
    assert listed(browser) == listed(browser, "/deadlines?whose=x") == [secret, mine, by_others]
    assert listed(browser, "/deadlines?whose=mine") == [secret, mine]
    assert {mine, theirs} <= set(listed(lead))
    assert secret not in listed(lead)  # not named in a restricted case
    with world.app.app_context(), transaction():
        deadline_id = UUID(mine.rpartition("/")[2])
        deadlines.meet(world.cast[name], case_id, deadline_id, 1, "UYAP 12", clock.today())
    assert listed(browser, "/deadlines?whose=mine") == [secret]
    stranger = world.browser("other_lawyer")
    assert listed(stranger) == []
    assert "No deadline is open" in stranger.text
    assert "add the deadline the same day" in stranger.text
    assert listed(stranger, "/deadlines?whose=mine") == []
    assert "You watch no open deadline" in stranger.text
    for outsider in ("manager", "admin", "focal"):
        assert world.browser(outsider).get("/deadlines").status_code == 404


def test_pages_follow_each_other_without_a_gap(world: World, house: tuple[str, str]) -> None:
    """Also where many have the same safe date; nothing is counted and nothing skipped."""
    name, _other = house
    case_id = world.record(name)
    made = {watched(world, case_id, days, name) for days in (3, 3, 3, 3, 3, 1, 8)}
    seen: list[str] = []
    after: Place | None = None
    with statements(world) as said:
        for _page in range(4):
            with world.app.app_context():
                found = agenda(world.cast[name], after=after, limit=2)
                db.session.rollback()
            seen += [f"/cases/{line.case.id}/deadlines/{line.id}" for line in found.lines]
            after = found.next
    assert after is None
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == made
    assert not [one for one in said if re.search(r"OFFSET (?!\?)|count\(", one, re.IGNORECASE)]
    browser = world.browser(name)
    whole = listed(browser)
    place = whole[2].rpartition("/")[2]
    day = clock.today() + dt.timedelta(days=3)
    assert listed(browser, f"/deadlines?after={day.isoformat()}.{place}") == whole[3:]
    assert "Back to the beginning" in browser.text
    for damaged in ("x", "2026-13-01.x", f"2026-11-09.{'9' * 40}", ".", "%00"):
        assert listed(browser, f"/deadlines?after={damaged}") == whole


@pytest.mark.parametrize("whose", ["", "mine"])
@pytest.mark.parametrize("name", ["caseworker", "coordinator"])
def test_it_costs_the_same_however_many_there_are(world: World, name: str, whose: str) -> None:
    browser, path = world.browser(name), f"/deadlines?whose={whose}"

    def cost() -> int:
        browser.get(path)  # the first look puts keys on the ring
        with statements(world) as said:
            assert browser.get(path).status_code == 200
        return len(said)

    watched(world, world.record(), 5)
    few = cost()
    for days in range(6, 16):
        watched(world, world.record(), days)
    assert cost() == few
    assert few <= 8
