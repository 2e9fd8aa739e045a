"""What only the lawyers of a case read of it: their notes and drafts, opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core import clock


@dataclass(frozen=True)
class OpenNote:
    """A privileged note; text is None where the reader was not given the key of an earlier lawyer."""

    id: UUID
    author: str
    written_at: dt.datetime
    text: str | None = field(repr=False)
    out_at: dt.datetime | None = None  # when its text was taken out; by whom, and why
    out_by: str = ""
    out_reason: str = field(default="", repr=False)


@dataclass(frozen=True)
class OpenDraft:
    """A draft of the lawyers of a case; title is None where the reader was not given its key."""

    id: UUID
    title: str | None = field(repr=False)
    state: str
    version: int  # of the row
    number: int  # of the newest version of its text
    author_id: UUID | None
    author: str
    desk_id: UUID | None  # on whose desk it stands
    desk: str
    due_at: dt.datetime | None  # by when it is to be judged there
    begun_at: dt.datetime | None
    filed_on: dt.date | None
    approved: bool  # as it stands now
    content: dict[str, Any] = field(repr=False)

    @property
    def overdue(self) -> bool:
        """Whether it was to be judged before now."""
        return self.due_at is not None and self.due_at <= clock.now()

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come of it: neither filed nor withdrawn, or to be looked at yet."""
        return self.state not in {"filed", "withdrawn"} or self.due_at is not None
