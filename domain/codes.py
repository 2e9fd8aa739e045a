"""The reference of a case, such as `H-26-00042`: organisation, year of opening, running number."""

from __future__ import annotations

import re
from typing import Final

_PREFIX: Final = re.compile(r"[A-Z]{1,6}", re.ASCII)
_REFERENCE: Final = re.compile(r"([A-Z]{1,6})-([0-9]{2})-([0-9]{5,7})", re.ASCII)
_CENTURY: Final = 2000


def reference(prefix: str, year: int, number: int) -> str:
    """Write a reference.

    Raises `ValueError` for a prefix that is not 1 to 6 capital letters, a year outside 2000 to 2099, or a
    number outside 1 to 9,999,999.
    """
    if not (_PREFIX.fullmatch(prefix) and _CENTURY <= year < _CENTURY + 100 and 1 <= number < 10**7):
        message = "a reference needs 1 to 6 capital letters, a year of this century, a number from 1"
        raise ValueError(message)
    return f"{prefix}-{year % 100:02d}-{number:05d}"


def is_reference(text: str) -> bool:
    """Whether a text is a whole case reference."""
    return _REFERENCE.fullmatch(text) is not None


def sort_key(text: str) -> tuple[str, int, int]:
    """Prefix, year and number of a reference, so that 99999 comes before 100000. Raises `ValueError`."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        message = "not a case reference"
        raise ValueError(message)
    return match[1], _CENTURY + int(match[2]), int(match[3])
