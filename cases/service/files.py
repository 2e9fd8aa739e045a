"""Record, open and edit a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _

from accounts.models import Organisation
from accounts.service import trust, turns
from cases.models import Case, CaseCounter
from cases.service import (
    conflicts,
    deadline_rows,
    due,
    facts,
    gate,
    keys,
    match_tokens,
    offered,
    opening,
    parties,
    reminders,
    rows,
    team,
    timeline,
)
from cases.service import consents as consent_rows
from cases.service.match_tokens import Made
from cases.service.reach import find
from cases.service.records import next_version, open_record, seal_record
from cases.service.views import OpenCase
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may
from core.audit import service as audit
from core.errors import Conflict, DomainError, Locked, Refused
from core.reference import reference
from core.store.base import db
from domain import codes, lifecycle, reviews
from domain.conflicts import Standing
from domain.first_contact import says_more
from vault import Key

NAMED_AT_LEAST: Final = 2  # people who may open a restricted file
NEEDED_KEYS: Final = ("recovery", "supervision", "desk", "match")

# What follows from a record that was changed, for those above who keep to it; called with case and record.
on_saved: Final[list[Callable[[Case, dict[str, Any]], None]]] = []


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
    tokens: Made | None = None,
    first_contact: dict[str, str] | None = None,
) -> UUID:
    """Record a case and return its id. The same token twice records once.

    Everybody in it is compared with every other file. Where that is clear the case is open at once; where a
    conflict of interest is possible it keeps first contact alone and waits for a decision.
    tokens: what `match_tokens.made_of` gave for the record, which is slow and better done before.
    first_contact: what was answered about what cannot wait and how it came; it stays in the timeline.

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
    record = {**record, "parties": parties.fresh(record.get("parties", ()))}
    record = {**conflicts.opening(actor, case, record, tokens), "statistics_ids": facts.fresh_ids()}
    timeline.write(actor, case, key, "recorded", "", data=first_contact, token=token)
    take_up(actor, case, key, record, Standing.CLEAR)
    seal_record(key, case, record)
    consented = consent_rows.write_all(case, key, consents)
    facts.append(actor, case, record, consented=consented)
    match_tokens.write(actor, case, record, ready=tokens)
    due.key_made(actor, case)
    rows.written(actor, "case.record", key, case)
    return case.id


def open_case(
    actor: Actor,
    case_id: UUID,
    *,
    before: str | None = None,
    only: str = "",
    looked: bool = False,
    brief: bool = False,
    dated: bool = False,
) -> OpenCase:
    """Open a whole case for its page; the act is audited. Raises NotFound, Locked or rows.Tampered.

    looked: whether its newest lines are shown, so that they are no news on the actor's desk any more.
    brief: whether no more of its documents and deadlines are opened than its own page shows.
    dated: whether that page shows all deadlines.
    """
    case = find(actor, Permission.CASE_READ, case_id)
    offered.end_late(case)
    key = keys.case_key(actor, case)
    standing = rows.check_head(key, case)
    if looked:
        team.looked(actor, case)
    audit.record(actor, "case.read", object_kind="case", object_id=case.id)
    there = standing if brief else None
    return opening.opened(actor, case, key, before=before, only=only, there=there, dated=dated)


