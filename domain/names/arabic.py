"""A word in Arabic letters as a chain of units.

Short vowels are not written, so any of them may stand between two letters. Where the measure of the word says
which one does, a unit says so: the second vowel of fāʿil is i (سالم is not Salam), the first of faʿl, faʿāl
and fiʿāl is rarely u (عمار is not Omar).
"""

from __future__ import annotations

from typing import Final

from domain.names.sounds import UNIT

Units = tuple[int, ...]

_VOWEL_LETTERS: Final = frozenset("اويى")
_AFTER: Final = {"ي": "-ي", "ا": "-ا", "ه": "-ه"}
_FIRST: Final = {"ا": "ا-", "ع": "ع-"}
_LEAST: Final = 2
_ROOT: Final = 3
"""Letters of a root."""

_LONG: Final = 4
"""Letters of a root with one long vowel."""


def read(word: str) -> Units:
    """The reading of a folded word. Vowel signs are read where a table of this package writes them."""
    letters = list(word)
    names = list(letters)
    names[0] = _FIRST.get(letters[0], letters[0])
    if len(letters) > _LEAST:
        names[-1] = _AFTER.get(letters[-1], letters[-1])
    if _closed_y(letters):
        names[2] = "ي="
    if place := _kasra(letters):
        names.insert(place, "ِ")
    elif _not_u(letters):
        names.insert(1, "ـ")
    return tuple(UNIT.get(name, UNIT["?"]) for name in names)


def _kasra(letters: list[str]) -> int:
    """Where the i of fāʿil stands (فاعل, فاعلة), or 0."""
    stem = letters[:-1] if letters[-1] == "ه" and len(letters) == _LONG + 1 else letters
    fits = (
        len(stem) == _LONG  # f ā ʿ l
        and stem[1] == "ا"
        and stem[0] != "ا"
        and stem[2] not in "اي"
        and stem[3] not in "اويىه"
    )
    return 3 if fits else 0


def _closed_y(letters: list[str]) -> bool:
    """Whether this is faʿīl or fuʿayl, feminine or not: the y ends its syllable (سعيد is not Sayyed)."""
    stem = letters[:-1] if letters[-1] == "ه" and len(letters) == _LONG + 1 else letters
    return len(stem) == _LONG and stem[2] == "ي" and not (_VOWEL_LETTERS | {"ه"}) & {stem[1], stem[3]}


def _not_u(letters: list[str]) -> bool:
    """Whether the first vowel is rarely u: after a first alif, in C C C and in C C ا C."""
    if letters[0] == "ا":
        return len(letters) > _LEAST and letters[1] not in _VOWEL_LETTERS
    stem = letters[:2] + letters[3:] if len(letters) == _LONG and letters[2] == "ا" else letters
    return len(stem) == _ROOT and not _VOWEL_LETTERS & set(stem)
