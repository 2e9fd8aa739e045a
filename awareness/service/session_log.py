"""What the organisation sees of its sessions and campaigns: pages, totals by year, one with its history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, tuple_

from accounts.service.names import names_of
from awareness.models import AwarenessCorrection, AwarenessSession
from awareness.service.held import CAMPAIGN, Held
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import NotFound
from core.store.base import db

PAGE: Final = 100  # lines shown at once


@dataclass(frozen=True)
class LogPage:
    """Some lines, the newest first. next: after which line the following page begins, if there is one."""

    lines: list[AwarenessSession]
    next: UUID | None


@dataclass(frozen=True)
class Totals:
    """Everything of a year. people: how many came to sessions; reached: by campaigns, as estimated."""

    year: int
    sessions: int
    people: int
    by_sex: dict[str, int]
    by_age: dict[str, int]
    campaigns: int
    reached: int
    leaflets: int


@dataclass(frozen=True)
class Correction:
    """Who put something right, when, what stood there before, what stood there then."""

    name: str
    at: dt.datetime
    before: Held
    after: Held


@dataclass(frozen=True)
class OpenSession:
    """A session or campaign with its corrections, the newest first, and who worked on it."""

    row: AwarenessSession
    held: Held
    corrections: list[Correction]
    logged_by: str
    withdrawn_by: str


def page(actor: Actor, after: UUID | None = None, size: int = PAGE) -> LogPage:
    """Lines by day, the newest first, from behind the line `after`; all where there is no such line."""
    statement = reachable(actor, Permission.SESSION_READ, AwarenessSession)
    key = (AwarenessSession.held_on, AwarenessSession.logged_at, AwarenessSession.id)
    last = db.session.scalar(statement.where(AwarenessSession.id == after)) if after else None
    if last is not None:
        statement = statement.where(tuple_(*key) < tuple_(last.held_on, last.logged_at, last.id))
    rows = list(db.session.scalars(statement.order_by(*[column.desc() for column in key]).limit(size + 1)))
    return LogPage(rows[:size], rows[size - 1].id if len(rows) > size else None)


def totals(actor: Actor) -> list[Totals]:
    """Each year in which something was held or begun, the newest first; nothing that was taken back."""
    rows = db.session.scalars(
        reachable(actor, Permission.SESSION_READ, AwarenessSession).where(
            AwarenessSession.withdrawn_at.is_(None)
        )
    )
    years: dict[int, list[AwarenessSession]] = {}
    for row in rows:
        years.setdefault(row.held_on.year, []).append(row)
    return [_totals(year, years[year]) for year in sorted(years, reverse=True)]


def opened(actor: Actor, held_id: UUID) -> OpenSession:
    """One with its history. Raises NotFound."""
    statement = reachable(actor, Permission.SESSION_READ, AwarenessSession)
    row = db.session.scalar(
        statement.where(AwarenessSession.id == held_id).execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    made = list(
        db.session.scalars(
            select(AwarenessCorrection)
            .where(AwarenessCorrection.session_id == row.id)
            .order_by(AwarenessCorrection.number)
        )
    )
    who = {row.logged_by, row.withdrawn_by, *(one.corrected_by for one in made)}
    names = names_of(who)
    states = [*(Held.stored(one.before) for one in made), Held.of(row)]
    corrections = [
        Correction(names[one.corrected_by], one.corrected_at, before, after)
        for one, (before, after) in zip(made, pairwise(states), strict=True)
    ]
    return OpenSession(
        row, states[-1], corrections[::-1], names[row.logged_by], names.get(row.withdrawn_by, "")
    )


def _totals(year: int, rows: list[AwarenessSession]) -> Totals:
    campaigns = [row for row in rows if row.kind == CAMPAIGN]
    sessions = [row for row in rows if row.kind != CAMPAIGN]
    by_sex: dict[str, int] = {}
    by_age: dict[str, int] = {}
    for row in sessions:
        counts: dict[str, Any] = row.counts
        for sex, ages in counts.items():
            for age, number in ages.items():
                by_sex[sex] = by_sex.get(sex, 0) + number
                by_age[age] = by_age.get(age, 0) + number
    return Totals(
        year,
        len(sessions),
        sum(row.total for row in sessions),
        by_sex,
        by_age,
        len(campaigns),
        sum(row.total for row in campaigns),
        sum(row.leaflets for row in rows),
    )
