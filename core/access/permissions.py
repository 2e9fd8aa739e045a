"""Every permission and every role, by name."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account is in its organisation. An account may combine some of them."""

    CASEWORKER = "caseworker"
    LAWYER = "lawyer"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    FOCAL_POINT = "focal_point"


# Managers and administrators are not readers: their roles never meet a reading one in one account.
READING = frozenset({Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR})
STEERING = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
# A focal point answers referrals, which name people: alone, or beside the reading roles.
ANSWERING = READING | {Role.FOCAL_POINT}


def combinable(roles: frozenset[Role]) -> bool:
    """True when one account may hold all of `roles`: at least one, and never from both sides."""
    return bool(roles) and (roles <= ANSWERING or roles <= STEERING)


class Permission(StrEnum):
    """What can be done, as `resource:action`."""

    DESK_READ = "desk:read"
    CASE_LIST = "case:list"
    CASE_RECORD = "case:record"
    CASE_IMPORT = "case:import"
    CASE_READ = "case:read"
    CASE_EDIT = "case:edit"
    CASE_NOTE = "case:note"
    CASE_PRIVILEGED = "case:privileged"
    CASE_EXPORT = "case:export"
    CASE_DEADLINE = "case:deadline"
    DEADLINE_MOVE = "deadline:move"
    DEADLINE_DROP = "deadline:drop"
    LAW_READ = "law:read"
    LAW_EDIT = "law:edit"
    LAW_SIGN = "law:sign"
    CALENDAR_SIGN = "calendar:sign"
    CASE_STATE = "case:state"
    CASE_CONSENT = "case:consent"
    CASE_MATCH = "case:match"
    CONFLICT_DECIDE = "conflict:decide"
    CASE_RESTRICT = "case:restrict"
    CASE_MEMBERS = "case:members"
    CASE_STEP_OFF = "case:step_off"
    ASSIGNMENT_OFFER = "assignment:offer"
    ASSIGNMENT_ANSWER = "assignment:answer"
    REVIEW_ASK = "review:ask"
    REVIEW_GIVE = "review:give"
    LETTER_READ = "letter:read"
    LETTER_EDIT = "letter:edit"
    LETTER_APPROVE = "letter:approve"
    LOAD_READ = "load:read"
    SUPERVISION_READ = "supervision:read"
    TALK_READ = "talk:read"
    TALK_WRITE = "talk:write"
    ORIGINAL_LIST = "original:list"
    ORDER_CARRY_OUT = "order:carry_out"
    STATISTICS_READ = "statistics:read"
    STATISTICS_EXPORT = "statistics:export"
    DOSSIER_READ = "dossier:read"
    DOSSIER_EDIT = "dossier:edit"
    DOSSIER_APPROVE = "dossier:approve"
    STORY_WRITE = "story:write"
    INSTITUTION_READ = "institution:read"
    INSTITUTION_EDIT = "institution:edit"
    CONTACT_READ = "contact:read"
    CONTACT_WRITE = "contact:write"
    RESULT_READ = "result:read"
    PATTERN_READ = "pattern:read"
    PATTERN_DECIDE = "pattern:decide"
    PATTERN_PROPOSE = "pattern:propose"
    POOL_DECIDE = "pool:decide"
    PERSON_READ = "person:read"
    PERSON_INVITE = "person:invite"
    PERSON_REMOVE = "person:remove"
    KEY_READ = "key:read"
    KEY_MAKE = "key:make"
    KEY_GRANT = "key:grant"
    PARTNER_READ = "partner:read"
    PARTNER_CONFIRM = "partner:confirm"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_EDIT = "directory:edit"
    REQUEST_LIST = "request:list"
    REQUEST_READ = "request:read"
    REQUEST_DECIDE = "request:decide"
    INTAKE_EDIT = "intake:edit"
    ROTA_READ = "rota:read"
    ROTA_EDIT = "rota:edit"
    COMPLAINT_READ = "complaint:read"
    REFERRAL_SEND = "referral:send"
    REFERRAL_COUNT = "referral:count"
    REFERRAL_ANSWER = "referral:answer"
    TOPIC_READ = "topic:read"
    TOPIC_EDIT = "topic:edit"
    TOPIC_REVIEW = "topic:review"
    TOPIC_PUBLISH = "topic:publish"
    OFFICE_EDIT = "office:edit"
    SESSION_LOG = "session:log"
    SESSION_READ = "session:read"
    AUDIT_READ = "audit:read"
