"""Who may do what: one table. An absent rule denies. The roles page is rendered from it.

`may` answers for the door (may this actor ever do it), `reachable` for the rows (on which rows).
Both read RULES, so they cannot disagree. Encryption is the first lock; this is the second.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from accounts.models import (
    Draft,
    Invitation,
    OrganisationKey,
    PartnerRoot,
    Person,
    SignInSession,
)
from advocacy.models.contacts import ContactEntry, ContactPerson, DossierResult, Institution
from advocacy.models.dossiers import Dossier, DossierAsk, DossierStory
from advocacy.models.letters import LetterText
from advocacy.models.patterns import (
    PatternDecision,
    PatternProposal,
    PatternScan,
    PooledCounts,
    PoolPartner,
)
from awareness.models import AwarenessSession, PublicOffice, Topic
from cases.import_models import CaseImport
from cases.letter_models import LetterTemplate
from cases.models import Assignment, Case, CaseMember, Fact, LawChange, Order
from cases.talk_models import WorkTalkReader
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.audit.models import AuditEntry
from core.store.base import Base
from domain.drafts import REVIEWER
from intake.models import Complaint, DutyShift, IntakePlace, Request
from referrals.models.conflicts import ConflictEnquiry
from referrals.models.directory import DirectoryEntry
from referrals.models.referrals import Referral
from reports.models import QuarterSnapshot, Release


class Scope(StrEnum):
    """Which rows a role reaches."""

    OWN = "own"  # rows that belong to the actor
    MEMBER = "member"  # cases on which the actor works
    UNRESTRICTED = "unrestricted"  # those, and every case of the organisation that names nobody
    WITHOUT_LAWYER = "without_lawyer"  # of these the ones on which no lawyer works
    ORGANISATION = "organisation"  # every row of the organisation
    RECEIVED = "received"  # what partners have sent to the organisation


_READ = {Role.CASEWORKER: Scope.MEMBER, Role.LAWYER: Scope.MEMBER, Role.COORDINATOR: Scope.UNRESTRICTED}
_WORK = {Role.CASEWORKER: Scope.MEMBER, Role.COORDINATOR: Scope.UNRESTRICTED}

# Those who hold the key of the desk.
_INTAKE = dict.fromkeys((Role.CASEWORKER, Role.COORDINATOR), Scope.ORGANISATION)

_APPROVERS = dict.fromkeys((Role.MANAGER, Role.LAWYER, Role.COORDINATOR), Scope.ORGANISATION)

RULES: dict[Permission, dict[Role, Scope]] = {
    Permission.DESK_READ: dict.fromkeys(Role, Scope.OWN),
    Permission.CASE_LIST: _READ,
    Permission.CASE_RECORD: {Role.CASEWORKER: Scope.ORGANISATION, Role.COORDINATOR: Scope.ORGANISATION},
    Permission.CASE_IMPORT: {Role.COORDINATOR: Scope.ORGANISATION},
    Permission.CASE_READ: _READ,
    Permission.CASE_EDIT: _READ,
    Permission.CASE_NOTE: _READ,
    Permission.CASE_PRIVILEGED: {Role.LAWYER: Scope.MEMBER},
    # Whatever a file holds leaves the house at once: whoever answers for it decides.
    Permission.CASE_EXPORT: {Role.LAWYER: Scope.MEMBER, Role.COORDINATOR: Scope.UNRESTRICTED},
    Permission.CASE_DEADLINE: _READ,
    Permission.DEADLINE_MOVE: {Role.LAWYER: Scope.MEMBER},
    # What was entered by mistake must not wait for a lawyer who may never come.
    Permission.DEADLINE_DROP: {Role.LAWYER: Scope.MEMBER, Role.COORDINATOR: Scope.WITHOUT_LAWYER},
    Permission.LAW_READ: dict.fromkeys(
        (Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR, Role.ADMINISTRATOR), Scope.ORGANISATION
    ),
    Permission.LAW_EDIT: {Role.ADMINISTRATOR: Scope.ORGANISATION},
    Permission.LAW_SIGN: {Role.LAWYER: Scope.ORGANISATION},
    # Anybody can compare a holiday with the published calendar; a reading of the law takes a lawyer.
    Permission.CALENDAR_SIGN: dict.fromkeys((Role.LAWYER, Role.ADMINISTRATOR), Scope.ORGANISATION),
    Permission.CASE_STATE: _READ,
    Permission.CASE_CONSENT: _WORK,
    Permission.CASE_MATCH: _WORK,
    # A lawyer accepts for the own case what is not grave; everything else is a coordinator's.
    Permission.CONFLICT_DECIDE: {Role.LAWYER: Scope.MEMBER, Role.COORDINATOR: Scope.UNRESTRICTED},
    Permission.CASE_RESTRICT: _WORK,
    Permission.CASE_MEMBERS: _WORK,
    Permission.CASE_STEP_OFF: dict.fromkeys((Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR), Scope.MEMBER),
    Permission.ASSIGNMENT_OFFER: {Role.COORDINATOR: Scope.UNRESTRICTED},
    Permission.ASSIGNMENT_ANSWER: {Role.LAWYER: Scope.OWN},
    # For some days, to a colleague under the same secrecy: a coordinator may not know that there is a draft.
    Permission.REVIEW_ASK: {Role.LAWYER: Scope.MEMBER},
    # Of the drafts of a case: its lawyers each, whoever is on it to review the one that they were lent.
    Permission.REVIEW_GIVE: {Role.LAWYER: Scope.MEMBER},
    Permission.LETTER_READ: dict.fromkeys(
        (Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR), Scope.ORGANISATION
    ),
    Permission.LETTER_EDIT: dict.fromkeys((Role.LAWYER, Role.COORDINATOR), Scope.ORGANISATION),
    Permission.LETTER_APPROVE: {Role.LAWYER: Scope.ORGANISATION},
    Permission.LOAD_READ: {Role.COORDINATOR: Scope.ORGANISATION},
    # A note is sealed to the two who had the talk; its row says so again.
    Permission.TALK_READ: dict.fromkeys((Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR), Scope.OWN),
    Permission.TALK_WRITE: {Role.COORDINATOR: Scope.OWN},
    Permission.SUPERVISION_READ: {Role.COORDINATOR: Scope.UNRESTRICTED},
    Permission.ORIGINAL_LIST: {Role.COORDINATOR: Scope.UNRESTRICTED},
    Permission.ORDER_CARRY_OUT: _READ,
    Permission.STATISTICS_READ: {Role.MANAGER: Scope.ORGANISATION},
    Permission.STATISTICS_EXPORT: {Role.MANAGER: Scope.ORGANISATION},
    # Lawyers and coordinators open a dossier only where a manager handed them the key as approvers.
    Permission.DOSSIER_READ: _APPROVERS,
    Permission.DOSSIER_EDIT: {Role.MANAGER: Scope.ORGANISATION},
    Permission.DOSSIER_APPROVE: _APPROVERS,
    Permission.STORY_WRITE: dict.fromkeys((Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR), Scope.OWN),
    Permission.INSTITUTION_READ: dict.fromkeys(
        (Role.MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR), Scope.ORGANISATION
    ),
    Permission.INSTITUTION_EDIT: dict.fromkeys((Role.MANAGER, Role.ADMINISTRATOR), Scope.ORGANISATION),
    Permission.CONTACT_READ: dict.fromkeys((Role.MANAGER, Role.COORDINATOR), Scope.ORGANISATION),
    Permission.CONTACT_WRITE: {Role.MANAGER: Scope.ORGANISATION},
    Permission.RESULT_READ: dict.fromkeys((Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR), Scope.OWN),
    Permission.PATTERN_READ: {Role.MANAGER: Scope.ORGANISATION},
    Permission.PATTERN_DECIDE: {Role.MANAGER: Scope.ORGANISATION},
    Permission.PATTERN_PROPOSE: dict.fromkeys((Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR), Scope.OWN),
    Permission.POOL_DECIDE: {Role.MANAGER: Scope.ORGANISATION},
    Permission.PERSON_READ: {Role.ADMINISTRATOR: Scope.ORGANISATION, Role.COORDINATOR: Scope.ORGANISATION},
    Permission.PERSON_INVITE: {Role.ADMINISTRATOR: Scope.ORGANISATION},
    Permission.PERSON_REMOVE: {Role.ADMINISTRATOR: Scope.ORGANISATION},
    Permission.KEY_READ: {
        Role.ADMINISTRATOR: Scope.ORGANISATION,
        Role.COORDINATOR: Scope.ORGANISATION,
        Role.MANAGER: Scope.ORGANISATION,
        Role.FOCAL_POINT: Scope.ORGANISATION,
    },
    Permission.KEY_MAKE: {
        Role.COORDINATOR: Scope.ORGANISATION,
        Role.MANAGER: Scope.ORGANISATION,
        Role.FOCAL_POINT: Scope.ORGANISATION,
    },
    Permission.KEY_GRANT: {
        Role.ADMINISTRATOR: Scope.ORGANISATION,
        Role.COORDINATOR: Scope.ORGANISATION,
        Role.MANAGER: Scope.ORGANISATION,
        Role.FOCAL_POINT: Scope.ORGANISATION,
    },
    Permission.PARTNER_READ: dict.fromkeys(Role, Scope.ORGANISATION),
    Permission.PARTNER_CONFIRM: {
        Role.ADMINISTRATOR: Scope.ORGANISATION,
        Role.COORDINATOR: Scope.ORGANISATION,
    },
    Permission.DIRECTORY_READ: dict.fromkeys(Role, Scope.ORGANISATION),
    Permission.DIRECTORY_EDIT: {
        Role.ADMINISTRATOR: Scope.ORGANISATION,
        Role.COORDINATOR: Scope.ORGANISATION,
    },
    Permission.REQUEST_LIST: _INTAKE,
    Permission.REQUEST_READ: _INTAKE,
    Permission.REQUEST_DECIDE: _INTAKE,
    Permission.INTAKE_EDIT: {Role.ADMINISTRATOR: Scope.ORGANISATION},
    Permission.ROTA_READ: _INTAKE,
    Permission.ROTA_EDIT: {Role.COORDINATOR: Scope.ORGANISATION},
    # Each is sealed to people outside the case it is about; nobody else finds it.
    Permission.COMPLAINT_READ: dict.fromkeys(
        (Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR), Scope.ORGANISATION
    ),
    Permission.REFERRAL_SEND: _READ,
    # Counts name partners and nobody else: refusals and silence are evidence for a dossier.
    Permission.REFERRAL_COUNT: dict.fromkeys(
        (Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR, Role.MANAGER), Scope.ORGANISATION
    ),
    Permission.REFERRAL_ANSWER: {Role.FOCAL_POINT: Scope.RECEIVED},
    Permission.TOPIC_READ: dict.fromkeys(
        (Role.ADMINISTRATOR, Role.COORDINATOR, Role.CASEWORKER, Role.LAWYER), Scope.ORGANISATION
    ),
    Permission.TOPIC_EDIT: dict.fromkeys(
        (Role.ADMINISTRATOR, Role.COORDINATOR, Role.CASEWORKER), Scope.ORGANISATION
    ),
    Permission.TOPIC_REVIEW: {Role.LAWYER: Scope.ORGANISATION},
    Permission.TOPIC_PUBLISH: {
        Role.ADMINISTRATOR: Scope.ORGANISATION,
        Role.COORDINATOR: Scope.ORGANISATION,
    },
    Permission.OFFICE_EDIT: {Role.ADMINISTRATOR: Scope.ORGANISATION},
    Permission.SESSION_LOG: dict.fromkeys(
        (Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR), Scope.ORGANISATION
    ),
    Permission.SESSION_READ: dict.fromkeys(
        (Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR, Role.MANAGER), Scope.ORGANISATION
    ),
    Permission.AUDIT_READ: {Role.ADMINISTRATOR: Scope.ORGANISATION, Role.COORDINATOR: Scope.ORGANISATION},
}

# What such a membership gives: to read, the draft one was asked about, and to leave. Keys that others wait
# for are handed on by whoever has them. Whoever may more without being on the case may no less.
REVIEWS: Final = frozenset(
    {
        Permission.CASE_LIST,
        Permission.CASE_READ,
        Permission.REVIEW_GIVE,
        Permission.CASE_STEP_OFF,
        Permission.ORDER_CARRY_OUT,
    }
)

# Tables whose every row belongs to one organisation and to nobody in it.
_OF_THE_ORGANISATION: Final = frozenset(
    {
        Person, Invitation, OrganisationKey, PartnerRoot, AuditEntry, Fact, QuarterSnapshot, Release,
        PatternScan, PatternDecision, PatternProposal, PoolPartner, Dossier, DirectoryEntry,
        Topic, PublicOffice, AwarenessSession,
        IntakePlace, Request, DutyShift, Complaint,
        Institution, ContactPerson, ContactEntry, LetterText, LawChange, CaseImport,
        LetterTemplate,
    }
)  # fmt: skip # one list

# Tables whose rows are sent from a case to another organisation.
_ABOUT_A_CASE: Final = frozenset({Referral, ConflictEnquiry})

# Tables whose rows belong to a person, and the column that says to whom.
_OWNERS: Final[dict[type[Base], InstrumentedAttribute[UUID]]] = {
    Draft: Draft.person_id,
    SignInSession: SignInSession.person_id,
    Assignment: Assignment.lawyer_id,
    PatternProposal: PatternProposal.proposed_by,
    DossierAsk: DossierAsk.person_id,
    DossierStory: DossierStory.author_id,
    DossierResult: DossierResult.person_id,
    WorkTalkReader: WorkTalkReader.person_id,
}

Row = TypeVar("Row", bound=Base)


def may(actor: Actor, permission: Permission) -> bool:
    """True when one of the actor's roles opens this door at all."""
    return bool(actor.roles & RULES.get(permission, {}).keys())


