"""Lawyers from outside a case who open it for a time, to review a draft: asked as for the whole file.

They see a brief first, the check of conflicts binds them, a wall keeps them out, and their membership ends by
itself. While they are on it they read what its lawyers read.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select

from accounts.models import Person
from cases.models import Assignment, Case
from cases.service import assignment, gate, picking, reasons, records, team, timeline
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import DomainError
from core.store.base import db
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
            row.until, row.answer_by = max(row.until, until), min(row.answer_by, answer_by)
            return
        assignment.give_back(row, case, "expired")
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


def take_back(actor: Actor, case: Case, key: Key, lawyer_id: UUID) -> None:
    """Withdraw an offer to review that nobody answered; the caller renews the head. Without one, nothing."""
    row = assignment.offer_to(case, lawyer_id)
    if row is not None and row.until is not None:
        assignment.give_back(row, case, "withdrawn")
        timeline.write(actor, case, key, "assignment", "", data=team.named(lawyer_id, "withdrawn"))


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
