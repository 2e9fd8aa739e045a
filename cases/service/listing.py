"""Lists: pages by key, cards opened in memory, nothing kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select
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


def waiting(actor: Actor, states: Sequence[str], *, mine: bool, limit: int) -> list[Row]:
    """Cases in one of `states`, most urgent and longest known first: those the actor works on, or reaches."""
    if mine:
        found = _own(actor, Case.state.in_(states), order=(Case.urgency, Case.number), limit=limit)
    else:
        found = _first_of_each(actor, states, limit)
    return open_cards(actor, found)


def recent(actor: Actor, limit: int) -> list[Row]:
    """Cases on which the actor works, the last changed first."""
    return open_cards(actor, _own(actor, order=(Case.changed_at.desc(),), limit=limit))


def open_cards(actor: Actor, cases: Sequence[Case]) -> list[Row]:
    """Open the cards of `cases`; what cannot be opened yet is a line without a name."""
    opened = keys.case_keys(actor, cases)
    return [_row(case, _card(case, opened.get(case.id))) for case in cases]


def _own(actor: Actor, *conditions: ColumnElement[bool], order: Sequence[Any], limit: int) -> list[Case]:
    """One's own cases in an order of their own, found by the actor's rows and sorted then."""
    own, number = own_cases(actor)
    # Without statistics SQLite walks the organisation; inner order and limit keep it on the actor's rows.
    ids = own.where(*conditions).with_only_columns(Case.id).order_by(number.desc()).limit(OWN)
    statement = select(Case).where(Case.id.in_(ids)).order_by(*order).limit(limit)
    return list(db.session.scalars(statement.options(CARD)))


def _first_of_each(actor: Actor, states: Sequence[str], limit: int) -> list[Case]:
    """The first cases of each state, read in order from their index, and the first of those."""
    reached = reachable(actor, Permission.CASE_LIST, Case).order_by(Case.urgency, Case.number).limit(limit)
    each = (db.session.scalars(reached.where(Case.state == state).options(CARD)) for state in states)
    return sorted(chain.from_iterable(each), key=lambda case: (case.urgency, case.number))[:limit]


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
    )
