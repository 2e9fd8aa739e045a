"""Lists: pages by key, cards opened in memory, nothing kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Final
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import load_only

from cases.models import Case
from cases.service import keys, records
from cases.service.reach import own_cases
from cases.service.views import Page, Row
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import Scope, reachable, scopes
from core.audit import service as audit
from core.store.base import db
from vault import Key, Unreadable

PAGE: Final = 100  # cases shown at once
OWN: Final = 10_000  # more cases than anybody works on at once
CARD: Final = load_only(  # what a line of a list needs
    Case.number,
    Case.organisation_id,
    Case.reference,
    Case.state,
    Case.urgency,
    Case.restricted,
    Case.opened_on,
    Case.changed_at,
    Case.version,
    Case.epoch,
    Case.card,
)


def list_cases(
    actor: Actor,
    *,
    state: str | None = None,
    urgency: str | None = None,
    mine: bool = False,
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """The newest cases that the actor reaches, by number, `before` excluded."""
    statement = newest(actor, mine=mine, before=before).options(CARD)
    if state:
        statement = statement.where(Case.state == state)
    if urgency:
        statement = statement.where(Case.urgency == urgency)
    found = list(db.session.scalars(statement.limit(limit + 1)))
    shown = found[:limit]
    audit.record(actor, "case.list")
    return Page(open_cards(actor, shown), shown[-1].number if len(found) > limit else None)


def waiting(actor: Actor, states: Sequence[str], limit: int) -> list[Case]:
    """Cases in one of `states` that the actor reaches, most urgent and longest known first.

    The first of each state, read in order from their index, and the first of those.
    """
    reached = reachable(actor, Permission.CASE_LIST, Case).order_by(Case.urgency, Case.number).limit(limit)
    each = (db.session.scalars(reached.where(Case.state == state).options(CARD)) for state in states)
    return by_urgency(chain.from_iterable(each), states, limit)


def own(actor: Actor, states: Sequence[str], also: Collection[UUID], limit: int) -> list[Case]:
    """Of the cases on which the actor works: the first in one of `states`, the last changed, and `also`.

    One question to the database; `by_urgency` and `by_change` tell them apart.
    """
    found, number = own_cases(actor)
    # Without statistics SQLite walks the organisation; inner order and limit keep it on the actor's rows.
    ids = found.with_only_columns(Case.id).order_by(number.desc()).limit(OWN)
    works = select(Case.id).where(Case.id.in_(ids))
    by_state = works.where(Case.state.in_(states)).order_by(Case.urgency, Case.number).limit(limit)
    by_change = works.order_by(Case.changed_at.desc()).limit(limit)
    parts = [by_change, *([by_state] if states else []), *([works.where(Case.id.in_(also))] if also else [])]
    wanted = [Case.id.in_(part) for part in parts]
    return list(db.session.scalars(select(Case).where(or_(*wanted)).options(CARD)))


def these(actor: Actor, ids: Collection[UUID]) -> list[Case]:
    """Of the cases with these ids those that the actor reaches, newest first."""
    reached = reachable(actor, Permission.CASE_LIST, Case).where(Case.id.in_(ids))
    return list(db.session.scalars(reached.order_by(Case.number.desc()).options(CARD)))


def by_urgency(cases: Iterable[Case], states: Collection[str], limit: int) -> list[Case]:
    """Of these cases those in one of `states`, most urgent and longest known first."""
    fit = (case for case in cases if case.state in states)
    return sorted(fit, key=lambda case: (case.urgency, case.number))[:limit]


def by_change(cases: Iterable[Case], limit: int) -> list[Case]:
    """Of these cases the last changed, newest first."""
    return sorted(cases, key=lambda case: case.changed_at, reverse=True)[:limit]


def recent(actor: Actor, limit: int) -> list[Row]:
    """Cases on which the actor works, the last changed first."""
    return open_cards(actor, by_change(own(actor, (), (), limit), limit))


def open_cards(actor: Actor, cases: Sequence[Case]) -> list[Row]:
    """Open the cards of `cases`; what cannot be opened yet is a line without a name."""
    opened = keys.case_keys(actor, cases)
    return [row_of(case, opened.get(case.id)) for case in cases]


def row_of(case: Case, key: Key | None) -> Row:
    """The line of one case; without its key it has no name."""
    return _row(case, _card(case, key))


def newest(
    actor: Actor, *, mine: bool = False, before: int | None = None, numbers: Collection[int] | None = None
) -> Select[Case]:
    """Cases that the actor reaches, or works on, newest first, `before` excluded; or those of `numbers`."""
    if mine or scopes(actor, Permission.CASE_LIST) == {Scope.MEMBER}:
        statement, number = own_cases(actor)
    else:
        statement, number = reachable(actor, Permission.CASE_LIST, Case), Case.number
    if before is not None:
        statement = statement.where(number < before)
    if numbers is not None:
        statement = statement.where(number.in_(numbers))
    return statement.order_by(number.desc())


def _card(case: Case, key: Key | None) -> dict[str, str] | None:
    if key is None:
        return None
    try:
        return records.open_card(key, case)
    except Unreadable:
        return None


def _row(case: Case, card: dict[str, str] | None) -> Row:
    shown = card or {}
    return Row(
        id=case.id,
        reference=case.reference,
        state=case.state,
        urgency=case.urgency,
        restricted=case.restricted,
        opened_on=case.opened_on,
        name=shown.get("name", ""),
        issue=shown.get("issue", ""),
        province=shown.get("province", ""),
        next_step=shown.get("next_step", ""),
        readable=card is not None,
        level=shown.get("level", ""),
        version=case.version,
    )
