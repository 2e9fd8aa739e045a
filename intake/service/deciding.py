"""What becomes of a request: claimed by one person, answered, declined, handed on, a case, part of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, or_, select

from accounts.service import turns
from cases.models import Case
from cases.service import files, keys, reach, records, rows, timeline
from cases.service.match_tokens import Made
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError
from core.store.base import db
from core.store.sealed_files import SealedFile
from domain.taxonomy import URGENCIES
from intake.models import Request
from intake.service import alerts, calls, comparing, outside, rekeying, sealing, talking, telling
from intake.service.reach import ENDS, changed, find, require, writes
from intake.service.sealing import Desk
from vault import Key

DECIDE: Final = Permission.REQUEST_DECIDE
HELPER: Final = "helper"  # in the answers: to whom the person was referred


def claim(actor: Actor, request_id: UUID, version: int) -> None:
    """Take a request, so that nobody else begins with it. Raises Conflict where somebody was first."""
    request = find(actor, DECIDE, request_id)
    if request.claimed_by == actor.person_id and request.state == "triage":
        return
    require(request, version, "received")
    request.claimed_by, request.claimed_at, request.state = actor.person_id, clock.now(), "triage"
    alerts.claimed(actor, request)
    changed(actor, request, "request.claim")


def give_back(actor: Actor, request_id: UUID, version: int) -> None:
    """Put a claimed request back into the queue: one's own, or a colleague's who is away."""
    request = find(actor, DECIDE, request_id)
    if request.state == "received":
        return
    require(request, version, "triage")
    request.claimed_by, request.claimed_at, request.state = None, None, "received"
    alerts.came(request)
    changed(actor, request, "request.give_back")


def weigh(actor: Actor, request_id: UUID, version: int, urgency: str) -> None:
    """Say how soon somebody has to look: what the form could not know, or what changed since. Twice is once.

    What becomes urgent is told to whoever is on duty, even where somebody is on it already. Raises NotFound,
    Conflict, and DomainError for an urgency that there is not.
    """
    request = find(actor, DECIDE, request_id)
    if urgency not in URGENCIES:
        raise DomainError(_("Choose one."))
    if request.urgency == urgency:
        return
    require(request, version, "received", "triage")
    request.urgency = urgency
    alerts.weighed(request)
    changed(actor, request, "request.weigh")


def person_left(actor: Actor, person_id: UUID) -> None:
    """What somebody who leaves was at waits for somebody again, and what is urgent is told anew.

    After the rota, so that nobody who is gone is told.
    """
    theirs = and_(Request.state == "triage", Request.claimed_by == person_id)
    # Said to be on it, and taken on by nobody.
    on_it = and_(Request.state == "received", Request.acknowledged_by == person_id)
    found = select(Request).where(or_(theirs, on_it)).order_by(Request.id).with_for_update(of=Request)
    for request in db.session.scalars(found.execution_options(populate_existing=True)).all():
        request.claimed_by, request.claimed_at, request.state = None, None, "received"
        alerts.came(request)
        changed(actor, request, "request.give_back")


def answer(
    actor: Actor,
    request_id: UUID,
    token: UUID,
    text: str,
    files: Sequence[SealedFile] = (),
    *,
    shown: int = 0,
) -> bool:
    """Write to the person, with files or without words; the same token twice writes once, and gives False.

    shown: how many of their lines stood on the page, so that one that came since goes on waiting. Whoever
    writes works on it, or ended it, so that two people don't advise one person. Raises NotFound, Locked,
    DomainError.
    """
    request = find(actor, DECIDE, request_id)
    if request.state == "withdrawn":
        raise DomainError(_("The person has taken the request back. Nobody reads an answer any more."))
    if request.case_id is None and not talking.was_said(token) and not writes(actor, request):
        raise DomainError(
            _("Nothing was sent: take the request on first. Your text is kept and comes back."), field="text"
        )
    key = rekeying.renewed(request, Desk(actor).key(request))
    said = talking.say(key, request, token, text, actor.person_id, files=files)
    if said:
        telling.answered(request)
        _dealt_with(request, shown)
        audit.record(actor, "request.answer", object_kind="request", object_id=request.id)
    return said


def settle(actor: Actor, request_id: UUID, shown: int) -> None:
    """Say that what the person wrote to an ended request needs no answer; again, it changes nothing.

    shown: how many of their lines stood on the page. Raises NotFound, and Conflict where one came since.
    """
    request = find(actor, DECIDE, request_id)
    if request.state not in ENDS or not request.waits_desk:
        return
    _dealt_with(request, shown)
    if request.waits_desk:
        raise Conflict(_("The person wrote again meanwhile. Read it first."))
    audit.record(actor, "request.settle", object_kind="request", object_id=request.id)


def _dealt_with(request: Request, shown: int) -> None:
    """Nobody waits for an answer to an ended request any more, unless a line came that was not shown."""
    if request.state in ENDS and talking.said_by_person(request) <= shown:
        talking.waits_no_more(request)
        alerts.ended(request)


def end(
    actor: Actor,
    request_id: UUID,
    version: int,
    token: UUID,
    state: str,
    text: str,
    topic: str = "",
    helper: dict[str, Any] | None = None,
) -> None:
    """Answer without a case: declined with information, or referred to who can help. The person reads why.

    topic: the address of legal information to read, or "". helper: whom they are referred to, by
    `referring.contact`; it stays with the request as well, for whoever has no code and is called.
    Raises ValueError for another state, Conflict where somebody else claimed or decided it; DomainError where
    they wait for a call and none was noted.
    """
    if state not in ENDS:
        raise ValueError(state)
    request = find(actor, DECIDE, request_id)
    if request.state == state and request.version > version:
        if text.strip() and not talking.was_said(token):  # somebody else's answer, or another one: say so
            raise Conflict(_("This request was answered meanwhile. Your text was not sent: read the answer."))
        return
    require_mine(actor, request, version)
    key = rekeying.renewed(request, Desk(actor).key(request))
    answers = sealing.opened(key, request)
    if calls.owed(request, answers):
        raise DomainError(_("This person wants to be called. Note first when you called them."))
    # Whoever has no code reads nothing; everybody else is told why.
    told = bool(text.strip()) or sealing.receipt_of(request.id) is not None
    if told and talking.say(key, request, token, text, actor.person_id, topic=topic, helper=helper):
        telling.answered(request)
    comparing.keep(actor, request, answers)
    if helper is not None:
        sealing.seal(key, request, {**answers, HELPER: helper})
    request.state = state
    alerts.ended(request)
    if talking.has_unread(request):  # it came while this was written
        alerts.spoke(request)
    else:
        talking.waits_no_more(request)
    changed(actor, request, f"request.{state}")


def take_up(actor: Actor, request_id: UUID, version: int) -> None:
    """Look at an ended request once more: somebody wrote again, or something was overlooked."""
    request = find(actor, DECIDE, request_id)
    if request.state == "triage" and request.claimed_by == actor.person_id:
        return
    require(request, version, *ENDS)
    request.claimed_by, request.claimed_at, request.state = actor.person_id, clock.now(), "triage"
    alerts.claimed(actor, request)
    changed(actor, request, "request.take_up")


def accept(  # noqa: PLR0913  a case is opened with that much
    actor: Actor,
    request_id: UUID,
    record: dict[str, Any],
    *,
    urgency: str,
    restricted: bool,
    named: list[UUID],
    consents: list[dict[str, Any]],
    token: UUID,
    tokens: Made | None = None,
    asked_again: str = "",
) -> UUID:
    """Open a case from a request and give its id; twice opens one. The conversation goes on in the case.

    asked_again: what the person said to it, where whoever asked says that they do not want it (`refuses`).
    From then on those who work on the case read it, and the desk does not. Raises NotFound, Locked, Conflict,
    and DomainError as recording does.
    """
    turns.take(actor.organisation_id)  # before the request, as a change of the desk's key does
    request = find(actor, DECIDE, request_id)
    if request.state == "accepted" and request.case_id is not None:
        return request.case_id
    require_mine(actor, request, request.version)
    old = Desk(actor).key(request)
    came = {"channel": "website"}
    answers = sealing.opened(old, request)
    if refuses(answers) and not asked_again.strip():
        raise DomainError(
            _("Ask the person first. Without their yes no case is opened; answer without a case."),
            field="wants",
        )
    comparing.forget(request)  # its people stand in the case from now on, and do not meet themselves
    whole = comparing.with_asker(record, answers)
    if len(whole.get("parties", ())) > len(record.get("parties", ())):
        tokens = None  # they know nothing of whoever asked
    case_id = files.record_case(
        actor,
        {**whole, "arrival": came},
        first_contact=came,
        urgency=urgency,
        restricted=restricted,
        named=named,
        consents=consents,
        token=token,
        tokens=tokens,
    )
    case = reach.find(actor, Permission.CASE_READ, case_id)
    client = whole["client"]  # whom the triager named may be somebody else than whoever asked
    own = sealing.is_client(answers) and not comparing.is_another(comparing.asker(answers), client)
    hand_over(actor, request, old, case, keys.case_key(actor, case), own=own, asked_again=asked_again)
    request.state = "accepted"
    changed(actor, request, "request.accept")
    return case_id


def require_mine(actor: Actor, request: Request, version: int) -> None:
    """What is decided was claimed by whoever decides it, so that two people don't answer one person."""
    require(request, version, "triage")
    if request.claimed_by != actor.person_id:
        raise DomainError(
            _("A colleague works on this request. Give it back to the queue first, or ask them.")
        )