def scopes(actor: Actor, permission: Permission) -> frozenset[Scope]:
    """Every scope that the actor's roles give for this permission."""
    return frozenset(scope for role, scope in RULES.get(permission, {}).items() if role in actor.roles)


def reachable(actor: Actor, permission: Permission, model: type[Row]) -> Select[Row]:
    """The rows of `model` on which the actor may do this; nobody else writes `select(Case)`."""
    reviews = permission in REVIEWS
    clauses = [_clause(actor, scope, model, reviews=reviews) for scope in scopes(actor, permission)]
    return select(model).where(or_(false(), *clauses))


def may_as_reviewer(actor: Actor, permission: Permission, *, restricted: bool) -> bool:
    """What `may` says on the pages of a case that the actor is on only to review."""
    own = {Scope.MEMBER, Scope.UNRESTRICTED, Scope.WITHOUT_LAWYER} if restricted else {Scope.MEMBER}
    return bool(scopes(actor, permission) - (set() if permission in REVIEWS else own))


def member_of(person_id: object, *, reviews: bool = False) -> ColumnElement[bool]:
    """The cases on which somebody works now. reviews: also those that they are on only to review."""
    works = () if reviews else (CaseMember.capacity != REVIEWER,)
    return exists().where(CaseMember.person_id == person_id, *_works(), *works)


