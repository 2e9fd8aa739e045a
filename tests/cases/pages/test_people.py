"""Who is on a case, who alone may open it, and which lawyer takes it."""

import re
from uuid import UUID

from sqlalchemy import delete

from cases.models import Case, Order
from cases.service import due
from core.store.transaction import transaction
from tests.cases.pages.test_offers import read
from tests.support.world import World


def opened(world: World) -> str:
    """The address of a case that waits for a lawyer."""
    return f"/cases/{world.record()}"


def person(world: World, name: str) -> UUID:
    return world.cast[name].person_id


def test_a_colleague_is_added_and_taken_off(world: World) -> None:
    browser, colleague = world.browser("caseworker"), world.browser("colleague")
    path = f"/cases/{world.record()}"
    assert colleague.get(path).status_code == 404
    browser.get(f"{path}/members")
    added = browser.post(f"{path}/members/add", person=str(person(world, "colleague")))
    assert added.status_code == 303, browser.errors
    assert colleague.get(path).status_code == 200
    off = f"{path}/members/{person(world, 'colleague')}/remove"
    browser.get(off)
    assert "Take off the case" in browser.page
    assert colleague.get(path).status_code == 200
    assert browser.post(off).status_code == 303
    assert colleague.get(path).status_code == 404
    assert browser.get(path).status_code == 200
    assert browser.get(off).status_code == 404


