"""Record, open and edit a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import Organisation, Person
from accounts.service import trust, turns
from cases.models import Assignment, Case, CaseCounter
from cases.service import consents as consent_rows
from cases.service import (
    deadline_cards,
    deadline_rows,
    due,
    facts,
    keys,
    match_tokens,
    reasons,
    reminders,
    rows,
    team,
    timeline,
)
from cases.service.match_tokens import Tokens
from cases.service.reach import find, waiting_kinds
from cases.service.records import open_record, seal_record
from cases.service.views import AssignmentLine, OpenCase
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may
from core.audit import service as audit
from core.errors import Conflict, DomainError, Locked, Refused
from core.reference import reference
from core.store.base import db
from domain import codes, lifecycle
from vault import Key

CLOSED: Final = _("A closed file is not edited. A coordinator can reopen it.")
NAMED_AT_LEAST: Final = 2  # people who may open a restricted file
NEEDED_KEYS: Final = ("recovery", "supervision", "desk", "match")

# What a feature above shows on the page of a case registers here under its name (referrals); each is asked
# with the opened case's key.
beside: Final[dict[str, Callable[[Actor, Case, Key], list[Any]]]] = {}


class EditConflict(Conflict):
    """Somebody saved the case meanwhile: here is how it stands now."""

    def __init__(self, current: OpenCase) -> None:
        super().__init__(_("Somebody changed this file while you had it open. Nothing was overwritten."))
        self.current = current


def can_record(organisation_id: UUID) -> list[str]:
    """The keys the organisation still lacks before anything may be recorded; empty when all exist."""
    existing = trust.existing_kinds(organisation_id)
    return [kind for kind in NEEDED_KEYS if kind not in existing]


def record_case(
    actor: Actor,
    record: dict[str, Any],
    *,
    urgency: str,
    restricted: bool,
    named: Iterable[UUID],
    consents: Iterable[dict[str, Any]],
    token: UUID,
    tokens: Tokens | None = None,
    first_contact: dict[str, str] | None = None,
) -> UUID:
    """Record a case and return its id. The same token twice records once.

    tokens: what `match_tokens.made` gave for the client, which is slow and better done before.
    first_contact: what was answered about what cannot wait; it stays in the timeline.

    Raises Locked when a key is missing, DomainError when a restricted case names nobody else.
    """
    if not may(actor, Permission.CASE_RECORD):
        raise Refused
    if can_record(actor.organisation_id):
        raise Locked(_("Recording opens once a coordinator has made the keys of your organisation."))
    # Recordings take turns: numbers have no gap, and a double click finds the first.
    home = turns.take(actor.organisation_id)
    already = timeline.case_of_token(actor, token)
    if already is not None:
        return already
    people = {actor.person_id, *(named if restricted else ())}
    if restricted and len(people) < NAMED_AT_LEAST:
        raise DomainError(_("A restricted file names at least two people."), field="named")
    team.require_colleagues(actor, people)
    case = _blank_case(home, urgency=urgency, restricted=restricted)
    db.session.add(case)
    db.session.flush()
    key = keys.make_epoch(actor, case, before=None, holders=dict.fromkeys(people))
    for person in people:
        team.put_on(case, person)
    record = {**record, "statistics_ids": facts.fresh_ids()}
    seal_record(key, case, record)
    timeline.write(actor, case, key, "recorded", "", data=first_contact, token=token)
    consented = consent_rows.write_all(case, key, consents)
    facts.append(actor, case, record, consented=consented)
    match_tokens.write(actor, case, record["client"], ready=tokens)
    due.key_made(actor, case)
    rows.written(actor, "case.record", key, case)
    return case.id


def open_case(actor: Actor, case_id: UUID, *, before: str | None = None) -> OpenCase:
    """Open a whole case for its page; the act is audited. Raises NotFound, Locked or rows.Tampered."""
    case = find(actor, Permission.CASE_READ, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    audit.record(actor, "case.read", object_kind="case", object_id=case.id)
    return opened(actor, case, key, before=before)


def opened(actor: Actor, case: Case, key: Key, *, before: str | None = None) -> OpenCase:
    """The case as its page shows it."""
    entries, more = timeline.read(case, key, before=before)
    return OpenCase(
        id=case.id,
        reference=case.reference,
        state=case.state,
        urgency=case.urgency,
        restricted=case.restricted,
        opened_on=case.opened_on,
        closed_on=case.closed_on,
        version=case.version,
        record=open_record(key, case),
        entries=entries,
        more_entries=more,
        consents=consent_rows.read(case, key),
        members=team.lines(case),
        deadlines=deadline_cards.read(case, key),
        assignment=_assignment(case, key),
        waiting=waiting_kinds(case.id),
        next_states=[str(state) for state in lifecycle.next_states(case.state, actor.roles)],
        beside={name: ask(actor, case, key) for name, ask in beside.items()},
    )


def edit_case(
    actor: Actor,
    case_id: UUID,
    version: int,
    record: dict[str, Any],
    *,
    urgency: str,
    tokens: Tokens | None = None,
) -> int:
    """Replace the record and return the new version. Raises EditConflict with the present state.

    tokens: as for `record_case`.
    """
    case = find(actor, Permission.CASE_EDIT, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if case.version != version:
        raise EditConflict(opened(actor, case, key))
    if case.state in {lifecycle.State.CLOSED, lifecycle.State.ERASED}:
        raise DomainError(CLOSED)
    before = open_record(key, case)
    # What the form does not carry stays as it was: the ids of statistics, the closing.
    changed = {**before, **record}
    save_record(actor, case, key, changed, urgency=urgency)
    match_tokens.write(actor, case, changed["client"], before=before["client"], ready=tokens)
    if changed["client"].get("birth") != before["client"].get("birth"):
        consent_rows.check_stories(actor, case, key)
    timeline.write(actor, case, key, "edited", "")
    rows.written(actor, "case.edit", key, case)
    return case.version


def next_version(case: Case, key: Key, record: dict[str, Any]) -> None:
    """Seal record and card as the next version of the case."""
    case.version += 1
    case.changed_at = clock.now()
    seal_record(key, case, record)


def save_record(actor: Actor, case: Case, key: Key, record: dict[str, Any], *, urgency: str) -> None:
    """Seal a changed record as the next version, with its card and its fact."""
    if urgency != case.urgency:
        case.urgency = urgency
        reminders.look_again(case.id)
        deadline_rows.keep_two(case, key)
    next_version(case, key, record)
    facts.append(actor, case, record, consented=consent_rows.stands(case, key, facts.CONSENT))


def _blank_case(home: Organisation, *, urgency: str, restricted: bool) -> Case:
    if urgency not in reference().urgencies:
        raise DomainError(_("Choose an urgency."), field="urgency")
    now, today = clock.now(), clock.today()
    counter = db.session.get(CaseCounter, home.id, populate_existing=True)
    if counter is None:
        counter = CaseCounter(organisation_id=home.id, last=0)
        db.session.add(counter)
    counter.last += 1
    return Case(
        id=uuid4(),
        organisation_id=home.id,
        number=counter.last,
        reference=codes.reference(home.prefix, today.year, counter.last),
        state=str(lifecycle.INITIAL),
        urgency=urgency,
        restricted=restricted,
        opened_on=today,
        closed_on=None,
        changed_at=now,
        version=1,
        epoch=1,
        record=b"",
        card=b"",
        head=b"",
    )


def _assignment(case: Case, key: Key) -> AssignmentLine | None:
    """The newest offer, with the reason where the lawyer declined."""
    found = db.session.execute(
        select(Assignment, Person.name)
        .join(Person, Person.id == Assignment.lawyer_id)
        .where(Assignment.case_id == case.id)
        .order_by(Assignment.offered_at.desc(), Assignment.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    row, name = found
    code, reason = "", ""
    if row.reason is not None and row.reason_epoch == case.epoch:
        code, reason = reasons.read(case, key, row)
    return AssignmentLine(row.id, row.lawyer_id, name, row.state, row.offered_at, row.answer_by, code, reason)
