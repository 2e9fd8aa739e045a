"""The days from which clocks count, counted anew where what counted was a mistake.

What cannot be read here counts no more, so that a duty returns rather than being lost: a legal step that
lawyers filed without a line of the timeline, a word to the person that left none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cases.models import Case, Deadline, Entry
from cases.service import deadline_rows, timeline
from core.store.base import db
from domain.clocks import STEPS, stepped_by, told_by
from vault import Key


def not_met(case: Case, key: Key, row: Deadline, content: dict[str, Any]) -> None:
    """A deadline was met by mistake: the first legal step is another one, or is still owed.

    content: of the deadline, as it said that it was met. Raises vault.Unreadable.
    """
    _again(case, key, dt.date.fromisoformat(content["done_on"]), row.id)


def corrected(case: Case, key: Key, data: Mapping[str, Any]) -> None:
    """A filing without a line was recorded wrongly; data: `on`, its day. As `not_met`."""
    _again(case, key, dt.date.fromisoformat(data["on"]))


def line_wrong(case: Case, key: Key, entry: Entry, line: Mapping[str, Any]) -> None:
    """A line was wrong, as it said, and is marked or gone by now: no step and no word counts from it."""
    about = line["kind"], line["data"], timeline.day_of(entry)
    step, told = stepped_by(*about) if line["kind"] in STEPS else None, told_by(*about)
    if step is not None:
        _again(case, key, step)
    if told is not None and case.told_on == told:
        db.session.flush()
        case.told_on = max(_days(case, key, told_by), default=None)


def _again(case: Case, key: Key, wrong: dt.date, deadline_id: UUID | None = None) -> None:
    """wrong: the day on which no step was taken."""
    if case.stepped_on is not None and case.stepped_on >= wrong:
        db.session.flush()
        case.stepped_on = min(_steps(case, key, deadline_id), default=None)


def _steps(case: Case, key: Key, deadline_id: UUID | None) -> Iterator[dt.date]:
    """The days of all other legal steps of a case that stand: noted, filed, or a deadline met."""
    yield from _days(case, key, lambda kind, *about: stepped_by(kind, *about) if kind in STEPS else None)
    met = select(Deadline).where(Deadline.case_id == case.id, Deadline.state == "done")
    for other in (one for one in db.session.scalars(met) if one.id != deadline_id):
        yield dt.date.fromisoformat(deadline_rows.opened(case, key, other)["done_on"])


def _days(case: Case, key: Key, day_by: Callable[[str, Any, dt.date], dt.date | None]) -> Iterator[dt.date]:
    """The days that the lines which stand tell of."""
    for entry, line in timeline.opened_lines(case, key):
        if not line["data"].get("corrected"):
            yield from filter(None, [day_by(line["kind"], line["data"], timeline.day_of(entry))])
