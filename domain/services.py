"""What service was given in a matter: its level, and the time that it took, in units of six minutes.

Levels: NRC ICLA, Nairobi Code and LSC CSR as one ladder (S1 information to S5 strategic litigation; S0 is
given to many at once, without a file). Units: the usual six minutes of lawyers' time sheets, begun ones full.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from domain.text import fold_digits

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS: Final = ("S1", "S2", "S3", "S4", "S5")
"""Of a file, the lowest first."""

UNIT: Final = 6
"""Minutes."""

MOST: Final = 24 * 60
"""Minutes that one entry may have: it is about one day."""

_CLOCK: Final = re.compile(r"(\d{1,3})\s*[:٫]\s*([0-5]?\d)", re.ASCII)
_HOURS: Final = r"(?:h|hr|hrs|hour|hours|s|sa|saat|sa\.|س|ساعة|ساعات|ساعه)"
_MINUTES: Final = r"(?:m|min|mins|minute|minutes|d|dk|dk\.|dak|dakika|د|دقيقة|دقائق|دقيقه)"
_NUMBER: Final = r"(\d{1,4}(?:[.,٫]\d{1,2})?)"
_WORDS: Final = re.compile(
    rf"(?:{_NUMBER}\s*{_HOURS})?\s*(?:و|ve|and)?\s*(?:(\d{{1,4}})\s*{_MINUTES})?", re.ASCII | re.IGNORECASE
)
_BARE: Final = re.compile(r"\d{1,4}", re.ASCII)
_CODE: Final = re.compile(r"[^\W_](?:[\w./-]{0,18}[^\W_])?")


class NoTime(ValueError):
    """It is no length of time, or more than a day has."""


class NoGrant(ValueError):
    """It is no code of a grant."""


def minutes(text: str) -> int:
    """Minutes of what somebody typed: "1:30", "90", "90 dk", "1,5 saat", "٩٠ دقيقة". Raises NoTime."""
    said = fold_digits(text).strip()
    if clock := _CLOCK.fullmatch(said):
        found = int(clock[1]) * 60 + int(clock[2])
    elif _BARE.fullmatch(said):
        found = int(said)
    elif said and (words := _WORDS.fullmatch(said)):
        hours = re.sub("[,٫]", ".", words[1] or "0")
        found = round(float(hours) * 60) + int(words[2] or 0)
    else:
        raise NoTime
    if not 0 < found <= MOST:
        raise NoTime
    return found


def units(of_minutes: int) -> int:
    """Units of six minutes; a begun one is a full one."""
    return -(-of_minutes // UNIT)


def clock(of_units: int) -> str:
    """Hours and minutes of units, as "1:30"."""
    hours, rest = divmod(of_units * UNIT, 60)
    return f"{hours}:{rest:02}"


def grant(text: str) -> str:
    """The code of a donor's grant as it is compared: in capitals and Latin digits. Raises NoGrant.

    Letters, digits and . / - between them, at most twenty: a code, and no sentence about anybody.
    """
    code = fold_digits(text.strip()).upper()
    if not code:
        return ""
    if not _CODE.fullmatch(code):
        raise NoGrant
    return code


def highest(levels: Iterable[str]) -> str:
    """The highest of some levels, or "" of none."""
    return max((one for one in levels if one in LEVELS), default="")


@dataclass(frozen=True, slots=True)
class Totals:
    """Units of all services of a file, by level, by activity and by grant ("" for none)."""

    units: int
    by_level: Mapping[str, int]
    by_activity: Mapping[str, int]
    by_grant: Mapping[str, int]


def totals(given: Iterable[tuple[str, str, str, int]]) -> Totals:
    """Add up (level, activity, grant, units)."""
    tables: tuple[dict[str, int], ...] = ({}, {}, {})
    summed = 0
    for *named, used in given:
        summed += used
        for table, name in zip(tables, named, strict=True):
            table[name] = table.get(name, 0) + used
    return Totals(summed, *(MappingProxyType(dict(sorted(table.items()))) for table in tables))
