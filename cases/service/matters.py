"""Facts of a matter that begin and end, as items of its case; what several of them come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from accounts.service.names import names_of
from cases.models import Case
from cases.service import items, keys, numbers, records, team
from cases.service.items import Said
from cases.service.parties import everybody
from cases.service.reach import find
from cases.service.views import DONE, DROPPED, OPEN, OpenItem, by_kind
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.errors import Conflict, DomainError, NotFound
from domain import matters
from domain.matters import Kind
from vault import Key

_WORKING: Final = (Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR)
_IDS: Final = frozenset({"lawyer", "party", "seen_by"})


# What follows once a power of attorney was written down or changed.
on_power: Final[list[Callable[[Actor, Case, Key], None]]] = []


def add(actor: Actor, case_id: UUID, kind: str, data: dict[str, str], token: UUID) -> UUID:
    """Add a fact. Raises NotFound, gate.Held, DomainError."""
    data = _right(actor, case_id, kind, data)
    item_id = items.add(actor, case_id, kind, _said(kind, data), token, **_line(data))
    _follow(actor, case_id, kind)
    return item_id


def change(
    actor: Actor, case_id: UUID, item_id: UUID, version: int, kind: str, data: dict[str, str], token: UUID
) -> None:
    """Say a fact otherwise, or that it is over. Raises NotFound, Conflict, DomainError."""
    _require_there(actor, case_id, item_id, token)
    data = _right(actor, case_id, kind, data, item_id)
    items.change(actor, case_id, item_id, version, _said(kind, data), token, **_line(data))
    _follow(actor, case_id, kind)


def take_out(actor: Actor, case_id: UUID, item: OpenItem, version: int, token: UUID) -> None:
    """Take out what was a mistake; it stays in the timeline. Raises NotFound, Conflict, DomainError."""
    said = Said(item.data, state=DROPPED)
    items.change(actor, case_id, item.id, version, said, token, **_line(item.data))
    _follow(actor, case_id, item.kind)


def _require_there(actor: Actor, case_id: UUID, item_id: UUID, token: UUID) -> None:
    """Raise Conflict for what was taken out: it does not come back by being changed."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    one = items.find_one(case, keys.case_key(actor, case), item_id)
    if one.state == DROPPED and one.last != str(token):
        raise Conflict


def _follow(actor: Actor, case_id: UUID, kind: str) -> None:
    if kind == Kind.REFERENCE:
        numbers.renumber(actor, case_id)
    if kind == Kind.POWER:
        case = find(actor, Permission.CASE_NOTE, case_id)
        for follow in on_power:
            follow(actor, case, keys.case_key(actor, case))


def holds(case: Case, key: Key, person_id: UUID) -> bool:
    """Whether this lawyer holds a power of attorney in the case today."""
    mine = [one for one in items.held(case, key, Kind.POWER) if one.get("lawyer") == str(person_id)]
    return any(matters.holds_on(data, clock.today()) for data in mine)


def lawyers(actor: Actor, powers: Iterable[OpenItem] = ()) -> dict[str, str]:
    """By id the name of those who can hold a power of attorney, and of who holds these and is gone."""
    can = {str(one.id): one.name for one in team.holding(actor, [Role.LAWYER])}
    gone = {UUID(held) for one in powers if (held := one.data.get("lawyer")) and held not in can}
    return {str(one): name for one, name in names_of(gone).items()} | can


def colleagues(actor: Actor, mandates: Iterable[OpenItem] = ()) -> dict[str, str]:
    """By id the name of those who can have seen a paper, and of who saw these and is gone."""
    gone = {one.data["seen_by"]: one.data["seen_name"] for one in mandates if one.data["seen_by"]}
    return gone | {str(one.id): one.name for one in team.holding(actor, _WORKING)}


def representatives(record: dict[str, Any], mandates: Iterable[OpenItem] = ()) -> dict[str, str]:
    """By id the name of who is named as a representative of the client, or was when given one of these."""
    gone = {one.data["party"]: one.data["name"] for one in mandates}
    return gone | {one.id: one.names[0] for one in everybody(record) if one.role == "representative"}


def _right(
    actor: Actor, case_id: UUID, kind: str, data: dict[str, str], item_id: UUID | None = None
) -> dict[str, str]:
    """The data as it is kept: by their names too who holds a power, who speaks and who saw the paper.

    Who is gone stays named where they were, and is named in nothing else.
    """
    if kind not in matters.ENDS:
        raise NotFound
    if kind not in {Kind.POWER, Kind.MANDATE}:
        return data
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    before = [one for one in by_kind(items.read(case, key))[Kind(kind)] if one.id == item_id]
    if kind == Kind.POWER:
        holder, can = data.get("lawyer", ""), lawyers(actor, before)
        if holder and holder not in can:
            raise DomainError(_("Choose the lawyer"), field="lawyer")
        return {**data, "lawyer_name": can.get(holder, "")}
    speaks, seen = representatives(records.open_record(key, case), before), colleagues(actor, before)
    if data["party"] not in speaks:
        raise DomainError(_("Choose who speaks for it"), field="party")
    if data["seen_by"] and data["seen_by"] not in seen:
        raise DomainError(_("Choose who saw the paper"), field="seen_by")
    return {**data, "name": speaks[data["party"]], "seen_name": seen.get(data["seen_by"], "")}


def _said(kind: str, data: dict[str, str]) -> Said:
    return Said(dict(data), state=DONE if matters.is_over(kind, data) else OPEN)


def _line(data: dict[str, str]) -> dict[str, Any]:
    """What the timeline says of it: the fact as it stands with this line."""
    return {"fact": {name: value for name, value in data.items() if value and name not in _IDS}}
