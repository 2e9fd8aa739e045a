"""Clocks of a case: by when its first legal step is taken, and by when the person hears how it stands.

Source: service standards (domain research 4.5): a word every 14 days while we work, every 30 while the case
waits for somebody else; the first legal step by the urgency of the case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.drafts import REVIEWER
from domain.lifecycle import LAWYER, WAITING, State
from domain.lines import FILING, STEP
from domain.talks import CHANNELS

WORKING: Final = dt.timedelta(days=14)
"""Between two words to the person while somebody of us has the next move."""

PATIENT: Final = dt.timedelta(days=30)
"""The same while the case waits for the person, an authority or a court."""

NEAR: Final = dt.timedelta(days=3)
"""So long before its day a clock is shown on a desk."""

RUNNING: Final = frozenset(State) - {State.LOST_CONTACT, State.CLOSED, State.ERASED}
"""Nobody can be told anything who is not found; a closed case owes nothing more."""

REACHING: Final = frozenset({"to_client", "with_client"})
"""Directions of a contact (`config/lists/contact_direction.tsv`) by which the person has heard from us."""


STEPS: Final = frozenset({STEP, FILING})
"""Kinds of lines that are legal steps."""


class Clock(StrEnum):
    """What is owed."""

    FIRST_STEP = "first_step"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed, since which day, and until which one."""

    clock: Clock
    since: dt.date
    until: dt.date

    def left(self, today: dt.date) -> int:
        """Whole days until its day; negative once it is broken."""
        return (self.until - today).days


@dataclass(frozen=True, slots=True)
class Days:
    """What clocks count from. `told_on`: when the person last heard from us; `stepped_on`: the first step."""

    opened_on: dt.date
    told_on: dt.date | None = None
    stepped_on: dt.date | None = None
    reopened_on: dt.date | None = None


def pause(state: str) -> dt.timedelta:
    """How long the person may be without a word while the case is in this state."""
    return PATIENT if state in WAITING else WORKING


def running(state: str, first_step: dt.timedelta, days: Days) -> tuple[Due, ...]:
    """What is owed in a case, the soonest first. `first_step`: the time that its urgency allows."""
    if state not in RUNNING:
        return ()
    since = max(day for day in (days.opened_on, days.told_on, days.reopened_on) if day is not None)
    owed = [Due(Clock.UPDATE, since, since + pause(state))]
    if days.stepped_on is None:
        owed.append(Due(Clock.FIRST_STEP, days.opened_on, days.opened_on + first_step))
    return tuple(sorted(owed, key=lambda due: (due.until, due.clock)))


def owing(clock: Clock, capacities: Mapping[Any, str]) -> set[Any]:
    """Who of those who work on a case owes it; nobody: whoever leads.

    The first legal step is the lawyers'. A word to the person is owed by who is not the lawyer, because they
    talk to them every day, and by the lawyer where there is nobody else. Who only looks at a draft owes
    neither.
    """
    lawyers = {person for person, capacity in capacities.items() if capacity == LAWYER}
    others = {one for one, capacity in capacities.items() if capacity not in {LAWYER, REVIEWER}}
    return lawyers if clock is Clock.FIRST_STEP else others or lawyers


def told_by(kind: str, data: Mapping[str, Any], today: dt.date) -> dt.date | None:
    """The day on which the person heard from us by a line of the timeline; None where they did not."""
    if kind in CHANNELS and data.get("direction") in REACHING:
        return _day(data, today)
    if kind == "conversation":
        ours = [dt.date.fromisoformat(said[0][:10]) for said in data["said"] if said[2] == "us"]
        return min(max(ours), today) if ours else None
    return None


def stepped_by(kind: str, data: Mapping[str, Any], today: dt.date) -> dt.date | None:
    """The day of a legal step that a line of the timeline tells of: one noted, or a deadline met."""
    met = kind == "deadline" and data.get("change") == "done"
    return _day(data, today) if met or kind in STEPS else None


def _day(data: Mapping[str, Any], today: dt.date) -> dt.date:
    return min(dt.date.fromisoformat(data["on"]), today) if data.get("on") else today
