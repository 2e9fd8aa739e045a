"""Names inside the ZIP that a phone makes of a WhatsApp conversation: which is its text, which file is meant.

Names are somebody else's: none is ever a path of ours. They only tell which message a file belongs to.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

_UNSEEN: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_CHAT: Final = re.compile(r"_chat\.txt|.*(?:whatsapp|واتساب|واتس آب|واتس اب).*\.txt", re.DOTALL)
"""As iPhones name the text, and as Android phones do in English, Turkish and Arabic beside a name."""

_TEXT: Final = ".txt"
_DRIVE: Final = re.compile("[A-Za-z]:")


def name_of(path: str) -> str:
    """The last part of a path, as messages name a file; "" for a folder and for what leads out of the ZIP."""
    parts = path.replace("\\", "/").split("/")
    if parts[0] == "" or _DRIVE.match(path) or ".." in parts or any(ord(sign) < ord(" ") for sign in path):
        return ""
    return parts[-1]


def folded(name: str) -> str:
    """A name as it is compared: phones write one name in more than one way."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", name)).strip().casefold()


def texts(paths: Sequence[str]) -> list[int]:
    """Which of the files is the text of a conversation; it is an export where that is exactly one.

    A paper that somebody sent may be a text, too: what is named as phones name conversations comes first.
    """
    found = {number: folded(name_of(path)) for number, path in enumerate(paths)}
    named = [number for number, name in found.items() if _CHAT.fullmatch(name)]
    return named or [number for number, name in found.items() if name.endswith(_TEXT)]


def by_name(paths: Mapping[int, str]) -> tuple[dict[str, int], frozenset[str]]:
    """Which file has which name, and the names that more than one has: nobody knows which was meant."""
    names = {number: folded(name_of(path)) for number, path in paths.items()}
    often = Counter(names.values())
    twice = frozenset(name for name, count in often.items() if name and count > 1)
    return {name: number for number, name in names.items() if name and name not in twice}, twice
