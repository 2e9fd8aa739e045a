"""Counting a deadline by the law of its organisation, and counting it anew once that law has changed.

A change of law places an order for each case with an open deadline; the next session that holds the key of
the case counts anew. What then comes out otherwise is touched and stands on desks until a lawyer has decided.
Until then the earlier of both safe dates holds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from accounts.models import Organisation
from cases.models import Case
from cases.service import deadline_rows, rows, timeline
from cases.service.law import law_of, read_anew, words_of
from core import clock
from core.access.actors import Actor
from core.store.base import db
from domain.deadlines import targets
from domain.deadlines.engine import Deadline
from domain.deadlines.questions import Question, day_of, moment
from domain.deadlines.rules import Start
from domain.deadlines.starting import base
from domain.deadlines.steps import Refusal, Steps, Unit
from vault import Key

LANGUAGES: Final = ("ar", "tr", "en")
DATES: Final = ("due", "safe", "latest")
_SERVED: Final = frozenset({Start.SERVICE, Start.READING, Start.KNOWLEDGE})

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


def steadily(organisation_id: UUID) -> None:
    """Count by the law that holds until this transaction ends: whoever signs a change of it waits.

    What was read of the law before may be out of date, and is read again.
    """
    home = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(home.with_for_update(read=True))
    read_anew()


def today(case: Case, content: dict[str, Any]) -> Dates | None:
    """The three dates by the law of today; None where it gives none any more."""
    try:
        return dates_of(answer(case.organisation_id, content["asked"]))
    except Refusal:
        return None


def looked_at(case: Case, content: dict[str, Any]) -> Dates | None:
    """The three dates as somebody last saw them counted: when it was added, or when a lawyer decided."""
    if "counted" in content:
        counted: Dates | None = content["counted"]
        return counted
    if content["moves"]:  # from before this was kept: of three dates one is what a lawyer decided
        return today(case, content)
    return {name: content[name] for name in DATES}


def seen(case: Case, content: dict[str, Any]) -> str:
    """What a page says of a change of law, so that nobody decides about another one: "" for none."""
    dates = today(case, content)
    if dates == looked_at(case, content):
        return ""
    return " ".join(dates.values()) if dates else "none"


def decided(case: Case, content: dict[str, Any]) -> dict[str, Any]:
    """What a lawyer who decides now has seen: the account by the law of today, where it says otherwise."""
    dates = today(case, content)
    if dates == looked_at(case, content):
        return {}
    return account(case.organisation_id, content["asked"]) if dates else {"counted": None}


def recount(actor: Actor, case: Case, key: Key) -> None:
    """Mark the open deadlines of a case that come out otherwise by the law of today, and no others.

    One that nobody moved takes an earlier safe date at once: the safe date is the earliest credible reading,
    and reminders know no other. A later one waits for a lawyer. Raises rows.Tampered.
    """
    earlier = False
    for row, content in deadline_rows.open_ones(case, key):
        dates = today(case, content)
        row.touched = dates != looked_at(case, content)
        if row.touched and dates and not content["moves"] and day(dates["safe"]) < day(content["safe"]):
            row.safe_on, content["safe"], earlier = day_of(day(dates["safe"])), dates["safe"], True
            content.pop("last", None)  # a click on what came before is no second click
            deadline_rows.seal(case, key, row, content)
            said = {"change": "law", "rule": content["asked"]["rule"], "safe": row.safe_on.isoformat()}
            timeline.write(actor, case, key, "deadline", "", data=said)
    if earlier:
        rows.written(actor, "case.recount", key, case)


def own_target(case: Case, asked: dict[str, Any], safe: dt.date) -> dt.date | None:
    """By when the work should be done by our own rule; None where there is none before the safe date.

    In matters of urgency U0 the day after service: of what was served, and of nothing that only begins to run
    later or has to be watched.
    """
    law, code = law_of(case.organisation_id), asked["rule"]
    if code in law.beside.targets:
        return None  # the date is ours already
    try:
        rule = law.rules.versions(code)[0]
        served = rule.starts in _SERVED and not rule.then and rule.unit is not Unit.STOP
        urgent = served and case.urgency == deadline_rows.NEEDS_TWO
        start = day_of(base(Question.parse(asked), Steps()))
        target = targets.internal_target(start, day_of(safe), law.calendar, same_day=urgent)
    except Refusal:
        return None
    return target if target < day_of(safe) else None


def day(text: str) -> dt.date:
    """A date of a sealed row; a moment in hour rules."""
    return moment(text, "day") or dt.date.max


def iso(value: dt.date) -> str:
    """As a sealed row keeps it."""
    return value.isoformat(timespec="minutes") if isinstance(value, dt.datetime) else value.isoformat()
