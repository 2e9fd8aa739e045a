"""Deadlines of which one of the two who watch leaves: the others are told the same day."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from accounts.service import people
from cases.models import Reminder
from cases.service import members
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.service.test_reminders import add, at, came_round, cast
from tests.support.cast import COORDINATOR, Cast
from tests.support.clock import FrozenClock
from tests.support.mailing import Letterbox

__all__ = ["cast"]  # a fixture


def test_what_somebody_leaves_is_told_to_others_the_same_day(cast: Cast, clock: FrozenClock) -> None:
    _post, (case_id, deadline_id) = Letterbox(cast.app), add(cast)
    cast.join("second_lead", COORDINATOR)
    _other, led = add(cast, second="second_lead")
    at(clock, 9)
    came_round()

    def told(one: UUID) -> set[UUID]:
        found = db.session.scalars(select(Reminder.person_id).where(Reminder.deadline_id == one)).all()
        db.session.rollback()
        return set(found)

    mine, lead = cast["caseworker"].person_id, cast["coordinator"].person_id
    assert told(deadline_id) == told(led) == {mine}
    with transaction():
        members.remove(cast["caseworker"], case_id, cast["colleague"].person_id)
    came_round()
    assert {mine, lead} <= told(deadline_id)
    assert told(led) == {mine}
    with transaction():  # who leads watches without a part in the case
        people.depart(cast["admin"], cast["second_lead"].person_id, forced=True)
    came_round()
    assert told(led) == {mine, lead}
