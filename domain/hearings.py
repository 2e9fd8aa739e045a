"""What a hearing leaves to be done when it ends without a next date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.deadlines.calendar_days import DAY
from domain.deadlines.steps import Refusal

if TYPE_CHECKING:
    import datetime as dt

    from domain.deadlines.calendar_days import Calendar

DECIDED: Final = frozenset(
    {"granted", "partly", "refused", "inadmissible", "settled", "withdrawn", "decided"}
)
"""Codes of `config/lists/line_outcome.tsv` and `appointment_outcome.tsv` after which no further hearing is
to be expected. After any other, one that is added to a list later too, somebody asks for the next date."""
BEFORE: Final = frozenset({"postponed", "cancelled"})
"""Codes of `config/lists/appointment_outcome.tsv` that there can be before the day has come."""


def ask_on(today: dt.date, calendar: Calendar) -> dt.date:
    """The day on which somebody asks for the next date: the next working day.

    Tomorrow where the calendar does not reach: early then, and never late.
    """
    try:
        return calendar.next_open(today + DAY)
    except Refusal:
        return today + DAY
