"""Which lawyer takes a file: every reason is said, and what people told of their work counts."""

from __future__ import annotations

import datetime as dt
import re
from uuid import uuid4

import pytest

from cases.models import Case
from cases.service import assignment, given, picking
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_people import opened, person
from tests.support.cast import record_of
from tests.support.world import Browser, World


def tells(world: World, name: str, **fields: object) -> Browser:
    """A lawyer says how they work."""
    browser = world.browser(name)
    browser.get("/account/practice")
    saved = browser.post("/account/practice", **{"version": browser.version, "share": "100", **fields})
    assert saved.status_code == 303, browser.errors
    browser.get("/account/practice")
    return browser


def days(first: dt.date, last: dt.date) -> dict[str, list[str]]:
    return {
        name: [str(day.day), str(day.month), str(day.year)]
        for name, day in (("begins", first), ("ends", last))
    }


def test_who_works_in_the_field_and_has_room_comes_first_with_the_reasons(world: World) -> None:
    tells(world, "other_lawyer", issue_groups=["A"], bar="27", gender="f", share="50")
    coordinator, path = world.browser("coordinator", "en"), opened(world)
    coordinator.get(f"{path}/assign")
    first, second = (coordinator.page.index(str(person(world, one))) for one in ("other_lawyer", "lawyer"))
    assert first < second
    for said in ("Works in this field", "Has room", "2 of 30 points", "Field not named", "2 of 60 points"):
        assert said in coordinator.text
    coordinator.get("/cases/load")
    assert "0 of 30 points" in coordinator.text


def test_who_is_away_or_takes_no_files_cannot_be_asked_and_it_says_why(world: World) -> None:
    today = clock.today()
    browser = world.browser("lawyer", "tr")
    browser.get("/account/practice")
    token = str(uuid4())
    backwards = browser.post("/account/practice/away", token=token, **days(today, today - dt.timedelta(1)))
    assert backwards.status_code == 422
    assert "Son gün ilk günden önce geliyor" in browser.text
    away = days(today, today + dt.timedelta(30))
    for _twice in range(2):
        assert browser.post("/account/practice/away", token=token, **away).status_code == 303
    browser.get("/account/practice")
    assert browser.page.count("/end") == 1  # twice is once
    other = days(today, today + dt.timedelta(2))
    assert browser.post("/account/practice/away", token=token, **other).status_code == 422  # not called kept
    browser.get("/account/practice")
    tells(world, "other_lawyer", share="0")
    coordinator, path = world.browser("coordinator", "ar"), opened(world)
    coordinator.get(f"{path}/assign")
    assert "غائب إلى ما بعد موعد الرد" in coordinator.text
    assert "لا يتولى ملفات جديدة حاليًا" in coordinator.text
    refused = coordinator.post(f"{path}/assign", version="1", lawyer=str(person(world, "lawyer")))
    assert refused.status_code == 422
    browser.get("/account/practice")
    [out] = re.findall(r"/account/practice/away/[0-9a-f-]{36}/end", browser.page)
    for _twice in range(2):
        assert browser.post(out).status_code == 303
    coordinator.get(f"{path}/assign")
    assert str(person(world, "lawyer")) in coordinator.page


def test_what_was_agreed_weighs_and_whoever_is_away_soon_stands_so(world: World) -> None:
    lead, worker, other = (world.cast[name] for name in ("coordinator", "caseworker", "other_lawyer"))
    tells(world, "other_lawyer")
    with world.app.app_context():

        def points() -> float:
            with transaction():
                return next(
                    one.load.points for one in picking.loads(lead) if one.person_id == other.person_id
                )

        before = points()
        for level in ("S1", "S2", "S4"):
            case_id = world.cast.record()
            world.cast.assign(case_id, "other_lawyer")
            with transaction():
                given.give(
                    worker, case_id, on=clock.today(), agreed=level, level="S1", activity="drafting",
                    minutes=6, grant="", token=uuid4(),
                )  # fmt: skip  # one service
        assert points() - before == 5
    away = days(clock.today() + dt.timedelta(1), clock.today() + dt.timedelta(60))
    browser = world.browser("other_lawyer", "tr")
    browser.get("/account/practice")
    assert browser.post("/account/practice/away", token=str(uuid4()), **away).status_code == 303
    coordinator, path = world.browser("coordinator", "tr"), opened(world)
    coordinator.get(f"{path}/assign")
    assert "Yakında bir hafta veya daha uzun süre izinli" in coordinator.text
    assert str(person(world, "other_lawyer")) in coordinator.page  # and may be asked


def test_what_somebody_says_of_their_work_is_theirs(world: World) -> None:
    browser = tells(world, "lawyer", issue_groups=["B", "C"])
    late = browser.post("/account/practice", version="0", share="25")
    assert late.status_code == 422  # changed meanwhile, in another window
    assert world.browser("caseworker").get("/account/practice").status_code == 404


@pytest.mark.parametrize("wanted", ["f", "any"])
def test_the_wish_of_the_client_counts(world: World, wanted: str) -> None:
    tells(world, "other_lawyer", gender="f")
    tells(world, "lawyer", gender="m")
    case_id = world.record(record=record_of(lawyer_wanted=wanted))
    with world.app.app_context(), transaction():
        found = picking.candidates(world.cast["coordinator"], case_id)
    said = {one.person_id: "gender" in one.reasons for one in found}
    assert said[person(world, "other_lawyer")] is (wanted == "f")
    assert said[person(world, "lawyer")] is False


def test_whoever_is_asked_reads_who_stands_on_which_side(world: World) -> None:
    record = record_of() | {"parties": [{"role": "opposing", "name_ar": "سليم", "name_latin": "SELIM KARA"}]}
    case_id = world.record(record=record)
    with world.app.app_context(), transaction():
        case = db.session.get_one(Case, case_id)
        lawyer = world.cast["lawyer"].person_id
        offer = assignment.offer(world.cast["coordinator"], case_id, case.version, lawyer)
    browser = world.browser("lawyer", "tr")
    browser.get(f"/assignments/{offer}")
    for said in ("SELIM KARA", "سليم", "Karşı taraf", "MUHAMMED ELAHMED", "Danışan"):
        assert said in browser.text


def test_what_somebody_is_asked_to_take_on_counts_as_load(world: World) -> None:
    coordinator, path = world.browser("coordinator"), opened(world)
    other = opened(world)
    coordinator.get(f"{path}/assign")
    before = loads_of(coordinator)
    coordinator.get(f"{other}/assign")
    asked = {"version": coordinator.version, "lawyer": str(person(world, "lawyer"))}
    assert coordinator.post(f"{other}/assign", **asked).status_code == 303
    coordinator.get(f"{path}/assign")
    after = loads_of(coordinator)
    assert after["lawyer"] == before["lawyer"] + 2
    assert after["other_lawyer"] == before["other_lawyer"]


def loads_of(browser: Browser) -> dict[str, float]:
    """Points of each lawyer with the file, by the name on the page."""
    rows = re.findall(r"<tr.*?</tr>", browser.page, re.DOTALL)
    found = [
        re.search(r"Kişi ([a-z_]+).*?([\d.]+) of \d+ points", re.sub(r"<[^>]+>", " ", row), re.DOTALL)
        for row in rows
    ]
    return {one[1]: float(one[2]) for one in found if one}
