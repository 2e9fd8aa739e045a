"""Offer a file to a lawyer, who sees a brief and answers; only acceptance releases the key.

A lawyer who declines never held the key: brief and withheld grant are deleted, and the key stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select

from accounts.models import Person
from cases.models import Assignment, Case, CaseGrant
from cases.service import (
    gate,
    keys,
    lawyer_notes,
    offer_letters,
    offered,
    picking,
    reasons,
    records,
    rows,
    states,
    team,
    timeline,
)
from cases.service.offered import Brief
from cases.service.reach import find, is_member, lock
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain.conflicts import Standing
from domain.drafts import REVIEWER
from domain.lifecycle import State
from vault import Key

# What follows once a lawyer has taken a file on.
on_accepted: Final[list[Callable[[Actor, Case, Key], None]]] = []

_OVER: Final = (str(State.CLOSED), str(State.ERASED))

# Whoever is only asked cannot open the page that `gate` names.
_HELD: Final = _(
    "A conflict of interest may exist in this file, and nobody takes it on before a coordinator has decided. "
    "Nothing is left for you to do: where it goes on, you or somebody else will be asked."
)
_DUE: Final = _(
    "The people in this file are not compared with other files yet as they stand now. A caseworker or "
    "coordinator of your organisation does that. Try again later: the file stays on your desk until then."
)


def offer(actor: Actor, case_id: UUID, version: int, lawyer_id: UUID) -> UUID:
    """Offer the file: a brief sealed to the lawyer and a withheld grant. Twice is once.

    Raises Conflict, DomainError.
    """
    case = find(actor, Permission.ASSIGNMENT_OFFER, case_id)
    known = offer_to(case, lawyer_id)
    if known is not None and known.until is None and known.offered_by == actor.person_id:
        return known.id
    if case.version != version:
        raise Conflict
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    record = records.open_record(key, case)
    gate.require(case, record, gate.Act.ASSIGN)
    if case.state != State.OPEN:
        raise DomainError(_("Only an open file without a lawyer can be offered."))
    asked = select(Person.id).where(Person.id == lawyer_id, *picking.may_be_asked(case))
    if db.session.scalar(asked) is None:
        raise DomainError(_("Choose a lawyer."), field="lawyer")
    if known is not None:  # to review a draft: the whole file is more
        offered.give_back(known, case, "withdrawn")
    answer_by = clock.now() + reference().urgencies[case.urgency].acceptance
    row = open_offer(actor, case, key, record, lawyer_id, answer_by)
    states.set_state(actor, case, key, State.ASSIGNED, "")
    timeline.write(actor, case, key, "assignment", "", data=team.named(lawyer_id, "offered"))
    rows.written(actor, "assignment.offer", key, case)
    return row.id


def open_offer(
    actor: Actor,
    case: Case,
    key: Key,
    record: dict[str, Any],
    lawyer_id: UUID,
    answer_by: dt.datetime,
    until: dt.datetime | None = None,
) -> Assignment:
    """An open offer: a brief sealed to the lawyer, and a key that is withheld."""
    row = Assignment(
        id=uuid4(),
        case_id=case.id,
        lawyer_id=lawyer_id,
        offered_by=actor.person_id,
        state="offered",
        brief=None,
        reason=None,
        reason_epoch=None,
        offered_at=clock.now(),
        answer_by=answer_by,
        answered_at=None,
        until=until,
        version=1,
    )
    offered.seal(case, record, [row])
    db.session.add(row)
    if lawyer_id not in team.live(case.id):  # who works on the case already has its key, and keeps it
        keys.grant_to_person(actor, case, key, lawyer_id, released=False)
    db.session.flush()
    offer_letters.asked(row)
    return row


def offer_to(case: Case, lawyer_id: UUID) -> Assignment | None:
    """The offer about a case to a lawyer that is open, of either kind."""
    return db.session.scalar(
        select(Assignment).where(
            Assignment.case_id == case.id,
            Assignment.lawyer_id == lawyer_id,
            Assignment.state == "offered",
        )
    )


def brief(actor: Actor, assignment_id: UUID) -> Brief:
    """The brief of an offer to the actor. Raises NotFound once it was answered, withdrawn or has run out."""
    row, case = _locked(actor, assignment_id)
    _require_open(row)
    audit.record(actor, "assignment.brief", object_kind="case", object_id=case.id)
    return offered.opened(actor, row, case)


def was_declined(actor: Actor, assignment_id: UUID) -> bool | None:
    """Whether the actor has declined this; None where not. True where it was to review a draft."""
    mine = reachable(actor, Permission.ASSIGNMENT_ANSWER, Assignment).where(
        Assignment.id == assignment_id, Assignment.state == "declined"
    )
    row = db.session.scalar(mine)
    return None if row is None else row.until is not None


def offers(actor: Actor) -> list[Brief]:
    """The open offers to the actor, the most pressing first."""
    mine = reachable(actor, Permission.ASSIGNMENT_ANSWER, Assignment).where(
        Assignment.state == "offered", Assignment.answer_by > clock.now()
    )
    found = []
    for row in db.session.scalars(mine.order_by(Assignment.answer_by)).all():
        with suppress(NotFound):  # taken back since, while this one waited for the lock of its case
            found.append(brief(actor, row.id))
    return found


def accept(actor: Actor, assignment_id: UUID, *, read: str | None = None) -> UUID:
    """Take the file: the withheld grant is released, the lawyer is on the case. Gives the case's id.

    Who worked on it as something else is its lawyer from now on, without an end. Asked to review a draft,
    they are on it until the day of the offer, and who was on it longer stays as long. Twice is once, as long
    as the lawyer works on the case. read: the marks of the brief that was read; None where somebody else
    stands for it. Raises NotFound, offered.Newer, and Conflict for a review of who works on it otherwise.
    """
    row, case = _locked(actor, assignment_id)
    if row.state == "accepted" and is_member(actor, case):
        return case.id
    _require_open(row)
    if read is not None:
        offered.require_read(actor, row, case, read)
    grant = db.session.scalar(
        select(CaseGrant).where(
            CaseGrant.case_id == case.id,
            CaseGrant.epoch == case.epoch,
            CaseGrant.holder_id == actor.person_id,
        )
    )
    if grant is None:
        raise NotFound
    if row.until is not None and team.works_otherwise(case.id, actor.person_id):
        raise Conflict(_("You work on this case by now, and a review would take that from you. Decline it."))
    until = _until(case, row)
    grant.released, grant.expires_at = True, until
    offered.answered(row, "accepted")
    leads = row.until is None
    team.put_on(case, actor.person_id, capacity=str(Role.LAWYER) if leads else REVIEWER, until=until)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    record = records.open_record(key, case)
    held = gate.held(case, record, gate.Act.ASSIGN)
    if held is not None:
        raise gate.Held(_DUE if held is Standing.DUE else _HELD)
    if leads:
        lawyer_notes.came(actor, case, record)
        states.set_state(actor, case, key, State.IN_PROGRESS, "")
    told = team.named(actor.person_id, "accepted" if leads else "review_accepted")
    timeline.write(actor, case, key, "assignment", "", data=told)
    rows.written(actor, "assignment.accept", key, case)
    for follow in on_accepted if leads else ():
        follow(actor, case, key)
    return case.id


def decline(actor: Actor, assignment_id: UUID, code: str, reason: str) -> None:
    """Decline with a reason from the list and, if wanted, words; both sealed to the case inbox.

    Twice is once. Also when the time is over: who asks somebody else learns why.
    """
    row, case = _locked(actor, assignment_id)
    if row.state == "declined":
        return
    if not _has_run_out(row, case):
        _require_open(row)
    if code not in reference().lists["decline_reason"]:
        raise DomainError(_("Choose a reason."), field="code")
    reasons.write(case, row, code, reason)
    if row.state == "offered":
        offered.give_back(row, case, "declined")
    else:
        offered.answered(row, "declined")
    audit.record(actor, "assignment.decline", object_kind="case", object_id=case.id)


def has_run_out(actor: Actor, assignment_id: UUID) -> bool:
    """Whether the time of what the actor was asked is over, and nothing else became of it."""
    mine = reachable(actor, Permission.ASSIGNMENT_ANSWER, Assignment).where(Assignment.id == assignment_id)
    row = db.session.scalar(mine)
    return row is not None and _has_run_out(row, db.session.get_one(Case, row.case_id))


def _has_run_out(row: Assignment, case: Case) -> bool:
    late = row.state == "expired" or (row.state == "offered" and row.answer_by <= clock.now())
    return late and case.state not in _OVER


def withdraw(actor: Actor, case_id: UUID) -> None:
    """Take an unanswered offer back; the file is open again. Twice is once."""
    case = find(actor, Permission.ASSIGNMENT_OFFER, case_id)
    asked = select(Assignment).where(Assignment.case_id == case.id, Assignment.until.is_(None))
    newest = (Assignment.state == "offered").desc(), Assignment.offered_at.desc()
    row = db.session.scalar(asked.order_by(*newest).limit(1))
    if row is not None and row.state == "withdrawn":
        return
    if row is None or row.state != "offered":
        raise Conflict(_("The offer was answered meanwhile."))
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    offered.give_back(row, case, "withdrawn")
    timeline.write(actor, case, key, "assignment", "", data=team.named(row.lawyer_id, "withdrawn"))
    rows.written(actor, "assignment.withdraw", key, case)


def expire() -> int:
    """End the offers whose time has run out and return how many; keyless, and the same when run twice."""
    late = or_(Assignment.answer_by <= clock.now(), Assignment.lawyer_id.in_(team.departed()))
    over = select(Assignment).where(Assignment.state == "offered", late)
    cases = {case.id: case for case in lock(db.session.scalars(over.with_only_columns(Assignment.case_id)))}
    ended = db.session.scalars(over.where(Assignment.case_id.in_(cases))).all()
    for case_id, case in cases.items():
        offered.run_out(case, [row for row in ended if row.case_id == case_id])
    return len(ended)


def _until(case: Case, row: Assignment) -> dt.datetime | None:
    """Until when who accepts works on the case; None: without an end."""
    if row.until is None:
        return None
    present = team.live(case.id)
    if row.lawyer_id not in present:
        return row.until
    known = present[row.lawyer_id]
    return None if known is None else max(known, row.until)


def _locked(actor: Actor, assignment_id: UUID) -> tuple[Assignment, Case]:
    """What the actor was asked, answered or not, as it stands while its case is locked. Raises NotFound."""
    mine = reachable(actor, Permission.ASSIGNMENT_ANSWER, Assignment).where(Assignment.id == assignment_id)
    cases = lock(db.session.scalars(mine.with_only_columns(Assignment.case_id)))
    if not cases:
        raise NotFound
    return db.session.scalars(mine).one(), cases[0]


def _require_open(row: Assignment) -> None:
    if row.state == offered.HELD:
        raise NotFound(_HELD)
    if row.state != "offered" or row.answer_by <= clock.now():
        raise NotFound(_("This offer is no longer open. It was answered, taken back, or its time ran out."))
