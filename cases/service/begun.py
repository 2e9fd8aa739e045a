"""What somebody was typing about a case and what belongs to it: goes with their access or with the case."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import CompoundSelect, literal, select, union_all

from accounts.service import drafts
from cases.models import Assignment, Case, CaseArchive, CaseFile, CaseItem, Deadline
from cases.note_models import LegalDraft
from cases.service import team
from intake.models import Request
from referrals.models.referrals import Referral

# Each thing of a case that the address of a form names (`core.web.kept`).
_WITHIN: Final[tuple[Any, ...]] = (CaseItem, CaseFile, CaseArchive, Deadline, LegalDraft, Referral, Request)


def shut_out(case: Case) -> None:
    """Delete what people here were typing about the case who may not open it any more."""
    drafts.shut_out(case.organisation_id, _about(case), team.able(case))


def forget(case: Case) -> None:
    """Delete what anybody was typing about the case, before its rows go."""
    drafts.forget(_about(case))


def _about(case: Case) -> CompoundSelect[UUID]:
    within = [select(kind.id).where(kind.case_id == case.id) for kind in _WITHIN]
    # Whoever is still being asked is on no case yet, and their answer is their own.
    answered = select(Assignment.id).where(Assignment.case_id == case.id, Assignment.state != "offered")
    return union_all(select(literal(case.id)), *within, answered)
