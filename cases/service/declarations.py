"""Declarations that an organisation owes: planned, given with proof, planned again.

One that a rule counts is a deadline like any other, watched, reminded of and met on its own page; the item
says which declaration it is. Any other stands on the desk of one person for a day that somebody said.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _

from cases.service import counting, deadline_cards, deadlines, items, keys, next_ones, records
from cases.service.declared import KIND, Declared, calendar
from cases.service.items import Said
from cases.service.reach import find
from cases.service.views import DONE, DROPPED, OPEN, OpenItem
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import Conflict, DomainError, NotFound
from core.reference import reference
from domain.deadlines.engine import Deadline
from domain.declarations import ANNUAL, MONTHS, rule_of, same_period

_SAME_YEAR: Final = _(
    "The annual declaration of this year is in the calendar already. Look at it first: here it would stand "
    "twice."
)
PLANNED: Final = _("The next one is planned already. Look at it first: here it would stand twice.")


def asked_of(rule: str, begun: dt.date) -> dict[str, Any]:
    """The question to the engine for a declaration that is counted from a day."""
    return {"rule": rule, "served_on": begun.isoformat(), "facts": {}}


def count(actor: Actor, rule: str, begun: dt.date) -> Deadline:
    """When it is due by the law of the organisation. Raises DomainError where that gives no date."""
    return deadlines.count(actor, asked_of(rule, begun))


def plan_counted(
    actor: Actor,
    case_id: UUID,
    data: dict[str, str],
    token: UUID,
    begun: dt.date,
    watchers: tuple[UUID, UUID],
) -> UUID:
    """Plan one that a rule counts, with its deadline. The same token twice plans once.

    data: `what`, `period`, `authority`, `more`, and `after`, the declaration that it follows. begun: the day
    from which it is counted. Raises NotFound, gate.Held, DomainError, also where another follows that one.
    """
    counting.steadily(actor.organisation_id)  # before the case is locked
    legal_form = _planned(actor, case_id, {**data, "begun": begun.isoformat()}, token)
    rule = rule_of(data["what"], legal_form)
    if not rule:
        raise NotFound
    deadline_id = deadlines.add(actor, case_id, uuid5(token, KIND), asked_of(rule, begun), *watchers)
    data = {**data, "begun": begun.isoformat(), "deadline": str(deadline_id)}
    item_id = items.add(actor, case_id, KIND, Said(data), token, **_told(data))
    next_ones.keep(actor, case_id)
    return item_id


def plan(
    actor: Actor, case_id: UUID, data: dict[str, Any], token: UUID, due: dt.date, owner_id: UUID
) -> UUID:
    """Plan one for a day that somebody said, on somebody's desk. The same token twice plans once.

    data: as for `plan_counted`, and `every`, a code of the list. Raises as that does.
    """
    _planned(actor, case_id, {**data, "due": due.isoformat()}, token)
    if data["every"] not in MONTHS:
        raise NotFound
    data = {**data, "begun": "", "due": due.isoformat()}
    item_id = items.add(actor, case_id, KIND, Said(data, due, owner_id), token, **_told(data))
    next_ones.keep(actor, case_id)
    return item_id


def plan_anew(
    actor: Actor,
    case_id: UUID,
    item_id: UUID,
    version: int,
    data: dict[str, Any],
    token: UUID,
    due: dt.date,
    owner_id: UUID,
) -> None:
    """Another day, desk or period for one that is owed, as for `plan`.

    Raises NotFound, Conflict, also where it was given meanwhile, DomainError, also where another stands for
    the year that it names now.
    """
    one = _one(actor, case_id, item_id)
    if data["every"] not in MONTHS:
        raise NotFound
    _require_owed(one, token)
    if due != one.due_on:
        data = {**data, "month_day": due.day}
    data = {**one.data, **data, "due": due.isoformat()}
    if data["period"] != one.data["period"]:
        _require_one_a_year(_known(actor, case_id), data, one.id)
    items.change(actor, case_id, item_id, version, Said(data, due, owner_id), token, **_told(data))


def give(
    actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID, *, on: dt.date, proof: str
) -> None:
    """Say on which day it was given, and how that is proved.

    Raises NotFound, Conflict, also where a colleague said it meanwhile, DomainError.
    """
    one = _one(actor, case_id, item_id)
    _require_owed(one, token)
    data = {**one.data, "end": {"on": on.isoformat(), "proof": proof}}
    said = Said(data, one.due_on, state=DONE)
    items.change(actor, case_id, item_id, version, said, token, text=proof, **_told(data))
    next_ones.keep(actor, case_id)


def take_out(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID) -> None:
    """It is not owed. Raises NotFound, Conflict, DomainError."""
    one = _one(actor, case_id, item_id)
    said = Said(one.data, one.due_on, state=DROPPED)
    items.change(actor, case_id, item_id, version, said, token, **_told(one.data))
    next_ones.keep(actor, case_id)


def take_up(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID) -> None:
    """It is owed after all, on the desk of whoever says so. Raises NotFound, Conflict, DomainError."""
    one = _one(actor, case_id, item_id)
    if one.state == DROPPED:
        known = _known(actor, case_id)
        _require_one_a_year(known, one.data, one.id)
        if one.data.get("after"):
            _require_next(known, one.data["after"])
    data = {name: value for name, value in one.data.items() if name != "end"}
    said = Said(data, one.due_on, actor.person_id, OPEN)
    items.change(actor, case_id, item_id, version, said, token, **_told(data))
    next_ones.keep(actor, case_id)


def _planned(actor: Actor, case_id: UUID, data: dict[str, Any], token: UUID) -> str:
    """The legal form of the client of a declaration that can be planned.

    Raises NotFound for a person, and for a declaration that no list or no case knows; DomainError where the
    one that it follows is followed already. The case stays locked, so that two people do not plan the same.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    legal_form = records.open_record(key, case)["client"].get("legal_form") or ""
    if not legal_form or data["what"] not in reference().lists["declaration_kind"]:
        raise NotFound
    if items.added(case, token) is None:
        known = _known(actor, case_id)
        _require_one_a_year(known, data)
        if data.get("after"):
            _require_next(known, data["after"])
    return str(legal_form)


