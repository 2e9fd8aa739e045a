"""One lawyer looks at the draft of another: whom to ask, what they say, and what waits on their desks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from accounts.service import work
from cases.models import Assignment, Case, CaseMember
from cases.note_models import DraftGrant, LegalDraft
from cases.service import draft_approvals, draft_keys, drafting, legal_drafts, reviewers, team, walls
from cases.service.drafting import Filing
from cases.service.lawyer_views import OpenDraft
from cases.service.legal_drafts import Bench
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import may, reachable
from core.errors import Conflict, DomainError
from core.reference import reference
from core.store.base import db
from domain import drafts as rules
from domain import reviews
from domain.drafts import Act, State
from domain.lifecycle import State as CaseState

VERDICTS: Final = ("approved", "commented")
_NEVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)  # sorts behind every instant


@dataclass(frozen=True)
class Candidate:
    """A lawyer who can be asked: on the case already, or for a time; away: on a day until it is due.

    there: on a day before a review by who is asked now would end by itself.
    """

    person_id: UUID
    name: str
    on_case: bool
    away: bool
    there: bool


@dataclass(frozen=True)
class OnDesk:
    """A draft that waits for somebody. mine: for the actor, not for somebody who works here no more."""

    case_id: UUID
    id: UUID
    reference: str
    urgency: str
    due_at: dt.datetime | None  # None: it came back from a review
    mine: bool

    @property
    def over(self) -> bool:
        """Whether it was due before now."""
        return self.due_at is not None and self.due_at <= clock.now()


def candidates(actor: Actor, case_id: UUID, draft_id: UUID, *, filing: bool = False) -> list[Candidate]:
    """Lawyers who can look at a draft: who neither wrote of it nor filed it; those of the case, then by name.

    filing: for the second look at what is filed now. One that is owed the actor can take too; any other
    review somebody else asks them for.
    """
    at = legal_drafts.bench(actor, case_id, leads=True)
    row, content = legal_drafts.opened(at, draft_id)
    due = clock.now() + rules.SECOND_LOOK if filing else _due(at.case, None)
    if drafting.second_open(content) and row.due_at:
        due = row.due_at
    return _candidates(actor, at, content, due)


def ask(
    actor: Actor,
    case_id: UUID,
    draft_id: UUID,
    version: int,
    person_id: UUID,
    token: UUID,
    *,
    by: dt.date | None = None,
    text: str = "",
) -> None:
    """Ask a lawyer to look at a draft, by a day or as soon as the urgency of the case asks. Twice is once.

    Who is no lawyer of the case is offered to open it for a time (`reviewers`). Raises NotFound, Conflict,
    Locked, gate.Held, DomainError.
    """
    at = legal_drafts.bench(actor, case_id, leads=True)
    row, content = legal_drafts.opened(at, draft_id)
    if legal_drafts.is_done(token):
        return
    drafting.require(row, content, version, Act.ASK)
    second = drafting.second_open(content)
    if not second:
        drafting.require_open(at.case)
    if by is not None and by < clock.today():
        raise DomainError(_("This day is over. Choose today or a later one"), field="by")
    due = row.due_at if second and row.due_at else _due(at.case, by)
    _let_in(actor, at, content, person_id, due, "lawyer")
    key = legal_drafts.writing_key(actor, at, row.id)
    legal_drafts.share(actor, at)
    legal_drafts.lend(actor, at, row, person_id)
    was = row.desk_id
    if not second:
        content["state"] = str(State.ASKED)
    content["ask"] = {"by": str(actor.person_id), "of": str(person_id)}
    legal_drafts.add_part(
        actor, at, key, row.id, token, "asked", text=text, to=str(person_id), due=due.isoformat()
    )
    legal_drafts.save(actor, at, key, row, content, desk=person_id, due=due)
    reviewers.only(actor, at, row.id, person_id, was)


def end(actor: Actor, case_id: UUID, draft_id: UUID, version: int, token: UUID) -> None:
    """Whoever is asked about a draft looks at it no more, and is off the case at once. Twice is once.

    What is filed and still to be looked at stands with whoever ended it, until they have named somebody.
    Raises as `ask`.
    """
    at = legal_drafts.bench(actor, case_id, leads=True)
    row, content = legal_drafts.opened(at, draft_id)
    if legal_drafts.is_done(token):
        return
    if row.version != version:
        raise Conflict
    asked, due = row.desk_id, row.due_at
    if asked is None or not is_asked(legal_drafts.view(row, content)):
        raise DomainError(drafting.NOT_NOW)
    key = legal_drafts.writing_key(actor, at, row.id)
    if content["state"] == State.ASKED:
        content["state"] = str(State.UNASKED)
    legal_drafts.add_part(actor, at, key, row.id, token, "unasked", text="", to=str(asked))
    second = drafting.second_open(content)
    legal_drafts.save(actor, at, key, row, content, desk=actor.person_id, due=due if second else None)
    reviewers.only(actor, at, row.id, None, asked)


def is_asked(draft: OpenDraft) -> bool:
    """Whether somebody is asked about a draft, and has not judged it."""
    ask_ = draft.content["ask"]
    return draft.due_at is not None and ask_ is not None and ask_["of"] == str(draft.desk_id)


def judge(
    actor: Actor,
    case_id: UUID,
    draft_id: UUID,
    version: int,
    verdict: str,
    digest: str,
    token: UUID,
    *,
    text: str = "",
) -> None:
    """Approve the very version that was read, or give the draft back with comments. Twice is once.

    digest: of the version as the page showed it. Of what is filed already this is the second look. Raises
    Conflict where another version is there by now, NotFound, Locked, DomainError.
    """
    if legal_drafts.is_done(token):  # asked first: whoever was on the case for it alone is off it by then
        return
    at = legal_drafts.bench(actor, case_id)
    row, content = legal_drafts.opened(at, draft_id)
    drafting.require(row, content, version, Act.JUDGE)
    if row.desk_id != actor.person_id or not drafting.may_judge(actor.person_id, content):
        raise DomainError(
            _("Another lawyer looks at this draft: whoever was asked, and never who wrote of it or filed it.")
        )
    if verdict not in VERDICTS:
        raise DomainError(_("Choose one of the answers"), field="verdict")
    if content["digest"] != digest:
        raise Conflict
    if verdict != "approved" and not text.strip():
        raise DomainError(_("Write what should be changed."), field="comments")
    if verdict == "approved":
        drafting.require_paper(at, row, content)
    key = legal_drafts.writing_key(actor, at, row.id)
    second = drafting.second_open(content)
    if second:
        content["filed"] = {**content["filed"], "second": verdict}
    else:
        content["state"] = verdict
    if verdict == "approved":
        content["approval"] = draft_approvals.approve(actor, at.case, row.id, content["number"], digest)
    kind = f"second_{verdict}" if second else verdict
    legal_drafts.add_part(actor, at, key, row.id, token, kind, text=text, number=content["number"])
    # Whoever asked goes on with it, or where that was the actor, whoever filed it; of what is filed and found
    # right nothing is left to do, if it stands.
    asker = UUID((content["ask"] or content["filed"])["by"])
    if second and asker == actor.person_id:
        asker = drafting.filer(at, content["filed"], asker)
    right = second and verdict == "approved"
    desk = drafting.keeper(at, content["filed"], asker) if right else asker
    legal_drafts.save(actor, at, key, row, content, desk=desk)
    reviewers.only(actor, at, row.id, None, actor.person_id)


def file(actor: Actor, case_id: UUID, draft_id: UUID, version: int, filing: Filing, token: UUID) -> None:
    """Say that the newest version was filed. Twice is once.

    In matters that are or were the most urgent, without an approval, a second look is owed within a day, by
    whom the filing names; else it stands with whoever filed it, until they have named somebody. Raises as
    `ask`, and rows.Tampered for an approval that does not hold.
    """
    at = legal_drafts.bench(actor, case_id, leads=True)
    row, content = legal_drafts.opened(at, draft_id)
    if legal_drafts.is_done(token):
        return
    drafting.require(row, content, version, Act.FILE)
    drafting.require_open(at.case)
    if content["state"] == State.APPROVED and not draft_approvals.is_approved(at.case, row.id, content):
        raise DomainError(drafting.NOT_NOW)
    drafting.require_paper(at, row, content)
    urgent = reviews.is_urgent(at.case.urgency, at.record)
    second = rules.owes_second_look(State(content["state"]), urgent=urgent)
    named = filing.second if second else None
    due = clock.now() + rules.SECOND_LOOK if second else None
    if named is not None and due is not None:
        _let_in(actor, at, content, named, due, "second")
    key = drafting.record_filing(actor, at, row, content, filing, token)
    if named is not None:
        legal_drafts.share(actor, at)
        legal_drafts.lend(actor, at, row, named)
        content["ask"] = {"by": str(actor.person_id), "of": str(named)}
    desk, was = (named or actor.person_id) if second else None, row.desk_id
    legal_drafts.save(actor, at, key, row, content, desk=desk, due=due)
    reviewers.only(actor, at, row.id, named, was)


def seen(actor: Actor, case_id: UUID, draft_id: UUID, version: int) -> None:
    """What came back to the actor is read and leaves their desk: of what is filed, or where nothing goes on.

    In a closed case nothing does.
    """
    at = legal_drafts.bench(actor, case_id)
    row, content = legal_drafts.opened(at, draft_id)
    over = content["state"] == State.FILED or at.case.state == CaseState.CLOSED
    if row.desk_id != actor.person_id or not over or row.due_at is not None:
        return
    if row.version != version:
        raise Conflict
    legal_drafts.save(actor, at, legal_drafts.writing_key(actor, at, row.id), row, content, desk=None)


def on_desk(actor: Actor, limit: int) -> list[OnDesk]:
    """Drafts that wait for the actor, the soonest first, and those that wait for nobody who is there.

    Of a closed case only what is still to be judged, and what is the actor's. Nothing of it is opened.
    """
    if not may(actor, Permission.REVIEW_GIVE):
        return []
    mine, theirs = aliased(CaseMember), aliased(CaseMember)
    works = exists().where(
        theirs.case_id == LegalDraft.case_id,
        theirs.person_id == LegalDraft.desk_id,
        or_(
            theirs.capacity == str(Role.LAWYER),
            and_(theirs.capacity == rules.REVIEWER, _lent_to(theirs.person_id)),
        ),
        theirs.ended_at.is_(None),
        or_(theirs.until.is_(None), theirs.until > clock.now()),
    )
    offered = exists().where(
        Assignment.case_id == LegalDraft.case_id,
        Assignment.lawyer_id == LegalDraft.desk_id,
        *reviewers.reviewing(),
        Assignment.answer_by > clock.now(),
    )
    due, at_mine = func.coalesce(LegalDraft.due_at, _NEVER), LegalDraft.desk_id == actor.person_id
    statement = (
        reachable(actor, Permission.REVIEW_GIVE, Case)
        .join(mine, mine.case_id == Case.id)
        .join(LegalDraft, LegalDraft.case_id == Case.id)
        .where(
            mine.person_id == actor.person_id,
            mine.ended_at.is_(None),
            LegalDraft.desk_id.is_not(None),
            or_(
                and_(mine.capacity == str(Role.LAWYER), or_(at_mine, and_(~works, ~offered))),
                and_(mine.capacity == rules.REVIEWER, at_mine, _lent_to(mine.person_id)),
            ),
            or_(Case.state != CaseState.CLOSED, LegalDraft.due_at.is_not(None), at_mine),
            Case.state != CaseState.ERASED,
        )
        .order_by(due, LegalDraft.id)
        .limit(limit)
        .with_only_columns(
            Case.id, LegalDraft.id, Case.reference, Case.urgency, LegalDraft.due_at, LegalDraft.desk_id
        )
    )
    return [
        OnDesk(case_id, draft_id, reference_, urgency, due_at, desk_id == actor.person_id)
        for case_id, draft_id, reference_, urgency, due_at, desk_id in db.session.execute(statement)
    ]


def _lent_to(person_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether somebody was lent the key of the draft, and it lies there still; also two selects deep."""
    lent = exists().where(DraftGrant.draft_id == LegalDraft.id, DraftGrant.holder_id == person_id)
    return lent.correlate_except(DraftGrant)


