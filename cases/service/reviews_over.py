"""Reviews that ended not by what the reviewer did, and those whose key they lost: the desk tells them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, exists, or_, select

from cases.models import Case, CaseMember
from cases.note_models import DraftGrant, LegalDraft
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.store.base import db
from domain.drafts import REVIEWER
from domain.lifecycle import State

TOLD: Final = dt.timedelta(days=7)  # for so long the desk says that a review was ended


@dataclass(frozen=True)
class Over:
    """A review that is over: of the case nothing but its reference.

    at: None where it goes on, but its key is lost. cut: whether others ended it before its time. reached:
    whether the case can be opened all the same.
    """

    reference: str
    at: dt.datetime | None
    cut: bool
    reached: bool


def on_desk(actor: Actor, limit: int) -> list[Over]:
    """What the actor cannot open for want of its key, then what they reviewed until it ended, newest first.

    The case is out of reach by then, or never was: nothing is told of it but what its reviewer knew it by.
    """
    if not may(actor, Permission.REVIEW_GIVE):
        return []
    lent = exists().where(DraftGrant.draft_id == LegalDraft.id, DraftGrant.holder_id == actor.person_id)
    shut = exists().where(
        LegalDraft.case_id == CaseMember.case_id,
        LegalDraft.desk_id == actor.person_id,
        LegalDraft.due_at.is_not(None),  # it waits for a judgement: it is no older one that came back
        ~lent,
    )
    lasts = and_(CaseMember.ended_at.is_(None), CaseMember.until > clock.now())
    # Whoever ended it themselves knows it (`team.ends_own`).
    over = and_(CaseMember.ended_at > clock.now() - TOLD, CaseMember.until.is_not(None))
    found = (
        select(Case.id, Case.reference, CaseMember.ended_at, CaseMember.until)
        .join(CaseMember, CaseMember.case_id == Case.id)
        .where(
            CaseMember.person_id == actor.person_id,
            CaseMember.capacity == REVIEWER,
            or_(over, and_(lasts, shut)),
            Case.state != State.ERASED,
        )
        .order_by(CaseMember.ended_at.is_not(None), CaseMember.ended_at.desc(), Case.id)
        .limit(limit)
    )
    rows = db.session.execute(found).all()
    named = reachable(actor, Permission.CASE_READ, Case).where(Case.id.in_([row.id for row in rows]))
    reached = set(db.session.scalars(named.with_only_columns(Case.id))) if rows else set()
    return [
        Over(
            reference, at, cut=at is not None and until is not None and until > at, reached=case_id in reached
        )
        for case_id, reference, at, until in rows
    ]
