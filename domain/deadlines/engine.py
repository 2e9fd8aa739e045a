"""The way in: a question about a deadline, answered from dated rules, a calendar and a table of courts.

Deterministic: no clock, no locale, no database. Three dates: `due`, the recommended reading; `safe`, the
earliest credible one, which reminders use alone; `latest`, a rescue argument, for lawyers only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from domain.deadlines.finishing import Ends, Finish
from domain.deadlines.interruption import Stop, requested_on
from domain.deadlines.law import Law
from domain.deadlines.moments import happened, hours, same_day
from domain.deadlines.outer import within
from domain.deadlines.periods import period_ends
from domain.deadlines.printed import as_printed
from domain.deadlines.questions import DATES, Question, day_of
from domain.deadlines.rules import LENGTHS, Roll, Rule, Start, Stops
from domain.deadlines.starting import Starts, starts_of
from domain.deadlines.steps import Named, Param, Period, Refusal, Step, Steps, Unit

_HEADINGS: Final = {Unit.STOP: "rule_stop", Unit.SAME_DAY: "rule_same_day"}
_OPEN_DAYS: Final = frozenset({Roll.YES, Roll.CONTESTED, Roll.WORKDAYS})


@dataclass(frozen=True, slots=True)
class Deadline:
    """The answer: days, or in hour rules moments in the time of Türkiye, with `safe` ≤ `due` ≤ `latest`.

    `ends_by` is the rule whose period ends there: after silence or a request another than was asked for.
    """

    rule: str
    ends_by: str
    due: date
    safe: date
    latest: date
    steps: tuple[Step, ...]

    @property
    def basis(self) -> str:
        """The articles of the version by which it was counted, as they are cited."""
        return next((str(step.params["basis"]) for step in self.steps if "basis" in step.params), "")


def answer(law: Law, question: Question) -> Deadline:
    """The three dates and how they came about. Raises `Refusal` with the reason where there are none."""
    asked = law.rules.versions(question.rule)[0]
    for day in _given(question):
        law.calendar.require(day)
    if asked.unit is Unit.NONE:
        raise Refusal("no_limit", rule=Named("trigger", asked.code), note=Named("note", asked.code))
    law = replace(law, calendar=law.calendar.for_one_answer())
    calculation = _Calculation(law, _with_court(law, question), Steps(), [])
    ends = calculation.run(asked)
    calculation.close(ends)
    last_rule = calculation.used[-1]
    return Deadline(asked.code, last_rule.code, ends.due, ends.safe, ends.latest, tuple(calculation.steps))


def _given(question: Question) -> list[date]:
    """The days of the question, that of service first."""
    first = ("read_on", "document_on", "apprehended_on")
    names = (*first, *(name for name in DATES if name not in first))
    given = (question.served_on, *map(question.day, names))
    return [day for day in given if day is not None]


def _with_court(law: Law, question: Question) -> Question:
    """The question with what the table knows of the court, unless the recess is given."""
    if question.court is None:
        return question
    days = _given(question)
    if not days:
        raise Refusal("no_date")
    known = law.courts.has_recess(question.court, day_of(days[0]))
    return question if question.court_recess is not None else replace(question, court_recess=known)


@dataclass(frozen=True, slots=True)
class _Calculation:
    """One answer in the making. `used`: the rules in their order, last the one whose period ends."""

    law: Law
    question: Question
    steps: Steps
    used: list[Rule]

    def run(self, asked: Rule) -> Ends:
        """The three dates."""
        self._unused(asked)
        if asked.unit in {Unit.HOUR, Unit.SAME_DAY}:
            return self._moments(asked)
        told = Steps()
        starts = starts_of(asked.starts, self.question, told)
        if asked.unit is Unit.STOP:
            return self._stopped(asked, starts, told)
        rule = self.law.rules.on(asked.code, starts.due)
        self._heading(rule, starts.due, told)
        if rule.then:
            return self._after_silence(rule, starts.due)
        ends = period_ends(self.law, rule, starts, self.question, self.steps)
        outer, calendar = self.law.beside.outer.get(rule.code), self.law.calendar
        ends = within(outer, rule, starts.due, ends, self.question, calendar, self.steps)
        most = self.law.beside.printed.get(rule.code)
        return as_printed(most, starts.due, ends, self.question, self.steps)

    def _moments(self, asked: Rule) -> Ends:
        told = Steps()
        event = happened(self.question, told)
        rule = self.law.rules.on(asked.code, day_of(event))
        if rule.unit is Unit.HOUR:
            ends = hours(rule, event, self.law.calendar, told)
        else:
            ends = same_day(event, self.law.calendar, told)
        self._heading(rule, day_of(event), told)
        return ends

    def _after_silence(self, silence: Rule, applied: date) -> Ends:
        """A chain: no reply is a refusal (İYUK 10), and what follows a refusal runs from there."""
        question, steps, rules = self.question, self.steps, self.law.rules
        code = question.then or silence.then
        follows = rules.versions(code)[0]
        if follows.unit not in LENGTHS or follows.starts in {Start.EVENT, Start.YEAR_END, Start.ARRIVAL}:
            raise Refusal("not_after_silence", then=Named("trigger", code))
        deemed, reply = applied + timedelta(days=silence.period.n), question.reply_served_on
        if reply is not None and reply < applied:
            raise Refusal("reply_before_request", reply=reply, request=applied)
        starts = Starts(deemed, deemed)
        if reply is not None and reply <= deemed:
            steps.say("reply", day=reply)
            starts = Starts(reply, reply)
        else:
            steps.say("deemed_refused", day=deemed)
        if reply is not None and reply > deemed:
            steps.say("reply_late", day=reply)
            starts = Starts(reply, deemed)
        rule = rules.on(code, starts.due)
        self._name("then_rule", rule)
        return period_ends(self.law, rule, starts, question, steps)

    def _stopped(self, asked: Rule, starts: Starts, told: Steps) -> Ends:
        requested = requested_on(self.question)
        silence = self.law.rules.on(asked.code, requested)
        rule = self.law.rules.on(self.question.then or silence.then, starts.due)
        if rule.stops is Stops.NO:
            raise Refusal("not_stopped", then=Named("trigger", rule.code))
        self._heading(silence, requested, told)
        self._name("stopped_rule", rule)
        account = Steps()
        unstopped = period_ends(self.law, rule, starts, self.question, account)
        stop = Stop(silence, Finish(rule, self.question, self.law.calendar))
        return stop.ends(unstopped, account, starts.due, self.steps)

    def _heading(self, rule: Rule, day: date, told: Steps) -> None:
        self._name(_HEADINGS.get(rule.unit, "rule"), rule)
        if len(self.law.rules.versions(rule.code)) > 1:
            self.steps.say("version", day=day)
        self.steps.extend(told)

    def _name(self, code: str, rule: Rule) -> None:
        self.used.append(rule)
        length: dict[str, Param] = {"period": rule.period}
        if rule.unit is Unit.STOP:  # the length is that of the authority's silence
            length = {"period": Period(rule.period.n, Unit.DAY)}
        elif rule.unit is Unit.SAME_DAY:
            length = {}
        trigger, forum = Named("trigger", rule.code), Named("forum", rule.code)
        self.steps.say(code, trigger=trigger, forum=forum, basis=rule.basis, **length)

    def _unused(self, asked: Rule) -> None:
        """Facts that were given and change nothing, so that nobody relies on them."""
        question = self.question
        chained = bool(asked.then)
        reads = asked.starts in {Start.READING, Start.KNOWLEDGE}
        outer = self.law.beside.outer.get(asked.code)
        furthest = outer.start if outer else ""
        unused = {
            "then": question.then is not None and not chained,
            "request_on": question.request_on is not None
            and asked.unit is not Unit.STOP
            and furthest != "request_on",
            "act_on": question.act_on is not None and furthest != "act_on",
            "reply_served_on": question.reply_served_on is not None and not chained,
            "read_on": question.read_on is not None and not reads,
            "printed_on": question.printed_on is not None and asked.code not in self.law.beside.printed,
        }
        for name, given in unused.items():
            if given:
                self.steps.say("unused", field=Named("fact", name))

    def close(self, ends: Ends) -> None:
        """What whoever acts on the dates must know besides."""
        steps, calendar, rule = self.steps, self.law.calendar, self.used[-1]
        unconfirmed = calendar.unconfirmed if rule.roll in _OPEN_DAYS else []
        if not isinstance(ends.due, datetime):
            self._warn_of_days(sorted({ends.safe, ends.due}))
        if ends.safe != ends.due:
            steps.say("safe", day=ends.safe)
        for code in (rule.filing, rule.effect):
            if code:
                steps.say(code)
        for used in self.used:
            steps.say("note", note=Named("note", used.code))
        for year in unconfirmed:
            steps.say("year_unconfirmed", year=year)
        for used in self.used:
            if not used.confirmed:
                steps.say("rule_unconfirmed", rule=Named("trigger", used.code))

    def _warn_of_days(self, days: list[date]) -> None:
        calendar = self.law.calendar
        for day in days:
            holiday = calendar.half_day(day)
            if holiday is not None:
                self.steps.say("half_day", day=day, holiday=Named("eve", holiday))
            if day in calendar.closed_offices:
                self.steps.say("closed_office", day=day)
