"""What was told stays on top of the desk until somebody says that they have seen it; and the calendar."""

from __future__ import annotations

import datetime as dt
import io
import re
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar, Component

from accounts.models import CalendarFeed
from accounts.service import people
from cases.service import deadlines, reminders
from config.logs import configure_logs
from core import clock
from core.access.permissions import Role
from core.store.base import db
from core.store.transaction import transaction
from tests.support.world import Browser, World


def due(world: World, days: int = 0, by: str = "caseworker") -> tuple[UUID, UUID]:
    """A deadline that is safe until so many days from now, and everybody told who is to be told."""
    with world.app.app_context():
        case_id = world.cast.record(by)
        began = clock.today() - dt.timedelta(days=30 - days)
        asked = {
            "rule": "DET_IP",
            "served_on": began.isoformat(),
            "facts": {},
        }  # 30 days, moved by no holiday
        watching = (world.cast[by].person_id, world.cast["coordinator"].person_id)
        with transaction():
            deadline_id = deadlines.add(world.cast[by], case_id, uuid4(), asked, *watching)
        with transaction():
            reminders.write_due()
    return case_id, deadline_id


def part(browser: Browser, id: str) -> str:
    found = re.findall(rf'<section class="section" id="{id}".*?</section>', browser.page, re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("language", "button"), [("ar", "اطّلعتُ عليه"), ("tr", "Gördüm"), ("en", "I have seen it")]
)
def test_it_stays_on_top_until_it_is_seen(world: World, language: str, button: str) -> None:
    case_id, deadline_id = due(world)
    card = f"/cases/{case_id}/deadlines/{deadline_id}"
    browser, lead = world.browser("caseworker", language), world.browser("coordinator", language)
    browser.get("/desk")
    assert card in part(browser, "reminders")
    assert card not in part(browser, "deadlines")
    assert button in browser.text
    assert browser.page.index('id="reminders"') == min(
        found.start() for found in re.finditer(r'<section class="section" id="', browser.page)
    ) + len('<section class="section" ')
    browser.get(card)
    assert button in browser.text
    for _ in range(2):  # a double click
        assert browser.post(f"{card}/seen").location == "/desk"
    browser.get("/desk")
    assert card not in part(browser, "reminders")
    assert card in part(browser, "deadlines")
    lead.get("/desk")
    assert card in part(lead, "reminders")  # from the last day on, who has seen it speaks for nobody else
    lead.get(card)
    told = re.sub(r"<[^>]+>", " ", part(lead, "told"))
    assert told.index("Kişi caseworker") < told.index("Kişi coordinator")
    if language == "en":
        assert told.count("seen on") == told.count("not seen yet") == 1


def test_nobody_says_it_for_others(world: World) -> None:
    case_id, deadline_id = due(world)
    stranger = world.browser("other_lawyer")
    stranger.get("/account")
    assert stranger.post(f"/cases/{case_id}/deadlines/{deadline_id}/seen").status_code == 404
    other = world.record("colleague")
    colleague = world.browser("colleague")
    colleague.get("/account")
    assert colleague.post(f"/cases/{other}/deadlines/{deadline_id}/seen").status_code == 404
    browser = world.browser("caseworker")
    browser.get("/desk")
    assert str(deadline_id) in part(browser, "reminders")


def test_a_moment_that_has_passed_is_over(world: World) -> None:
    """Rules that count hours: the card says Over, not Today; the desk, which knows no hour, sends there."""
    began = (clock.now() - dt.timedelta(hours=72, minutes=1)).astimezone(clock.ISTANBUL)
    case_id, browser = world.record(), world.browser("caseworker")
    asked = {"rule": "BREACH", "served_on": began.strftime("%Y-%m-%dT%H:%M"), "facts": {}}
    with world.app.app_context(), transaction():
        watching = (world.cast["caseworker"].person_id, world.cast["coordinator"].person_id)
        deadline_id = deadlines.add(world.cast["caseworker"], case_id, uuid4(), asked, *watching)
    browser.get(f"/cases/{case_id}/deadlines/{deadline_id}")
    assert "Over" in part(browser, "safe-date")
    assert "Today" not in part(browser, "safe-date")
    browser.get("/desk")
    assert "open it for the hour" in browser.text or clock.today() != began.date() + dt.timedelta(days=3)


