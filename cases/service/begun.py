"""What somebody was typing about a case and what belongs to it: goes with their access or with the case."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import CompoundSelect, literal, select, union_all

from accounts.models import Person
from accounts.service import drafts
from cases.models import Assignment, Case, CaseArchive, CaseFile, CaseItem, Deadline
from cases.note_models import LawyerNote, LegalDraft
from cases.service import team
from cases.service.reach import has_reviewed
from core.store.base import db
from intake.models import Request
from referrals.models.referrals import Referral

# Each thing of a case that the address of a form names (`core.web.kept`).
_WITHIN: Final[tuple[Any, ...]] = (
    CaseItem, CaseFile, CaseArchive, Deadline, LawyerNote, LegalDraft, Referral, Request,
)  # fmt: skip  # one list

# The forms that nobody but the lawyers of a case and its reviewers find, whoever else may open it.
_PRIVILEGED: Final = frozenset(
    f"cases.{form}"
    for form in (
        "lawyer_notes", "take_out_note", "begin_legal_draft", "write_legal_draft", "say_legal_draft",
        "judge_legal_draft", "ask_legal_draft", "file_legal_draft", "correct_legal_draft",
    )
)  # fmt: skip  # one list

# Whoever is still being asked is on no case yet, and their answer is their own.
_ANSWERED: Final = (Assignment.state != "offered",)


def shut_out(case: Case) -> None:
    """Delete what people here were typing about the case who may not open it, or that form, any more."""
    about = _about(case)
    drafts.shut_out(case.organisation_id, about, team.able(case))
    drafts.shut_out(case.organisation_id, about, team.privileged(case.id), forms=_PRIVILEGED)


def is_shut(person_id: UUID, form: str, about: UUID) -> bool:
    """Whether what comes after a session was over goes with an access that has ended, and is not kept.

    What a reviewer typed about a draft is kept and shown to be copied (`cases.routes.review_ended`).
    """
    within = [select(kind.case_id, literal(kind is LegalDraft)).where(kind.id == about) for kind in _WITHIN]
    itself = select(Case.id, literal(value=False)).where(Case.id == about)
    answered = select(Assignment.case_id, literal(value=False)).where(Assignment.id == about, *_ANSWERED)
    found = db.session.execute(union_all(itself, *within, answered)).first()
    if found is None or found[0] is None:  # a request may be of no case yet
        return False
    case = db.session.get_one(Case, found[0])
    elsewhere = db.session.get_one(Person, person_id).organisation_id != case.organisation_id
    if elsewhere or (found[1] and has_reviewed(person_id, case.id)):
        return False
    able = team.privileged(case.id) if form in _PRIVILEGED else team.able(case)
    return person_id not in set(db.session.scalars(able))


def forget(case: Case) -> None:
    """Delete what anybody was typing about the case, before its rows go."""
    drafts.forget(_about(case))


def _about(case: Case) -> CompoundSelect[UUID]:
    within = [select(kind.id).where(kind.case_id == case.id) for kind in _WITHIN]
    answered = select(Assignment.id).where(Assignment.case_id == case.id, *_ANSWERED)
    return union_all(select(literal(case.id)), *within, answered)
