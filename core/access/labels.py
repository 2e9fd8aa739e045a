"""Roles and permissions in words, for the roles page and wherever a person reads what somebody may do."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _l

from core.access.permissions import Permission, Role
from core.access.policy import Scope

ROLES: Final[dict[Role, Any]] = {
    Role.CASEWORKER: _l("Caseworker"),
    Role.LAWYER: _l("Lawyer"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.MANAGER: _l("Manager"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.FOCAL_POINT: _l("Focal point"),
}

DUTIES: Final[dict[Role, Any]] = {
    Role.CASEWORKER: _l("Records and follows cases and talks to the person. Reads the cases they work on."),
    Role.LAWYER: _l("Accepts assignments and reviews files. Reads only files assigned to them."),
    Role.COORDINATOR: _l(
        "Assigns, supervises and reviews. Reads the organisation's files, except restricted ones."
    ),
    Role.MANAGER: _l("Looks at anonymised statistics and exports them. Reads no case."),
    Role.ADMINISTRATOR: _l("Looks after accounts, roles and recovery. Reads no case."),
    Role.FOCAL_POINT: _l("Answers referrals that partners send. Reads only what was released to us."),
}

# Keys that members hold together, by the kinds of `accounts.service.keys`.
KEYS: Final[dict[str, Any]] = {
    "root": _l("Root"),
    "supervision": _l("Supervision"),
    "desk": _l("Reception desk"),
    "match": _l("Comparison"),
    "statistics": _l("Statistics"),
    "dossier": _l("Dossiers"),
    "partner": _l("Referrals from partners"),
    "recovery": _l("Recovery"),
}

PERMISSIONS: Final[dict[Permission, Any]] = {
    Permission.DESK_READ: _l("Open the own desk"),
    Permission.CASE_LIST: _l("See the list of cases"),
    Permission.CASE_RECORD: _l("Record a case"),
    Permission.CASE_IMPORT: _l("Bring in cases from a sheet and take them back"),
    Permission.CASE_READ: _l("Read a case"),
    Permission.CASE_EDIT: _l("Change a case"),
    Permission.CASE_NOTE: _l("Write notes on a case"),
    Permission.CASE_PRIVILEGED: _l("Write and read notes for the lawyers of a case alone"),
    Permission.CASE_EXPORT: _l("Give out the file of a case as an archive, to a court or to the person"),
    Permission.CASE_DEADLINE: _l("Add deadlines to a case and say that they are met"),
    Permission.DEADLINE_MOVE: _l("Move a deadline, with a reason"),
    Permission.DEADLINE_DROP: _l("Take a deadline out, with a reason"),
    Permission.LAW_READ: _l("See the rules, courts and holidays that deadlines rest on"),
    Permission.LAW_EDIT: _l("Propose changes of rules, courts and holidays"),
    Permission.LAW_SIGN: _l("Sign rules and courts as a lawyer"),
    Permission.CALENDAR_SIGN: _l("Sign holidays that somebody else proposed"),
    Permission.CASE_STATE: _l("Move a case on, close it and reopen it"),
    Permission.CASE_CONSENT: _l("Record and withdraw consents"),
    Permission.CASE_MATCH: _l("Find other files of the same person"),
    Permission.CASE_RESTRICT: _l("Restrict a case to named people"),
    Permission.CASE_MEMBERS: _l("Add people to a case and remove them"),
    Permission.CASE_STEP_OFF: _l("Step off a case"),
    Permission.ASSIGNMENT_OFFER: _l("Assign a lawyer"),
    Permission.ASSIGNMENT_ANSWER: _l("Accept or decline an assignment"),
    Permission.REVIEW_ASK: _l(
        "Ask another lawyer to review a draft, who may then open the case for a time; file or withdraw drafts"
    ),
    Permission.REVIEW_GIVE: _l("Look at a draft that one was asked about, and say what one thinks of it"),
    Permission.LETTER_READ: _l("Use templates of letters and petitions"),
    Permission.LETTER_EDIT: _l("Bring templates of letters and petitions, and retire them"),
    Permission.LETTER_APPROVE: _l("Approve templates of letters and petitions as a lawyer"),
    Permission.LOAD_READ: _l("See how much lawyers carry"),
    Permission.TALK_READ: _l("Read the own talks about the work"),
    Permission.TALK_WRITE: _l("Note talks about the work, for the two who had them"),
    Permission.SUPERVISION_READ: _l("See what people are owed in all cases, and look through files"),
    Permission.ORIGINAL_LIST: _l("See which originals lie with us"),
    Permission.ORDER_CARRY_OUT: _l("Carry out key changes that others ordered"),
    Permission.STATISTICS_READ: _l("See anonymised statistics"),
    Permission.STATISTICS_EXPORT: _l("Export anonymised statistics"),
    Permission.DOSSIER_READ: _l("Read dossiers, if the key was handed over"),
    Permission.DOSSIER_EDIT: _l("Write dossiers"),
    Permission.DOSSIER_APPROVE: _l("Approve dossiers"),
    Permission.STORY_WRITE: _l("Write stories for dossiers"),
    Permission.INSTITUTION_READ: _l("See the addressees of dossiers"),
    Permission.INSTITUTION_EDIT: _l("Change the addressees of dossiers and the text of letters to them"),
    Permission.CONTACT_READ: _l("Read contacts with addressees, if the key was handed over"),
    Permission.CONTACT_WRITE: _l("Write down contacts, promises and outcomes"),
    Permission.RESULT_READ: _l("Read what came of a dossier for the own cases"),
    Permission.PATTERN_READ: _l("See what recurs"),
    Permission.PATTERN_DECIDE: _l("Accept, watch or reject what recurs"),
    Permission.PATTERN_PROPOSE: _l("Propose something that recurs"),
    Permission.POOL_DECIDE: _l("Decide which partners are told weekly counts"),
    Permission.PERSON_READ: _l("See who works here"),
    Permission.PERSON_INVITE: _l("Invite people"),
    Permission.PERSON_REMOVE: _l("End an account"),
    Permission.KEY_READ: _l("See the organisation's keys and who holds them"),
    Permission.KEY_MAKE: _l("Make a key of the organisation"),
    Permission.KEY_GRANT: _l("Give a key of the organisation to somebody"),
    Permission.PARTNER_READ: _l("See partner organisations and whether their root is confirmed"),
    Permission.PARTNER_CONFIRM: _l("Confirm the root of a partner organisation"),
    Permission.DIRECTORY_READ: _l("Look things up in the directory of services"),
    Permission.DIRECTORY_EDIT: _l("Change the directory of services"),
    Permission.REQUEST_LIST: _l("See who asks for help"),
    Permission.REQUEST_READ: _l("Read requests for help, if the key was handed over"),
    Permission.REQUEST_DECIDE: _l("Take a request on, answer and decide it"),
    Permission.INTAKE_EDIT: _l("Open and close the public request, and say what stands on it"),
    Permission.ROTA_READ: _l("See who is on duty"),
    Permission.ROTA_EDIT: _l("Write the duty rota"),
    Permission.CONFLICT_DECIDE: _l("Decide about a possible conflict of interest"),
    Permission.COMPLAINT_READ: _l("Read and answer complaints about cases of others"),
    Permission.REFERRAL_SEND: _l("Refer people to other organisations"),
    Permission.REFERRAL_COUNT: _l("See how often partners accepted, declined or kept silent"),
    Permission.REFERRAL_ANSWER: _l("Answer referrals of partners"),
    Permission.TOPIC_READ: _l("See how legal information comes about"),
    Permission.TOPIC_EDIT: _l("Write legal information for the public"),
    Permission.TOPIC_REVIEW: _l("Review legal information as a lawyer"),
    Permission.TOPIC_PUBLISH: _l("Publish legal information and take it back"),
    Permission.OFFICE_EDIT: _l("Say how the public reaches us"),
    Permission.SESSION_LOG: _l("Write down sessions that were held"),
    Permission.SESSION_READ: _l("See the sessions that were held"),
    Permission.AUDIT_READ: _l("Read the record of acts"),
}

SCOPES: Final[dict[Scope, Any]] = {
    Scope.OWN: _l("own"),
    Scope.MEMBER: _l("cases they work on"),
    Scope.UNRESTRICTED: _l("all cases, restricted ones if named"),
    Scope.WITHOUT_LAWYER: _l("cases without a lawyer, restricted ones if named"),
    Scope.ORGANISATION: _l("whole organisation"),
    Scope.RECEIVED: _l("what partners have sent"),
}


# As what somebody works on a case without it being a role of their account.
_CAPACITIES: Final[dict[str, Any]] = {"reviewer": _l("Lawyer who reviews drafts")}


def role_label(role: str) -> Any:
    """A role in words; one that this version does not know shows as itself."""
    return ROLES[Role(role)] if role in set(Role) else _CAPACITIES.get(role, role)
