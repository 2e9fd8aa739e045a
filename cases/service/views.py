"""What a service hands to a page: opened, frozen, gone with the request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class OpenEntry:
    """A line of the timeline."""

    id: UUID
    kind: str
    author_name: str
    written_at: dt.datetime
    text: str
    data: dict[str, Any]


@dataclass(frozen=True)
class OpenConsent:
    """A consent as it stands."""

    id: UUID
    kind: str
    answer: str  # given, refused, withdrawn
    version: int  # of the wording
    language: str
    how: str
    recorded_at: dt.datetime
    row_version: int
    until: dt.date = dt.date.max  # the last day on which the answer holds
    # Of a consent to sharing: with which entry of the directory, for which services, which fields.
    recipient: str = ""
    recipient_name: str = ""
    purposes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    expired: bool = False

    @property
    def holds(self) -> bool:
        """Given, not withdrawn, not run out."""
        return self.answer == "given" and not self.expired


@dataclass(frozen=True)
class MemberLine:
    """Somebody who works on the case."""

    person_id: UUID
    name: str
    capacity: str
    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True)
class AssignmentLine:
    """The offer or assignment that counts now, and the lawyer's reason where one declined."""

    id: UUID
    lawyer_id: UUID
    lawyer_name: str
    state: str
    offered_at: dt.datetime
    answer_by: dt.datetime
    reason_code: str
    reason: str


@dataclass(frozen=True)
class OpenCase:
    """A whole case, opened for one reader."""

    id: UUID
    reference: str
    state: str
    urgency: str
    restricted: bool
    opened_on: dt.date
    closed_on: dt.date | None
    version: int
    record: dict[str, Any]
    entries: list[OpenEntry]
    more_entries: str | None
    consents: list[OpenConsent]
    members: list[MemberLine]
    assignment: AssignmentLine | None
    waiting: list[str]
    next_states: list[str]
    beside: dict[str, list[Any]] = field(default_factory=dict)  # what features above show, by their name


@dataclass(frozen=True)
class Row:
    """A line of a list."""

    id: UUID
    reference: str
    state: str
    urgency: str
    restricted: bool
    opened_on: dt.date
    name: str
    issue: str
    province: str
    next_step: str
    readable: bool


@dataclass(frozen=True)
class Page:
    """Some lines, and where the next page begins."""

    rows: list[Row]
    next: int | None