def edit_case(
    actor: Actor,
    case_id: UUID,
    version: int,
    record: dict[str, Any],
    *,
    urgency: str,
    tokens: Made | None = None,
) -> int:
    """Replace the record and return the new version. Raises EditConflict with the present state.

    tokens: as for `record_case`.
    """
    case = find(actor, Permission.CASE_EDIT, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if case.version != version:
        raise EditConflict(opening.opened(actor, case, key))
    if case.state in {lifecycle.State.CLOSED, lifecycle.State.ERASED}:
        raise DomainError(gate.CLOSED)
    before = open_record(key, case)
    # What the form does not carry stays as it was: the ids of statistics, the closing, the parties.
    changed = {**before, **record}
    if says_more(changed, before):
        gate.require(case, before, gate.Act.FACTS)
    save_compared(actor, case, key, changed, before, urgency=urgency, ready=tokens)
    if changed["client"].get("birth") != before["client"].get("birth"):
        consent_rows.check_stories(actor, case, key)
    timeline.write(actor, case, key, "edited", "")
    rows.written(actor, "case.edit", key, case)
    return case.version


def set_next_step(actor: Actor, case_id: UUID, version: int, text: str) -> bool:
    """Say what comes next; whether that changed anything. Raises Conflict, gate.Held, DomainError."""
    case = find(actor, Permission.CASE_EDIT, case_id, version=version)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if case.state in {lifecycle.State.CLOSED, lifecycle.State.ERASED}:
        raise DomainError(gate.CLOSED)
    record = open_record(key, case)
    if record.get("next_step", "") == text:
        return False
    gate.require(case, record, gate.Act.FACTS)
    next_version(case, key, {**record, "next_step": text})  # nothing coded has changed: the fact stays
    timeline.write(actor, case, key, "edited", "")
    rows.written(actor, "case.edit", key, case)
    return True


def takes_facts(actor: Actor, case_id: UUID) -> bool:
    """Whether a case takes what goes beyond first contact."""
    case = find(actor, Permission.CASE_READ, case_id)
    record = open_record(keys.case_key(actor, case), case)
    return gate.held(case, record, gate.Act.FACTS) is None


def save_record(actor: Actor, case: Case, key: Key, record: dict[str, Any], *, urgency: str) -> None:
    """Seal a changed record as the next version, with its card and its fact."""
    if urgency != case.urgency:
        if case.urgency == reviews.URGENT:
            record = {**record, reviews.ONCE: True}  # lowering it spares no second look
        case.urgency = urgency
        reminders.look_again(case.id)
        deadline_rows.keep_two(case, key)
    next_version(case, key, record)
    facts.append(actor, case, record, consented=consent_rows.stands(case, key, facts.CONSENT))
    offered.follow(case, record)
    for follow in on_saved:
        follow(case, record)


def save_compared(
    actor: Actor,
    case: Case,
    key: Key,
    record: dict[str, Any],
    before: dict[str, Any],
    *,
    urgency: str,
    ready: Made | None = None,
) -> None:
    """Save a record in which somebody may be told apart otherwise, and compare it with other files again.

    ready: what `match_tokens.made_of` gave for it. Whoever does not hold the match key leaves both to the
    next colleague who does.
    """
    stood = conflicts.standing_of(case, before)
    if parties.who_they_are(record) != parties.who_they_are(before):
        record = conflicts.compared(actor, case, record, ready)
        match_tokens.write(actor, case, record, ready=ready)
        take_up(actor, case, key, record, stood)
    save_record(actor, case, key, record, urgency=urgency)


def compare_again(actor: Actor, case: Case, key: Key) -> None:
    """Compare everybody in a case with every other file, now. Raises Locked without the match key."""
    match_tokens.held(actor)
    before = open_record(key, case)
    record = conflicts.compared(actor, case, before, None)
    match_tokens.write(actor, case, record)
    stood = conflicts.standing_of(case, before)
    if stood is Standing.CLEAR and not conflicts.differ(record, before):
        return  # whoever has it open meanwhile saves as before
    take_up(actor, case, key, record, stood)
    next_version(case, key, record)
    rows.written(actor, "case.compare", key, case)


def take_up(actor: Actor, case: Case, key: Key, record: dict[str, Any], stood: Standing) -> None:
    """What follows where a matter stands otherwise than it did; the caller seals the record.

    A line in the timeline, a place on the desks of those who decide; a clear matter is open by itself.
    """
    now = conflicts.standing_of(case, record)
    if now is Standing.POSSIBLE:
        due.conflict_due(actor, case)
    elif stood is Standing.POSSIBLE:
        due.conflict_settled(actor, case)
    if now is not stood:
        timeline.write(actor, case, key, "conflict", "", data={"standing": str(now)})
        offered.hold(actor, case, key, now)
    if now is Standing.CLEAR and case.state == lifecycle.State.CONFLICT_CHECK:
        case.state = str(lifecycle.State.OPEN)


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
