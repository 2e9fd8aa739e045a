"""One spelling for searching: letters that people write in several ways become one.

Arabic as domain.md 6.2: marks and tatweel go, hamza seats become their letter, ى is ي, ة is ه. Latin and
Turkish: marks go, ı and İ are i. This finds spellings within one script; across scripts is the work of the
names engine.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from domain.text import fold_digits

_LETTERS: Final = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ء": None,
        "ـ": None,
        "ı": "i",
        "ø": "o",
    }
)
_BREAKS: Final = re.compile(r"[^\w]+")


def search_key(text: str) -> str:
    """Fold text for comparison: lower case, Latin digits, no marks, words separated by single blanks."""
    folded = unicodedata.normalize("NFKC", fold_digits(text)).translate(_LETTERS)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", folded.casefold())
        if not unicodedata.combining(letter)
    )
    return _BREAKS.sub(" ", bare.translate(_LETTERS)).strip()