def _due(case: Case, by: dt.date | None) -> dt.datetime:
    within = reference().urgencies[case.urgency].first_step
    return rules.review_due(clock.now(), within, clock.end_of(by) if by else None)


def _candidates(actor: Actor, at: Bench, content: dict[str, Any], due: dt.datetime) -> list[Candidate]:
    """The same; who is asked to take the whole file, gives it up or is kept out by a wall, is none.

    Nor is who works on the case as something else: a review would take that from them.
    """
    lawyers = {one.id: one for one in team.holding(actor, [Role.LAWYER])}
    wanted = select(Assignment.lawyer_id).where(
        Assignment.case_id == at.case.id, Assignment.state == "offered", Assignment.until.is_(None)
    )
    here = _there_until(at.case, due)
    leaving = team.lawyers(at.case.id, (str(Role.LAWYER),)).keys() - here  # before it is due
    others = team.live(at.case.id).keys() - team.lawyers(at.case.id).keys()
    shut = walls.of(at.record) | set(db.session.scalars(wanted)) | leaving | others
    absences, over = work.absences(lawyers), _last(due)
    last = due.astimezone(clock.ISTANBUL).date()
    found = [
        Candidate(
            person_id,
            person.name,
            person_id in here,
            any(one.begins <= last and one.ends >= clock.today() for one in absences.get(person_id, ())),
            person_id == actor.person_id or not work.all_away(absences.get(person_id, ()), over),
        )
        for person_id, person in lawyers.items()
        if drafting.may_judge(person_id, content)
        and (person_id in here or person_id not in shut)
        and (person_id != actor.person_id or drafting.second_open(content))
    ]
    return sorted(found, key=lambda one: (not one.on_case, one.name, str(one.person_id)))


