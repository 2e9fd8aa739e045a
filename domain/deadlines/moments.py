"""Rules that count hours, or that ask for the same day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from domain.deadlines.calendar_days import DAY, Calendar
from domain.deadlines.finishing import Ends
from domain.deadlines.questions import Question, day_of
from domain.deadlines.rules import Rule
from domain.deadlines.starting import base
from domain.deadlines.steps import Named, Refusal, Steps

FRIDAY: Final = 4
_CLOSES, _CLOSES_LATER = 16, 17
"""Published principles of the Constitutional Court: 17:00 on Fridays and before holidays, else 16:00."""


def happened(question: Question, steps: Steps) -> date:
    """The day of the event, or its moment where the hour is known. Raises `Refusal`."""
    if question.uets:
        raise Refusal("not_served", rule=Named("trigger", question.rule))
    event = base(question, steps)
    if question.served_on is not None:
        steps.say("happened_at", moment=event)
    return event


def hours(rule: Rule, event: date, calendar: Calendar, steps: Steps) -> Ends:
    """Hours on the clock of Türkiye, which has not been put forward or back since 2016. Raises `Refusal`."""
    start = event
    if not isinstance(start, datetime):
        start = datetime.combine(start, time())
        steps.say("time_missing", moment=start)
    end = start + timedelta(hours=rule.period.n)
    calendar.require(end)
    steps.say("count_hour", start=start, end=end)
    return Ends(end, end, end)


def same_day(event: date, calendar: Calendar, steps: Steps) -> Ends:
    """The day itself, and when the court handles what arrives then."""
    day = day_of(event)
    later = day.weekday() == FRIDAY or calendar.holiday(day + DAY) is not None
    hour = _CLOSES_LATER if later else _CLOSES
    steps.say("same_day", hour=hour)
    closed = isinstance(event, datetime) and event.time() >= time(hour)
    if closed or not calendar.is_open(day):
        steps.say("same_day_late", hour=hour, next=calendar.next_open(day + DAY))
    return Ends(day, day, day)
