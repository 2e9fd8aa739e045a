"""Why a cell can't be read, as a code; sentences are composed above."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.imports.fields import Field


class Fault(StrEnum):
    """What is wrong with a row or a cell."""

    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    BROKEN = "broken"  # the sheet itself shows an error, such as #REF!
    ROUNDED = "rounded"  # a number of more digits than a sheet keeps
    NOT_A_DAY = "not_a_day"
    EITHER_DAY = "either_day"  # 03/04/2021 is two days
    SHORT_YEAR = "short_year"
    FUTURE = "future"
    NOT_LIVING = "not_living"
    UNKNOWN = "unknown"  # no entry of the list has this name or code
    GROUP = "group"  # a group of issues, not one of them


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: in which column (from 0; None for the row), as what it was read, what stood there."""

    fault: Fault
    column: int | None
    field: Field
    given: str = ""


class Unreadable(ValueError):
    """A cell that can't be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault
