"""Services are recorded on the page of their case in codes and units, added up, and taken out again."""

import re
from uuid import UUID, uuid4

import pytest

from cases.models import CaseItem, Fact
from core.store.base import db
from tests.support.world import HOME, Browser, World

ONE = {"agreed": "S3", "level": "S2", "activity": "contact", "minutes": "40", "grant": "eu-7"}


def give(browser: Browser, case: str, **changes: str) -> int:
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
