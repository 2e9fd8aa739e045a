"""A complaint reaches people outside the case: sealed to each of them, unreadable to those it is about."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, exists, func, or_, select

import vault
from accounts.models import Person
from accounts.service import sent, trust
from cases.models import CaseMember
from cases.review_models import DrawnFile
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from intake.models import Complaint, ComplaintReader, Request
from intake.service import outside, readers, sealing, telling
from intake.service.visiting import Visit
from vault import Key, Unreadable

SHOWN: Final = 100
_LATER: Final = dt.timedelta(days=365)  # in which a request can still become a case


@dataclass(frozen=True)
class Said:
    """A complaint as its writer or a reader sees it; `answer` is "" as long as nobody gave one."""

    id: UUID
    reference: str
    text: str
    written_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    answered_by: str
    reaches: bool = True  # whether the code with which it was written still opens it


@dataclass(frozen=True)
class Audience:
    """Who else here reads a complaint, and who could be let in."""

    others: list[Person]
    could: list[Person]
    walled: bool  # nobody can be: the case may have a wall


@dataclass(frozen=True)
class Line:
    """A complaint in the list: about which conversation, and how that stands; nothing about the person."""

    id: UUID
    written_at: dt.datetime
    reference: str
    state: str  # of the request
    answered_at: dt.datetime | None
    alone: bool  # whether the actor is the only one here who reads it


def about_case(case_id: UUID) -> bool:
    """Whether somebody complained in a conversation of the case, answered or not."""
    said = select(Complaint.id).join(Request, Request.id == Complaint.request_id)
    return db.session.scalar(said.where(Request.case_id == case_id).limit(1)) is not None


def cases_about(home: UUID, first: dt.date, before: dt.date) -> set[UUID]:
    """The cases of an organisation about which somebody complained in these days.

    Also those of which the request became a case later than in the month of the complaint: each that has not
    been drawn since then, of the last year.
    """
    since, until = (clock.end_of(day - dt.timedelta(days=1)) for day in (first, before))
    later = DrawnFile.month > func.date(Complaint.written_at)
    drawn = exists().where(DrawnFile.case_id == Request.case_id, later)
    said = (
        select(Request.case_id)
        .join(Complaint, Complaint.request_id == Request.id)
        .where(Complaint.organisation_id == home, Request.case_id.is_not(None))
        .where(Complaint.written_at >= since - _LATER, Complaint.written_at < until)
        .where(or_(Complaint.written_at >= since, ~drawn))
    )
    return {case_id for case_id in db.session.scalars(said) if case_id is not None}


def write(here: Visit, token: UUID, text: str) -> None:
    """Complain; the same form twice does so once.

    Raises DomainError for nothing, or without readers; sent.OtherWords for another text with the same form.
    """
    if not text.strip():
        raise DomainError(_("Write something first."), field="text")
    if (known := db.session.scalar(select(Complaint.id).where(Complaint.token == token))) is not None:
        sent.same(next((one.text for one in own(here) if one.id == known), text.strip()), text.strip())
        return
    people = trust.person_keys(_outside(here.request, here.key))
    if not people:
        raise DomainError(
            _("Nobody outside this case can read it here. Ask the bar or another organisation for help."),
            field="text",
        )
    key, complaint_id = Key.new(), uuid4()
    row = Complaint(
        id=complaint_id,
        organisation_id=here.request.organisation_id,
        request_id=here.request.id,
        written_at=clock.now(),
        sealed=vault.seal(key, orjson.dumps({"text": text.strip()}), _context(complaint_id, "complaint")),
        person_wrap=vault.wrap_to(here.pair.public, key, readers.wrap(complaint_id, here.receipt.id)),
        token=token,
    )
    db.session.add(row)
    db.session.flush()
    readers.seal_to(complaint_id, key, people)
    _came(row, "complaint.write")


def _came(row: Complaint, act: str) -> None:
    """By the person's own doing: nobody of ours acted."""
    home = row.organisation_id
    audit.record(None, act, organisation_id=home, object_kind="complaint", object_id=row.id)


