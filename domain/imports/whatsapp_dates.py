"""In which order the dates of an exported conversation are written: one order for the whole file.

Phones write day, month and year as their region does and say nowhere how. An order is possible where every
date exists and lies in the past; among those that are, the one in which messages follow each other is meant,
because exports are in the order of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

FIRST_YEAR: Final = 2009  # of the app
_CENTURY: Final = 2000
_LONG: Final = 4  # digits of a whole year


class Written(NamedTuple):
    """A date as it stands: three numbers in digits of any script, and the sign between them."""

    one: str
    two: str
    three: str
    sign: str


class Order(StrEnum):
    """An order of day, month and year."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


def read(written: Written, order: Order, today: date) -> date | None:
    """The day that is meant; None where there is no such day, or it is still to come."""
    first, second, third = (int(number) for number in written[:3])
    if (len(written.one) == _LONG) is not (order is Order.YMD):
        return None
    if order is Order.MDY and written.sign == ".":  # nobody writes the month first with dots
        return None
    day, month, year = {
        Order.DMY: (first, second, third),
        Order.MDY: (second, first, third),
        Order.YMD: (third, second, first),
    }[order]
    try:
        found = date(year if year >= FIRST_YEAR else _CENTURY + year, month, day)
    except ValueError:
        return None
    # The clock of a phone elsewhere may be a day ahead of ours.
    return found if found.year >= FIRST_YEAR and found <= today + timedelta(days=1) else None


def orders(dates: Sequence[Written], today: date) -> tuple[Order, ...]:
    """The orders in which the dates can be meant, the likeliest first; several where only a person can say.

    A few dates may fit none: messages quote other conversations.
    """
    readings = {order: [read(one, order, today) for one in dates] for order in Order}
    days = {order: [day for day in found if day] for order, found in readings.items()}
    most = max(map(len, days.values()))
    if not most:
        return ()
    whole = [order for order in Order if len(days[order]) == most]
    steady = min(_steps_back(days[order]) for order in whole)
    left = [order for order in whole if _steps_back(days[order]) == steady]
    # Of two that say the same, one.
    return tuple(
        order for at, order in enumerate(left) if readings[order] not in [readings[one] for one in left[:at]]
    )


def _steps_back(days: Sequence[date]) -> int:
    return sum(later < earlier for earlier, later in pairwise(days))