def _there_until(case: Case, due: dt.datetime) -> set[UUID]:
    """The lawyers of a case who can open it at least until an instant."""
    return {one for one, until in team.lawyers(case.id).items() if until is None or until >= due}


def _let_in(
    actor: Actor, at: Bench, content: dict[str, Any], person_id: UUID, due: dt.datetime, field_: str
) -> None:
    """Offer the case for a time to who is not on it. Raises DomainError for who cannot be asked."""
    able = {one.person_id: one for one in _candidates(actor, at, content, due)}
    if person_id not in able:
        raise DomainError(_("Choose a lawyer."), field=field_)
    if able[person_id].on_case:
        return
    now = clock.now()
    answer_by = now + reference().urgencies[at.case.urgency].acceptance
    if due > now:
        answer_by = min(answer_by, due)
    reviewers.ask(actor, at.case, at.key, person_id, answer_by, clock.end_of(_last(due)))


def _last(due: dt.datetime) -> dt.date:
    """The last day on which who is asked now can open the case for it.

    What is over its time is still to be looked at: who is asked today has the time of who is asked today.
    """
    return max(due, clock.now()).astimezone(clock.ISTANBUL).date() + rules.ACCESS_AFTER


def answer(actor: Actor, case_id: UUID, draft_id: UUID) -> tuple[str, str, str] | None:
    """How it stands with whoever is asked about a draft and is not on the case, as `reviewers.answer_of`.

    ("gone", "", "") for who was on it and is no more, or lost the key with which they would read it; None for
    who can open it, and where nobody is asked.
    """
    at = legal_drafts.bench(actor, case_id)
    row, _content = legal_drafts.opened(at, draft_id)
    if row.desk_id is None or row.desk_id in _there_until(at.case, clock.now()) & (
        team.lawyers(case_id, (str(Role.LAWYER),)).keys() | draft_keys.readers(case_id, draft_id)
    ):
        return None
    said = reviewers.answer_of(at.case, at.key, row.desk_id)
    return ("gone", "", "") if said is None or said[0] in {"accepted", "ended"} else said
