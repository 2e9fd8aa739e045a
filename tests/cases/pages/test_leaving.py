"""A lawyer leaves, with a power of attorney or without: what each page asks and says."""

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest

from cases.models import CaseMember
from cases.service import matters
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.support.world import World


def assigned(world: World, *, power: bool) -> str:
    with world.app.app_context():
        case_id = world.cast.record()
        world.cast.assign(case_id)
        if power:
            given = {"result": "given", "on": "2026-01-05", "lawyer": str(world.cast["lawyer"].person_id)}
            with transaction():
                matters.add(world.cast["lawyer"], case_id, "power", given, uuid4())
        db.session.rollback()
    return f"/cases/{case_id}"


@pytest.mark.parametrize(
    ("language", "asks", "gives_up", "no_notice", "lost"),
    [
        ("ar", "هل لديك وكالة من هذا الشخص", "في طور التنحّي عن الملف", "فلم تبدأ المدة بعد", "تضارب مصالح"),
        (
            "tr",
            "size verdiği bir vekâletname",
            "Dosyadan çekiliyor",
            "süre henüz işlemiyor",
            "Menfaat çatışması",
        ),
    ],
)
def test_with_a_power_the_file_stays_until_somebody_else_has_it(
    world: World, language: str, asks: str, gives_up: str, no_notice: str, lost: str
) -> None:
    case = assigned(world, power=True)
    lawyer, coordinator, colleague = (
        world.browser(name, language) for name in ("lawyer", "coordinator", "caseworker")
    )
    lawyer.get(f"{case}/step-off")
    assert asks in lawyer.text
    assert re.search(r'value="yes"[^>]*checked|checked[^>]*value="yes"', lawyer.page)
    assert lawyer.post(f"{case}/step-off", reason="Sağlık", power="no").status_code == 422
    assert lawyer.post(f"{case}/step-off", reason="Sağlık", power="yes").location == case
    lawyer.get(case)
    assert gives_up in lawyer.text
    lawyer.get(f"{case}/step-off")
    assert no_notice in lawyer.text
    assert lawyer.post(f"{case}/step-off").status_code == 422
    yesterday = clock.today() - dt.timedelta(days=1)
    assert lawyer.post(f"{case}/step-off", notice_on=boxes(yesterday)).status_code == 303
    member = f"{case}/members/{world.cast.players['lawyer'].id}/remove"
    assert no_notice not in (lawyer.get(f"{case}/step-off"), lawyer.text)[1]
    colleague.get(member)
    assert lost not in colleague.text
    coordinator.get(member)
    assert lost in coordinator.text
    assert coordinator.post(member, why="conflict", reason="").status_code == 422
    assert coordinator.post(member, why="conflict", reason="Karşı taraf").status_code == 303
    assert lawyer.get(case).status_code == 404
    coordinator.get(case)
    assert lost in coordinator.text


def test_without_one_it_is_lost_at_once(world: World) -> None:
    case = assigned(world, power=False)
    lawyer = world.browser("lawyer")
    lawyer.get(f"{case}/step-off")
    assert lawyer.post(f"{case}/step-off", reason="Sağlık", power="no").location.endswith("/desk")
    assert lawyer.get(case).status_code == 404


def test_a_caseworker_does_not_take_off_who_holds_a_power(world: World) -> None:
    case = assigned(world, power=True)
    browser = world.browser("caseworker")
    member = f"{case}/members/{world.cast.players['lawyer'].id}/remove"
    browser.get(member)
    assert "Only a coordinator may end that" in browser.text
    assert browser.post(member, why="conflict", reason="x").status_code == 422
    assert world.browser("lawyer").get(case).status_code == 200


def test_somebody_who_helps_out_is_on_the_case_for_a_time(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    colleague = str(world.cast.players["colleague"].id)
    browser.get(f"{case}/members")
    over = clock.today() - dt.timedelta(days=1)
    assert browser.post(f"{case}/members/add", person=colleague, last_day=boxes(over)).status_code == 422
    assert "This day is over" in browser.text
    assert (
        browser.post(f"{case}/members/add", person=colleague, last_day=boxes(clock.today())).status_code
        == 303
    )
    browser.get(f"{case}/members")
    assert "until" in browser.text
    assert world.browser("colleague").get(case).status_code == 200
    with world.app.app_context():
        row = db.session.get_one(CaseMember, (UUID(case.rpartition("/")[2]), UUID(colleague)))
        assert row.until == clock.end_of(clock.today())
        db.session.rollback()


def boxes(day: dt.date) -> list[str]:
    """As the three boxes of a day are sent."""
    return [str(day.day), str(day.month), str(day.year)]
