"""From an event to the day before day 1, for the recommended and for the earliest reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.deadlines.questions import Question, day_of
from domain.deadlines.rules import Start
from domain.deadlines.steps import Named, Refusal, Steps

UETS: Final = timedelta(days=5)
"""Law 7201 art. 7/a: served at the end of the fifth day after arrival, whatever day that is."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Where the recommended reading (`due`) and the earliest credible one (`safe`) start."""

    due: date
    safe: date


def base(question: Question, steps: Steps) -> date:
    """The given day or moment, or what stands for it: the document's date, else the apprehension.

    Raises `Refusal` where there is nothing to count from.
    """
    if question.served_on is not None:
        day, document = day_of(question.served_on), question.document_on
        if document is not None and day < document:
            steps.say("before_document", day=day, document=document)
        return question.served_on
    if question.document_on is not None:
        steps.say("unknown_document", day=question.document_on)
        return question.document_on
    if question.apprehended_on is not None:
        steps.say("unknown_apprehended", day=question.apprehended_on)
        return question.apprehended_on
    raise Refusal("no_date")


def starts_of(start: Start, question: Question, steps: Steps) -> Starts:
    """The two starts of a rule that counts days. Raises `Refusal`."""
    if start in {Start.EVENT, Start.YEAR_END} and question.uets:
        raise Refusal("not_served", rule=Named("trigger", question.rule))
    reads = start in {Start.READING, Start.KNOWLEDGE}
    if reads and question.served_on is None and question.read_on is not None:
        steps.say("read", day=question.read_on)
        return Starts(question.read_on, question.read_on)
    day = day_of(base(question, steps))
    if start is Start.YEAR_END:
        end = date(day.year, 12, 31)
        steps.say("year_end", day=end)
        return Starts(end, end)
    served = day
    if question.uets and start is not Start.ARRIVAL:
        served = day + UETS
        steps.say("uets", arrival=day, deemed=served)
    elif question.served_on is not None:
        steps.say("happened" if start in {Start.EVENT, Start.ARRIVAL} else "served", day=day)
    return _read(start, question, day, served, steps) if reads else Starts(served, served)


def _read(start: Start, question: Question, arrival: date, served: date, steps: Steps) -> Starts:
    """Reading before service counts for the Constitutional Court (AYM 2019/6266), elsewhere it may."""
    read = question.read_on
    if read is None:
        if question.uets:
            steps.say("read_unknown", day=arrival)
            return Starts(served, arrival)
        return Starts(served, served)
    if question.uets and read < arrival:
        raise Refusal("read_before_arrival", read=read, arrival=arrival)
    if read >= served:
        steps.say("read_later", day=read)
        return Starts(served, served)
    steps.say("read" if start is Start.READING else "read_perhaps", day=read)
    return Starts(read if start is Start.READING else served, read)