def _works() -> tuple[ColumnElement[bool], ...]:
    return (
        CaseMember.case_id == Case.id,
        CaseMember.ended_at.is_(None),
        # Time-boxed access ends on its instant, not when the worker comes round.
        or_(CaseMember.until.is_(None), CaseMember.until > clock.now()),
    )


def _has_lawyer() -> ColumnElement[bool]:
    """The cases on which somebody works as their lawyer, with an account that can act.

    Whoever is certified as one but was put on the case as something else has not accepted it.
    """
    return exists().where(
        *_works(),
        CaseMember.capacity == str(Role.LAWYER),
        Person.id == CaseMember.person_id,
        Person.state == "active",
    )


def _received(home: UUID, model: type[Base]) -> ColumnElement[bool]:
    """What partners have sent, as long as it is there for whoever received it."""
    if model is Referral:
        return and_(Referral.partner_id == home, Referral.state != "draft")
    if model is ConflictEnquiry:
        return and_(ConflictEnquiry.partner_id == home, ConflictEnquiry.partner_wrap.is_not(None))
    return false()


def _case(actor: Actor, scope: Scope, *, reviews: bool) -> ColumnElement[bool]:
    """The same for cases."""
    ours, own = Case.organisation_id == actor.organisation_id, member_of(actor.person_id, reviews=reviews)
    clauses = {
        Scope.MEMBER: and_(ours, own),
        Scope.UNRESTRICTED: and_(ours, or_(Case.restricted.is_(False), own)),
        Scope.WITHOUT_LAWYER: and_(ours, or_(Case.restricted.is_(False), own), ~_has_lawyer()),
    }
    return clauses.get(scope, false())


