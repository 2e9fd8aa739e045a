"""What somebody was typing about a case and what belongs to it: goes with their access or with the case."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, literal, select, true, union_all

from accounts.models import Person
from accounts.service import drafts
from cases.models import Assignment, Case, CaseArchive, CaseFile, CaseItem, CaseMember, Deadline, Entry
from cases.note_models import LawyerNote, LegalDraft
from cases.service import team
from cases.service.reach import has_reviewed
from core.store.base import db
from domain.drafts import REVIEWER
from intake.models import Request
from referrals.models.referrals import Referral

# Each thing of a case that the address of a form names (`core.web.kept`).
_WITHIN: Final[tuple[Any, ...]] = (
    CaseItem, CaseFile, CaseArchive, Deadline, Entry, LawyerNote, Referral, Request
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


def shut_out(case: Case, leaving: UUID | None = None) -> None:
    """Delete what people here were typing about the case who may not open it, or that form, any more.

    leaving: who goes off the case now. What lies there of a draft from who reviewed it before came when they
    were off already (`is_shut`), and is theirs to copy.
    """
    home, about, privileged = case.organisation_id, _about(case), team.privileged(case.id)
    drafts.shut_out(home, about, team.able(case))
    drafts.shut_out(home, about, privileged, forms=_PRIVILEGED)
    reviewed = select(CaseMember.person_id).where(
        CaseMember.case_id == case.id,
        CaseMember.capacity == REVIEWER,
        CaseMember.ended_at.is_not(None),
        CaseMember.person_id != leaving if leaving else true(),
    )
    drafts.shut_out(home, _drafts(case), union_all(privileged, reviewed))


def is_shut(person_id: UUID, form: str, about: UUID) -> bool:
    """Whether what comes after a session was over goes with an access that has ended, and is not kept.

    What a reviewer typed about a draft is kept and shown to be copied (`cases.routes.review_ended`).
    """
    within = [select(kind.case_id).where(kind.id == about) for kind in (*_WITHIN, LegalDraft)]
    answered = select(Assignment.case_id).where(Assignment.id == about, *_ANSWERED)
    itself = select(Case.id).where(Case.id == about)
    found = db.session.scalars(union_all(itself, *within, answered)).first()
    if found is None:  # also a request that is of no case yet
        return False
    case = db.session.get_one(Case, found)
    if db.session.get_one(Person, person_id).organisation_id != case.organisation_id:
        return False
    draft = db.session.get(LegalDraft, about)
    if draft is not None and has_reviewed(person_id, case.id):
        return False
    able = team.privileged(case.id) if form in _PRIVILEGED else team.able(case)
    return person_id not in set(db.session.scalars(able))


def forget(case: Case) -> None:
    """Delete what anybody was typing about the case, before its rows go."""
    drafts.forget(_about(case))
    drafts.forget(_drafts(case))


def _drafts(case: Case) -> Select[UUID]:
    return select(LegalDraft.id).where(LegalDraft.case_id == case.id)


def _about(case: Case) -> CompoundSelect[UUID]:
    within = [select(kind.id).where(kind.case_id == case.id) for kind in _WITHIN]
    answered = select(Assignment.id).where(Assignment.case_id == case.id, *_ANSWERED)
    return union_all(select(literal(case.id)), *within, answered)
