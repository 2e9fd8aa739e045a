"""Counting a deadline by the law of its organisation, and counting it anew once that law has changed.

A change of law places an order for each case with an open deadline; the next session that holds the key of
the case counts anew. What then comes out otherwise is touched, stands on desks, and keeps its date until a
lawyer has decided: nothing is moved by itself.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from cases.models import Case
from cases.service import deadline_rows, rows
from cases.service.law import law_of, words_of
from core import clock
from core.access.actors import Actor
from domain.deadlines import targets
from domain.deadlines.engine import Deadline
from domain.deadlines.questions import Question, day_of, moment
from domain.deadlines.starting import base
from domain.deadlines.steps import Refusal, Steps
from vault import Key

LANGUAGES: Final = ("ar", "tr", "en")
DATES: Final = ("due", "safe", "latest")

Dates = dict[str, str]
"""`due`, `safe` and `latest` in ISO form."""


def answer(organisation_id: UUID, asked: dict[str, Any]) -> Deadline:
    """The dates by the law of today. Raises domain.deadlines.steps.Refusal.

    asked: the input format of `himaya law due --batch`, with `again` for what was done and is done once more.
    """
    return targets.answer(law_of(organisation_id), Question.parse(asked), again=asked.get("again", False))


def dates_of(found: Deadline) -> Dates:
    """The three dates as a sealed row keeps them."""
    return {name: iso(getattr(found, name)) for name in DATES}


def account(organisation_id: UUID, asked: dict[str, Any]) -> dict[str, Any]:
    """The dates by the law of today and how they came about, as a sealed row keeps them. Raises Refusal."""
    found, words = answer(organisation_id, asked), words_of(organisation_id)
    return {
        "counted": dates_of(found),
        "basis": found.basis,
        "steps": {language: words.told(found.steps, language) for language in LANGUAGES},
        "counted_on": clock.today().isoformat(),
    }


def today(case: Case, content: dict[str, Any]) -> Dates | None:
    """The three dates by the law of today; None where it gives none any more."""
    try:
        return dates_of(answer(case.organisation_id, content["asked"]))
    except Refusal:
        return None


def looked_at(content: dict[str, Any]) -> Dates | None:
    """The three dates as somebody last saw them counted: when it was added, or when a lawyer decided."""
    if "counted" in content:
        counted: Dates | None = content["counted"]
        return counted
    return {name: content[name] for name in DATES}


def touched(case: Case, content: dict[str, Any]) -> bool:
    """Whether the law of today gives other dates than somebody last saw."""
    return today(case, content) != looked_at(content)


def decided(case: Case, content: dict[str, Any]) -> dict[str, Any]:
    """What a lawyer who decides now has seen: the account by the law of today, where it says otherwise."""
    dates = today(case, content)
    if dates == looked_at(content):
        return {}
    return account(case.organisation_id, content["asked"]) if dates else {"counted": None}


def recount(actor: Actor, case: Case, key: Key) -> None:
    """Mark the open deadlines of a case that come out otherwise by the law of today, and no others.

    Raises rows.Tampered.
    """
    changed = False
    for row, content in deadline_rows.open_ones(case, key):
        now = touched(case, content)
        if now != row.touched:
            row.touched, changed = now, True
            deadline_rows.seal(case, key, row, content)
    if changed:
        rows.written(actor, "case.recount", key, case)


def own_target(case: Case, asked: dict[str, Any], safe: dt.date) -> dt.date | None:
    """By when the work should be done by our own rule; None where that is the safe date itself."""
    question = Question.parse(asked)
    try:
        start = day_of(base(question, Steps()))
        calendar = law_of(case.organisation_id).calendar
        urgent = case.urgency == deadline_rows.NEEDS_TWO
        target = targets.internal_target(start, day_of(safe), calendar, same_day=urgent)
    except Refusal:
        return None
    return target if target < day_of(safe) else None


def day(text: str) -> dt.date:
    """A date of a sealed row; a moment in hour rules."""
    return moment(text, "day") or dt.date.max


def iso(value: dt.date) -> str:
    """As a sealed row keeps it."""
    return value.isoformat(timespec="minutes") if isinstance(value, dt.datetime) else value.isoformat()
