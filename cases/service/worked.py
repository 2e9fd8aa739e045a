"""The time that was given in all cases, by whoever gave it and by month; nothing about whom it helped."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from accounts.service.names import names_of
from cases.models import Case, CaseItem
from cases.service import given, items, keys, listing
from cases.service.views import DONE
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import DomainError, NotFound
from core.store.base import db
from domain.lifecycle import State
from vault import Key, VaultError

MONTHS: Final = 6  # the present one and those before
MOST: Final = 20_000  # rows that are opened for one page


@dataclass(frozen=True)
class Found:
    """What may be time that was given, sealed still, with the keys that open it."""

    rows: list[tuple[CaseItem, Case]] = field(repr=False)
    keys: Mapping[UUID, Key] = field(repr=False)
    cut: bool  # there is more than was looked at


@dataclass(frozen=True)
class Line:
    """Units of six minutes that somebody gave, by month, the newest first."""

    name: str
    units: list[int]

    @property
    def all(self) -> int:
        """Of all months together."""
        return sum(self.units)


@dataclass(frozen=True)
class Worked:
    """The same of everybody, by name, and of all of them together."""

    months: list[dt.date]
    lines: list[Line]
    sums: Line
    shut: int  # cases that the reader has no key for, which are not counted
    cut: bool


def find(actor: Actor) -> Found:
    """What there is in the cases that the actor reaches and that changed since; the act is audited.

    Nothing is opened yet, which may take a second: the caller ends the transaction first. Raises NotFound.
    """
    if not may(actor, Permission.LOAD_READ):
        raise NotFound
    since = dt.datetime.combine(months()[-1], dt.time(), clock.ISTANBUL)
    statement = (
        reachable(actor, Permission.CASE_READ, Case)
        .join(CaseItem, CaseItem.case_id == Case.id)
        .where(CaseItem.state == DONE, Case.changed_at >= since, Case.state != State.ERASED)
        .order_by(Case.number.desc(), CaseItem.id)
        .limit(MOST + 1)
        .options(listing.CARD)
        .with_only_columns(CaseItem, Case)
    )
    found = [(row, case) for row, case in db.session.execute(statement)]
    cases = list(dict.fromkeys(case for _row, case in found))
    held = keys.case_keys(actor, cases) if cases else {}
    audit.record(actor, "case.time")
    for one in {*cases, *(row for row, _case in found)}:
        db.session.expunge(one)  # they are read after the transaction, and not once more
    return Found(found[:MOST], held, len(found) > MOST)


def summed(found: Found) -> Worked:
    """What was found, opened and added up. What does not open is not counted; its case says why."""
    places = {month: place for place, month in enumerate(months())}
    by_person: dict[UUID, list[int]] = defaultdict(lambda: [0] * MONTHS)
    for row, case in found.rows:
        with suppress(KeyError, VaultError, DomainError):
            content = items.opened(case, found.keys[case.id], row)
            month = dt.date.fromisoformat(content["data"]["on"]).replace(day=1)
            if content["kind"] == given.KIND and month in places:
                by_person[UUID(content["by"])][places[month]] += content["data"]["units"]
    names = names_of(set(by_person))
    lines = [Line(names.get(one, ""), units) for one, units in by_person.items()]
    sums = Line("", [sum(column) for column in zip(*by_person.values(), strict=True)] or [0] * MONTHS)
    shut = {case.id for _row, case in found.rows} - found.keys.keys()
    return Worked(months(), sorted(lines, key=lambda one: one.name), sums, len(shut), found.cut)


def months() -> list[dt.date]:
    """The first days of the months that are shown, the newest first."""
    number = clock.today().year * 12 + clock.today().month - 1
    return [dt.date((number - ago) // 12, (number - ago) % 12 + 1, 1) for ago in range(MONTHS)]
