"""Counting a period from the day before its first day.

Sources: İYUK 8/1, CMK 39, HMK 92, İİK 19: the day of service does not count; weeks end on the same day of the
week, months and years on the same number or else on the last day of the month; holidays inside count.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from domain.deadlines.calendar_days import DAY, SATURDAY, Calendar
from domain.deadlines.steps import Named, Period, Steps, Unit

_MONTHS: Final = {Unit.MONTH: 1, Unit.YEAR: 12}
_DAYS: Final = {Unit.DAY: 1, Unit.WEEK: 7}


def count(period: Period, start: date, calendar: Calendar, steps: Steps | None = None) -> date:
    """The last day, before anything moves it, of a period of days, weeks, months, years or working days.

    Raises `Refusal` where the calendar does not reach.
    """
    calendar.require(start)
    if period.unit in _MONTHS:
        end = _months_later(start, period.n * _MONTHS[period.unit])
    elif period.unit is Unit.WORKDAY:
        end = start
        for _ in range(period.n):
            end = calendar.next_open(end + DAY)
    else:
        end = start + timedelta(days=period.n * _DAYS[period.unit])
    calendar.require(end)
    if steps is not None:
        if period.unit is Unit.WORKDAY:
            _tell_days(start, end, calendar, steps)
        _tell(period, start, end, steps)
    return end


def _months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _tell_days(start: date, end: date, calendar: Calendar, steps: Steps) -> None:
    """The days before the last one that do not count, or that count although not all of them is worked."""
    for number in range(1, (end - start).days):
        day = start + number * DAY
        if day.weekday() >= SATURDAY:
            continue
        holiday, half = calendar.holiday(day), calendar.half_day(day)
        if holiday is not None:
            steps.say("closed_holiday", day=day, holiday=Named("holiday", holiday))
        elif half is not None:
            steps.say("half_day", day=day, holiday=Named("eve", half))
        if holiday is None and day in calendar.closed_offices:
            steps.say("closed_office", day=day)


def _tell(period: Period, start: date, end: date, steps: Steps) -> None:
    if period.unit is Unit.DAY:
        steps.say("count_day", first=start + DAY, n=period.n, end=end)
    elif period.unit is Unit.WEEK:
        steps.say("count_week", end=end)
    elif period.unit is Unit.WORKDAY:
        steps.say("count_workday", n=period.n, end=end)
    else:
        steps.say("count_month", end=end)
