"""A case opened for one reader, with as much of it as a page shows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from accounts.models import Person
from cases.models import Assignment, Case
from cases.service import (
    clocks,
    conflicts,
    deadline_cards,
    deadline_rows,
    documents,
    items,
    lawyer_notes,
    legal_drafts,
    reasons,
    rows,
    team,
    timeline,
)
from cases.service import consents as consent_rows
from cases.service.declared import KIND as DECLARATION
from cases.service.reach import waiting_kinds
from cases.service.records import open_record
from cases.service.views import AssignmentLine, MemberLine, OpenCase
from core.access.actors import Actor
from core.access.permissions import Role
from core.store.base import db
from domain import lifecycle
from domain.lifecycle import State
from vault import Key

# What a feature above shows on the page of a case registers here under its name (referrals); each is asked
# with the opened case's key.
beside: Final[dict[str, Callable[[Actor, Case, Key], list[Any]]]] = {}


def opened(
    actor: Actor,
    case: Case,
    key: Key,
    *,
    before: str | None = None,
    only: str = "",
    there: Collection[rows.Standing] | None = None,
    dated: bool = False,
) -> OpenCase:
    """The case as its page shows it; `before` and `only` as for `timeline.read`, `dated` for `open_case`.

    there: its rows, where the newest documents and the next deadlines are enough.
    """
    kept = None if there is None else _of_table(there, documents.TABLE)
    dates = 0 if there is None or dated else len(_of_table(there, deadline_rows.TABLE))
    papers = documents.read(case, key) if kept is None else documents.newest(case, key, len(kept))
    entries, more = timeline.read(case, key, before=before, only=only)
    record = open_record(key, case)
    told = outline(
        case,
        key,
        record,
        entries=entries,
        more_entries=more,
        consents=consent_rows.read(case, key),
        assignment=_assignment(case, key),
        waiting=waiting_kinds(case.id),
        beside={name: ask(actor, case, key) for name, ask in beside.items()},
        documents=papers,
        document_ids=frozenset((str(one.id) for one in papers) if kept is None else kept),
        lawyer_notes=lawyer_notes.read(actor, case, record),
        told_on=case.told_on,
        owed=clocks.of(case),
        legal_drafts=legal_drafts.read(actor, case, record),
        soonest=dates > deadline_cards.SHOWN,
    )
    hidden = max(0, dates - len(told.deadlines))
    return replace(told, next_states=_next_states(actor, case, told.members), more_deadlines=hidden)


def outline(case: Case, key: Key, record: dict[str, Any], *, soonest: bool = False, **more: Any) -> OpenCase:
    """A case as every page shows it; `more`: what only some show.

    soonest: whether the next deadlines are enough; a calendar of declarations shows the others too.
    """
    things = items.read(case, key)
    soonest = soonest and all(one.kind != DECLARATION for one in things)
    return OpenCase(
        id=case.id,
        reference=case.reference,
        state=case.state,
        urgency=case.urgency,
        restricted=case.restricted,
        opened_on=case.opened_on,
        closed_on=case.closed_on,
        version=case.version,
        record=record,
        members=team.lines(case),
        deadlines=deadline_cards.read(case, key, soonest=soonest),
        items=things,
        conflict=str(conflicts.standing_of(case, record)),
        **more,
    )


def _of_table(standing: Collection[rows.Standing], wanted: str) -> list[str]:
    """The ids of the rows of one table."""
    return [str(row_id) for table, row_id, _version in standing if table == wanted]


def _next_states(actor: Actor, case: Case, members: list[MemberLine]) -> list[str]:
    """Where the actor may move the case; in progress only with its lawyer."""
    led = any(one.capacity == str(Role.LAWYER) and not one.withdrawing for one in members)
    moves = lifecycle.next_states(case.state, actor.roles)
    return [str(state) for state in moves if led or state != State.IN_PROGRESS]


def _assignment(case: Case, key: Key) -> AssignmentLine | None:
    """The newest offer, with the reason where the lawyer declined."""
    found = db.session.execute(
        select(Assignment, Person.name)
        .join(Person, Person.id == Assignment.lawyer_id)
        .where(Assignment.case_id == case.id, Assignment.until.is_(None))
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