def refuses(answers: dict[str, Any]) -> bool:
    """Whether whoever asks for somebody says that they do not want our help."""
    return answers.get("whom") == "other" and answers.get("agrees") == "no"


def hand_over(
    actor: Actor,
    request: Request,
    old: Key,
    case: Case,
    case_key: Key,
    *,
    own: bool | None,
    asked_again: str = "",
) -> None:
    """The request belongs to a case: under a new key, which the desk does not have.

    own: whether whoever writes is its client; None where nobody said so: nothing of the file is told them,
    and what the client refused holds.
    """
    comparing.forget(request)
    new = sealing.renew(request, old)
    sealing.seal(new, request, {**sealing.opened(new, request), sealing.CLIENT: bool(own)})
    telling.belongs(request, own=own is not False)
    request.case_id, request.case_wrap = case.id, sealing.for_case(new, case, case_key, request.id)
    request.desk_wrap, request.desk_key_id = None, None
    record = records.open_record(case_key, case)
    outside.remember(record, request, new)
    telling.heed(case, record)
    timeline.write(actor, case, case_key, "request", request.reference)
    if asked_again:
        timeline.write(actor, case, case_key, "wanted", asked_again)
    rows.written(actor, "case.request", case_key, case)


def as_record(answers: dict[str, Any], urgency: str) -> dict[str, Any]:
    """What a request tells, as the form of a case takes it: values by the names of its fields."""
    phone = comparing.phone_of(answers)
    # Who asks for somebody else is not the client: their name and phone are not the client's. Where they are
    # is asked of the client.
    own = answers.get("whom") != "other"
    against, asks = answers.get("other_side", ""), answers.get("name", "")
    others = [{"role": "opposing", **comparing.named(against)}] if against else []
    if asks and not own:
        others.append({"role": comparing.role_of(answers), **comparing.named(asks), "phone": phone["number"]})
    return {
        **comparing.named(answers.get("name" if own else "person", "")),
        "language": (answers.get("language") if own else "") or "unknown",
        "province": answers.get("province", ""),
        "narrative": answers.get("text", ""),
        "code_word": answers.get("code_word", "") if own else "",
        "phones": [phone] if phone["number"] and own else [],
        "urgency": urgency,
        "parties": others,
    }


def cases_of(actor: Actor, case_ids: set[UUID]) -> dict[UUID, str]:
    """References of those cases that the actor may open, by id."""
    if not case_ids:
        return {}
    found = reachable(actor, Permission.CASE_READ, Case).where(Case.id.in_(case_ids))
    return dict(db.session.execute(found.with_only_columns(Case.id, Case.reference)).all())


def case_of(actor: Actor, request_id: UUID) -> UUID | None:
    """The case that a request belongs to, where the actor may open it."""
    own = reachable(actor, DECIDE, Request).where(Request.id == request_id, Request.case_id.is_not(None))
    case_id = db.session.scalar(own.with_only_columns(Request.case_id))
    return next(iter(cases_of(actor, {case_id})), None) if case_id else None
