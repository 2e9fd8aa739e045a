"""Which lawyers could take a file, best fit first with every reason, and how much each of them carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from accounts.models import Absence, Person, PersonRole, WorkProfile
from accounts.service import work
from cases.models import Assignment, Case, CaseMember
from cases.service import keys, listing, reasons, records, walls
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import may
from core.errors import NotFound
from core.reference import reference
from core.store.base import db
from domain.assignment import ranking
from domain.assignment.load import CEILING, DETENTION, File, Load
from domain.assignment.ranking import Lawyer, Matter, Reason
from domain.lifecycle import State
from vault import Key

_OVER = (str(State.CLOSED), str(State.ERASED))
_FULL_TIME = 100


@dataclass(frozen=True)
class Candidate:
    """A lawyer who could take the file, or may not, with why, and the load with the file."""

    person_id: UUID
    name: str
    languages: list[str]
    provinces: list[str]
    reasons: tuple[Reason, ...]
    barred: bool
    load: Load
    away: list[Absence]  # that have begun, or begin soon
    declined: str  # the reason's code, when this lawyer has declined this file before


@dataclass(frozen=True)
class Carried:
    """What a lawyer carries: open files, points, offers that wait for an answer, days away."""

    person_id: UUID
    name: str
    files: int
    load: Load
    offered: int
    absences: list[Absence]


def candidates(actor: Actor, case_id: UUID) -> list[Candidate]:
    """Lawyers of the organisation who may be asked, best fit first; who may not take it last."""
    case = find(actor, Permission.ASSIGNMENT_OFFER, case_id)
    key = keys.case_key(actor, case)
    record = records.open_record(key, case)
    declines = _declines(case, key)
    people = {one.id: one for one in db.session.scalars(select(Person).where(*may_be_asked(case)))}
    said, away = work.profiles(people), work.absences(people)
    files = _files(actor, people, asked=True)
    walled = walls.of(record)
    lawyers = [
        _lawyer(
            person, said.get(person.id), away.get(person.id, []), files[person.id],
            walled=person.id in walled, declined=person.id in declines,
        )
        for person in people.values()
    ]  # fmt: skip  # one call
    answer_by = clock.now() + reference().urgencies[case.urgency].acceptance
    found = ranking.ranked(
        _matter(case, record), lawyers, clock.today(), answer_by.astimezone(clock.ISTANBUL).date()
    )
    return [
        Candidate(
            one.lawyer.id, one.lawyer.name, people[one.lawyer.id].languages, people[one.lawyer.id].provinces,
            one.reasons, one.barred, one.load, _near(away.get(one.lawyer.id, [])),
            declines.get(one.lawyer.id, ""),
        )
        for one in found
    ]  # fmt: skip  # one row


def loads(actor: Actor) -> list[Carried]:
    """What every lawyer of the organisation carries, the fullest first. Raises NotFound."""
    if not may(actor, Permission.LOAD_READ):
        raise NotFound
    lawyers = select(Person).where(
        Person.organisation_id == actor.organisation_id, Person.state == "active", Person.id.in_(_lawyers())
    )
    people = {one.id: one for one in db.session.scalars(lawyers)}
    said, away, files = work.profiles(people), work.absences(people), _files(actor, people)
    waiting = _offers(people)
    found = [
        Carried(
            person.id, person.name, len(files[person.id]), _load(files[person.id], said.get(person.id)),
            waiting[person.id], away.get(person.id, []),
        )
        for person in people.values()
    ]  # fmt: skip  # one row
    return sorted(found, key=lambda one: (-one.load.share, one.name, str(one.person_id)))


def may_be_asked(case: Case) -> tuple[ColumnElement[bool], ...]:
    """The lawyers of the organisation who are not on the case as such; who works on it otherwise may be."""
    leads = select(CaseMember.person_id).where(
        CaseMember.case_id == case.id,
        CaseMember.ended_at.is_(None),
        CaseMember.capacity == str(Role.LAWYER),
    )
    return (
        Person.organisation_id == case.organisation_id,
        Person.state == "active",
        Person.id.in_(_lawyers()),
        Person.id.not_in(leads),
    )


def _lawyers() -> Any:
    return select(PersonRole.person_id).where(PersonRole.role == str(Role.LAWYER))


def _declines(case: Case, key: Key) -> dict[UUID, str]:
    """Who has declined this file, and the code of the newest reason."""
    answers = select(Assignment).where(
        Assignment.case_id == case.id,
        Assignment.until.is_(None),
        Assignment.state == "declined",
        Assignment.reason_epoch == case.epoch,
    )
    return {
        row.lawyer_id: reasons.read(case, key, row)[0]
        for row in db.session.scalars(answers.order_by(Assignment.offered_at))
    }


def _files(actor: Actor, people: dict[UUID, Person], *, asked: bool = False) -> dict[UUID, list[File]]:
    """What the open files of these lawyers weigh; of what the actor cannot open the clear columns count.

    asked: also those that they were asked to take on, and may.
    """
    held: Sequence[Any] = db.session.execute(
        select(CaseMember.person_id, Case)
        .join(Case, Case.id == CaseMember.case_id)
        .where(
            CaseMember.person_id.in_(people), CaseMember.ended_at.is_(None),
            CaseMember.capacity == str(Role.LAWYER), Case.state.not_in(_OVER),
        )
        .options(listing.CARD)
    ).all()  # fmt: skip  # one statement
    if asked:
        waits = select(Assignment.lawyer_id, Case).join(Case, Case.id == Assignment.case_id)
        held = [*held, *db.session.execute(waits.where(*_waiting(people)).options(listing.CARD))]
    cards = {row.id: row for row in listing.open_cards(actor, [case for _person, case in held])}
    files: dict[UUID, list[File]] = defaultdict(list)
    for person_id, case in held:
        files[person_id].append(_file(case, cards[case.id].issue, cards[case.id].level))
    return files


def _offers(people: dict[UUID, Person]) -> dict[UUID, int]:
    waiting: dict[UUID, int] = defaultdict(int)
    for lawyer_id in db.session.scalars(select(Assignment.lawyer_id).where(*_waiting(people))):
        waiting[lawyer_id] += 1
    return waiting


def _waiting(people: Collection[UUID]) -> tuple[ColumnElement[bool], ...]:
    """Whole files that these lawyers are asked to take on and can still answer."""
    return (
        Assignment.lawyer_id.in_(people),
        Assignment.until.is_(None),
        Assignment.state == "offered",
        Assignment.answer_by > clock.now(),
    )


def _file(case: Case, issue: str, level: str) -> File:
    return File(case.urgency, level, detained=issue in DETENTION, in_court=case.state == State.WAITING_COURT)


def _load(files: list[File], said: WorkProfile | None) -> Load:
    share = said.share if said else _FULL_TIME
    return Load.of(files, CEILING * share / _FULL_TIME)


def _matter(case: Case, record: dict[str, Any]) -> Matter:
    client, issue = record["client"], record.get("issue") or ""
    wanted = client.get("lawyer_wanted", "any")
    return Matter(
        _file(case, issue, record.get(records.AGREED, "")),
        issue[:1],
        record.get("province") or "",
        _tongue(client.get("language")),
        wanted if wanted != "any" else "",
    )


def _near(away: list[Absence]) -> list[Absence]:
    today = clock.today()
    return [one for one in away if ranking.Absence(one.begins, one.ends).is_near(today)]


def _lawyer(
    person: Person,
    said: WorkProfile | None,
    away: list[Absence],
    files: list[File],
    *,
    walled: bool,
    declined: bool,
) -> Lawyer:
    return Lawyer(
        person.id,
        person.name,
        _load(files, said),
        languages=frozenset(map(_tongue, person.languages)),
        groups=frozenset(said.issue_groups if said else ()),
        provinces=frozenset(person.provinces),
        bar=said.bar if said else "",
        gender=said.gender if said else "",
        absences=tuple(ranking.Absence(one.begins, one.ends) for one in away),
        walled=walled,
        declined=declined,
    )


def _tongue(code: str | None) -> str:
    """The language without its dialect: whoever speaks Arabic reaches a speaker of Levantine Arabic."""
    found = (code or "unknown").partition("_")[0]
    return "" if found == "unknown" else found
