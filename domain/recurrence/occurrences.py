"""What a pattern is counted from: one's own coded cases, weekly counts of others; nobody counts twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from domain.statistics_facts import thursday_of
from domain.tables import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

WEEK: Final = timedelta(days=7)
URGENT: Final = "U0"
NOWHERE: Final = frozenset({"", UNKNOWN, "none", "other"})
"""Codes that name no place and no authority: cases that share them have nothing in common."""


Tie = tuple[str, str]


class Tied(Protocol):
    """A coded case with what ties it to others."""

    @property
    def case(self) -> str:
        """Its opaque number."""
        ...

    @property
    def ties(self) -> tuple[Tie, ...]:
        """Kind and number of what it shares."""
        ...


T = TypeVar("T", bound=Tied)


class Axis(StrEnum):
    """What cases of the same issue share."""

    PROVINCE = "province"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """One line of counts: an issue (leaf code) in a province (plate number) or at an authority (its code)."""

    issue: str
    axis: Axis
    code: str

    @property
    def id(self) -> str:
        """The same for ever and under every method, such as `A02.province.34`, so that decisions hold."""
        return f"{self.issue}.{self.axis}.{self.code}"

    @classmethod
    def parse(cls, text: str) -> Series:
        """Read an `id`. Raises `ValueError`."""
        issue, axis, code = [*text.split(".", 2), "", ""][:3]
        if not issue or code in NOWHERE:
            message = "a series is written like A02.province.34"
            raise ValueError(message)
        return cls(issue, Axis(axis), code)


def _thursday(day: date) -> None:
    if thursday_of(day) != day:
        message = "a week is named by its Thursday"
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A coded case. The four numbers are opaque, the same in all organisations, empty where unknown.

    `opened` is the Thursday of the week of opening; `statistics` is whether the person agreed to be counted
    by category. Raises `ValueError` for another day.
    """

    case: str
    client: str
    household: str
    event: str
    opened: date
    organisation: str
    issue: str
    province: str
    authority: str
    urgency: str
    statistics: bool

    def __post_init__(self) -> None:
        """Refuse a day that is not a Thursday."""
        _thursday(self.opened)

    @property
    def series(self) -> tuple[Series, ...]:
        """The lines in which the case counts: none without consent or issue, two at most."""
        if not self.statistics or self.issue in NOWHERE:
            return ()
        shared = ((Axis.PROVINCE, self.province), (Axis.AUTHORITY, self.authority))
        return tuple(Series(self.issue, axis, code) for axis, code in shared if code not in NOWHERE)

    @property
    def ties(self) -> tuple[Tie, ...]:
        """What makes two cases one: the same client, household or event."""
        return ties(self.client, self.household, self.event)


@dataclass(frozen=True, slots=True)
class PooledCount:
    """What another organisation tells of one line in one week: how many, and how many of them urgent (U0).

    Raises `ValueError` for a day that is not a Thursday, or more urgent cases than cases.
    """

    organisation: str
    series: Series
    week: date
    cases: int
    urgent: int

    def __post_init__(self) -> None:
        """Refuse what can't be a count."""
        _thursday(self.week)
        if not 0 <= self.urgent <= self.cases:
            message = "urgent cases are part of the cases, and neither is below zero"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Incident:
    """What counts as one: cases tied by client, household or event, in the week of the first of them."""

    week: date
    urgent: bool
    organisations: frozenset[str]


def ties(client: str, household: str, event: str) -> tuple[Tie, ...]:
    """What ties a case to others, of its numbers that are known."""
    numbers = (("client", client), ("household", household), ("event", event))
    return tuple((kind, number) for kind, number in numbers if number)


def tied_groups(cases: Iterable[T]) -> list[list[T]]:
    """The cases, those that are tied together; a case given twice stands in its group twice.

    Ties chain: the sister of somebody who was in the same raid as a third person makes all three one.
    """
    listed = list(cases)
    parent: dict[Tie, Tie] = {}

    def root(tie: Tie) -> Tie:
        while (above := parent.setdefault(tie, tie)) != tie:
            parent[tie] = parent[above]
            tie = parent[tie]
        return tie

    for case in listed:
        for tie in case.ties:
            parent[root(tie)] = root(("case", case.case))
    groups: dict[Tie, list[T]] = defaultdict(list)
    for case in listed:
        groups[root(("case", case.case))].append(case)
    return list(groups.values())


def incidents(cases: Iterable[Occurrence]) -> list[Incident]:
    """The cases with everybody counted once, the earliest first; the order of the cases does not matter."""
    return sorted(
        (
            Incident(
                min(case.opened for case in group),
                any(case.urgency == URGENT for case in group),
                frozenset(case.organisation for case in group),
            )
            for group in tied_groups(cases)
        ),
        key=lambda incident: (incident.week, incident.urgent, sorted(incident.organisations)),
    )


def last_weeks(week: date, count: int) -> tuple[date, ...]:
    """The Thursdays of the last `count` weeks up to and with `week`, the earliest first."""
    return tuple(week - WEEK * back for back in reversed(range(count)))
