"""Reviews that ended before their time and not by what the reviewer did: the desk tells whom they were of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, exists, or_, select

from cases.models import Assignment, Case, CaseMember
from cases.note_models import DraftGrant, LegalDraft
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may
from core.store.base import db
from domain.drafts import REVIEWER
from domain.lifecycle import State

TOLD: Final = dt.timedelta(days=7)  # for so long the desk says that a review was ended


@dataclass(frozen=True)
class Over:
    """A review that is over: of the case nothing but its reference. at: None where the key is lost alone."""

    reference: str
    at: dt.datetime | None


def on_desk(actor: Actor, limit: int) -> list[Over]:
    """What the actor reviewed until others ended it, and what they cannot open any more; the newest first.

    The case is out of reach by then: nothing is told of it but what its reviewer knew it by.
    """
    if not may(actor, Permission.REVIEW_GIVE):
        return []
    cut_short = exists().where(
        Assignment.case_id == CaseMember.case_id,
        Assignment.lawyer_id == actor.person_id,
        Assignment.state == "ended",
        Assignment.until > CaseMember.ended_at,
    )
    lent = exists().where(DraftGrant.draft_id == LegalDraft.id, DraftGrant.holder_id == actor.person_id)
    shut = exists().where(
        LegalDraft.case_id == CaseMember.case_id, LegalDraft.desk_id == actor.person_id, ~lent
    )
    lasts = and_(CaseMember.ended_at.is_(None), CaseMember.until > clock.now())
    found = (
        select(Case.reference, CaseMember.ended_at)
        .join(CaseMember, CaseMember.case_id == Case.id)
        .where(
            CaseMember.person_id == actor.person_id,
            CaseMember.capacity == REVIEWER,
            or_(and_(CaseMember.ended_at > clock.now() - TOLD, cut_short), and_(lasts, shut)),
            Case.state != State.ERASED,
        )
        .order_by(CaseMember.ended_at.desc(), Case.id)
        .limit(limit)
    )
    return [Over(reference, at) for reference, at in db.session.execute(found)]
