"""Whether a signal is news to people who decided on it before: what was rejected does not nag.

**Rule.** A pattern that nobody decided on is news. An accepted one is being worked on and never is. A
rejected one comes back only if

1. so many cases are urgent now that this is a reason, and it was none then; or
2. the cases, or the urgent ones where they are a reason, have grown to one and a half times what was
   rejected; or
3. the whole window lies after the one that was judged, so that only new cases meet the rule.

A watched pattern comes back by the same rule, but already at one and a fifth: watching asks to be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from domain.recurrence.signals import Reason, Signal

if TYPE_CHECKING:
    from datetime import date

    from domain.recurrence.occurrences import Series


class Verdict(StrEnum):
    """What people made of a signal."""

    ACCEPTED = "accepted"
    WATCHED = "watched"
    REJECTED = "rejected"


GROWTH: Final = {Verdict.WATCHED: Fraction(6, 5), Verdict.REJECTED: Fraction(3, 2)}
"""How many times as many cases as were judged make a pattern news again."""


class News(StrEnum):
    """Why a signal is shown as new."""

    FIRST = "first"
    NOW_URGENT = "now_urgent"
    GROWN = "grown"
    NEW_WINDOW = "new_window"


@dataclass(frozen=True, slots=True)
class Decision:
    """The last decision on a line of counts, with the figures that were judged (see `Signal`)."""

    series: Series
    verdict: Verdict
    last: date
    observed: int
    urgent: int
    reasons: tuple[Reason, ...]

    @classmethod
    def on(cls, signal: Signal, verdict: Verdict) -> Decision:
        """The decision on a signal as it stood."""
        return cls(signal.series, verdict, signal.last, signal.observed, signal.urgent, tuple(signal.reasons))


def news(signal: Signal, decision: Decision | None) -> News | None:
    """Why the signal is news after the last decision on its line, or None where it would only nag.

    Raises `ValueError` for a decision on another line.
    """
    if decision is None:
        return News.FIRST
    if decision.series != signal.series:
        message = f"a decision on {decision.series.id} says nothing of {signal.series.id}"
        raise ValueError(message)
    if decision.verdict is Verdict.ACCEPTED:
        return None
    urgent = Reason.URGENT in signal.reasons
    if urgent and Reason.URGENT not in decision.reasons:
        return News.NOW_URGENT
    growth = GROWTH[decision.verdict]
    if signal.observed >= growth * decision.observed or (
        urgent and signal.urgent >= growth * decision.urgent
    ):
        return News.GROWN
    return News.NEW_WINDOW if signal.first > decision.last else None