def hand_on(here: Visit) -> None:
    """What waits and nobody here reads any more goes to whoever may read it now: the code opens it."""
    waits = select(Complaint).join(Request, Request.id == Complaint.request_id)
    unheard = waits.where(Request.id == here.request.id, Complaint.answered_at.is_(None), ~readers.anybody())
    for row in db.session.scalars(unheard).all():
        with suppress(Unreadable):  # written with a code that was replaced since
            key = here.pair.unwrap(row.person_wrap, readers.wrap(row.id, here.receipt.id))
            if readers.seal_to(row.id, key, trust.person_keys(_outside(here.request, here.key))):
                _came(row, "complaint.hand_on")


def own(here: Visit) -> list[Said]:
    """What was complained of with this code, with the answers."""
    found = select(Complaint).where(Complaint.request_id == here.request.id).order_by(Complaint.written_at)
    said = []
    for row in db.session.scalars(found):
        try:
            key = here.pair.unwrap(row.person_wrap, readers.wrap(row.id, here.receipt.id))
        except Unreadable:  # written with a code that was replaced since
            continue
        said.append(_said(row, key, here.request.reference, ""))
    return said


def waiting(actor: Actor) -> int:
    """How many complaints the actor may read that nobody has answered."""
    found = _mine(actor).where(Complaint.answered_at.is_(None)).with_only_columns(func.count())
    return db.session.scalar(found.order_by(None)) or 0


def index(actor: Actor) -> list[Line]:
    """Complaints that the actor may read, those without an answer first."""
    found = _mine(actor).join(Request, Request.id == Complaint.request_id)
    ordered = found.order_by(Complaint.answered_at.is_not(None), Complaint.written_at.desc())
    about = Request.reference, Request.state, ~readers.anybody(actor.person_id)
    lines = db.session.execute(ordered.add_columns(*about).limit(SHOWN))
    return [
        Line(row.id, row.written_at, reference, state, row.answered_at, alone)
        for row, reference, state, alone in lines
    ]


def read(actor: Actor, complaint_id: UUID) -> Said:
    """Open a complaint; the act is on the chain. Raises NotFound for one that was not sealed to the actor."""
    row, key = _opened(actor, complaint_id)
    audit.record(actor, "complaint.read", object_kind="complaint", object_id=row.id)
    reference = db.session.scalar(select(Request.reference).where(Request.id == row.request_id)) or ""
    name = db.session.scalar(select(Person.name).where(Person.id == row.answered_by)) or ""
    return replace(_said(row, key, reference, name), reaches=_reaches(row))


def audience(actor: Actor, complaint_id: UUID) -> Audience:
    """Who else reads a complaint that the actor reads, and whom the actor could let. Raises NotFound."""
    row, _key = _opened(actor, complaint_id)
    others = select(Person).where(Person.id.in_(readers.of(row)), Person.id != actor.person_id)
    found = list(db.session.scalars(others.order_by(Person.name)))
    return Audience(found, _could(actor, row), _walled(row))


def share(actor: Actor, complaint_id: UUID, person_id: UUID) -> None:
    """Let a colleague read a complaint that waits, and answer it; twice is once.

    Raises NotFound for whom the actor could not let; DomainError where their key does not hold.
    """
    # Whoever walls somebody off, or adds the request to a case, waits: a wall finds the new reader, too.
    whose = select(Complaint.request_id).where(Complaint.id == complaint_id).scalar_subquery()
    db.session.scalar(select(Request).where(Request.id == whose).with_for_update(of=Request))
    row, key = _opened(actor, complaint_id)
    if person_id in set(db.session.scalars(readers.of(row))):
        return
    if person_id not in {person.id for person in _could(actor, row)}:
        raise NotFound
    theirs = trust.person_keys([person_id])
    if not theirs:
        raise DomainError(_("The key of this person does not hold. Choose somebody else."), field="person")
    readers.seal_to(row.id, key, theirs)
    audit.record(actor, "complaint.share", object_kind="complaint", object_id=row.id)


