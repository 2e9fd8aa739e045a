"""What lawyers were asked and have not taken on: the coordinator's desk says so, whatever the worker does."""

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from cases.models import Assignment, Case
from cases.service import assignment
from cases.tasks import expire_offers
from core.store.base import db
from core.store.transaction import transaction
from desk.service import SHOWN
from tests.cases.conflicting import decide, matter, name, party
from tests.cases.pages.test_legal_drafts import ask, begun
from tests.support.clock import FrozenClock
from tests.support.world import Browser, World


@pytest.mark.parametrize(
    ("language", "late", "itself"),
    [
        ("ar", "لا رد في الوقت المحدد", "فعاد الملف تلقائيًا"),
        ("tr", "Süresinde yanıt gelmedi", "Dosya kendiliğinden geri döndü"),
    ],
)
def test_an_offer_that_ran_out(
    world: World, clock: FrozenClock, language: str, late: str, itself: str
) -> None:
    case_id = world.record(urgency="U0")
    with world.app.app_context():
        with transaction():
            assignment.offer(world.cast["coordinator"], case_id, 1, world.cast["lawyer"].person_id)
        clock.advance(days=2)
        for _twice in range(2):
            expire_offers()
        assert db.session.get_one(Case, case_id).state == "open"
        db.session.rollback()
    coordinator = world.browser("coordinator", language)
    coordinator.get("/desk")
    assert late in coordinator.text
    assert f"/cases/{case_id}/assign" in coordinator.page
    coordinator.get(f"/cases/{case_id}")
    assert itself in coordinator.text


def section(browser: Browser, name: str) -> str:
    """A part of the desk; "" where it is not there."""
    return "".join(re.findall(rf'<section class="section" id="{name}".*?</section>', browser.page, re.DOTALL))


def offered(world: World, urgency: str) -> UUID:
    """A case about which the lawyer was asked."""
    case_id = world.record(urgency=urgency)
    with world.app.app_context(), transaction():
        assignment.offer(world.cast["coordinator"], case_id, 1, world.cast["lawyer"].person_id)
    return case_id


def test_what_was_declined_is_found_behind_more_pressing_files(world: World) -> None:
    case_id = offered(world, "U3")
    coordinator, lawyer = world.browser("coordinator"), world.browser("lawyer")
    coordinator.get("/desk")
    assert f"/cases/{case_id}" in section(coordinator, "asked")
    for _number in range(SHOWN):
        world.record(urgency="U0")
    with world.app.app_context():
        asked = select(Assignment.id).where(Assignment.case_id == case_id)
        page = f"/assignments/{db.session.scalars(asked).one()}"
        db.session.rollback()
    lawyer.get(page)
    assert lawyer.post(f"{page}/decline", code="workload").status_code == 303
    coordinator.get("/desk")
    assert f"/cases/{case_id}" not in section(coordinator, "asked")
    assert f"/cases/{case_id}/assign" in section(coordinator, "unassigned")
    assert 'href="/cases?state=open"' in coordinator.page


def test_what_ran_out_is_back_before_the_worker_comes_round(world: World, clock: FrozenClock) -> None:
    case_id = offered(world, "U0")
    clock.advance(hours=9)
    coordinator = world.browser("coordinator")
    coordinator.get("/desk")
    assert "No answer in time" in coordinator.text
    page = f"/cases/{case_id}/assign"
    assert page in coordinator.page
    coordinator.get(page)
    lawyer = str(world.cast["other_lawyer"].person_id)
    assert coordinator.post(page, version=coordinator.version, lawyer=lawyer).status_code == 303
    with world.app.app_context():
        expire_offers()  # late, it finds nothing: somebody else is asked by now
        assert db.session.get_one(Case, case_id).state == "assigned"
        db.session.rollback()


def entangled(world: World) -> UUID:
    """A case in which the landlord, once named, is the client of another."""
    with world.app.app_context():
        client = {"name_latin": "ZEKERIYA KOCABAS", "father": "ALI", "birth": "1970"}
        world.cast.record("colleague", record=matter("", **client))
        case_id = world.cast.record(record=matter("نور الشامي"))
        db.session.rollback()
    return case_id


def entangle(world: World, case_id: UUID) -> None:
    with world.app.app_context():
        name(world.cast, "caseworker", case_id, party("landlord", "", "ZEKERIYA KOCABAS", "ALI"))


def settle(world: World, case_id: UUID) -> None:
    with world.app.app_context():
        decide(world.cast, "coordinator", case_id, "accept")


def test_what_was_taken_back_for_a_conflict_is_offered_again_once_that_is_decided(world: World) -> None:
    case_id, lead = entangled(world), world.browser("coordinator")
    with world.app.app_context(), transaction():
        version = db.session.get_one(Case, case_id).version
        assignment.offer(world.cast["coordinator"], case_id, version, world.cast["lawyer"].person_id)
    entangle(world, case_id)
    lead.get("/desk")
    assert f"/cases/{case_id}/assign" not in section(lead, "unassigned")
    lead.get(f"/cases/{case_id}")
    assert "somebody can be asked again" not in lead.text
    lead.get(f"/cases/{case_id}/assign")
    assert "Until somebody decides" in lead.text
    settle(world, case_id)
    lead.get("/desk")
    back = re.findall(r"<li>.*?</li>", section(lead, "unassigned"), re.DOTALL)
    [line] = [one for one in back if str(case_id) in one]
    assert f"/cases/{case_id}/assign" in line
    assert "settled by now" in line
    lead.get(f"/cases/{case_id}")
    assert "It holds the case up no more: somebody can be asked again." in lead.text


def test_a_review_that_was_taken_back_for_a_conflict_says_who_can_be_asked(world: World) -> None:
    case_id = entangled(world)
    with world.app.app_context():
        world.cast.assign(case_id)
        db.session.rollback()
    draft, lawyer = begun(world, f"/cases/{case_id}"), world.browser("lawyer")
    ask(world, draft)
    entangle(world, case_id)
    for page in (draft, f"{draft}/ask"):
        lawyer.get(page)
        assert "Nobody from outside this case can be asked now." in lawyer.text
    settle(world, case_id)
    lawyer.get(draft)
    assert "It holds the case up no more: ask again." in lawyer.text
    ask(world, draft)
