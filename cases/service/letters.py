"""Letters about reminders: which of them nobody needs any more."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import and_, exists, or_

from accounts.service.letters import Post
from cases.models import Deadline, Reminder
from domain.reminders import Step

POST: Final = Post(Reminder, longest_pause=dt.timedelta(hours=1))


def drop_needless() -> None:
    """Nobody is written to about what they have seen, or what was met or moved.

    Of a deadline that was taken out nothing leaves any more but that it was.
    """
    told_of = or_(
        and_(Deadline.state == "open", Deadline.safe_on == Reminder.safe_on),
        and_(Deadline.state == "dropped", Reminder.step == Step.TAKEN_OUT),
    )
    stands = exists().where(Deadline.id == Reminder.deadline_id, told_of)
    POST.drop(or_(Reminder.seen_at.is_not(None), ~stands))
