"""What a service hands to a page: opened, frozen, gone with the request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.referrals import Why


@dataclass(frozen=True)
class OpenLine:
    """Something that happened or was said. `content` is None where this side can no longer read it."""

    id: UUID
    kind: str
    author_name: str  # nothing: the clock
    ours: bool
    written_at: dt.datetime
    content: dict[str, Any] | None


@dataclass(frozen=True)
class Sent:
    """A referral as its sender sees it. `details`: entry, entry_name, need, province, language, released."""

    id: UUID
    case_id: UUID
    reference: str
    state: str
    priority: str
    partner_id: UUID | None
    details: dict[str, Any]
    lines: list[OpenLine]
    due_at: dt.datetime | None
    access_until: dt.date | None
    chases: int
    moved: Why | None  # the entry stands for somebody else now than when the enquiry went, or was retired
    changed: bool  # what was released went to an entry that was changed since the person was asked
    readable: bool  # the partner can read the packet now
    next_states: list[str]
    version: int


@dataclass(frozen=True)
class Received:
    """A referral as the partner sees it: never the case. No `packet` before the release or after the end."""

    id: UUID
    sender_name: str
    sender_compared: bool
    state: str
    priority: str
    enquiry: dict[str, Any]
    lines: list[OpenLine]
    packet: dict[str, Any] | None
    due_at: dt.datetime | None
    access_until: dt.date | None
    next_states: list[str]
    version: int


@dataclass(frozen=True)
class SentRow:
    """A line of a list of the sender. What only the key of the case opens is empty where it does not open."""

    id: UUID
    case_id: UUID
    reference: str
    to: str
    need: str
    state: str
    priority: str
    due_at: dt.datetime | None
    chases: int
    waits: bool


@dataclass(frozen=True)
class ReceivedRow:
    """A line of a list of the partner."""

    id: UUID
    sender_name: str
    need: str
    province: str
    state: str
    priority: str
    due_at: dt.datetime | None
    waits: bool


@dataclass(frozen=True)
class Answered:
    """How often somebody was asked and what they said: what refused and silent means can be seen."""

    to: str
    accepted: int
    declined: int
    silent: int


@dataclass(frozen=True)
class Offer:
    """A field that could be released: what the case says, and whether it may go."""

    field: str
    present: bool
    why: Why
