"""Who is asked, and who has to ask again, is told by a letter that names nobody."""

from uuid import UUID

import pytest
from sqlalchemy import select

from accounts.service import people
from accounts.service.letters import LEASE
from cases.models import Assignment, Case
from cases.service import assignment, offer_letters
from core import clock as time
from core.access.permissions import Role
from core.jobs.models import OutboxMessage
from core.jobs.worker import perform
from core.outgoing.message import NotCarriedError
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_came_back import section
from tests.cases.pages.test_legal_drafts import ask, begun, case_of
from tests.cases.pages.test_offers import offer, urgency
from tests.cases.pages.test_todo import boxes, today
from tests.support.clock import FrozenClock
from tests.support.mailing import Letterbox
from tests.support.world import World


@pytest.fixture
def post(world: World, clock: FrozenClock) -> Letterbox:
    """The way out, with nothing else on it."""
    clock.advance(days=30)  # whatever other tests began is over
    box = Letterbox(world.app)
    work(world)
    box.taken.clear()
    return box


def work(world: World) -> None:
    """What the worker does with the jobs that are due, each delivered twice."""
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.job == offer_letters.JOB,
        OutboxMessage.done_at.is_(None),
        OutboxMessage.due_at <= time.now(),
    )
    with world.app.app_context():
        for message_id in db.session.scalars(waiting).all():
            perform(str(message_id))
            perform(str(message_id))


def answer(world: World, offer_id: UUID) -> None:
    with world.app.app_context(), transaction():
        assignment.decline(world.cast["lawyer"], offer_id, "workload", "")


def test_the_lawyer_and_then_the_coordinators_get_one_letter_each(world: World, post: Letterbox) -> None:
    case_id = world.record(urgency="U3")
    offer_id = offer(world, case_id)
    work(world)
    assert post.receivers == ["lawyer"]
    with world.app.app_context():
        reference = db.session.get_one(Case, case_id).reference
        db.session.rollback()
    assert reference not in post.taken[0].text
    assert "/desk" in post.taken[0].text
    urgency(world, case_id, "U0")
    work(world)
    assert post.receivers == ["lawyer", "lawyer"]
    answer(world, offer_id)
    work(world)
    assert "coordinator" in post.receivers
    assert post.receivers.count("lawyer") == 2
    assert len(set(post.receivers)) == len(post.receivers) - 1


def test_what_the_server_does_not_take_waits_and_what_is_answered_needs_no_letter(
    world: World, clock: FrozenClock, post: Letterbox
) -> None:
    first = offer(world, world.record(urgency="U3"))
    post.answers = [NotCarriedError(final=False)]
    work(world)
    assert post.receivers == []
    clock.advance(seconds=LEASE.total_seconds())
    work(world)
    assert post.receivers == ["lawyer"]
    clock.advance(seconds=LEASE.total_seconds())
    work(world)
    assert post.receivers == ["lawyer"]
    second = offer(world, world.record(urgency="U3"))
    with world.app.app_context():
        assert db.session.get_one(Assignment, first).state == "offered"
        db.session.rollback()
        with transaction():
            assignment.accept(world.cast["lawyer"], second)
    work(world)
    assert post.receivers == ["lawyer"]


def test_what_goes_with_a_letter_that_was_not_taken_has_its_own(
    world: World, clock: FrozenClock, post: Letterbox
) -> None:
    first = offer(world, world.record(urgency="U3"))
    offer(world, world.record(urgency="U3"))
    post.answers = [NotCarriedError(final=False)]
    work(world)
    with world.app.app_context(), transaction():
        assignment.accept(world.cast["lawyer"], first)
    for _twice in range(2):
        clock.advance(seconds=LEASE.total_seconds())
        work(world)
    assert post.receivers == ["lawyer"]


def test_what_a_lawyer_was_asked_who_leaves_comes_back(world: World, post: Letterbox) -> None:
    with world.app.app_context():
        leaver = world.cast.join(f"leaver {time.now().isoformat()}", Role.LAWYER)
        world.cast.hand_over()
    case_id = world.record(urgency="U0")
    with world.app.app_context(), transaction():
        assignment.offer(world.cast["coordinator"], case_id, 1, leaver.person_id)
    work(world)
    post.taken.clear()
    with world.app.app_context(), transaction():
        people.depart(world.cast["admin"], leaver.person_id, forced=True)
    work(world)
    assert "coordinator" in post.receivers
    lead = world.browser("coordinator")
    lead.get("/desk")
    assert f"/cases/{case_id}/assign" in section(lead, "unassigned")
    assert "Can no longer answer" in section(lead, "unassigned")
    lead.get(f"/cases/{case_id}")
    assert "The last lawyer asked can no longer answer" in lead.text


def test_a_reviewer_who_has_to_answer_sooner_is_told(world: World, post: Letterbox) -> None:
    case = case_of(world, "U3")
    later, sooner = begun(world, case), begun(world, case)
    ask(world, later)
    work(world)
    browser, other = world.browser("lawyer"), str(world.cast["other_lawyer"].person_id)
    assert post.receivers.count("other_lawyer") == 1
    browser.get(f"{sooner}/ask")
    asked = browser.post(f"{sooner}/ask", version=browser.version, lawyer=other, by=boxes(today()))
    assert asked.status_code == 303
    work(world)
    assert post.receivers.count("other_lawyer") == 2
