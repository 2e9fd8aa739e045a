"""Until when a lawyer who gives up a power of attorney answers for the file.

Avukatlık Kanunu 1136, art. 41: the duty goes on for fifteen days from the notice to the client.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from domain.deadlines.counting import count
from domain.deadlines.steps import Period, Unit

if TYPE_CHECKING:
    from domain.deadlines.calendar_days import Calendar

PERIOD: Final = Period(15, Unit.DAY)


def last_day(notified_on: dt.date, calendar: Calendar) -> dt.date:
    """The last day of the duty: the day of the notice does not count, and a closed day moves the end on.

    That the end moves on is the reading which leaves the client no day alone. Raises `Refusal` where the
    calendar does not reach.
    """
    return calendar.next_open(count(PERIOD, notified_on, calendar))
