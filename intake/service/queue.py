"""The triage desk: what the public sent, the most urgent and the oldest first; one request, opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select, tuple_

from accounts.models import Person
from cases.service.law import law_of
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.documents.copies import Opened
from core.store.base import db
from intake.models import Request
from intake.service import alerts, attachments, calls, rekeying, sealing, talking, telling
from intake.service.alerts import OnIt, Told
from intake.service.attachments import Attached, Owner
from intake.service.reach import ENDS, OPEN, find, writes
from intake.service.sealing import Desk
from intake.service.talking import Said
from intake.service.waiting import Wait, wait_of

PAGE: Final = 50  # requests shown at once
LOOKED: Final = 1_000  # requests opened for one page, where language or province is asked for
FIRST_WORDS: Final = 120
# Somebody of the desk has to look, whatever was decided: an ended one may have been written to again.
_UNREAD: Final = and_(Request.waits_desk, Request.case_id.is_(None), Request.state != "withdrawn")


@dataclass(frozen=True)
class Line:
    """A request in the queue. What was said stands there only for who holds the key of the desk."""

    row: Request
    claimed_by: str
    mine: bool
    readable: bool
    answers: dict[str, Any]
    wait: Wait | None  # None once it is decided and nobody waits for an answer

    @property
    def first_words(self) -> str:
        """The beginning of what happened, on one line."""
        words = " ".join(str(self.answers.get("text", "")).split())
        return words if len(words) <= FIRST_WORDS else f"{words[:FIRST_WORDS].rsplit(' ', 1)[0]} …"


@dataclass(frozen=True)
class Queue:
    """A page of the queue; `after` begins the next one, None where nothing more comes.

    looked: how many were opened to find what is of one language or province; 0 where none was asked for.
    unreadable: how many of them the actor has no key for, so that nobody knows whether they would match.
    """

    lines: list[Line]
    after: UUID | None
    looked: int = 0
    unreadable: int = 0


@dataclass(frozen=True)
class OpenRequest:
    """A whole request, opened for one reader."""

    row: Request
    answers: dict[str, Any]
    conversation: list[Said]
    claimed_by: str
    mine: bool
    writes: bool  # whether it is the reader who answers the person
    has_code: bool
    wait: Wait | None
    told: list[Told]  # whom the program told that it is urgent
    on_it: OnIt | None  # who said to be on it, as long as nobody has taken it on
    person_told: telling.Told | None  # None: who asks looks by themselves
    files: list[Attached]  # that came with the request itself
    call_owed: bool  # they wait for a call, and none was noted

    @property
    def said_by_person(self) -> int:
        """How many lines of theirs stand here."""
        return sum(not one.mine for one in self.conversation)


@dataclass(frozen=True)
class Moved:
    """A request that belongs to a case now, for somebody who does not work on it."""

    reference: str
    ask: str  # who decided it, or ""


def queue(
    actor: Actor, *, state: str = "", language: str = "", province: str = "", after: UUID | None = None
) -> Queue:
    """Requests by urgency and age: those that wait, or those of one state; of one language and province.

    Language and province are sealed: requests are opened one after the other until a page is full, at most
    LOOKED, and `after` goes on behind the last that was looked at.
    """
    wanted = {name: code for name, code in (("language", language), ("province", province)) if code}
    most = LOOKED if wanted else PAGE
    statement = (
        reachable(actor, Permission.REQUEST_LIST, Request)
        .outerjoin(Person, Person.id == Request.claimed_by)
        .add_columns(Person.name)
        .where(or_(Request.state.in_(OPEN), _UNREAD) if not state else Request.state == state)
        .order_by(Request.urgency, Request.created_at, Request.id)
        .limit(most + 1)
    )
    if after is not None:
        place = select(Request.urgency, Request.created_at, Request.id).where(
            Request.id == after, Request.organisation_id == actor.organisation_id
        )
        known = db.session.execute(place).one_or_none()
        if known is not None:
            statement = statement.where(
                tuple_(Request.urgency, Request.created_at, Request.id) > tuple_(*known)
            )
    found = db.session.execute(statement).all()
    looked, shown, unreadable = _look(actor, found[:most], wanted)
    shown.sort(key=lambda line: (line.row.urgency, line.wait.until if line.wait else line.row.created_at))
    audit.record(actor, "request.list")
    behind = found[looked - 1][0].id if looked < len(found) else None
    return Queue(shown, behind, looked if wanted else 0, unreadable if wanted else 0)


def _look(
    actor: Actor, found: Sequence[Row[Request, str | None]], wanted: dict[str, str]
) -> tuple[int, list[Line], int]:
    """How many were looked at until a page was full, those that match, and how many could not be opened."""
    desk, looked, unreadable = Desk(actor), 0, 0
    shown: list[Line] = []
    for request, name in found:
        if len(shown) == PAGE:
            break
        looked += 1
        line = _line(actor, desk, request, name or "")
        unreadable += not line.readable
        if all(line.answers.get(asked) == code for asked, code in wanted.items()):
            shown.append(line)
    return looked, shown, unreadable


def waiting(actor: Actor) -> int:
    """How many requests nobody has taken, or have something that nobody of the desk has read."""
    found = reachable(actor, Permission.REQUEST_LIST, Request).where(
        or_(Request.state == "received", _UNREAD)
    )
    return db.session.scalar(found.with_only_columns(func.count()).order_by(None)) or 0


def open_request(actor: Actor, request_id: UUID, *, shown: bool = False) -> OpenRequest:
    """Open a request with its conversation; the act is on the chain. Raises NotFound, Locked.

    shown: whether the page shows the conversation, so that what the person wrote is seen from now on; while
    a colleague works on it, it is seen by them alone.
    """
    request = find(actor, Permission.REQUEST_READ, request_id)
    key = rekeying.renewed(request, Desk(actor).key(request))
    audit.record(actor, "request.read", object_kind="request", object_id=request.id)
    if request.state == "triage" and request.claimed_by != actor.person_id:
        shown = False
    if shown and request.state not in ENDS:  # there a look is no answer: `deciding.answer`, `deciding.settle`
        talking.waits_no_more(request)
    files = attachments.sent(Owner(key, request_id=request.id))
    name = db.session.scalar(select(Person.name).where(Person.id == request.claimed_by)) or ""
    answers = sealing.opened(key, request)
    return OpenRequest(
        request,
        answers,
        talking.read(key, request, files, as_person=False, shown=shown),
        name,
        request.claimed_by == actor.person_id,
        writes(actor, request),
        sealing.receipt_of(request.id) is not None,
        wait_of(request, law_of(request.organisation_id).calendar),
        alerts.told_of(request),
        alerts.on_it_of(request),
        telling.told(request),
        [one for one in files if one.message_id is None],
        calls.owed(request, answers),
    )


def moved(actor: Actor, request_id: UUID) -> Moved | None:
    """What to say of a request that belongs to a case by now; None where it lies with the desk."""
    own = (
        reachable(actor, Permission.REQUEST_READ, Request)
        .outerjoin(Person, Person.id == Request.claimed_by)
        .where(Request.id == request_id, Request.case_id.is_not(None))
        .with_only_columns(Request.reference, Person.name)
    )
    found = db.session.execute(own).one_or_none()
    return Moved(found[0], found[1] or "") if found else None


def open_file(actor: Actor, request_id: UUID, file_id: UUID) -> Opened:
    """A file of a request; the act is on the chain. Raises NotFound, Locked."""
    request = find(actor, Permission.REQUEST_READ, request_id)
    found = attachments.find(Owner(Desk(actor).key(request), request_id=request.id), file_id)
    audit.record(actor, "request.file", object_kind="request", object_id=request.id)
    return found


def _line(actor: Actor, desk: Desk, request: Request, claimed_by: str) -> Line:
    readable = desk.holds(request)
    answers = sealing.opened(desk.key(request), request) if readable else {}
    wait = wait_of(request, law_of(request.organisation_id).calendar)
    return Line(request, claimed_by, request.claimed_by == actor.person_id, readable, answers, wait)
