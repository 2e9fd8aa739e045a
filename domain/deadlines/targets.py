"""By when the work should be done, which is earlier than by when it must be: a house rule, not the law."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from domain.deadlines import engine
from domain.deadlines.calendar_days import DAY, Calendar
from domain.deadlines.engine import Deadline
from domain.deadlines.law import Law
from domain.deadlines.questions import Question
from domain.deadlines.starting import starts_of
from domain.deadlines.steps import Named, Period, Steps, Unit

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


def answer(law: Law, question: Question, *, again: bool = False) -> Deadline:
    """As the engine answers; where the law sets no limit and we have a target of our own, that one.

    An objection to administrative detention (YUKK 57/6) has no limit, and every day of waiting is a day in
    detention. `again`: the event is that it was done, and it is to be done once more. Raises `Refusal` as the
    engine does.
    """
    target = law.beside.targets.get(question.rule)
    if target is None:
        return engine.answer(law, question)
    steps, told = Steps(), Steps()
    start = starts_of(law.rules.versions(question.rule)[0].starts, question, told).safe
    rule = law.rules.on(question.rule, start)
    trigger, forum = Named("trigger", rule.code), Named("forum", rule.code)
    days = target.again if again else target.first
    day = start + timedelta(days=days)
    law.calendar.require(day)
    steps.say("rule_no_limit", trigger=trigger, forum=forum, basis=rule.basis)
    steps.extend(told)
    steps.say("target_again" if again else "target", period=Period(days, Unit.DAY), day=day)
    steps.say("note", note=Named("note", rule.code))
    if not rule.confirmed:
        steps.say("rule_unconfirmed", rule=trigger)
    return Deadline(rule.code, rule.code, day, day, day, tuple(steps))
