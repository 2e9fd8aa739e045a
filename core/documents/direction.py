"""Which way text runs, for formats that do not find out by themselves (Unicode Standard Annex 9)."""

from __future__ import annotations

import unicodedata
from typing import Final, Literal

Direction = Literal["rtl", "ltr"]

# Embeddings, overrides, isolates: what typed text could turn its surroundings with. Markup isolates instead.
_TURNING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
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
    """The text without characters that turn the direction of what follows."""
    return text.translate(_TURNING)