def make(browser: Browser) -> str:
    """A new address, as a path, as the page shows it once."""
    browser.get("/account/calendar")
    assert browser.post("/account/calendar").status_code == 200
    [path] = re.findall(r"<code>http://127\.0\.0\.1:8000(/calendar/[\w-]{43}\.ics)</code>", browser.page)
    return str(path)


def events(answer_text: str) -> list[Component]:
    return list(Calendar.from_ical(answer_text).walk("VEVENT"))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ar", "حماية: حان موعد أمر"),
        ("tr", "Himaya: zamanı gelen bir iş var"),
        ("en", "Himaya: something is due"),
    ],
)
def test_a_calendar_shows_days_and_nothing_else(world: World, language: str, title: str) -> None:
    case_id, deadline_id = due(world, days=12, by="colleague")
    path = make(world.browser("colleague", language))
    log = io.StringIO()
    configure_logs("debug", log)
    guest = Browser(world.app.test_client())  # a program without cookies
    answer = guest.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    found = events(answer.text)
    [ours] = [one for one in found if one.decoded("dtstart") == clock.today() + dt.timedelta(days=12)][:1]
    assert {str(one["summary"]) for one in found} == {title}
    assert not isinstance(ours.decoded("dtstart"), dt.datetime)  # all day
    assert str(ours["url"]).endswith("/desk")
    for secret in (
        str(case_id),
        str(deadline_id),
        case_id.hex,
        deadline_id.hex,
        "HAM-",
        "DET_IP",
        "Kişi",
        "محمد",
    ):
        assert secret not in answer.text
    again = events(guest.get(path).text)
    assert [str(one["uid"]) for one in again] == [str(one["uid"]) for one in found]
    assert path.split("/")[2].removesuffix(".ics") not in log.getvalue()


def test_only_what_one_watches_and_may_open_is_in_it(world: World) -> None:
    with world.app.app_context():
        world.cast.join("fresh", Role.CASEWORKER)
    case_id, deadline_id = due(world, days=9, by="fresh")
    path, guest = make(world.browser("fresh")), Browser(world.app.test_client())
    assert len(events(guest.get(path).text)) == 1
    with world.app.app_context(), transaction():
        deadlines.meet(world.cast["fresh"], case_id, deadline_id, 1, "UYAP 12", clock.today())
    assert events(guest.get(path).text) == []


def test_it_is_shown_once_renewed_and_ended(world: World) -> None:
    browser, guest = world.browser("lawyer"), Browser(world.app.test_client())
    first = make(browser)
    browser.get("/account/calendar")
    assert "Your address" in browser.text
    assert first not in browser.page
    token = first.split("/")[2].removesuffix(".ics")
    with world.app.app_context():
        kept = db.session.get_one(CalendarFeed, world.cast["lawyer"].person_id).token_hash
        db.session.rollback()
    assert token.encode() not in kept
    second = make(browser)
    assert guest.get(first).status_code == 404
    assert guest.get(second).status_code == 200
    browser.get("/account/calendar")
    for _ in range(2):
        assert browser.post("/account/calendar/end").location == "/account/calendar"
    assert guest.get(second).status_code == 404
    assert guest.get(f"/calendar/{token[:-1]}x.ics").status_code == 404


def test_who_has_left_has_no_calendar(world: World) -> None:
    with world.app.app_context():
        world.cast.join("leaving", Role.CASEWORKER)
    path, guest = make(world.browser("leaving")), Browser(world.app.test_client())
    assert guest.get(path).status_code == 200
    with world.app.app_context(), transaction():
        people.depart(world.cast["admin"], world.cast["leaving"].person_id)
    assert guest.get(path).status_code == 404


def test_an_address_is_not_guessed(world: World) -> None:
    path, guest = make(world.browser("manager")), Browser(world.app.test_client())
    answers = {guest.get(f"/calendar/{number}.ics").status_code for number in range(25)}
    assert answers == {404, 429}
    assert guest.get(path).status_code == 429
