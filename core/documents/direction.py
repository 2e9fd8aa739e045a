"""Which way text runs, for formats that do not find out by themselves (Unicode Standard Annex 9)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Direction = Literal["rtl", "ltr"]

# Embeddings, overrides, isolates: what typed text could turn its surroundings with.
_TURNING: Final = "\u202a-\u202e\u2066-\u2069"
# What the `isolate` filter makes of a name in a sentence: fenced off on both sides, nothing turning within.
ISOLATED: Final = re.compile(f"\u2068([^{_TURNING}<>\n]*)\u2069")
_TANGLES: Final = re.compile(f"({ISOLATED.pattern})|[{_TURNING}]")
_STRONG: Final[dict[str, Direction]] = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def of_language(language: str) -> Direction:
    """The direction of a document in ar, tr or en."""
    return "rtl" if language == "ar" else "ltr"


def first_strong(text: str, otherwise: Direction) -> Direction:
    """The direction of the first letter that has one (rule P2); `otherwise` for digits and signs alone."""
    for character in text:
        if found := _STRONG.get(unicodedata.bidirectional(character)):
            return found
    return otherwise


def untangled(text: str) -> str:
    """The text without characters that turn what follows; a name that is fenced off as a whole stays so."""
    return _TANGLES.sub(lambda found: found[1] or "", text)
