"""The day of the first legal step, counted anew where what counted as one was a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from cases.models import Case, Deadline
from cases.service import deadline_rows, timeline
from core import clock
from core.store.base import db
from domain.clocks import STEPS, stepped_by
from vault import Key


def not_met(case: Case, key: Key, row: Deadline, content: dict[str, Any]) -> None:
    """A deadline was met by mistake: the first legal step is another one, or is still owed.

    content: of the deadline, as it said that it was met. What lawyers filed without a line of the timeline
    cannot be read here, so that the duty returns rather than being lost. Raises vault.Unreadable.
    """
    first = case.stepped_on
    if first is None or first < dt.date.fromisoformat(content["done_on"]):
        return
    case.stepped_on = min(_others(case, key, row), default=None)


def _others(case: Case, key: Key, row: Deadline) -> Iterator[dt.date]:
    """The days of all other legal steps of a case: noted, filed, or a deadline met."""
    for entry, line in timeline.opened_lines(case, key):
        if line["kind"] in STEPS:
            day = stepped_by(line["kind"], line["data"], entry.written_at.astimezone(clock.ISTANBUL).date())
            yield from filter(None, [day])
    met = select(Deadline).where(Deadline.case_id == case.id, Deadline.state == "done", Deadline.id != row.id)
    for other in db.session.scalars(met):
        yield dt.date.fromisoformat(deadline_rows.opened(case, key, other)["done_on"])
