"""The clocks of cases: what a line of the timeline changes, and who owes what (`domain.clocks`).

They are counted from days that stand in clear, so a desk opens nothing to find them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, load_only

from accounts.models import Person
from cases.models import Case, CaseMember
from cases.service import listing
from cases.service.reach import own_cases
from cases.service.views import Row
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.reference import reference
from core.store.base import db
from domain import clocks
from domain.clocks import NEAR, RUNNING, Days, Due
from domain.lifecycle import WAITING, State

MOST: Final = 1000  # cases that one look at all clocks sorts
SHOWN: Final = 50  # of them on the page


@dataclass(frozen=True)
class Owed:
    """A clock of a case that runs out or is broken, and whose it is; nothing of the case is opened."""

    case_id: UUID
    reference: str
    urgency: str
    due: Due
    by: tuple[str, ...] = ()  # names; none: nobody is on it who would owe it

    @property
    def days_left(self) -> int:
        """Until its day; negative once it is broken."""
        return self.due.left(clock.today())


@dataclass(frozen=True)
class Watched:
    """The clocks of all cases within reach that run out or are broken, the worst first."""

    shown: list[tuple[Owed, Row]]
    broken: int  # of all that were looked at
    near: int
    more: bool  # there are cases that were not looked at


def heed(case: Case, kind: str, data: Mapping[str, Any]) -> None:
    """Let the clocks of a case count from a line that is written into its timeline."""
    today = clock.today()
    case.told_on = max(filter(None, (case.told_on, clocks.told_by(kind, data, today))), default=None)
    case.stepped_on = min(filter(None, (case.stepped_on, clocks.stepped_by(kind, data, today))), default=None)
    if kind == "state" and data.get("from") == State.CLOSED:
        case.reopened_on = today


def told(case: Case) -> None:
    """The person hears from us today."""
    case.told_on = clock.today()


def of(case: Case) -> tuple[Due, ...]:
    """What is owed in a case, the soonest first."""
    days = Days(case.opened_on, case.told_on, case.stepped_on, case.reopened_on)
    return clocks.running(case.state, reference().urgencies[case.urgency].first_step, days)


def on_desk(actor: Actor, limit: int) -> list[Owed]:
    """What the actor owes in the own cases and is near or broken, the worst first."""
    statement, _number = own_cases(actor)
    works = aliased(CaseMember)
    found = (
        statement.join(works, works.case_id == Case.id)
        .where(_near(), works.ended_at.is_(None))
        .options(*_CLOCKS)
        .add_columns(works.person_id, works.capacity)
    )
    capacities: defaultdict[Case, dict[UUID, str]] = defaultdict(dict)
    for case, person_id, capacity in db.session.execute(found):
        capacities[case][person_id] = capacity
    owed = [
        Owed(case.id, case.reference, case.urgency, due)
        for case, members in capacities.items()
        for due in _due(case)
        if actor.person_id in clocks.owing(due.clock, members)
    ]
    return _worst(owed)[:limit]


def watched(actor: Actor) -> Watched:
    """The same in all cases that a coordinator can open; the act is on the chain."""
    statement = reachable(actor, Permission.SUPERVISION_READ, Case).where(_near())
    found = db.session.scalars(
        statement.order_by(Case.opened_on, Case.number).limit(MOST + 1).options(*_CLOCKS)
    ).all()
    looked = {case.id: case for case in found[:MOST]}
    owed = [
        Owed(case.id, case.reference, case.urgency, due) for case in looked.values() for due in _due(case)
    ]
    broken = sum(one.days_left < 0 for one in owed)
    shown = _worst(owed)[:SHOWN]
    ids = list(dict.fromkeys(one.case_id for one in shown))
    rows = {row.id: row for row in listing.open_cards(actor, [looked[case_id] for case_id in ids])}
    members = _members(ids)
    audit.record(actor, "supervision.read")
    return Watched(
        [(_named(one, members[one.case_id]), rows[one.case_id]) for one in shown],
        broken,
        len(owed) - broken,
        len(found) > MOST,
    )


_CLOCKS: Final = (listing.CARD, load_only(Case.told_on, Case.stepped_on, Case.reopened_on))


def _near() -> ColumnElement[bool]:
    """Cases of which a clock is near or broken."""
    seen = clock.today() + NEAR
    waits = Case.state.in_([str(state) for state in WAITING])
    update = or_(and_(waits, _silent(seen - clocks.PATIENT)), and_(~waits, _silent(seen - clocks.WORKING)))
    late = (
        and_(Case.urgency == one.code, Case.opened_on <= seen - one.first_step)
        for one in reference().urgencies.values()
    )
    return and_(
        Case.state.in_([str(state) for state in RUNNING]),
        or_(update, and_(Case.stepped_on.is_(None), or_(*late))),
    )


def _silent(day: dt.date) -> ColumnElement[bool]:
    """Nothing from which the word to the person counts is later than this day."""
    later: tuple[InstrumentedAttribute[dt.date | None], ...] = (Case.told_on, Case.reopened_on)
    return and_(Case.opened_on <= day, *(or_(column.is_(None), column <= day) for column in later))


def _due(case: Case) -> list[Due]:
    """What of a case is near or broken."""
    return [due for due in of(case) if due.left(clock.today()) <= NEAR.days]


def _worst(owed: list[Owed]) -> list[Owed]:
    return sorted(owed, key=lambda one: (one.due.until, one.urgency, one.reference))


def _members(case_ids: list[UUID]) -> Mapping[UUID, dict[UUID, tuple[str, str]]]:
    """Name and capacity of those who work on each of these cases."""
    found: defaultdict[UUID, dict[UUID, tuple[str, str]]] = defaultdict(dict)
    if case_ids:
        works = (
            select(CaseMember.case_id, CaseMember.person_id, Person.name, CaseMember.capacity)
            .join(Person, Person.id == CaseMember.person_id)
            .where(CaseMember.case_id.in_(case_ids), CaseMember.ended_at.is_(None))
            .order_by(Person.name)
        )
        for case_id, person_id, name, capacity in db.session.execute(works):
            found[case_id][person_id] = (name, capacity)
    return found


def _named(one: Owed, members: Mapping[UUID, tuple[str, str]]) -> Owed:
    capacities = {person_id: capacity for person_id, (_name, capacity) in members.items()}
    owing = clocks.owing(one.due.clock, capacities)
    names = tuple(name for person_id, (name, _capacity) in members.items() if person_id in owing)
    return Owed(one.case_id, one.reference, one.urgency, one.due, names)