def test_nobody_chosen_or_a_stranger_is_refused(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(f"{path}/members")
    assert browser.post(f"{path}/members/add").status_code == 422
    for stranger in ("manager", "admin"):
        wrong = browser.post(f"{path}/members/add", person=str(person(world, stranger)))
        assert wrong.status_code == 422
    assert browser.post(f"{path}/members/add", person="'; drop table people; --").status_code == 422


def test_stepping_off_needs_a_reason_and_closes_the_file(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(f"{path}/step-off")
    assert browser.post(f"{path}/step-off", reason="").status_code == 422
    answer = browser.post(f"{path}/step-off", reason="leave")
    assert answer.status_code == 303
    assert answer.location.endswith("/desk")
    assert browser.get(path).status_code == 404


def test_a_case_is_restricted_and_given_back(world: World) -> None:
    browser, coordinator = world.browser("caseworker"), world.browser("coordinator")
    path = f"/cases/{world.record()}"
    assert coordinator.get(path).status_code == 200
    browser.get(f"{path}/restrict")
    assert browser.post(f"{path}/restrict").status_code == 422
    assert browser.post(f"{path}/restrict", named=[str(person(world, "colleague"))]).status_code == 303
    assert coordinator.get(path).status_code == 404
    browser.get(path)
    assert "Named people only" in browser.page
    browser.get(f"{path}/unrestrict")
    assert browser.post(f"{path}/unrestrict", reason="").status_code == 422
    assert browser.post(f"{path}/unrestrict", reason="supervision is needed").status_code == 303
    assert coordinator.get(path).status_code == 200


def offer(world: World, path: str, lawyer: str = "lawyer") -> str:
    """Ask a lawyer and give the address of the offer."""
    browser = world.browser("coordinator")
    browser.get(f"{path}/assign")
    chosen = browser.post(f"{path}/assign", version=browser.version, lawyer=str(person(world, lawyer)))
    assert chosen.status_code == 303, browser.errors
    desk = world.browser(lawyer)
    desk.get("/desk")
    offers: list[str] = re.findall(r'href="(/assignments/[0-9a-f-]{36})"', desk.page)
    return offers[-1]


def test_a_lawyer_sees_a_brief_and_the_file_after_accepting(world: World) -> None:
    path, lawyer = opened(world), world.browser("lawyer")
    address = offer(world, path)
    assert lawyer.get(path).status_code == 404
    assert lawyer.get(address).status_code == 200
    assert "محمد الأحمد" in lawyer.page
    assert "أُبطلت" not in lawyer.page
    assert world.browser("other_lawyer").get(address).status_code == 404
    accepted = lawyer.post(f"{address}/accept", read=read(lawyer))
    assert accepted.status_code == 303
    assert accepted.location == path
    lawyer.get(path)
    assert "أُبطلت" in lawyer.page
    assert "In progress" in lawyer.page
    assert lawyer.get(address).status_code == 404


def test_a_lawyer_declines_with_a_reason_that_the_case_team_reads(world: World) -> None:
    path, lawyer, coordinator = opened(world), world.browser("lawyer"), world.browser("coordinator")
    address = offer(world, path)
    lawyer.get(f"{address}/decline")
    assert lawyer.post(f"{address}/decline").status_code == 422
    declined = lawyer.post(f"{address}/decline", code="workload", reason="two hearings this week")
    assert declined.status_code == 303
    assert lawyer.get(path).status_code == 404
    coordinator.get(path)
    assert "two hearings this week" in coordinator.page
    assert "Assign lawyer" in coordinator.page


def test_an_offer_is_withdrawn(world: World) -> None:
    path, lawyer, coordinator = opened(world), world.browser("lawyer"), world.browser("coordinator")
    address = offer(world, path)
    coordinator.get(path)
    assert coordinator.post(f"{path}/assign/withdraw").status_code == 303
    assert lawyer.get(address).status_code == 404


def test_the_picker_shows_languages_provinces_and_load(world: World) -> None:
    path, browser = opened(world), world.browser("coordinator")
    browser.get(f"{path}/assign")
    for shown in ("Kişi lawyer", "Kişi other_lawyer", "Load with this file", "Languages", "Provinces"):
        assert shown in browser.page
    assert browser.post(f"{path}/assign", version=browser.version).status_code == 422
    assert world.browser("caseworker").get(f"{path}/assign").status_code == 404


def test_keys_are_changed_behind_somebody_who_left(world: World) -> None:
    leaving, staying = world.browser("colleague"), world.browser("coordinator")
    path = f"/cases/{world.record(by='colleague')}"
    leaving.get(f"{path}/step-off")
    assert leaving.post(f"{path}/step-off", reason="leave").status_code == 303
    staying.get("/desk")
    assert "new key because somebody left" in staying.text
    assert "Carry it out now" in staying.text
    answer = staying.get("/cases/orders")
    while answer.status_code == 200:
        assert answer.headers["Refresh"] == "1"
        answer = staying.get("/cases/orders")
    assert answer.location.endswith("/desk")
    assert staying.get(path).status_code == 200


def test_the_page_says_what_really_waits(world: World) -> None:
    """Facts that wait for the key of statistics, or a colleague who waits, are not "somebody left"."""
    browser, case_id = world.browser("coordinator"), world.record()
    words = {
        "fact_due": ("The coded facts of this case wait", "Coded facts of cases wait"),
        "grant_due": ("A colleague waits for the key", "Colleagues wait for the key of a case"),
        "rotation_due": ("A new key for this case is due because somebody left", "Cases wait for a new key"),
    }
    for kind, (of_case, of_many) in words.items():
        with world.app.app_context(), transaction() as session:
            session.execute(delete(Order))
            case, me = session.get_one(Case, case_id), world.cast["coordinator"]
            if kind == "rotation_due":
                due.rotation_due(me, case, None)
            else:
                due.fact_due(me, case) if kind == "fact_due" else due.grant_due(me, case, me.person_id)
        browser.get(f"/cases/{case_id}")
        shown = browser.text
        browser.get("/desk")
        others = [one for other, pair in words.items() if other != kind for one in pair]
        assert of_case in shown
        assert of_many in browser.text
        assert not any(one in shown or one in browser.text for one in others)


def test_lawyers_are_not_offered_where_people_are_named(world: World) -> None:
    browser, case = world.browser("caseworker"), f"/cases/{world.record()}"
    for page in (f"{case}/members", f"{case}/restrict", "/cases/new"):
        browser.get(page)
        assert "Lawyers come by assignment." in browser.text
        assert "Kişi colleague" in browser.text
        assert "Kişi lawyer" not in browser.text
    assert "Coordinators: <bdi>Kişi coordinator</bdi>" in browser.page
    lawyer = str(person(world, "lawyer"))
    browser.get(f"{case}/restrict")
    assert browser.post(f"{case}/restrict", named=[lawyer]).status_code == 422
    assert browser.post(f"{case}/members/add", person=lawyer).status_code == 422


def test_a_restricted_case_without_a_coordinator_says_what_cannot_be_done(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    colleague = str(person(world, "colleague"))
    browser.get(f"{path}/restrict")
    assert browser.post(f"{path}/restrict", named=[colleague]).status_code == 303
    for page in ("state", "close"):
        browser.get(f"{path}/{page}")
        assert "No coordinator may open this case." in browser.text
        assert f"{path}/members" in browser.page
    browser.get(f"{path}/members")
    browser.post(f"{path}/members/add", person=str(person(world, "coordinator")))
    browser.get(f"{path}/state")
    assert "No coordinator may open this case." not in browser.text
