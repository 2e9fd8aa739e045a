"""Find the referral an actor means, from either side, and lock it behind its case.

Everybody locks the case first and then the referral: a new key of the case, a withdrawn consent and an
answer of the partner then wait for each other instead of passing each other.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cases.models import Case
from cases.service.reach import find
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import Conflict, NotFound
from core.store.base import db
from referrals.models.referrals import Referral


class Moved(Conflict):
    """Somebody moved the referral meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else acted on this referral before you. Nothing was done twice."))


def sent(actor: Actor, referral_id: UUID, version: int | None = None) -> tuple[Case, Referral]:
    """A referral of a case in the actor's reach. Raises NotFound, or Moved for a stale version."""
    mine = reachable(actor, Permission.REFERRAL_SEND, Referral).where(Referral.id == referral_id)
    case_id = db.session.scalar(mine.with_only_columns(Referral.case_id))
    if case_id is None:
        raise NotFound
    case = find(actor, Permission.REFERRAL_SEND, case_id)
    return case, _locked(referral_id, version)


def received(actor: Actor, referral_id: UUID, version: int | None = None) -> tuple[Case, Referral]:
    """A referral sent to the actor's organisation. The case stays closed: only its inbox is written to."""
    theirs = reachable(actor, Permission.REFERRAL_ANSWER, Referral).where(Referral.id == referral_id)
    case_id = db.session.scalar(theirs.with_only_columns(Referral.case_id))
    if case_id is None:
        raise NotFound
    case = lock_case(case_id)
    return case, _locked(referral_id, version)


def lock_case(case_id: UUID) -> Case:
    """The case behind a referral, for those who may not open it: to write to its inbox, by id alone."""
    return db.session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()


def lock(referral_id: UUID) -> tuple[Case, Referral]:
    """A referral and its case, for the clock."""
    case_id = db.session.scalars(select(Referral.case_id).where(Referral.id == referral_id)).one()
    return lock_case(case_id), _locked(referral_id, None)


def _locked(referral_id: UUID, version: int | None) -> Referral:
    statement = select(Referral).where(Referral.id == referral_id).with_for_update()
    row = db.session.scalars(statement.execution_options(populate_existing=True)).one()
    if version is not None and row.version != version:
        raise Moved
    return row
