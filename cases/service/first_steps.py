"""The day of the first legal step, counted anew where what counted as one was a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

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
    _again(case, key, content["done_on"], row.id)


def corrected(case: Case, key: Key, data: Mapping[str, Any]) -> None:
    """A filing was recorded wrongly, as its line said, and is marked by now; as `not_met`."""
    _again(case, key, data["on"])


def _again(case: Case, key: Key, wrong: str, deadline_id: UUID | None = None) -> None:
    """wrong: the day on which no step was taken, in ISO 8601."""
    if case.stepped_on is not None and case.stepped_on >= dt.date.fromisoformat(wrong):
        db.session.flush()
        case.stepped_on = min(_others(case, key, deadline_id), default=None)


def _others(case: Case, key: Key, deadline_id: UUID | None) -> Iterator[dt.date]:
    """The days of all other legal steps of a case that stand: noted, filed, or a deadline met."""
    for entry, line in timeline.opened_lines(case, key):
        if line["kind"] in STEPS and not line["data"].get("corrected"):
            day = stepped_by(line["kind"], line["data"], entry.written_at.astimezone(clock.ISTANBUL).date())
            yield from filter(None, [day])
    met = select(Deadline).where(Deadline.case_id == case.id, Deadline.state == "done")
    for other in (one for one in db.session.scalars(met) if one.id != deadline_id):
        yield dt.date.fromisoformat(deadline_rows.opened(case, key, other)["done_on"])
