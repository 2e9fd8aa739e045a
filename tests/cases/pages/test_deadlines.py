"""Deadlines on the page of a case: seen before they are added, in three languages, and on the desk."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

import pytest

from core import clock
from tests.support.world import Browser, World


def two(browser: Browser) -> dict[str, str]:
    """Who watches: the first two whom the page offers."""
    offered = re.findall(r'<option dir="\w+"(?: selected)? value="([0-9a-f-]{36})">', browser.page)
    return {"responsible": offered[0], "second": next(one for one in offered if one != offered[0])}


def served(browser: Browser, **changes: Any) -> dict[str, Any]:
    token = re.findall(r'name="token"[^>]*value="([^"]+)"', browser.page)[0]
    given = {"rule": "DEP_SUIT", "served_on": ["2", "11", "2026"], "service": "hand", "token": token}
    return {**given, **two(browser), **changes}


def shown(browser: Browser) -> str:
    return str(re.findall(r'name="counted"[^>]*value="([^"]*)"', browser.page)[0])


@pytest.mark.parametrize(
    ("language", "safe"),
    [
        ("ar", "الاثنين ٩ تشرين الثاني ٢٠٢٦"),
        ("tr", "9 Kasım 2026 Pazartesi"),
        ("en", "Monday 9 November 2026"),
    ],
)
def test_it_is_counted_shown_and_added(world: World, language: str, safe: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    browser.get(f"{case}/deadlines/new")
    form = served(browser)
    assert browser.post(f"{case}/deadlines/new", **form).status_code == 200  # nothing is added unseen
    assert safe in browser.text
    counted = shown(browser)
    assert counted.startswith("2026-11-09 ")
    browser.post(f"{case}/deadlines/new", **{**form, "served_on": ["3", "11", "2026"], "counted": counted})
    assert shown(browser).startswith("2026-11-10 ")  # what was changed is counted anew first
    assert browser.post(f"{case}/deadlines/new", **form, counted=counted).location == case
    browser.get(case)
    assert safe in browser.text
    card = re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', browser.page)[0]
    browser.get(card)
    assert safe in browser.text
    assert "YUKK m. 53/3" in browser.text
    assert card in (browser.get("/desk"), browser.page)[1]
    assert card in (world.browser("coordinator", language).get("/desk")).text
    browser.get(f"{card}/meet")
    assert browser.post(f"{card}/meet", version="1", on=["1", "1", "2031"], proof="x").status_code == 422
    assert browser.post(f"{card}/meet", version="1", on=["2", "11", "2026"], proof="UYAP 12").location == case
    assert card not in (browser.get("/desk"), browser.page)[1]
    assert "UYAP 12" in (browser.get(card), browser.text)[1]


def test_an_invitation_to_leave_asks_openly_for_the_day_it_prints(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", "en")
    browser.get(f"{case}/deadlines/new")
    form = served(browser, rule="LEAVE")
    browser.post(f"{case}/deadlines/new", **form)
    folded = browser.page.index("<details", browser.page.index('id="served_on'))
    assert browser.page.index('name="printed_on"') < folded
    assert shown(browser).startswith("2026-11-17 ")  # the least of 15 days, as nobody has read the day yet
    browser.post(f"{case}/deadlines/new", **form, printed_on=["25", "11", "2026"])
    assert shown(browser).startswith("2026-11-25 ")


def test_what_is_wrong_stands_beside_its_field_and_stays(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(f"{case}/deadlines/new")
    path, form = f"{case}/deadlines/new", served(browser)
    for changes in (
        {"rule": ""},
        {"rule": "NOTHING"},
        {"served_on": ["31", "2", "2026"]},
        {"at": "25:00"},
        {"served_on": ["", "", ""], "service": ""},  # neither service nor a document: nothing to count from
        {"served_on": ["1", "1", "2099"]},
        {"rule": "UP11", "request_on": ["4", "11", "2026"]},  # of which act?
        {"rule": "UP11", "then": "TAX30"},  # requested when?
        {"court": "NOWHERE"},
    ):
        browser.get(path)
        assert browser.post(path, **{**form, **changes}).status_code == 422, changes
        assert browser.errors, changes
        assert form["responsible"] in browser.page
    assert "No deadline is open" in (browser.get(case), browser.text)[1]


def test_a_rescue_argument_is_for_lawyers(world: World) -> None:
    with world.app.app_context():
        case_id: UUID = world.cast.record()
        world.cast.assign(case_id)
    case, browser, lawyer = f"/cases/{case_id}", world.browser("caseworker"), world.browser("lawyer")
    browser.get(f"{case}/deadlines/new")
    form = served(browser, remedy_stated="no")
    browser.post(f"{case}/deadlines/new", **form)
    assert "For lawyers" not in browser.text
    browser.post(f"{case}/deadlines/new", **form, counted=shown(browser))
    browser.get(case)
    card = re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', browser.page)[0]
    assert "rescue" not in (browser.get(card), browser.text)[1].lower()
    assert "a rescue argument for lawyers only" in (lawyer.get(card), lawyer.text)[1]
    assert browser.get(f"{card}/move").status_code == 404
    lawyer.get(f"{card}/move")
    day = clock.today() + dt.timedelta(days=10)
    to = [str(part) for part in (day.day, day.month, day.year)]
    moved = {"version": "1", "what": "move", "to": to, "reason": "Tebliğ usulsüz"}
    assert lawyer.post(f"{card}/move", **{**moved, "to": ["1", "1", "2062"]}).status_code == 422
    assert lawyer.post(f"{card}/move", **{**moved, "to": ["1", "1", "2026"]}).status_code == 422
    assert lawyer.post(f"{card}/move", **{**moved, "to": ["", "", ""]}).status_code == 422
    beyond = {**moved, "to": ["1", "6", "2027"]}
    assert lawyer.post(f"{card}/move", **beyond).status_code == 422  # after the last rescue argument
    assert lawyer.errors
    assert lawyer.post(f"{card}/move", **moved).location == case
    assert "Tebliğ usulsüz" in (browser.get(card), browser.text)[1]


@pytest.mark.parametrize(("ago", "over"), [(1, False), (30, True)])
def test_a_safe_date_that_is_over_sends_people_to_a_lawyer(world: World, ago: int, over: bool) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(f"{case}/deadlines/new")
    day = clock.today() - dt.timedelta(days=ago)
    form = served(browser, served_on=[str(part) for part in (day.day, day.month, day.year)])
    browser.post(f"{case}/deadlines/new", **form)
    assert ("Tell a lawyer today" in browser.text) is over
    browser.post(f"{case}/deadlines/new", **form, counted=shown(browser))
    browser.get(case)
    card = re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', browser.page)[0]
    assert ("Tell a lawyer today" in (browser.get(card), browser.text)[1]) is over


def test_a_request_to_the_authority_counts_the_time_limit_of_its_act(world: World) -> None:
    """A tax act leaves thirty days and not the sixty of any other."""
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(f"{case}/deadlines/new")
    form = served(browser, rule="UP11", request_on=["4", "11", "2026"])
    safe = {}
    for act in ("ADM60", "TAX30"):
        browser.post(f"{case}/deadlines/new", **form, then=act)
        safe[act] = shown(browser).partition(" ")[0]
    assert safe["TAX30"] < safe["ADM60"]
    browser.post(f"{case}/deadlines/new", **{**form, "detained": "no"}, then="TAX30", counted=shown(browser))
    assert (
        "Add this deadline" in browser.text
    )  # another answer is shown first, even where the day is the same


@pytest.mark.parametrize(
    ("language", "button", "told"),
    [
        ("ar", "حذف المهلة", "حُذفت هذه المهلة"),
        ("tr", "Süreyi kaldır", "Bu süre kaldırıldı"),
        ("en", "Take this deadline out", "This deadline was taken out"),
    ],
)
def test_a_coordinator_takes_out_what_was_entered_by_mistake(
    world: World, language: str, button: str, told: str
) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    lead = world.browser("coordinator", language)
    browser.get(f"{case}/deadlines/new")
    form = served(browser)
    browser.post(f"{case}/deadlines/new", **form)
    browser.post(f"{case}/deadlines/new", **form, counted=shown(browser))
    browser.get(case)
    card = re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', browser.page)[0]
    assert f"{card}/move" not in (browser.get(card), browser.page)[1]
    assert button in (lead.get(card), lead.text)[1]
    lead.get(f"{card}/move")
    assert 'name="what"' not in lead.page  # another day is for lawyers
    assert lead.post(f"{card}/move", version="1", reason="").status_code == 422
    assert lead.post(f"{card}/move", version="1", reason="Yanlış dosya").location == case
    browser.get("/desk")
    assert card in browser.page.split('id="deadlines"')[0]
    browser.get(card)
    assert told in browser.text
    assert "Yanlış dosya" in browser.text
    assert browser.post(f"{card}/seen").location == "/desk"
    assert card not in (browser.get("/desk"), browser.page)[1]
    assert told not in (browser.get(card), browser.text)[1]


def test_where_a_lawyer_works_a_coordinator_is_not_offered_it(world: World) -> None:
    with world.app.app_context():
        case_id: UUID = world.cast.record()
        world.cast.assign(case_id)
    case, lead = f"/cases/{case_id}", world.browser("coordinator")
    lead.get(f"{case}/deadlines/new")
    form = served(lead)
    lead.post(f"{case}/deadlines/new", **form)
    lead.post(f"{case}/deadlines/new", **form, counted=shown(lead))
    lead.get(case)
    card = re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', lead.page)[0]
    assert f"{card}/move" not in (lead.get(card), lead.page)[1]
    assert lead.get(f"{card}/move").status_code == 404
    assert lead.post(f"{card}/move", version="1", reason="Yanlış").status_code == 404


def test_closing_names_the_open_deadline_and_each_reader_reads_why_in_their_language(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    given = {
        "level": "S1",
        "code": "A",
        "outcome": "lost_contact",
        "despite": "Üç kez arandı",
        "version": "1",
    }

    def added(rule: str) -> str:
        browser.get(f"{case}/deadlines/new")
        form = served(browser, rule=rule)
        browser.post(f"{case}/deadlines/new", **form)
        browser.post(f"{case}/deadlines/new", **form, counted=shown(browser))
        browser.get(case)
        return str(re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', browser.page)[0])

    card, coordinator = added("ADM60"), world.browser("coordinator", "tr")
    coordinator.get(f"{case}/close")
    assert "yalnızca iletişim kesildiyse" in coordinator.text
    assert coordinator.post(f"{case}/close", **given, why="withdrew").status_code == 422
    assert coordinator.post(f"{case}/close", **given, why="lost_contact").location == case
    english = world.browser("caseworker", "en")
    for path in (case, card):
        english.get(path)
        assert "Contact lost after three attempts" in english.text
        assert "Üç kez arandı" in english.text
        assert "days left" not in english.text
    assert card in (english.get("/desk"), english.page)[1]


def test_where_a_day_decides_the_page_does_not_offer_to_close(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(f"{case}/deadlines/new")
    form = served(browser)
    browser.post(f"{case}/deadlines/new", **form)
    browser.post(f"{case}/deadlines/new", **form, counted=shown(browser))
    coordinator = world.browser("coordinator", "en")
    coordinator.get(f"{case}/close")
    assert "This case does not close" in coordinator.text
    assert 'name="despite"' not in coordinator.page
