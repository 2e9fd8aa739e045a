"""Facts of a matter that begin and end: added, ended, found again, as a caseworker does it."""

import datetime as dt
import re
from uuid import UUID

import pytest

from accounts.models import Person
from cases.service import matters
from cases.service.keys import case_key
from cases.service.reach import find
from core.access.permissions import Permission
from core.store.base import db
from core.store.transaction import transaction
from tests.support.world import Browser, World, as_written

CENTRE = {"place": "centre", "name": "Tuzla GGM", "since": ["2", "11", "2026"], "at": "٢٢:١٥"}


@pytest.fixture
def case(world: World) -> str:
    return f"/cases/{world.record()}"


def hidden(browser: Browser) -> dict[str, str]:
    """What the page carries besides what is typed."""
    found = re.findall(r'name="(version|token)"[^>]*value="([^"]+)"', browser.page)
    return dict(found)


def put(browser: Browser, page: str, **said: object) -> str:
    """Send the form of a page; gives where it leads."""
    browser.get(page)
    answer = browser.post(page, **{**hidden(browser), **said})
    assert answer.status_code == 303, browser.errors
    browser.get(answer.location)
    return answer.location


def facts(browser: Browser, case: str) -> list[str]:
    """The addresses of the facts on the page of the case."""
    browser.get(case)
    return re.findall(rf'href="({case}/matter/[0-9a-f-]{{36}})"', browser.page)


