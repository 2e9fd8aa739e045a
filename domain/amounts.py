"""An amount of money as somebody writes it, in whole lira."""

from __future__ import annotations

import re
from typing import Final

from domain.text import fold_digits

MOST: Final = 1_000_000_000
# Groups of three, by whichever sign; or digits alone. Kuruş are left out, whichever sign stands before them.
_WHOLE: Final = re.compile(r"(\d{1,3}(?:[.,٬\s']\d{3})+|\d+)(?:[.,٫]\d{1,2})?", re.ASCII)


class NoAmount(ValueError):
    """It is no amount, or not one that can be meant."""


def lira(text: str) -> int:
    """Whole lira, kuruş cut off: "12.500,75" and "١٢٬٥٠٠" are 12500. Raises NoAmount."""
    bare = re.sub(r"(?i)\s*(try|tl|₺)\s*", "", fold_digits(text).strip())
    found = _WHOLE.fullmatch(bare)
    if found is None:
        raise NoAmount
    amount = int(re.sub(r"\D", "", found[1]))
    if not 0 < amount <= MOST:
        raise NoAmount
    return amount
