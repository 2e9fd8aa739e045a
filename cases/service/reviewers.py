"""Lawyers from outside a case who open it for a time, to review a draft: asked as for the whole file.

They see a brief first, the check of conflicts binds them, a wall keeps them out, and their membership ends
with what they say of the draft, or by itself. Of what is privileged they read that draft, and nothing else.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select

from accounts.models import Person
from cases.models import Assignment, Case
from cases.service import (
    assignment,
    draft_keys,
    gate,
    members,
    offered,
    picking,
    reasons,
    records,
    rows,
    team,
    timeline,
)
from cases.service.legal_drafts import Bench
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import DomainError
from core.store.base import db
from domain.drafts import REVIEWER
from vault import Key


def ask(
    actor: Actor, case: Case, key: Key, lawyer_id: UUID, answer_by: dt.datetime, until: dt.datetime
) -> None:
    """Offer a lawyer to open the case until an instant, to review a draft; the caller renews the head.

    As for the whole file: a brief for the check of conflicts, and a key that only acceptance releases. Who is
    asked already is asked until the later of both. Raises gate.Held, DomainError for who cannot be asked.
    """
    record = records.open_record(key, case)
    gate.require(case, record, gate.Act.ASSIGN)
    row = assignment.offer_to(case, lawyer_id)
    if row is not None and row.until is not None:
        if row.answer_by > clock.now():
            row.until = max(row.until, until)
            offered.answer_sooner(row, answer_by)
            return
        offered.give_back(row, case, "expired")
        row = None
    asked = select(Person.id).where(Person.id == lawyer_id, *picking.may_be_asked(case))
    if row is not None or db.session.scalar(asked) is None:
        raise DomainError(_("Choose a lawyer."), field="lawyer")
    assignment.open_offer(actor, case, key, record, lawyer_id, answer_by, until)
    timeline.write(actor, case, key, "assignment", "", data=team.named(lawyer_id, "review_offered"))
    audit.record(actor, "assignment.offer", object_kind="case", object_id=case.id)


def reviewing() -> tuple[ColumnElement[bool], ...]:
    """Open offers to review a draft."""
    return Assignment.state == "offered", Assignment.until.is_not(None)


def only(actor: Actor, at: Bench, draft_id: UUID, stays: UUID | None, was: UUID | None) -> None:
    """Nobody but `stays` reviews a draft from now on: keys and offers go, and who was here for it is off.

    was: on whose desk it stood, who may have been asked without a key. Who reviews another draft of the case
    stays for that. The draft has been saved: where somebody goes, the key of the case changes.
    """
    case = at.case
    gone = (draft_keys.held_by(draft_id) | ({was} if was else set())) - {stays}
    over, back, told = [], False, False
    for person_id in sorted(gone):
        works = team.capacity(case.id, person_id)
        if works is not None and works.capacity != REVIEWER:
            continue  # who leads the case reads its drafts, also what they were lent before
        draft_keys.take_back(draft_id, person_id)
        if draft_keys.any_of(case.id, person_id):
            if person_id != actor.person_id:  # the case is theirs still, and their desk tells of a new line
                said = team.named(person_id, "review_ended")
                timeline.write(actor, case, at.key, "assignment", "", data=said)
                told = True
            continue
        back = _take_back(actor, case, at.key, person_id) or back
        if works is not None:
            over.append(person_id)
    if back:
        rows.written(actor, "assignment.withdraw", at.key, case)
    if told:
        rows.written(actor, "case.review_over", at.key, case)
    for person_id in over:
        at.key = members.leave(actor, case, at.key, team.lines(case), person_id, "review_over", "")


def _take_back(actor: Actor, case: Case, key: Key, lawyer_id: UUID) -> bool:
    """Withdraw an offer to review that nobody answered; gives whether there was one."""
    row = assignment.offer_to(case, lawyer_id)
    if row is None or row.until is None:
        return False
    offered.give_back(row, case, "withdrawn")
    timeline.write(actor, case, key, "assignment", "", data=team.named(lawyer_id, "withdrawn"))
    return True


def answer_of(case: Case, key: Key, lawyer_id: UUID) -> tuple[str, str, str] | None:
    """What became of the newest offer to review to a lawyer: state, and the reason of who declined."""
    newest = (
        select(Assignment)
        .where(
            Assignment.case_id == case.id, Assignment.lawyer_id == lawyer_id, Assignment.until.is_not(None)
        )
        .order_by(Assignment.offered_at.desc(), Assignment.id)
        .limit(1)
    )
    row = db.session.scalar(newest)
    if row is None:
        return None
    said = row.reason is not None and row.reason_epoch == case.epoch
    code, reason = reasons.read(case, key, row) if said else ("", "")
    over = row.state == "offered" and row.answer_by <= clock.now()
    return "expired" if over else row.state, code, reason
