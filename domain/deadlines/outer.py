"""A furthest end beside the length of a rule: in any case not later than so long from another day.

`outer.tsv`; İYUK 13/1 and KVKK 14/1 have one. The earlier of both counts, for each of the three dates.
"""

from __future__ import annotations

from datetime import date

from domain.deadlines.beside import Outer
from domain.deadlines.calendar_days import Calendar
from domain.deadlines.counting import count
from domain.deadlines.finishing import Ends, Finish
from domain.deadlines.questions import Question
from domain.deadlines.rules import Rule
from domain.deadlines.steps import Named, Refusal, Steps


def within(
    outer: Outer | None,
    rule: Rule,
    begun: date,
    ends: Ends,
    question: Question,
    calendar: Calendar,
    steps: Steps,
) -> Ends:
    """The three dates, none of them after the furthest end; `begun`: from where the rule itself was counted.

    Where the other day is not known, the steps say that it is missing. Raises `Refusal` where it comes after
    `begun`, or where the calendar does not reach.
    """
    if outer is None:
        return ends
    start, field = question.day(outer.start), Named("fact", outer.start)
    if start is None:
        steps.say("outer_unknown", period=outer.period, field=field)
        return ends
    if start > begun:
        raise Refusal("outer_order", field=field, start=start, day=begun)
    furthest = Finish(rule, question, calendar).ends(count(outer.period, start, calendar), start, Steps())
    earlier = Ends(
        min(ends.due, furthest.due), min(ends.safe, furthest.safe), min(ends.latest, furthest.latest)
    )
    code = "outer_later" if earlier == ends else "outer_counts"
    steps.say(code, period=outer.period, field=field, start=start, day=furthest.safe)
    return earlier
