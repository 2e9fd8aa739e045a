"""The order of names as the readers of each language look for them, which is not that of code points."""

from __future__ import annotations

import unicodedata
from typing import Final

# Turkish has letters of its own between the Latin ones (Law 1353 of 1928), with two kinds of i.
_TURKISH: Final = {letter: place for place, letter in enumerate("abcçdefgğhıijklmnoöpqrsştuüvwxyz")}
_LOWER: Final = str.maketrans(
    {"İ": "i", "I": "ı", "Â": "a", "Î": "i", "Û": "u", "â": "a", "î": "i", "û": "u"}
)


def alphabetical(text: str, language: str) -> tuple[tuple[int, ...], str]:
    """A key to sort by, in one of ar, tr, en; equal letters with other marks stand together."""
    if language == "tr":
        letters = text.translate(_LOWER).lower()
        return tuple(_place(letter) for letter in letters), text
    # Without marks: alif with hamza or madda is alif, é is e.
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return tuple(ord(letter) for letter in plain.casefold()), text


def _place(letter: str) -> int:
    """Letters after blanks and digits, in the order of the alphabet; other scripts after them."""
    if letter in _TURKISH:
        return ord("a") + _TURKISH[letter]
    return ord(letter) if ord(letter) < ord("a") else ord(letter) + len(_TURKISH)
