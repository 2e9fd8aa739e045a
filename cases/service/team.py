"""Who works on a case: the rows that say so, and the one way onto a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, or_, select, true, update

from accounts.models import Person, PersonRole
from accounts.service import trust
from cases.models import Case, CaseMember
from cases.service import keys, rows, timeline
from cases.service.reach import find
from cases.service.views import MemberLine, OpenCase, Outside
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.errors import NotFound
from core.store.base import db
from domain.drafts import REVIEWER
from vault import Key

# A lawyer comes by assignment: who was put on a case without being asked could never be asked afterwards.
BY_HAND: Final = frozenset({Role.CASEWORKER, Role.COORDINATOR})
# As what somebody works on a case who reads of what is privileged: its lawyer all, a reviewer the own draft.
PRIVILEGED: Final = (str(Role.LAWYER), REVIEWER)


def admit(actor: Actor, case: Case, key: Key, person_id: UUID, until: dt.datetime | None = None) -> None:
    """Grant the key to a colleague and put them on the case, for good or until an instant."""
    keys.grant_to_person(actor, case, key, person_id, until=until)
    put_on(case, person_id, until=until)
    timeline.write(actor, case, key, "member", "", data=named(person_id, "added"))
    rows.written(actor, "case.grant", key, case)


def put_on(
    case: Case, person_id: UUID, *, capacity: str | None = None, until: dt.datetime | None = None
) -> None:
    """Put somebody on the case, by hand as caseworker or coordinator.

    Lawyer of a case is only who accepted it: whoever else is certified as one reads no privileged note.
    """
    held = trust.person_key(person_id).roles
    by_hand = Role.CASEWORKER if Role.CASEWORKER in held else Role.COORDINATOR
    db.session.merge(
        CaseMember(
            case_id=case.id,
            person_id=person_id,
            number=case.number,
            capacity=capacity or str(by_hand),
            since=clock.now(),
            until=until,
            ended_at=None,
            withdrawing_since=None,
            seen_at=None,
        )
    )
    db.session.flush()


def ends_own(case_id: UUID, person_id: UUID) -> None:
    """Whoever ends their own review is told nothing of it (`reviews_over`): it lasts to no day any more."""
    row = capacity(case_id, person_id)
    if row is not None and row.capacity == REVIEWER:
        row.until = None
        db.session.flush()


def looked(actor: Actor, case: Case) -> None:
    """The actor sees the newest lines of the case now. Who does not work on it leaves no mark."""
    mine = update(CaseMember).where(
        CaseMember.case_id == case.id, CaseMember.person_id == actor.person_id, CaseMember.ended_at.is_(None)
    )
    db.session.execute(mine.values(seen_at=clock.now()))


def named(person_id: UUID, change: str) -> dict[str, str]:
    """What a line of the timeline says of a colleague; with the name, which outlasts the membership."""
    return told(person_id, db.session.get_one(Person, person_id).name, change)


def told(person_id: UUID, name: str, change: str) -> dict[str, str]:
    """The same where the name is known."""
    return {"person": str(person_id), "name": name, "change": change}


def colleagues(actor: Actor, roles: frozenset[Role] = BY_HAND) -> list[Person]:
    """Everybody active in the organisation who can be put on a case by hand, the actor excepted."""
    return [person for person in holding(actor, roles) if person.id != actor.person_id]


def holding(actor: Actor, roles: Iterable[Role]) -> list[Person]:
    """Everybody active in the actor's organisation who holds one of the roles, by name."""
    holders = select(PersonRole.person_id).where(PersonRole.role.in_([str(role) for role in roles]))
    statement = select(Person).where(
        Person.organisation_id == actor.organisation_id, Person.state == "active", Person.id.in_(holders)
    )
    return list(db.session.scalars(statement.order_by(Person.name)))


def require_colleagues(actor: Actor, people: Iterable[UUID]) -> None:
    """Raise NotFound unless everybody is the actor or such a colleague."""
    if set(people) - {actor.person_id} - {person.id for person in colleagues(actor)}:
        raise NotFound


def lacks_coordinator(case: OpenCase) -> bool:
    """Whether a restricted case names no coordinator: nobody can then assign or close it."""
    leads = select(PersonRole.person_id).where(
        PersonRole.role == str(Role.COORDINATOR), PersonRole.person_id.in_(live(case.id))
    )
    return case.restricted and db.session.scalar(leads.limit(1)) is None


def supervisors(case: Case) -> set[UUID]:
    """Who reaches the case without working on it."""
    return set() if case.restricted else set(db.session.scalars(_leads(case)))


def _leads(case: Case) -> Select[UUID]:
    return (
        select(PersonRole.person_id)
        .join(Person, Person.id == PersonRole.person_id)
        .where(
            Person.organisation_id == case.organisation_id,
            Person.state == "active",
            PersonRole.role == str(Role.COORDINATOR),
        )
    )


def watchers(case_id: UUID) -> list[Person]:
    """Everybody who may be given something to do in the case, by name."""
    able = may_open(db.session.get_one(Case, case_id))
    return list(db.session.scalars(select(Person).where(Person.id.in_(able)).order_by(Person.name)))


