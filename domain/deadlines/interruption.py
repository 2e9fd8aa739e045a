"""A request to the higher authority stops the period of a suit (İYUK 11).

The days up to and with the day of the request are used up, the rest runs from the refusal, or from the end of
the authority's silence. Whether the day of the request is used up is disputed among the chambers of Danıştay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.deadlines.calendar_days import DAY
from domain.deadlines.finishing import Ends, Finish
from domain.deadlines.questions import Question
from domain.deadlines.rules import Rule, Stops
from domain.deadlines.steps import Named, Period, Refusal, Steps, Unit


@dataclass(frozen=True, slots=True)
class Stop:
    """A stopped clock: `silence` is the rule of the request, `finish` ends periods of the rule it stops."""

    silence: Rule
    finish: Finish

    @property
    def stopped(self) -> Rule:
        """The rule of the suit."""
        return self.finish.rule

    def ends(self, unstopped: Ends, account: Steps, begun: date, steps: Steps) -> Ends:
        """The three dates, from those without a request and their account.

        Raises `Refusal` where the dates do not fit.
        """
        requested = requested_on(self.finish.question)
        if requested < begun:
            raise Refusal("request_before_service", request=requested, day=begun)
        late, contested = requested > unstopped.due, self.stopped.stops is Stops.CONTESTED
        if not (late or contested):
            return self._stopped(unstopped, requested, begun, steps)
        steps += account
        if late:
            steps.say("request_late", day=requested, end=unstopped.due)
        else:
            steps.say("request_contested", day=requested)
        if requested > unstopped.latest:
            return unstopped
        # Whoever reads the rescue argument sees only where it ends: the clock ran on by the reading shown.
        latest = self._stopped(unstopped, requested, begun, Steps()).latest
        steps.say("rescue_stopped", to=latest)
        return replace(unstopped, latest=max(unstopped.latest, latest))

    def _stopped(self, unstopped: Ends, requested: date, begun: date, steps: Steps) -> Ends:
        whole = self.stopped.period.n
        elapsed = min(whole, (requested - begun).days)
        left = whole - elapsed
        steps.say("request", day=requested, elapsed=Period(elapsed, Unit.DAY), left=Period(left, Unit.DAY))
        resumed = refused_on(self.silence.period, requested, self.finish.question, steps)
        last = resumed + timedelta(days=left)
        steps.say("resumes", day=resumed, end=last)
        stopped = self.finish.ends(last, begun, steps)
        latest = stopped.latest
        if elapsed:
            latest = max(latest, self.finish.ends(last + DAY, begun, Steps()).latest)
        if latest != stopped.latest:
            steps.say("rescue_request_day", to=latest)
        # A request after the safe date came too late by the reading on which the safe date stands.
        safe = stopped.safe if requested <= unstopped.safe else unstopped.safe
        return Ends(stopped.due, safe, latest)


def requested_on(question: Question) -> date:
    """The day of the request. Raises `Refusal` where it is missing."""
    if question.request_on is None:
        raise Refusal("no_request", rule=Named("trigger", question.rule))
    return question.request_on


def refused_on(silence: Period, requested: date, question: Question, steps: Steps) -> date:
    """The day on which the refusal was served, or on which silence became one. Raises `Refusal`."""
    deemed = requested + timedelta(days=silence.n)
    reply = question.reply_served_on
    if reply is None:
        steps.say("deemed_refused", day=deemed)
        return deemed
    if reply < requested:
        raise Refusal("reply_before_request", reply=reply, request=requested)
    if reply <= deemed:
        steps.say("reply", day=reply)
        return reply
    steps.say("deemed_refused", day=deemed)
    steps.say("reply_ignored", day=reply)
    return deemed
