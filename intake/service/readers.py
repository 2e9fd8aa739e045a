"""Who reads complaints: whom one is sealed to, and what becomes of those whose readers have left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from flask_babel import LazyString, lazy_ngettext
from sqlalchemy import ColumnElement, Select, delete, exists, func, select

import vault
from accounts.models import Person, PersonRole
from accounts.service.recovery import OpenRecovery
from accounts.service.trust import VerifiedPersonKey
from cases.models import CaseMember
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import reachable
from core.store.base import db
from intake.models import Complaint, ComplaintReader, Receipt, Request
from vault import Key

# Who reads first; administrators where nobody of these is outside the case.
FIRST: Final = frozenset({Role.COORDINATOR, Role.MANAGER})
LAST: Final = frozenset({Role.ADMINISTRATOR})


def who_may(organisation_id: UUID, inside: Collection[UUID]) -> set[UUID]:
    """Those of the organisation who read what is said about a request that these people had a part in."""
    for roles in (FIRST, LAST):
        found = (
            select(PersonRole.person_id)
            .join(Person, Person.id == PersonRole.person_id)
            .where(
                Person.organisation_id == organisation_id,
                Person.state == "active",
                PersonRole.role.in_([str(role) for role in roles]),
            )
        )
        others = set(db.session.scalars(found)) - set(inside)
        if others:
            return others
    return set()


def seal_to(complaint_id: UUID, key: Key, people: Mapping[UUID, VerifiedPersonKey]) -> bool:
    """Let people read a complaint; who does already stays as they are. Gives whether anybody was added."""
    known = select(ComplaintReader.person_id).where(ComplaintReader.complaint_id == complaint_id)
    added = people.keys() - set(db.session.scalars(known))
    for person_id in added:
        theirs = people[person_id]
        wrapped = vault.wrap_to(theirs.hpke_public, key, wrap(complaint_id, person_id))
        db.session.add(ComplaintReader(complaint_id=complaint_id, person_id=person_id, wrapped=wrapped))
    db.session.flush()
    return bool(added)


def wrap(complaint_id: UUID, holder_id: UUID) -> vault.Context:
    """To whom the key of a complaint is sealed: a person, or a receipt."""
    return vault.Context("key of a complaint", complaint_id, holder_id)


def of(row: Complaint) -> Select[UUID]:
    """Those here who read a complaint."""
    known = select(Person.id).join(ComplaintReader, ComplaintReader.person_id == Person.id)
    case_id = select(Request.case_id).where(Request.id == row.request_id).scalar_subquery()
    works = select(CaseMember.person_id).where(CaseMember.case_id == case_id)
    return known.where(
        ComplaintReader.complaint_id == row.id, Person.state == "active", Person.id.not_in(works)
    )


def anybody(*but: UUID) -> ColumnElement[bool]:
    """Whether somebody who is here reads a complaint, but for these; in a statement with its request.

    Who came to work on its case since does not read it any more.
    """
    works = exists().where(
        CaseMember.case_id == Request.case_id, CaseMember.person_id == ComplaintReader.person_id
    )
    return exists().where(
        ComplaintReader.complaint_id == Complaint.id,
        ComplaintReader.person_id == Person.id,
        Person.state == "active",
        Person.id.not_in(but),
        ~works.correlate(Request, ComplaintReader),
    )


class Unread(NamedTuple):
    """How many complaints wait for an answer that nobody who is here can read."""

    unheard: int = 0  # until their writers look
    lost: int = 0  # for ever: the code with which they were written has ended, too


def unread(actor: Actor) -> Unread:
    """What nobody reads. Administrators are told, for others there is nothing."""
    if Role.ADMINISTRATOR not in actor.roles:
        return Unread()
    return _count(reachable(actor, Permission.COMPLAINT_READ, Complaint).where(~anybody()))


def _code_lives() -> ColumnElement[bool]:
    """A newer code does not open what was written before it."""
    return exists().where(
        Receipt.request_id == Complaint.request_id, Receipt.created_at <= Complaint.written_at
    )


def would_be_unheard(person: Person) -> list[Any]:
    """What to say before somebody leaves who alone reads a complaint that waits for an answer."""
    theirs = select(Complaint).where(
        Complaint.organisation_id == person.organisation_id, anybody(), ~anybody(person.id)
    )
    unheard, lost = _count(theirs)
    return [*([_until_they_look(unheard)] if unheard else ()), *([_for_ever(lost)] if lost else ())]


def _until_they_look(count: int) -> LazyString:
    return lazy_ngettext(
        "One complaint waits for an answer that nobody else here reads. Let this person give it to a "
        "colleague first, on its page under “Complaints”. Otherwise nobody reads it before whoever wrote "
        "it comes back with the code.",
        "%(count)s complaints wait for an answer that nobody else here reads. Let this person give them "
        "to a colleague first, on their pages under “Complaints”. Otherwise nobody reads them before "
        "whoever wrote them comes back with the code.",
        count,
        count=count,
    )


def _for_ever(count: int) -> LazyString:
    return lazy_ngettext(
        "One complaint waits for an answer that nobody else here reads, and the code with which it was "
        "written has ended. Let this person answer it or give it to a colleague first, on its page under "
        "“Complaints”. Otherwise nobody can ever read it again.",
        "%(count)s complaints wait for an answer that nobody else here reads, and the codes with which "
        "they were written have ended. Let this person answer them or give them to a colleague first, on "
        "their pages under “Complaints”. Otherwise nobody can ever read them again.",
        count,
        count=count,
    )


def person_left(_actor: Actor | None, person_id: UUID) -> None:
    """Whoever has left reads nothing any more."""
    db.session.execute(delete(ComplaintReader).where(ComplaintReader.person_id == person_id))


def person_recovered(_recovery: OpenRecovery, person: VerifiedPersonKey) -> None:
    """What was sealed to a key that is lost opens no more: others may let them read it again."""
    person_left(None, person.person_id)


def _count(found: Select[Complaint]) -> Unread:
    waiting = found.join(Request, Request.id == Complaint.request_id).where(Complaint.answered_at.is_(None))
    both = [func.count().filter(lives) for lives in (_code_lives(), ~_code_lives())]
    return Unread._make(db.session.execute(waiting.with_only_columns(*both).order_by(None)).one())
