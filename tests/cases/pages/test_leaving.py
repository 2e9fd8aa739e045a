"""A lawyer leaves, with a power of attorney or without: what each page asks and says."""

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest

from cases.models import Case, CaseMember
from cases.service import assignment, matters, members
from core import clock
from core.access.permissions import Role
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


def test_a_second_click_is_answered_as_the_first(world: World) -> None:
    lawyer, worker = world.browser("lawyer"), world.browser("caseworker")
    for power, there in ((False, "/desk"), (True, None)):
        case = assigned(world, power=power)
        lawyer.get(f"{case}/step-off")
        sent = {"reason": "Sağlık", "power": "yes" if power else "no"}
        answers = [lawyer.post(f"{case}/step-off", **sent).location for _click in range(2)]
        assert answers == [there or case] * 2
    case = f"/cases/{world.record()}"
    with world.app.app_context(), transaction():
        added, stranger = (world.cast.players[name].id for name in ("colleague", "other_lawyer"))
        members.add(world.cast["caseworker"], UUID(case.rpartition("/")[2]), added)
    worker.get(f"{case}/members/{added}/remove")
    for _click in range(2):
        assert worker.post(f"{case}/members/{added}/remove").location == f"{case}/members"
    assert worker.post(f"{case}/members/{stranger}/remove").status_code == 404
    lead, asked, case_id = world.cast["coordinator"], world.cast["lawyer"].person_id, UUID(case[7:])
    for act in ("decline", "withdraw"):
        with world.app.app_context(), transaction():
            version = db.session.get_one(Case, case_id).version
            offered = assignment.offer(lead, case_id, version, asked)
        browser, page, sent = lawyer, f"/assignments/{offered}/decline", {"code": "workload"}
        if act == "withdraw":
            browser, page, sent = world.browser("coordinator"), f"{case}/assign/withdraw", {}
        browser.get("/desk")
        for _click in range(2):
            assert browser.post(page, **sent).status_code == 303, browser.text


def test_the_page_of_a_lawyer_whom_one_cannot_look_for_a_power_asks_why(world: World) -> None:
    case = assigned(world, power=True)
    with world.app.app_context():
        world.cast.join("fresh", Role.COORDINATOR)
    browser, member = world.browser("fresh"), f"{case}/members/{world.cast.players['lawyer'].id}/remove"
    assert browser.get(member).status_code == 200
    assert "does not open for you yet" in browser.text
    assert browser.post(member, why="", reason="").status_code == 422
    assert world.browser("lawyer").get(case).status_code == 200
    sent = dict(re.findall(r'type="hidden" name="(outside)" value="([^"]+)"', browser.page))
    assert browser.post(member, why="misconduct", reason="Ücret istedi", **sent).location == "/desk"
    assert world.browser("lawyer").get(case).status_code == 404


def test_a_missing_notice_stands_on_two_desks(world: World) -> None:
    case = assigned(world, power=True)
    lawyer, lead = world.browser("lawyer"), world.browser("coordinator")
    assert lawyer.fill(f"{case}/step-off", reason="Sağlık", power="yes").status_code == 303
    for browser in (lawyer, lead):
        browser.get("/desk")
        [section] = re.findall(r'id="notices".*?</section>', browser.page, re.DOTALL)
        [page] = re.findall(rf'href="({case}/[^"]+)"', section)
        browser.get(page)
        assert 'name="notice_on' in browser.page


def boxes(day: dt.date) -> list[str]:
    """As the three boxes of a day are sent."""
    return [str(day.day), str(day.month), str(day.year)]


@pytest.mark.parametrize(
    ("language", "offers", "said"),
    [
        ("ar", "تريد البقاء", "يبقى على الملف بعد أن أعلن تنحّيه"),
        ("tr", "Kalmak istiyorsunuz", "Çekilmekten vazgeçti"),
    ],
)
def test_giving_a_case_up_is_taken_back(world: World, language: str, offers: str, said: str) -> None:
    case = assigned(world, power=True)
    lawyer, lead = world.browser("lawyer", language), world.browser("coordinator")
    lawyer.get(f"{case}/step-off")
    assert lawyer.post(f"{case}/step-off", reason="slip", power="yes").location == case
    lawyer.get(f"{case}/step-off")
    assert offers in lawyer.text
    for _twice in range(2):
        assert lawyer.post(f"{case}/step-off/stay").location == case
    lawyer.get(case)
    assert lawyer.text.count(said) == 1
    lead.get("/desk")
    assert f"{case}/members" not in lead.page  # no notice is missing
    lead.get(case)
    assert "Giving the case up" not in lead.text
    assert "In progress" in lead.text


def test_giving_a_case_up_stands_once_somebody_else_is_asked(world: World) -> None:
    case = assigned(world, power=True)
    lawyer, lead = world.browser("lawyer"), world.browser("coordinator")
    lawyer.get(f"{case}/step-off")
    assert lawyer.post(f"{case}/step-off", reason="slip", power="yes").location == case
    lead.get(f"{case}/assign")
    asked = {"version": lead.version, "lawyer": str(world.cast["other_lawyer"].person_id)}
    assert lead.post(f"{case}/assign", **asked).status_code == 303
    assert lawyer.post(f"{case}/step-off/stay").status_code == 422
    lead.get(case)
    assert "Giving the case up" in lead.text


@pytest.mark.parametrize(
    ("language", "why"),
    [("ar", "لا يستطيع العمل: مريض أو غائب"), ("tr", "Görev yapamıyor: hasta, uzun süre yok")],
)
def test_who_is_ill_is_replaced(world: World, language: str, why: str) -> None:
    case = assigned(world, power=True)
    lead, lawyer = world.browser("coordinator", language), str(world.cast["lawyer"].person_id)
    lead.get(f"{case}/assign")
    assert f'href="{case}/members"' in lead.page
    page = f"{case}/members/{lawyer}/remove"
    lead.get(page)
    assert why in lead.text
    assert lead.post(page, why="unable", reason="in hospital").status_code == 303
    lead.get(f"{case}/assign")
    asked = {"version": lead.version, "lawyer": str(world.cast["other_lawyer"].person_id)}
    assert lead.post(f"{case}/assign", **asked).status_code == 303