def _clause(  # noqa: PLR0911 - one return for each kind of row reads as a table
    actor: Actor, scope: Scope, model: type[Base], *, reviews: bool = False
) -> ColumnElement[bool]:
    """The WHERE clause of one scope on one table; a pair that is not written here reaches nothing.

    reviews: whether it is enough to be on a case to review.
    """
    home = actor.organisation_id
    if model is Case:
        return _case(actor, scope, reviews=reviews)
    if model is Order and scope in {Scope.MEMBER, Scope.UNRESTRICTED}:
        # From the few orders to their cases: a list of all reachable cases would grow with the organisation.
        reach = exists().where(Case.id == Order.case_id, _clause(actor, scope, Case, reviews=reviews))
        return and_(Order.organisation_id == home, reach)
    if model in _ABOUT_A_CASE and scope in {Scope.MEMBER, Scope.UNRESTRICTED}:
        columns = model.__table__.c
        reach = exists().where(Case.id == columns.case_id, _clause(actor, scope, Case, reviews=reviews))
        return and_(columns.organisation_id == home, reach)
    if scope is Scope.RECEIVED:
        return _received(home, model)
    if model in _OWNERS and scope is Scope.OWN:
        return _OWNERS[model] == actor.person_id
    if model is PooledCounts and scope is Scope.ORGANISATION:
        return PooledCounts.to_id == home
    if model in _OF_THE_ORGANISATION and scope is Scope.ORGANISATION:
        return model.__table__.c.organisation_id == home
    return false()
