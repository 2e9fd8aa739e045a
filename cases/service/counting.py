"""Counting a deadline by the law of its organisation, and counting it anew once that law has changed.

A change of law places an order for each case with an open deadline; the next session that holds the key of
the case counts anew. What then comes out otherwise is touched and stands on desks until a lawyer has decided.
Until then the earlier of both safe dates holds.
"""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from accounts.models import Organisation
from cases.models import Case, Deadline
from cases.service import deadline_rows
from cases.service.law import law_of, read_anew, words_of
from cases.service.views import NO_DATE, Late
from core import clock
from core.access.actors import Actor
from core.store.base import db
from domain.deadlines import targets
from domain.deadlines.engine import Deadline as Answer
from domain.deadlines.questions import Question, day_of, moment
from domain.deadlines.rules import Start
from domain.deadlines.starting import base
from domain.deadlines.steps import Named, Param, Refusal, Step, Steps, Unit
from domain.tables import LANGUAGES
from vault import Key

DATES: Final = ("due", "safe", "latest")
_SERVED: Final = frozenset({Start.SERVICE, Start.READING, Start.KNOWLEDGE})

_BESIDE_THE_ACCOUNT: Final = frozenset({"version", "note", "rule_unconfirmed", "year_unconfirmed"})

Dates = dict[str, str]
"""`due`, `safe` and `latest` in ISO form."""


def answer(organisation_id: UUID, asked: dict[str, Any]) -> Answer:
    """The dates by the law of today. Raises domain.deadlines.steps.Refusal.

    asked: the input format of `himaya law due --batch`, with `again` for what was done and is done once more.
    """
    return targets.answer(law_of(organisation_id), Question.parse(asked), again=asked.get("again", False))


def dates_of(found: Answer) -> Dates:
    """The three dates as a sealed row keeps them."""
    return {name: iso(getattr(found, name)) for name in DATES}


def account(organisation_id: UUID, found: Answer) -> dict[str, Any]:
    """The dates and how they came about, as a sealed row keeps them."""
    words = words_of(organisation_id)
    said = [step for step in found.steps if words.sentence(step.code, step.params, LANGUAGES[0])]
    return {
        "said": [sign_of(step) for step in said],  # beside the sentences, in their order
        "counted": dates_of(found),
        "basis": found.basis,
        "steps": {language: words.told(found.steps, language) for language in LANGUAGES},
        "counted_on": clock.today().isoformat(),
    }


def sign_of(step: Step) -> str:
    """What a step says, without its words: by this it is known again when words are corrected."""
    return " ".join([step.code, *(f"{name}={_plain(step.params[name])}" for name in sorted(step.params))])


def _plain(param: Param) -> str:
    return param.code if isinstance(param, Named) else str(param)


def said_anew(case: Case, content: dict[str, Any], found: Answer | None) -> tuple[list[Step], list[int]]:
    """What the account says by the law of today and did not say, and the places of what it says no more.

    Who signed a rule or a year, notes, and that a rule has another version change no account.
    """
    if found is None:
        return [], []
    steps = [step for step in found.steps if step.code not in _BESIDE_THE_ACCOUNT]
    if (
        "said" not in content
    ):  # from before it was kept: days of administrative leave are found by their words
        words, known = words_of(case.organisation_id), [text for _level, text in content["steps"]["tr"]]
        leave = [step for step in steps if step.code == "closed_office"]
        return [one for one in leave if words.sentence(one.code, one.params, "tr") not in known], []
    known, today_ = content["said"], {sign_of(step) for step in steps}
    gone = [
        place
        for place, sign in enumerate(known)
        if sign not in today_ and sign.split(" ", 1)[0] not in _BESIDE_THE_ACCOUNT
    ]
    return [step for step in steps if sign_of(step) not in known], gone


def steadily(organisation_id: UUID) -> None:
    """Count by the law that holds until this transaction ends: whoever signs a change of it waits.

    What was read of the law before may be out of date, and is read again.
    """
    home = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(home.with_for_update(read=True))
    read_anew()


def today(case: Case, content: dict[str, Any]) -> Answer | None:
    """What the law of today gives; None where it gives no date any more."""
    try:
        return answer(case.organisation_id, content["asked"])
    except Refusal:
        return None