def test_a_stay_goes_on_in_the_next_place(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    put(browser, f"{case}/matter/detention/new", **CENTRE)
    assert "Held since 2 Nov 2026" in browser.text
    assert "Tuzla GGM" in browser.text
    assert "22:15" in browser.text
    [stay] = facts(browser, case)
    left = {"left_on": ["9", "11", "2026"], "why_left": "transferred"}
    assert put(browser, stay, **CENTRE, **left) == as_written(world, f"{case}/matter/detention/new")
    assert "Where was the person brought?" in browser.text
    put(browser, f"{case}/matter/detention/new", place="airport", since=["10", "11", "2026"])
    assert "Held since 2 Nov 2026" in browser.text
    airport, _ended = facts(browser, case)
    gone = {"left_on": ["12", "11", "2026"], "why_left": "unknown"}
    put(browser, airport, place="airport", since=["10", "11", "2026"], **gone)
    assert "Nobody knows where the person is" in browser.text
    assert "Held since" not in browser.text
    assert len(facts(browser, case)) == 2


def test_an_end_is_said_whole_and_never_before_the_beginning(world: World, case: str) -> None:
    browser, page = world.browser("caseworker"), f"{case}/matter/detention/new"
    for wrong, words in (
        ({"left_on": ["1", "11", "2026"], "why_left": "released"}, "before the day on which it began"),
        ({"left_on": ["3", "11", "2026"]}, "Choose how it ended"),
        ({"why_left": "released"}, "Enter the day on which it ended"),
        ({"since": ["2", "11", "2032"]}, "still to come"),
        ({"at": "25:00"}, "Enter a time"),
    ):
        browser.get(page)
        answer = browser.post(page, **{**hidden(browser), **CENTRE, **wrong})
        assert answer.status_code == 422
        assert any(words in error for error in browser.errors), (wrong, browser.errors)
        assert "Tuzla GGM" in browser.page
    assert facts(browser, case) == []
    assert browser.get(f"{case}/matter/nonsense/new").status_code == 404


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_refusals_are_counted_until_a_power_is_given(world: World, case: str, language: str) -> None:
    browser, page = world.browser("caseworker", language), f"{case}/matter/power/new"
    said = {
        "result": "refused",
        "place": "centre",
        "refused_by": "Tuzla GGM",
        "why": "no_access",
        "minutes": "no",
    }
    for day in ("3", "5"):
        put(browser, page, **said, on=[day, "11", "2026"])
    assert {"ar": "رُفضت الوكالة مرتين", "tr": "Vekâlet 2 kez reddedildi"}[language] in browser.text
    lawyer = world.cast["lawyer"].person_id
    browser.get(page)
    without = browser.post(page, **{**hidden(browser), "result": "given", "on": ["6", "11", "2026"]})
    assert without.status_code == 422
    put(
        browser,
        page,
        result="given",
        on=["6", "11", "2026"],
        place="notary",
        number="٠٤٤٢١",
        lawyer=str(lawyer),
    )
    assert "04421" in browser.text
    assert {"ar": "وكالة منذ", "tr": "tarihinden beri vekâlet var"}[language] in browser.text
    case_id = UUID(case.rpartition("/")[2])
    with world.app.app_context(), transaction():
        actor = world.cast["caseworker"]
        opened = find(actor, Permission.CASE_READ, case_id)
        key = case_key(actor, opened)
        assert matters.holds(opened, key, lawyer)
        assert not matters.holds(opened, key, actor.person_id)


def test_the_search_finds_the_number_of_a_court(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    number = f"2026/{dt.datetime.now(dt.UTC):%H%M%S%f}"
    put(browser, f"{case}/matter/reference/new", authority="administrative_court", number=number)
    assert number in browser.text
    browser.get("/cases")
    browser.post("/cases/search", q=number)
    assert f'href="{case}"' in browser.page
    [reference] = facts(browser, case)
    browser.get(reference)
    taken = browser.post(f"{reference}/take-out", version=browser.version)
    assert taken.status_code == 303
    assert facts(browser, case) == []
    browser.post("/cases/search", q=number)
    assert f'href="{case}"' not in browser.page


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_whoever_is_released_with_obligations_leads_to_the_duty_to_sign(
    world: World, case: str, language: str
) -> None:
    browser, new = world.browser("caseworker", language), as_written(world, f"{case}/todo/new/signature")
    link = f'{new}">' + {"ar": "إضافة واجب توقيع", "tr": "İmza yükümlülüğü ekle"}[language]
    put(browser, f"{case}/matter/detention/new", **CENTRE)
    assert link not in browser.page
    [stay] = facts(browser, case)
    put(browser, stay, **CENTRE, left_on=["9", "11", "2026"], why_left="alternative")
    assert link in browser.page
    duty = {"where": "İl Göç", "first": ["1", "12", "2026"], "how": "weekly"}
    put(browser, new, **duty)
    assert link not in browser.page


def test_another_code_is_written_out(world: World, case: str) -> None:
    browser, page = world.browser("caseworker"), f"{case}/matter/restriction/new"
    browser.get(page)
    assert browser.post(page, **{**hidden(browser), "code": "other"}).status_code == 422
    put(browser, page, code="other", typed="Ç-999", authority="pmm")
    assert "Ç-999" in browser.text
    put(browser, page, code="V-87")
    assert "recorded as returned voluntarily" in browser.text


def test_costs_are_added_up_and_carry_their_grant(world: World, case: str) -> None:
    browser, page = world.browser("caseworker"), f"{case}/matter/cost/new"
    paid = {"what": "notary", "on": ["3", "11", "2026"], "payer": "organisation"}
    for wrong in ({"amount": "çok"}, {"amount": ""}, {"amount": "450", "grant": "Selma Hanım için, nakit"}):
        browser.get(page)
        assert browser.post(page, **{**hidden(browser), **paid, **wrong}).status_code == 422
    put(browser, page, **paid, amount="١٬٢٥٠", grant="echo-24/1")
    put(browser, page, **paid, amount="450 TL")
    assert "Costs in all: 1,700 lira" in browser.text
    assert "ECHO-24/1" in browser.text
    put(browser, f"{case}/matter/interpreter/new", language="ar", name="Rana", wanted="woman")
    assert "Confidentiality not signed" in browser.text
    put(browser, f"{case}/matter/fee/new", basis="free", since=["3", "11", "2026"])
    assert "Free of charge" in browser.text


def given(world: World, by: str = "lawyer", **more: object) -> dict[str, object]:
    """A power of attorney, as its form takes it."""
    lawyer = str(world.cast[by].person_id)
    said = {"result": "given", "on": ["6", "11", "2025"], "place": "notary", "number": "04421"}
    return {**said, "lawyer": lawyer, **more}


def test_the_power_of_a_lawyer_who_left_is_ended_and_no_other_one_is_given_to_them(
    world: World, case: str
) -> None:
    browser, gone = world.browser("caseworker"), world.cast["other_lawyer"].person_id
    put(browser, f"{case}/matter/power/new", **given(world, "other_lawyer"))
    assert "but no lawyer of the case holds it" in browser.text
    assert "Kişi other_lawyer" in browser.text
    with world.app.app_context(), transaction():
        db.session.get_one(Person, gone).state = "departed"
    try:
        [power] = facts(browser, case)
        put(browser, power, **given(world, "other_lawyer", ended_on=["20", "11", "2026"]))
        assert "Power of attorney since" not in browser.text
        for one in (case, f"/cases/{world.record()}"):
            browser.get(f"{one}/matter/power/new")
            said = {**hidden(browser), **given(world, "other_lawyer", number="2026/9")}
            assert browser.post(f"{one}/matter/power/new", **said).status_code == 422
    finally:
        with world.app.app_context(), transaction():
            db.session.get_one(Person, gone).state = "active"


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_power_that_has_run_out_says_so(world: World, case: str, language: str) -> None:
    browser, page = world.browser("caseworker", language), f"{case}/matter/power/new"
    browser.get(page)
    before = {**hidden(browser), **given(world, until=["5", "11", "2025"])}
    assert browser.post(page, **before).status_code == 422
    put(browser, page, **given(world, until=["6", "11", "2026"]))
    for said in {
        "ar": ("سارية حتى ٦ تشرين الثاني ٢٠٢٦", "انتهت مدته"),
        "tr": ("6 Kasım 2026 tarihine kadar geçerli", "Süresi doldu"),
    }[language]:
        assert said in browser.text
    assert {"ar": "وكالة منذ", "tr": "tarihinden beri vekâlet var"}[language] not in browser.text


def test_what_was_taken_out_does_not_come_back_by_being_changed(world: World, case: str) -> None:
    browser, late = world.browser("caseworker"), world.browser("coordinator")
    put(browser, f"{case}/matter/restriction/new", code="G-87")
    [fact] = facts(browser, case)
    late.get(fact)
    browser.get(fact)
    assert browser.post(f"{fact}/take-out", version=browser.version).status_code == 303
    assert browser.get(fact).location == case
    browser.get(case)
    assert "This was taken out meanwhile" in browser.text
    sent = late.post(fact, **hidden(late), code="G-87", note="İtiraz süresi sorulsun")
    late.get(sent.location)
    assert "This was taken out meanwhile" in late.text
    assert "İtiraz süresi sorulsun" in late.text
    assert facts(browser, case) == []


def test_whoever_corrects_a_stay_that_was_transferred_is_not_asked_where_to(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    put(browser, f"{case}/matter/detention/new", **CENTRE)
    [stay] = facts(browser, case)
    left = {"left_on": ["9", "11", "2026"], "why_left": "transferred"}
    browser.get(stay)
    once = {**hidden(browser), **CENTRE, **left}
    asked = as_written(world, f"{case}/matter/detention/new")
    assert [browser.post(stay, **once).location for _click in range(2)] == [asked, asked]
    assert put(browser, stay, **CENTRE, **left, note="düzeltme") == case
