"""What is asked: a rule, a day, and the facts that change the answer. Read strictly, refused in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.deadlines.steps import Refusal, shown

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?", re.ASCII)
_YES_NO: Final = ("court_recess", "detained", "remedy_stated", "urgent_civil")
DATES: Final = (
    "request_on",
    "reply_served_on",
    "read_on",
    "document_on",
    "apprehended_on",
    "printed_on",
    "act_on",
)
"""The facts that are days."""
_CODES: Final = ("then", "court")
FACTS: Final = ("service", "served_on", *_YES_NO, *DATES, *_CODES)
"""The names of all facts, in the input format of `himaya law due --batch`."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the engine; None is "not known".

    `served_on`: the day of service or of the event, a moment in hour rules, in the time of Türkiye; with
    `uets` the day on which the electronic notification arrived. `court_recess`: whether this court has a
    judicial recess. `detained`: whether somebody is detained in the file. `remedy_stated`: whether the act
    states remedy and time limit. `urgent_civil`: whether the matter is heard in the recess (HMK 103).
    `request_on` and `reply_served_on`: a request to the authority and its refusal. `then`: the rule that
    follows silence, or that the request stops. `read_on`: when the notification was actually read.
    `document_on` and `apprehended_on`: what is counted from when service is not known.
    `printed_on`: the last day as the document itself prints it. `act_on`: the day of the act itself, where
    knowledge of it came later.
    """

    rule: str
    served_on: date | None = None
    uets: bool = False
    court_recess: bool | None = None
    detained: bool | None = None
    remedy_stated: bool = True
    urgent_civil: bool | None = None
    request_on: date | None = None
    reply_served_on: date | None = None
    then: str | None = None
    court: str | None = None
    read_on: date | None = None
    document_on: date | None = None
    apprehended_on: date | None = None
    printed_on: date | None = None
    act_on: date | None = None

    def day(self, name: str) -> date | None:
        """The fact of that name, one of DATES."""
        found: date | None = getattr(self, name)
        return found

    @classmethod
    def parse(cls, case: object) -> Question:
        """Read one entry of the input format: `rule`, `served_on`, `facts`. Raises `Refusal`."""
        if not isinstance(case, dict) or not isinstance(facts := case.get("facts") or {}, dict):
            raise Refusal("not_a_question")
        rule = case.get("rule")
        if rule is None:
            raise Refusal("not_a_question")
        if not isinstance(rule, str):
            raise Refusal("unknown_rule", rule=shown(rule))
        for name in facts:
            if name not in FACTS:
                raise Refusal("unknown_fact", field=shown(name))
        if facts.get("service") not in (None, "hand", "uets"):  # a tuple also takes what has no hash
            raise Refusal("bad_fact", field="service", value=shown(facts["service"]))
        served_on = case.get("served_on")
        yes_no = {name: _yes_no(facts, name) for name in _YES_NO}
        return cls(
            rule,
            moment(facts.get("served_on") if served_on is None else served_on, "served_on"),
            uets=facts.get("service") == "uets",
            court_recess=yes_no["court_recess"],
            detained=yes_no["detained"],
            remedy_stated=yes_no["remedy_stated"] is not False,
            urgent_civil=yes_no["urgent_civil"],
            then=_code(facts, "then"),
            court=_code(facts, "court"),
            **{name: _day(facts, name) for name in DATES},
        )


def moment(value: object, field: str) -> date | None:
    """A date, or a date with a time of day, from its ISO form; None stays None. Raises `Refusal`."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and (found := _DATE.fullmatch(value)):
            return datetime.fromisoformat(value) if found[1] else date.fromisoformat(value)
    except ValueError:
        pass
    raise Refusal("bad_date", field=field, value=shown(value))


def day_of(value: date) -> date:
    """The day, without the time of day."""
    return value.date() if isinstance(value, datetime) else value


def _day(facts: Mapping[str, object], name: str) -> date | None:
    value = moment(facts.get(name), name)
    return None if value is None else day_of(value)


def _yes_no(facts: Mapping[str, object], name: str) -> bool | None:
    value = facts.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise Refusal("bad_fact", field=name, value=shown(value))


def _code(facts: Mapping[str, object], name: str) -> str | None:
    value = facts.get(name)
    if value is None or isinstance(value, str):
        return value
    raise Refusal("bad_fact", field=name, value=shown(value))