def _known(actor: Actor, case_id: UUID) -> list[Declared]:
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    return calendar(items.read(case, key), deadline_cards.read(case, key))


def _require_one_a_year(known: list[Declared], data: dict[str, Any], but: UUID | None = None) -> None:
    """Raise DomainError where the annual declaration of the same financial year is planned or given already.

    One that no rule counts says its year in words alone. Where it follows one that was given it is of a year
    after that, and after all that were given, whatever its words are.
    """
    if data["what"] != ANNUAL:
        return
    others = (one for one in known if one.item.id != but and one.state != DROPPED)
    annual = [one for one in others if one.item.data["what"] == ANNUAL]
    begun = data.get("begun")
    if begun and any(one.item.data.get("begun") == begun for one in annual):
        raise DomainError(_SAME_YEAR, field="begun")
    given = {str(one.item.id) for one in annual if one.state == DONE}
    if data.get("after") in given:
        annual = [one for one in annual if one.state != DONE]
    if not begun and any(same_period(data, one.item.data) for one in annual):
        raise DomainError(_SAME_YEAR, field="period")


def _require_next(known: list[Declared], after: str) -> None:
    """Raise DomainError where the next one is planned, NotFound where there is none to follow."""
    before = next((one for one in known if str(one.item.id) == after), None)
    if before is None:
        raise NotFound
    if before.followed_by is not None:
        raise DomainError(PLANNED)


def _one(actor: Actor, case_id: UUID, item_id: UUID) -> OpenItem:
    """One that no deadline stands for: that is ended on its own page."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    one = items.find_one(case, keys.case_key(actor, case), item_id)
    if one.kind != KIND or one.data.get("deadline"):
        raise NotFound
    return one


def _require_owed(one: OpenItem, token: UUID) -> None:
    """Raise Conflict where it is over by another form than this one."""
    if not one.is_open and one.last != str(token):
        raise Conflict


def _told(data: dict[str, Any]) -> dict[str, Any]:
    """What the timeline says of it."""
    return {name: data[name] for name in ("what", "period", "due") if data.get(name)}
