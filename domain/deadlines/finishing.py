"""From a last day as counted to three dates: off holidays, through the recess, with what can be argued.

The rescue arguments stand side by side and are not piled on each other: the latest date is the furthest that
one of them reaches, but never before the recommended one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.deadlines.calendar_days import DAY, Calendar
from domain.deadlines.counting import count
from domain.deadlines.questions import Question
from domain.deadlines.recess import end_of_recess, extended, in_recess, standing
from domain.deadlines.rules import Recess, Roll, Rule
from domain.deadlines.steps import Named, Steps


@dataclass(frozen=True, slots=True)
class Ends:
    """The three dates; in rules of hours, moments."""

    due: date
    safe: date
    latest: date


@dataclass(frozen=True, slots=True)
class Finish:
    """How a rule ends its periods in one case."""

    rule: Rule
    question: Question
    calendar: Calendar

    def ends(self, last: date, begun: date, steps: Steps) -> Ends:
        """The three dates for a last day as counted, of a period that began with the day after `begun`."""
        plain = self.moved(last, steps)
        recess = standing(self.rule.recess, self.question)
        due = plain
        rescues = [self._argued(last, plain, steps)]
        if recess.law is None:
            if in_recess(last):
                steps.say(recess.because, day=last)
        elif in_recess(last):
            to = extended(recess.law, last)
            if recess.sure:
                steps.say(f"recess_{recess.law}", day=last, to=to)
                due = self.moved(to, steps)
                rescues.append(self.argued(to))
            else:
                steps.say(recess.because, day=last)
                rescues.append(self._rescue("rescue_recess", to, steps))
        elif in_recess(plain):
            rescues.append(self._rescue("rescue_moved", extended(recess.law, plain), steps))
        elif end_of_recess(last) < last <= extended(recess.law, last):
            steps.say("recess_over", day=last)
        if recess.law is Recess.CMK and in_recess(begun):
            restarted = count(self.rule.period, end_of_recess(begun), self.calendar)
            rescues.append(self._rescue("rescue_restart", restarted, steps))
        return Ends(due, plain, max(due, *rescues))

    def moved(self, last: date, steps: Steps) -> date:
        """The last day, off days on which nobody works where the rule says so."""
        calendar = self.calendar
        if self.rule.roll is not Roll.YES:
            if not calendar.is_open(last):
                contested = self.rule.roll is Roll.CONTESTED
                before = calendar.last_open_before(last)
                steps.say("stays_contested" if contested else "stays", day=last, before=before)
            return last
        day = last
        while not calendar.is_open(day):
            day = self._pass(day, steps)
        if day != last:
            steps.say("rolled", day=day)
        return day

    def argued(self, last: date) -> date:
        """The last day where half days count as holidays and a contested move is made."""
        moves = self.rule.roll in {Roll.YES, Roll.CONTESTED}
        return self.calendar.next_open(last, eves_close=True) if moves else last

    def _pass(self, day: date, steps: Steps) -> date:
        holiday = self.calendar.holiday(day)
        if holiday is None:
            steps.say("closed_weekend", day=day)
        else:
            steps.say("closed_holiday", day=day, holiday=Named("holiday", holiday))
        return day + DAY

    def _argued(self, last: date, plain: date, steps: Steps) -> date:
        argued = self.argued(last)
        if argued != plain:
            half = self.rule.roll is Roll.YES or self.calendar.half_day(last)
            steps.say("rescue_half_day" if half else "rescue_roll", to=argued)
        return argued

    def _rescue(self, code: str, last: date, steps: Steps) -> date:
        to = self.argued(last)
        steps.say(code, to=to)
        return to
