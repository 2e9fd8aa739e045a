"""Services are recorded on the page of their case in codes and units, added up, and taken out again."""

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest

from cases.models import CaseItem, Fact
from cases.service import worked
from core import clock
from core.store.base import db
from tests.support.world import HOME, Browser, World

ONE = {"agreed": "S3", "level": "S2", "activity": "contact", "minutes": "40", "grant": "eu-7"}


def give(browser: Browser, case: str, **changes: str | list[str]) -> int:
    return browser.post(f"{case}/services", **{**ONE, "token": str(uuid4()), **changes}).status_code


@pytest.mark.parametrize(
    ("language", "court", "summed", "level"),
    [("ar", "محكمة", "٢:١٢", "مساعدة قانونية"), ("tr", "Mahkeme", "2:12", "Hukuki destek")],
)
def test_time_is_added_up_by_level(world: World, language: str, court: str, summed: str, level: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    browser.get(case)
    assert give(browser, case) == 303  # 7 units
    assert give(browser, case, minutes="١:٣٠", level="S3", activity="court", grant="") == 303  # 15
    browser.get(case)
    assert summed in browser.text
    assert court in browser.text
    assert level in browser.text
    assert "EU-7" in browser.text
    assert 'value="EU-7"' not in browser.page  # the last one had none
    with world.app.app_context():
        facts = db.session.query(Fact).count()
        db.session.rollback()
    assert facts >= 3  # each time the highest level rose


def test_a_double_click_records_once_and_what_is_wrong_stays(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(case)
    token = str(uuid4())
    assert [give(browser, case, token=token) for _ in range(2)] == [303, 303]
    browser.get(case)
    assert "One entry" in browser.text
    assert give(browser, case, minutes="az önce", grant="Ahmet için") == 422
    assert "az önce" in browser.page
    assert [one.split(":")[0] for one in browser.errors] == ["Time", "Grant code"]
    assert give(browser, case, level="S0") == 422


def test_the_answer_in_place_is_the_list_alone(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(case)
    fields = {"csrf_token": browser.csrf, "token": str(uuid4()), **ONE}
    headers = {"HX-Request": "true", "HX-Target": "services", "Referer": f"{HOME}/cases"}
    answer = browser.client.post(f"{case}/services", data=fields, base_url=HOME, headers=headers)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.text.count('id="services"') == 1
    assert "The service is recorded." in answer.text


def test_a_mistake_is_taken_out_and_stays_in_the_timeline(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(case)
    give(browser, case, level="S4")
    browser.get(case)
    [url] = re.findall(rf'action="({case}/services/[0-9a-f-]+/take-out)"', browser.page)
    stranger = world.browser("colleague")
    stranger.get("/desk")
    assert stranger.post(url, version="1").status_code == 404
    assert browser.post(url, version="1").status_code == 303
    browser.get(case)
    assert "Nothing is recorded yet" in browser.text
    assert "Representation" in browser.text
    with world.app.app_context():
        row = db.session.get_one(CaseItem, UUID(url.split("/")[-2]))
        assert (row.state, row.owner_id, row.due_on) == ("dropped", None, None)
        db.session.rollback()
    coordinator = world.browser("coordinator")
    coordinator.get(f"{case}/close")
    assert 'value="S4" selected' not in coordinator.page


def minutes_of(browser: Browser, who: str) -> list[int]:
    """Of somebody, by month, the newest first, then of all of them."""
    browser.get("/cases/time")
    rows = [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in browser.page.split("<tr")[2:]]
    row = next((one for one in rows if who in one), "– – – – – – 0:00")
    cells = re.findall(r"\d+:\d\d|–", row)
    return [0 if one == "–" else int(one[:-3]) * 60 + int(one[-2:]) for one in cells]


def test_the_time_of_everybody_is_added_up_by_month(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    coordinator, day = world.browser("coordinator"), clock.today().replace(day=1)
    assert world.browser("caseworker").get("/cases/time").status_code == 404
    coordinator.get("/cases/load")
    assert 'href="/cases/time"' in coordinator.page
    stood = {who: minutes_of(coordinator, who) for who in ("caseworker", "Everybody")}
    shut = world.record(restricted=True, named=[world.cast["colleague"].person_id])
    for case_id, when, minutes in (
        (world.record(), day, "60"), (world.record(), day, "31"),
        (world.record(), day - dt.timedelta(days=1), "7"),
        (world.record(), day - dt.timedelta(days=400), "600"), (shut, day, "600"),
    ):  # fmt: skip # a table
        caseworker = world.browser("caseworker")
        caseworker.get(f"/cases/{case_id}")
        on = [str(when.day), str(when.month), str(when.year)]
        assert give(caseworker, f"/cases/{case_id}", minutes=minutes, on=on) == 303, caseworker.errors
    for who, before in stood.items():
        now = minutes_of(coordinator, who)
        assert [b - a for a, b in zip(before, now, strict=True)] == [96, 12, 0, 0, 0, 0, 108]
    for language, said in (("ar", "الجميع"), ("tr", "Herkes")):
        browser = world.browser("coordinator", language)
        browser.get("/cases/time")
        assert said in browser.text
    monkeypatch.setattr(worked, "MOST", 1)
    browser = world.browser("coordinator", "tr")
    browser.get("/cases/time")
    assert "yalnızca en yeni dosyalar sayıldı" in browser.text