def _reaches(row: Complaint) -> bool:
    """The code that wrote it is alive: a newer one does not open it, and after a withdrawal there is none."""
    receipt = sealing.receipt_of(row.request_id)
    return receipt is not None and receipt.created_at <= row.written_at


def answer(actor: Actor, complaint_id: UUID, text: str) -> None:
    """Answer; the person reads it with their code. Raises NotFound; Conflict where a colleague answered."""
    if not text.strip():
        raise DomainError(_("Write something first."), field="text")
    row, key = _opened(actor, complaint_id)
    if row.answered_at is not None:
        before = _text(key, row.answer or b"", row.id, "answer")
        if row.answered_by == actor.person_id and before == text.strip():
            return
        raise Conflict(_("A colleague has answered this complaint already."))
    row.answer = vault.seal(key, orjson.dumps({"text": text.strip()}), _context(row.id, "answer"))
    row.answered_at, row.answered_by = clock.now(), actor.person_id
    db.session.flush()
    telling.answered_outside(db.session.get_one(Request, row.request_id))
    audit.record(actor, "complaint.answer", object_kind="complaint", object_id=row.id)


def _outside(request: Request, key: Key) -> set[UUID]:
    """Those who read: nobody who was at the request or its case, or is walled off it."""
    return readers.who_may(request.organisation_id, outside.inside(request, key))


def _could(actor: Actor, row: Complaint) -> list[Person]:
    """Who else could be let in, by name; nobody where the case may have a wall, which stands locked in it."""
    if row.answered_at is not None or _walled(row):
        return []
    request = db.session.get_one(Request, row.request_id)
    others = readers.who_may(request.organisation_id, outside.had(request) | {actor.person_id})
    people = select(Person).where(Person.id.in_(others), Person.id.not_in(readers.of(row)))
    return list(db.session.scalars(people.order_by(Person.name)))


def _walled(row: Complaint) -> bool:
    return outside.may_have_a_wall(db.session.get_one(Request, row.request_id))


def _mine(actor: Actor) -> Select[Complaint]:
    sealed_to = select(ComplaintReader.complaint_id).where(ComplaintReader.person_id == actor.person_id)
    by_now = (
        select(Request.id)
        .join(CaseMember, CaseMember.case_id == Request.case_id)
        .where(CaseMember.person_id == actor.person_id)
    )
    return reachable(actor, Permission.COMPLAINT_READ, Complaint).where(
        Complaint.id.in_(sealed_to), Complaint.request_id.not_in(by_now)
    )


def _opened(actor: Actor, complaint_id: UUID) -> tuple[Complaint, Key]:
    found = _mine(actor).where(Complaint.id == complaint_id).with_for_update(of=Complaint)
    row = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    reader = db.session.get(ComplaintReader, (complaint_id, actor.person_id))
    if row is None or reader is None:
        raise NotFound
    return row, actor.secret.pair.unwrap(reader.wrapped, readers.wrap(row.id, actor.person_id))


def _said(row: Complaint, key: Key, reference: str, name: str) -> Said:
    answered = _text(key, row.answer, row.id, "answer") if row.answer else ""
    text = _text(key, row.sealed, row.id, "complaint")
    return Said(row.id, reference, text, row.written_at, answered, row.answered_at, name)


def _text(key: Key, sealed: bytes, complaint_id: UUID, part: str) -> str:
    return str(orjson.loads(vault.unseal(key, sealed, _context(complaint_id, part)))["text"])


def _context(complaint_id: UUID, part: str) -> vault.Context:
    return vault.Context("complaint", complaint_id, part)
