"""The day on which something happened, as somebody types it afterwards: never to come, rarely long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

YEARS_BACK: Final = 10
"""What lies further back is a slip of the pen: 2016 for 2026, or the birth of somebody."""


def is_plausible(day: date, today: date) -> bool:
    """Whether somebody may have spoken to us, or written a paper for us, on that day."""
    return day <= today and day.year >= today.year - YEARS_BACK