def may_open(case: Case) -> set[UUID]:
    """Who works on the case, and who reaches it without; who only reviews a draft is given nothing else."""
    return set(db.session.scalars(able(case, reviews=False)))


def able(case: Case, *, reviews: bool = True) -> Select[UUID] | CompoundSelect[UUID]:
    """The same as a part of another statement. reviews: also who only reviews a draft."""
    works = select(CaseMember.person_id).where(CaseMember.case_id == case.id, *_now())
    works = works if reviews else works.where(CaseMember.capacity != REVIEWER)
    return works if case.restricted else works.union_all(_leads(case))


def privileged(case_id: UUID) -> Select[UUID]:
    """Who reads of what is privileged in the case: its lawyers, and who reviews a draft; as `able`."""
    works = select(CaseMember.person_id).where(CaseMember.case_id == case_id, *_now())
    return works.where(CaseMember.capacity.in_(PRIVILEGED))


def leading(able: set[UUID]) -> set[UUID]:
    """The coordinators among those who may open a case; where there is none, all of them."""
    return coordinators(able) or able


def coordinators(people: set[UUID]) -> set[UUID]:
    """Those of them who are coordinators."""
    leads = select(PersonRole.person_id).where(
        PersonRole.role == str(Role.COORDINATOR), PersonRole.person_id.in_(people)
    )
    return set(db.session.scalars(leads))


def live(case_id: UUID) -> dict[UUID, dt.datetime | None]:
    """The people who work on a case now, and until when."""
    now = select(CaseMember.person_id, CaseMember.until).where(
        CaseMember.case_id == case_id, CaseMember.ended_at.is_(None)
    )
    return {person_id: until for person_id, until in db.session.execute(now)}  # noqa: C416 - rows are no pairs to mypy


def has_lawyer(case_id: UUID, *, besides: UUID | None = None) -> bool:
    """Whether somebody works on the case as its lawyer, and is not giving it up."""
    lawyers = select(CaseMember.person_id).where(
        CaseMember.case_id == case_id,
        CaseMember.person_id != besides if besides else true(),
        CaseMember.ended_at.is_(None),
        CaseMember.withdrawing_since.is_(None),
        CaseMember.capacity == str(Role.LAWYER),
    )
    return db.session.scalar(lawyers.limit(1)) is not None


def is_led(works: Iterable[MemberLine]) -> bool:
    """The same of people whose lines are known."""
    return any(one.capacity == str(Role.LAWYER) and not one.withdrawing for one in works)


def is_lawyer_of(case_id: UUID, person_id: UUID) -> bool:
    """Whether somebody works on the case as its lawyer, not to review a draft."""
    return person_id in lawyers(case_id, (str(Role.LAWYER),))


def works_otherwise(case_id: UUID, person_id: UUID) -> bool:
    """Whether somebody works on the case, but neither as its lawyer nor to review its drafts."""
    row = capacity(case_id, person_id)
    return row is not None and row.capacity not in PRIVILEGED


def capacity(case_id: UUID, person_id: UUID) -> CaseMember | None:
    """As what somebody works on the case, and until when; None for who does not."""
    row = db.session.get(CaseMember, (case_id, person_id))
    return row if row is not None and row.ended_at is None else None


def lawyers(case_id: UUID, capacities: Collection[str] = PRIVILEGED) -> dict[UUID, dt.datetime | None]:
    """Everybody who works on the case as its lawyer or reviews its drafts, and until when."""
    rows_ = select(CaseMember.person_id, CaseMember.until).where(
        CaseMember.case_id == case_id, CaseMember.capacity.in_(capacities), *_now()
    )
    return {person_id: until for person_id, until in db.session.execute(rows_)}  # noqa: C416 - rows are no pairs to mypy


def _now() -> tuple[ColumnElement[bool], ...]:
    """Members whose time is not over, whenever the worker comes round."""
    lasts = or_(CaseMember.until.is_(None), CaseMember.until > clock.now())
    return CaseMember.ended_at.is_(None), lasts


def departed() -> Select[UUID]:
    """Everybody whose account has ended. Who was asked or added at that very moment is found by this."""
    return select(Person.id).where(Person.state == "departed")


def lines(case: Case) -> list[MemberLine]:
    """The same, with names, for the page."""
    found = db.session.execute(
        select(
            CaseMember.person_id,
            Person.name,
            CaseMember.capacity,
            CaseMember.since,
            CaseMember.until,
            CaseMember.withdrawing_since.is_not(None),
        )
        .join(Person, Person.id == CaseMember.person_id)
        .where(CaseMember.case_id == case.id, CaseMember.ended_at.is_(None))
        .order_by(CaseMember.since, Person.name)
    )
    return [MemberLine(*row) for row in found]


def from_outside(actor: Actor, case_id: UUID) -> Outside:
    """Who works on a case, for whoever may change that and cannot open it. Raises NotFound."""
    case = find(actor, Permission.CASE_MEMBERS, case_id)
    return Outside(case.id, case.reference, lines(case))
