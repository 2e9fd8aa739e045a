"""By when the work should be done, which is earlier than by when it must be: a house rule, not the law."""

from __future__ import annotations

from datetime import date
from typing import Final

from domain.deadlines.calendar_days import DAY, Calendar

WORKING_DAYS_BEFORE: Final = 3


def internal_target(start: date, safe: date, calendar: Calendar, *, same_day: bool) -> date:
    """The day after service in same-day matters (U0), otherwise three working days before the safe date.

    Never after the safe date and never before service. Raises `Refusal` where the calendar does not reach.
    """
    if same_day:
        return min(start + DAY, safe)
    target = safe
    for _ in range(WORKING_DAYS_BEFORE):
        target = calendar.last_open_before(target)
    return max(target, min(start, safe))
