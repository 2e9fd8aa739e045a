"""What is written down of a session or a campaign, and what cannot be."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Self

from flask_babel import lazy_gettext as _

from awareness.models import AwarenessSession
from core import clock
from core.errors import DomainError

Counts = dict[str, dict[str, int]]
"""Sex -> age band -> how many came; what is nought is left out."""

SESSION: Final = "session"
CAMPAIGN: Final = "campaign"
MOST: Final = 100_000  # people at one session
MOST_REACHED: Final = 10_000_000  # people whom a campaign reaches, leaflets that are handed out


@dataclass(frozen=True, slots=True)
class Held:
    """A session (people came, counted by sex and age) or a campaign (people were reached, as estimated).

    The columns of `AwarenessSession` of the same names say what each part means.
    """

    kind: str
    held_on: dt.date
    issue: str
    province: str
    place: str
    language: str
    total: int
    ended_on: dt.date | None = None
    channel: str = ""
    counts: Counts | None = None
    leaflets: int = 0

    @classmethod
    def of(cls, row: AwarenessSession) -> Self:
        """What a row says now."""
        return cls(**{part.name: getattr(row, part.name) for part in fields(cls)})

    @classmethod
    def stored(cls, values: dict[str, Any]) -> Self:
        """What `storable` kept."""
        days = {
            name: dt.date.fromisoformat(values[name]) if values[name] else None
            for name in ("held_on", "ended_on")
        }
        return cls(**{**values, **days})

    def storable(self) -> dict[str, Any]:
        """As JSON keeps it."""
        days = {"held_on": self.held_on.isoformat(), "ended_on": str(self.ended_on or "")}
        return {**asdict(self), **days}

    def write(self, row: AwarenessSession) -> None:
        """Into the columns of a row."""
        for part in fields(self):
            setattr(row, part.name, getattr(self, part.name))


def checked(held: Held) -> Held:
    """The same without noughts. Raises DomainError, beside the field, for what cannot be."""
    if held.held_on > clock.today():
        raise DomainError(
            _("This day has not come yet. Write down sessions after they were held."), field="held_on"
        )
    if not 0 <= held.leaflets <= MOST_REACHED:
        raise DomainError(_("Enter how many leaflets were handed out."), field="leaflets")
    return _campaign(held) if held.kind == CAMPAIGN else _session(held)


def _campaign(held: Held) -> Held:
    if held.ended_on is None or held.ended_on < held.held_on:
        raise DomainError(_("The last day is before the first. Correct one of them."), field="ended_on")
    if held.ended_on > clock.today():
        raise DomainError(
            _("This day has not come yet. Write down a campaign after its last day."), field="ended_on"
        )
    if not 0 <= held.total <= MOST_REACHED:
        raise DomainError(_("Enter how many people were reached."), field="total")
    if held.total == 0 and held.leaflets == 0:
        raise DomainError(
            _("Enter how many people were reached, or how many leaflets were handed out."), field="total"
        )
    return replace(held, counts={})


def _session(held: Held) -> Held:
    counts = held.counts or {}
    numbers = [number for ages in counts.values() for number in ages.values()]
    if any(not 0 <= number <= MOST for number in numbers):
        raise DomainError(_("Enter how many came, between 0 and 100,000."))
    if sum(numbers) == 0:
        raise DomainError(_("Enter how many people came."), field="total")
    if sum(numbers) != held.total:
        said = _(
            "The numbers add up to %(counted)d, and %(total)d stands here. Correct one of them.",
            counted=sum(numbers),
            total=held.total,
        )
        raise DomainError(said, field="total")
    kept = {
        sex: {age: number for age, number in ages.items() if number}
        for sex, ages in counts.items()
        if any(ages.values())
    }
    return replace(held, counts=kept, ended_on=None, channel="")
