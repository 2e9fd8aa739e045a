"""Letters about reminders: which of them nobody needs any more."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import and_, exists, or_, select

from accounts.service.letters import Post
from cases.models import Case, Deadline, Reminder
from domain.lifecycle import State
from domain.reminders import Step

POST: Final = Post(Reminder, longest_pause=dt.timedelta(hours=1))


def drop_needless() -> None:
    """Nobody is written to about what they have seen, or what was met or moved.

    Of a deadline that was taken out nothing leaves any more but that it was; of one in a closed case nothing
    but that the case was closed over it.
    """
    runs = Deadline.case_id.in_(select(Case.id).where(Case.state.not_in([State.CLOSED, State.ERASED])))
    told_of = or_(
        and_(
            Deadline.state == "open",
            Deadline.safe_on == Reminder.safe_on,
            or_(Reminder.step == Step.LEFT_OPEN, runs),
        ),
        and_(Deadline.state == "dropped", Reminder.step == Step.TAKEN_OUT),
    )
    stands = exists().where(Deadline.id == Reminder.deadline_id, told_of)
    POST.drop(or_(Reminder.seen_at.is_not(None), ~stands))
