"""Tasks for the tests of the queue. Their effect is a row, so the database counts how often they ran."""

import time
from uuid import UUID

from core.jobs.queue import enqueue

TRACE = "tests.support.tasks.nothing"
SECRET = "فاطمة الأحمد 0532 111 22 33"


class UnluckyError(Exception):
    """Carries what must never be seen."""


def leave_trace(id: UUID) -> None:
    enqueue(TRACE, id)


def leave_trace_slowly(id: UUID) -> None:
    enqueue(TRACE, id)
    time.sleep(30)


def fail(id: UUID) -> None:
    enqueue(TRACE, id)
    raise UnluckyError(SECRET)


def nothing(id: UUID) -> None:
    """Exists to be counted."""
