"""The declaration calendar of an organisation, as its case shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain import declarations
from domain.deadlines.questions import day_of

if TYPE_CHECKING:
    from cases.service.views import OpenDeadline, OpenItem

KIND: Final = "declaration"


@dataclass(frozen=True)
class Declared:
    """A declaration: one that a rule counts is watched, met and proved as its deadline says."""

    item: OpenItem
    deadline: OpenDeadline | None
    followed_by: UUID | None = None  # the next one, where it is planned already

    @property
    def state(self) -> str:
        """Open, done, dropped."""
        return self.deadline.state if self.deadline else self.item.state

    @property
    def due(self) -> dt.date | None:
        """Until which day, on the safe side."""
        return day_of(self.deadline.safe) if self.deadline else self.item.due_on

    @property
    def days_left(self) -> int | None:
        """Until then; negative once that is over."""
        return self.deadline.days_left if self.deadline else self.item.days_left

    @property
    def done_on(self) -> dt.date | None:
        """On which day it was given."""
        if self.deadline:
            return self.deadline.done_on
        end = self.item.data.get("end") or {}
        return dt.date.fromisoformat(end["on"]) if end else None

    @property
    def proof(self) -> str:
        """How that is proved."""
        return self.deadline.proof if self.deadline else (self.item.data.get("end") or {}).get("proof", "")

    @property
    def wants_next(self) -> bool:
        """Whether it was given, comes back, and nobody has planned the next one."""
        return self.state == "done" and self.comes_back

    @property
    def comes_back(self) -> bool:
        """Whether there is a next one that nobody has planned."""
        return self.followed_by is None and declarations.following(self.item.data) is not None


def _of_next_year(one: Declared, years: Mapping[str | None, UUID]) -> UUID | None:
    """There is one for each financial year, whether or not somebody said that it follows."""
    if one.item.data["what"] != declarations.ANNUAL or not one.item.data.get("begun"):
        return None
    begun = declarations.following(one.item.data)
    return years.get(begun.isoformat()) if begun else None


def calendar(items: Iterable[OpenItem], deadlines: Iterable[OpenDeadline]) -> list[Declared]:
    """What is open first, the earliest day on top; then what is over, the latest first."""
    known = {str(one.id): one for one in deadlines}
    planned = [Declared(one, known.get(one.data.get("deadline") or "")) for one in items if one.kind == KIND]
    # The item of one that a rule counts stays open: whether it is still owed, its deadline says.
    owed = [one for one in planned if one.state != "dropped"]
    next_ones = {one.item.data.get("after"): one.item.id for one in owed}
    annual = [one.item for one in owed if one.item.data["what"] == declarations.ANNUAL]
    years = {one.data.get("begun"): one.id for one in annual}
    found = [
        replace(one, followed_by=next_ones.get(str(one.item.id)) or _of_next_year(one, years))
        for one in planned
    ]
    open_ = [one for one in found if one.state == "open"]
    over = [one for one in found if one.state != "open"]
    return [
        *sorted(open_, key=lambda one: one.due or dt.date.max),
        *sorted(over, key=lambda one: one.due or dt.date.min, reverse=True),
    ]