def looked_at(case: Case, content: dict[str, Any]) -> Dates | None:
    """The three dates as somebody last saw them counted: when it was added, or when a lawyer decided."""
    if "counted" in content:
        counted: Dates | None = content["counted"]
        return counted
    # From before this was kept: of three dates one is what a lawyer decided.
    if any(one["by"] for one in content["moves"]):
        return _dates(today(case, content))
    return {name: content[name] for name in DATES}


def seen(case: Case, content: dict[str, Any], found: Answer | None) -> str:
    """What a page says of a change of law, so that nobody decides about another one: "" for none.

    The dates, and where they stay but the account says otherwise, what it says.

    An earlier date that was taken over is asked about even when the law has come back to the first one.
    found: what the law gives `today`.
    """
    dates, looked = _dates(found), looked_at(case, content)
    if dates != looked or (looked and content.get("taken") and content["safe"] != looked["safe"]):
        return " ".join(dates.values()) if dates else NO_DATE
    added, gone = said_anew(case, content, found)
    if not (added or gone):
        return ""
    otherwise = "\n".join([*map(sign_of, added), *map(str, gone)])
    return f"{' '.join((dates or {}).values())} {sha256(otherwise.encode()).hexdigest()[:16]}"


def _stands(content: dict[str, Any]) -> bool:
    """Whether no lawyer has put another date in the place of the one that stood."""
    return all(one["by"] is None or one.get("stayed") for one in content["moves"])


def decided(actor: Actor, case: Case, content: dict[str, Any]) -> dict[str, Any]:
    """What a lawyer who decides now has seen: the account by the law of today, where it says otherwise."""
    found = today(case, content)
    if _dates(found) == looked_at(case, content) and not any(said_anew(case, content, found)):
        return {}
    if found is None:
        return {"counted": None}
    return account(case.organisation_id, found) | {"counted_by": str(actor.person_id)}


def recount(actor: Actor, case: Case, key: Key) -> None:
    """Mark the open deadlines of a case that come out otherwise by the law of today, and no others.

    Raises rows.Tampered.
    """
    for row, content in deadline_rows.open_ones(case, key):
        if take_earlier(case, row, content):
            content.pop("last", None)  # a click on what came before is no second click
            deadline_rows.save(actor, case, key, row, content, "law", by_law=True)


def take_earlier(case: Case, row: Deadline, content: dict[str, Any]) -> bool:
    """Mark a deadline that a change of law touches; True where it takes an earlier safe date at once.

    The safe date is the earliest credible reading, and reminders know no other. A later one waits for a
    lawyer, and what a lawyer put in its place stays.
    """
    found = today(case, content)
    dates = _dates(found)
    if dates and _stands(content) and _ends(dates["safe"]) < _ends(content["safe"]):
        row.safe_on, content["safe"] = day_of(day(dates["safe"])), dates["safe"]
        row.touched = content["taken"] = True  # until a lawyer has decided
        nobody = {"to": row.safe_on.isoformat(), "reason": "", "by": None, "at": clock.now().isoformat()}
        content["moves"] = [*content["moves"], nobody]
        return True
    row.touched = bool(seen(case, content, found))
    return False


def _dates(found: Answer | None) -> Dates | None:
    return dates_of(found) if found else None


def _ends(text: str) -> dt.datetime:
    """The last moment of a date; in hour rules the moment."""
    value = day(text)
    return value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time.max)


def furthest(case: Case, content: dict[str, Any], found: Answer | None) -> dt.date | None:
    """The last day of any reading by the law `today`; None where there is no limit, or nothing to go by."""
    if content["asked"]["rule"] in law_of(case.organisation_id).beside.targets:
        return None
    dates = _dates(found) or looked_at(case, content)
    return day_of(day(dates["latest"])) if dates else None


def late(content: dict[str, Any]) -> Late | None:
    """How late a deadline was met: None in time, or before its safe date was known to be earlier."""
    done = dt.date.fromisoformat(content["done_on"])
    days = (done - day_of(day(content["safe"]))).days
    if days <= 0:
        return None
    counted = content.get("counted") or {}
    # Where a lawyer put another date in its place, that one is what was meant.
    due = counted.get("due") if _stands(content) else None
    return Late(days, over=done > day_of(day(due or content["safe"])))


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
