"""Who may not read what somebody complains of: whoever was at the request, and who stands behind a wall.

The complaint is written with the code, which opens the request and no case. Who stands behind a wall of the
case is therefore kept with the answers of each of its requests, under the key of the request: nothing in
clear tells who was shut out, and no page shows it.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, literal_column, select

from cases.models import Case, CaseMember
from cases.service import records, walls
from core.access.actors import Actor
from core.audit.models import AuditEntry
from core.store.base import db
from intake.models import Complaint, ComplaintReader, Request, RequestMessage
from intake.service import sealing
from vault import Key

WALLED: Final = "walled"  # in the answers: who never opens the case that the request belongs to
# Acts by which somebody had a request in hands. Whoever gave one back had taken it on before.
IN_HANDS: Final = (
    "request.claim", "request.call", "request.answer", "request.declined", "request.referred",
    "request.take_up", "request.accept", "request.merge", "request.new_code", "request.settle",
    "request.acknowledge", "request.weigh",
)  # fmt: skip # one list


def inside(request: Request, key: Key) -> set[UUID]:
    """Whoever had a part in a request, or is walled off its case."""
    return had(request) | {UUID(one) for one in sealing.opened(key, request).get(WALLED, ())}


def had(request: Request) -> set[UUID]:
    """Whoever has had the request in hands, wrote in it, works or worked on its case."""
    wrote = select(RequestMessage.author_id).where(RequestMessage.request_id == request.id)
    worked = select(CaseMember.person_id).where(CaseMember.case_id == request.case_id)
    acted = select(AuditEntry.actor_id).where(
        AuditEntry.organisation_id == request.organisation_id,
        AuditEntry.object_kind == literal_column("'request'"),  # as its index says it
        AuditEntry.object_id == request.id,
        AuditEntry.act.in_(IN_HANDS),
    )
    found = (db.session.scalars(one).all() for one in (wrote, worked, acted))
    people = (request.claimed_by, *chain.from_iterable(found))
    return {one for one in people if one is not None}


def may_have_a_wall(request: Request) -> bool:
    """Whether somebody may stand behind a wall of its case: only who opens the one or the other knows.

    A case with a wall stays open to named people only.
    """
    case = db.session.get(Case, request.case_id) if request.case_id else None
    return case is not None and case.restricted


def remember(record: dict[str, Any], request: Request, key: Key) -> None:
    """Remember in a request who stands behind a wall of its case; what they could read, they read no more."""
    people = walls.of(record)
    answers = sealing.opened(key, request)
    said = sorted(str(one) for one in people)
    if said == answers.get(WALLED, []):
        return
    sealing.seal(key, request, {**answers, WALLED: said})
    own = select(Complaint.id).where(Complaint.request_id == request.id)
    db.session.execute(
        delete(ComplaintReader).where(
            ComplaintReader.complaint_id.in_(own), ComplaintReader.person_id.in_(people)
        )
    )


def decided(_actor: Actor, case: Case, key: Key) -> None:
    """A conflict was decided in a case: its requests learn who stands behind a wall."""
    record = records.open_record(key, case)
    own = select(Request).where(Request.case_id == case.id).order_by(Request.id).with_for_update()
    for request in db.session.scalars(own.execution_options(populate_existing=True)).all():
        remember(record, request, sealing.of_case(request, case, key))
