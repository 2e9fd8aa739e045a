"""Lists of cases by what stands in clear and by what is sealed in their cards, page by page.

Issue and province are sealed: they are looked up in the reader's search blocks, among the newest cases. What
stands in clear and has no index is looked for among as many, and the next page goes on behind them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists

from cases.models import Case, CaseMember
from cases.service import listing, searching
from cases.service.views import Row
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.audit import service as audit
from core.reference import reference
from core.store.base import db

DAYS: Final = ("7", "14", "30", "90")  # in which nothing happened
LAWYER: Final = ("with", "without")
_CHUNK: Final = 500  # cases asked for at a time


@dataclass(frozen=True)
class Filters:
    """Which cases are listed; what is empty chooses nothing."""

    state: str = ""
    urgency: str = ""
    mine: str = ""  # "y" for those on which the actor works
    issue: str = ""  # a code, or the code of a group for all of it
    province: str = ""
    lawyer: str = ""
    quiet: str = ""  # days
    restricted: str = ""  # "y" for those that name who may open them

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Filters:
        """From what was kept or typed; what is unknown is left out."""
        return cls(**{one.name: str(said[one.name]) for one in fields(cls) if said.get(one.name)})

    def chosen(self) -> dict[str, str]:
        """What chooses something, as it stands in an address."""
        return {name: value for name, value in asdict(self).items() if value}

    def only(self, names: Iterable[str]) -> Filters:
        """The same without every other filter."""
        return Filters.of({name: getattr(self, name) for name in names})

    @property
    def sealed(self) -> bool:
        """Whether it asks for what stands only in the cards."""
        return bool(self.issue or self.province)

    @property
    def walked(self) -> bool:
        """Whether no index leads to the cases."""
        return bool(self.lawyer or self.quiet or self.restricted)


@dataclass(frozen=True)
class Listed:
    """A page of cases and where the next one begins.

    looked: among how many of the newest cases was looked, where that says less than all of them.
    waiting: how many of those have to be read first.
    """

    rows: list[Row]
    next: int | None
    looked: int | None = None
    waiting: int = 0


def listed(actor: Actor, filters: Filters, before: int | None = None) -> Listed:
    """The newest cases that the actor reaches and that fit, `before` excluded."""
    if filters.sealed:
        return _by_card(actor, filters, before)
    if filters.walked:
        return _walked(actor, filters, before)
    page = listing.list_cases(
        actor, state=filters.state, urgency=filters.urgency, mine=bool(filters.mine), before=before
    )
    return Listed(page.rows, page.next)


def _by_card(actor: Actor, filters: Filters, before: int | None) -> Listed:
    numbers, looked, waiting = searching.coded(actor, _Issues(filters.issue), filters.province)
    numbers = [number for number in numbers if before is None or number < before]
    found: list[Case] = []
    for start in range(0, len(numbers), _CHUNK):
        part = listing.newest(actor, mine=bool(filters.mine), numbers=numbers[start : start + _CHUNK])
        missing = listing.PAGE + 1 - len(found)
        found += db.session.scalars(_fit(part, filters).options(listing.CARD).limit(missing))
        if len(found) > listing.PAGE:
            break
    shown = found[: listing.PAGE]
    audit.record(actor, "case.list")
    following = shown[-1].number if len(found) > len(shown) else None
    return Listed(listing.open_cards(actor, shown), following, looked, waiting)


def _walked(actor: Actor, filters: Filters, before: int | None) -> Listed:
    reached = listing.newest(actor, mine=bool(filters.mine), before=before)
    behind = reached.with_only_columns(Case.number).offset(searching.SEARCHED).limit(1)
    first_behind = db.session.scalar(behind)
    part = _fit(reached, filters)
    if first_behind is not None:
        part = part.where(Case.number > first_behind)
    found = list(db.session.scalars(part.options(listing.CARD).limit(listing.PAGE + 1)))
    shown = found[: listing.PAGE]
    audit.record(actor, "case.list")
    rows = listing.open_cards(actor, shown)
    if len(found) > len(shown):
        return Listed(rows, shown[-1].number)
    if first_behind is None:
        return Listed(rows, None)
    return Listed(rows, first_behind + 1, searching.SEARCHED)


def _fit(statement: Select[Case], filters: Filters) -> Select[Case]:
    return statement.where(*_conditions(filters))


def _conditions(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.state:
        yield Case.state == filters.state
    if filters.urgency:
        yield Case.urgency == filters.urgency
    if filters.restricted:
        yield Case.restricted.is_(True)
    if filters.quiet in DAYS:
        yield Case.changed_at < clock.now() - dt.timedelta(days=int(filters.quiet))
    if filters.lawyer in LAWYER:
        works = exists().where(
            CaseMember.case_id == Case.id,
            CaseMember.capacity == str(Role.LAWYER),
            CaseMember.ended_at.is_(None),
        )
        yield works if filters.lawyer == "with" else ~works


class _Issues:
    """The issues meant by a code: itself, every one of a group, or, without a code, each there is."""

    def __init__(self, code: str) -> None:
        taxonomy = reference().taxonomy
        group = {one.code for one in taxonomy.leaves_of(code)} if code in taxonomy.groups else {code}
        self._codes = group if code else None

    def __contains__(self, code: object) -> bool:
        return self._codes is None or code in self._codes
