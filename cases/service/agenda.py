"""All open deadlines that somebody may open, the soonest first, page by page.

Sorted and found by what stands in clear. Of the page alone the cards are opened: they say whose case it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, func, select, tuple_, union
from sqlalchemy.orm import aliased

from accounts.models import Person
from cases.models import Case, Deadline
from cases.service import listing
from cases.service.reach import own_cases
from cases.service.views import Row, days_until
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import Scope, reachable, scopes
from core.audit import service as audit
from core.store.base import db
from domain.lifecycle import State

PAGE: Final = 100  # deadlines shown at once

Place = tuple[dt.date, UUID]
"""Safe date and id of a line: the next page begins after it."""


@dataclass(frozen=True)
class Line:
    """An open deadline, the case that it belongs to, and the names of the two who watch it."""

    id: UUID
    safe_on: dt.date
    responsible: str
    second: str
    case: Row

    @property
    def days_left(self) -> int:
        """Until the safe date; negative once it is over."""
        return days_until(self.safe_on)


@dataclass(frozen=True)
class Agenda:
    """Some lines, and where the next page begins."""

    lines: list[Line]
    next: Place | None


def agenda(actor: Actor, *, whose: str = "", after: Place | None = None, limit: int = PAGE) -> Agenda:
    """The open deadlines of cases that the actor may open, by safe date, `after` excluded.

    whose: `mine` for those of which the actor is one of the two who watch, `touched` for those that come out
    otherwise since the law has changed and that no lawyer has looked at.
    """
    responsible, second = aliased(Person), aliased(Person)
    statement = (
        _cases(actor)
        .join(Deadline, Deadline.case_id == Case.id)
        .join(responsible, responsible.id == Deadline.responsible_id)
        .join(second, second.id == Deadline.second_id)
        .where(Deadline.state == "open", Case.state.not_in([State.CLOSED, State.ERASED]))
        .order_by(Deadline.safe_on, Deadline.id)
        .limit(limit + 1)
        .options(listing.CARD)
        .with_only_columns(Deadline.id, Deadline.safe_on, responsible.name, second.name, Case)
    )
    if whose == "mine":
        statement = statement.where(Deadline.id.in_(_watched_by(actor.person_id)))
    elif whose == "touched":
        statement = statement.where(Deadline.touched)
    if after is not None:
        statement = statement.where(tuple_(Deadline.safe_on, Deadline.id) > after)
    found = db.session.execute(statement).all()
    shown = found[:limit]
    cases = dict.fromkeys(case for _id, _safe, _one, _two, case in shown)
    cards = {row.id: row for row in listing.open_cards(actor, list(cases))}
    audit.record(actor, "deadline.list")
    lines = [Line(id_, safe, one, two, cards[case.id]) for id_, safe, one, two, case in shown]
    return Agenda(lines, (lines[-1].safe_on, lines[-1].id) if len(found) > limit else None)


def touched(actor: Actor) -> int:
    """How many open deadlines a change of law touches, of cases that the actor may open."""
    found = (
        _cases(actor)
        .join(Deadline, Deadline.case_id == Case.id)
        .where(Deadline.touched, Deadline.state == "open", Case.state.not_in([State.CLOSED, State.ERASED]))
        .with_only_columns(Deadline.id)
    )
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _cases(actor: Actor) -> Select[Case]:
    """The cases within reach; one's own by the index of one's own rows."""
    if scopes(actor, Permission.CASE_LIST) == {Scope.MEMBER}:
        return own_cases(actor)[0]
    return reachable(actor, Permission.CASE_LIST, Case)


def _watched_by(person_id: UUID) -> CompoundSelect[tuple[UUID]]:
    """By two indexes: a walk through every open deadline would grow with the organisation."""
    one = aliased(Deadline)
    return union(
        select(one.id).where(one.responsible_id == person_id),
        select(one.id).where(one.second_id == person_id),
    )
