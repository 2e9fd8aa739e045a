"""What a word may sound like, told by its letters alone and at once, before it is read.

A search looks at thousands of words and reads only those that may be meant. What is told here may be more
than the word can hold, never less (tests/domain/names/test_properties.py).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from domain.names.irregular import ABBREVIATED, ARABIC, COGNATES, TAKEN_FOR
from domain.names.sounds import MASKS, UNIT

_ALSO: Final = {
    "ş": "sh s h",
    "c": "ç k -c",
    "g": "j",
    "p": "f b h",
    "ı": "-i",
    "î": "I -i",
    "o": "w",
    "ö": "w",
    "u": "w U",
    "û": "w U",
    "5": "ḫ",
    "6": "t",
    "7": "h",
}
"""Units that a letter is read as although their names do not hold it: respelled, split, in chat."""

_UNWRITTEN: Final = (*"@#%&$!~?", "G", "'")
"""Units that no letter of their own writes: whole words, the hamza before or between vowels."""

_IRREGULAR: Final = (
    *ARABIC.items(),
    *ABBREVIATED.items(),
    *((spelling, instead) for table in (COGNATES, TAKEN_FOR) for spelling, (instead, _) in table.items()),
)


def held(token: str) -> int:
    """The consonants, as bits, that a folded token may hold."""
    mask = 0
    for letter in set(token):
        mask |= _held(letter)
    for spelling, instead in _IRREGULAR:
        if spelling in token:
            for letter in instead:
                mask |= _held(letter)
    return mask


@cache  # of letters, which tell of no name
def _held(letter: str) -> int:
    """The consonants of all units that a letter may be part of."""
    mask = 0
    for name, unit in UNIT.items():
        if letter in name or name in _UNWRITTEN or name in _ALSO.get(letter, "").split():
            mask |= MASKS[unit]
    return mask
