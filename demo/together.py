"""A household and an event of the demonstration: files that are counted once."""

from __future__ import annotations

from collections import Counter
from typing import Final

from cases.models import Case
from cases.service import listing, together
from cases.service.views import Row
from core.access.actors import Actor
from core.store.base import db
from core.store.transaction import transaction
from demo.offices import COORDINATOR, Office
from domain.lifecycle import State

EVENT: Final = 3  # files of people who were met by the same act of an authority
HOUSEHOLD: Final = 2


def join(office: Office) -> None:
    """A coordinator says which of the newest files belong together."""
    coordinator = office.having(COORDINATOR)[0].actor
    with transaction():
        newest = listing.list_cases(coordinator).rows
    rows = _alike([row for row in newest if row.readable and row.state != State.CLOSED])
    _join(coordinator, "event", rows[:EVENT])
    _join(coordinator, "household", rows[EVENT : EVENT + HOUSEHOLD])


def _alike(rows: list[Row]) -> list[Row]:
    """Those of the province with the most files first, and in it those of the issue with the most."""
    provinces, issues = Counter(row.province for row in rows), Counter(row.issue for row in rows)
    return sorted(
        rows, key=lambda row: (-provinces[row.province], row.province, -issues[row.issue], row.issue)
    )


def _join(coordinator: Actor, kind: str, rows: list[Row]) -> None:
    for row in rows[1:]:
        with transaction():
            version = db.session.get_one(Case, row.id).version
            together.join(coordinator, row.id, version, rows[0].id, kind)
