"""From the start of a period to its three dates: one rule, and what else may be argued about its length."""

from __future__ import annotations

from dataclasses import replace

from domain.deadlines.counting import count
from domain.deadlines.finishing import Ends, Finish
from domain.deadlines.law import Law
from domain.deadlines.questions import Question
from domain.deadlines.rules import Rule
from domain.deadlines.starting import Starts
from domain.deadlines.steps import Steps


def period_ends(law: Law, rule: Rule, starts: Starts, question: Question, steps: Steps) -> Ends:
    """The three dates of a rule counted from its starts. Raises `Refusal`."""
    finish = Finish(rule, question, law.calendar)
    ends = finish.ends(count(rule.period, starts.due, law.calendar, steps), starts.due, steps)
    if starts.safe != starts.due:
        last = count(rule.period, starts.safe, law.calendar)
        ends = replace(ends, safe=finish.moved(last, Steps()))
    latest = ends.latest
    if rule.also is not None:
        to = finish.argued(count(rule.also, starts.due, law.calendar))
        steps.say("rescue_also", period=rule.also, to=to)
        latest = max(latest, to)
    if not question.remedy_stated and not rule.unstated:
        steps.say("unstated")
    if not question.remedy_stated and rule.unstated:
        general = law.rules.on(rule.unstated, starts.due)
        from_service = Starts(starts.due, starts.due)
        to = period_ends(law, general, from_service, question, Steps()).latest
        steps.say("rescue_unstated", period=general.period, to=to)
        latest = max(latest, to)
    return replace(ends, latest=latest)
