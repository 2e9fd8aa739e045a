"""Find words in the text of a page: by letters and digits alone, however a paper writes them.

A text is read twice: as PDFium tells it, and, where it is written from the right, as its letters lie on the
page, because PDFium takes vowel signs for lines of their own and tears a word apart around them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias

from domain.names import folding

Wanted: TypeAlias = dict[str, re.Pattern[str] | None]
"""Words, and what finds each in folded text; None where it has no letter."""

_STROKE: Final = "\u0640"  # tatweel
_UNSEEN: Final = frozenset({"Mn", "Cf"})
# As names are compared, and what is typed one for the other in Turkish and Arabic.
_ARABIC: Final = map(chr, range(0x620, 0x700))
_SAME: Final = str.maketrans({**{one: folding.fold(one) for one in _ARABIC}, "ı": "i", "ى": "ي"})
_HYPHENS: Final = "\\-\u2010\u2011\x02\ufffe"  # the last two are how PDFium tells one at the end of a line
_BROKEN: Final = rf"(?:[{_HYPHENS}]\s*)?"
_MARKED: Final = rf"(?:[{_HYPHENS}]\s*|\s)?"  # PDFium takes the room of an Arabic mark for a blank
_LIGATURE: Final = "لا"  # one sign in print, and PDFium may tell its two letters the wrong way round
_EITHER: Final = "(?:لا|ال)"
_GROUPED: Final = rf"[\s{_HYPHENS}\u2013./()]{{0,3}}"
_SPACED: Final = r"\s{1,3}"
_PARTED: Final = r"[\W_]{0,4}"
_FROM_RIGHT: Final = frozenset({"R", "AL"})
_ONE_LINE: Final = 2.0  # points of the page between letters that stand on one line


class _Letter(NamedTuple):
    height: float  # of the line on which it stands, from below, as `right` in points of the page
    right: float
    at: int
    folded: str


def wanted_of(words: Iterable[str]) -> Wanted:
    """What finds each of the words."""
    return {word: pattern_of(word) for word in words}


def fold(character: str) -> str:
    """A character as words are compared: none of a mark or a stretching stroke, a Latin digit of any digit.

    Every i is one letter, with a dot and without, in both cases: Turkish writes large ones otherwise.
    """
    plain = unicodedata.normalize("NFKD", character.casefold())
    return "".join(
        str(unicodedata.digit(one)) if one.isdecimal() else one.translate(_SAME)
        for one in plain
        if unicodedata.category(one) not in _UNSEEN and one != _STROKE
    )


def pattern_of(word: str) -> re.Pattern[str] | None:
    """What finds a word in folded text however it is broken or spaced; None where it has no letter."""
    pieces = re.findall(r"[^\W_]+", "".join(map(fold, word)))
    if not pieces:
        return None
    return re.compile(_PARTED.join(map(_loosely, pieces)))


def _loosely(piece: str) -> str:
    """A piece with hyphens at ends of lines, numbers in groups, or all of it spaced out."""
    letters = re.findall(f"{_LIGATURE}|.", piece)
    joined = letters[0]
    for before, after in pairwise(letters):
        if before.isdecimal() and after.isdecimal():
            between = _GROUPED
        else:
            between = _MARKED if unicodedata.bidirectional(after[0]) == "AL" else _BROKEN
        joined += between + after
    return f"(?:{joined}|{_SPACED.join(piece)})".replace(_LIGATURE, _EITHER)


def told(text: Any) -> tuple[str, list[int]]:
    """The text of a page as PDFium tells it, folded; of each character which one of the page it is."""
    from pypdfium2 import raw  # noqa: PLC0415 - only the reader pays for loading it

    folded, places = [], []
    for at in range(raw.FPDFText_CountChars(text)):
        for one in fold(_character(text, at)):
            folded.append(one)
            places.append(at)
    return "".join(folded), [*places, raw.FPDFText_CountChars(text)]


def laid(text: Any) -> tuple[str, list[list[int]]]:
    """The text as the letters of each line lie on the page, from the right; of others each run from the left.

    Of each character it tells which ones of the page it stands for: also what is not compared behind it.
    """
    folded: list[str] = []
    places: list[list[int]] = []
    for line in _lying(text):
        run: list[_Letter] = []
        read: list[_Letter] = []
        for one in sorted(line, key=lambda letter: (-letter.right, letter.at)):
            if one.folded and unicodedata.bidirectional(one.folded[0]) not in _FROM_RIGHT:
                run.append(one)
            else:
                read += [*reversed(run), one]
                run = []
        for letter in [*read, *reversed(run)]:
            if letter.folded:
                folded += letter.folded
                places += [[letter.at]] * len(letter.folded)
            elif places:
                places[-1] = [*places[-1], letter.at]
        folded.append("\n")
        places.append([])
    return "".join(folded), places


def _lying(text: Any) -> list[list[_Letter]]:
    """What is written on each line of a page, without marks and blanks."""
    from ctypes import byref, c_double  # noqa: PLC0415 - beside the library that wants them

    from pypdfium2 import raw  # noqa: PLC0415 - only the reader pays for loading it

    letters: list[_Letter] = []
    room, x, y = raw.FS_RECTF(), c_double(), c_double()
    for at in range(raw.FPDFText_CountChars(text)):
        came = _character(text, at)
        letter = fold(came).strip()
        if (letter or came.isalpha()) and raw.FPDFText_GetCharOrigin(text, at, byref(x), byref(y)):
            raw.FPDFText_GetLooseCharBox(text, at, byref(room))
            letters.append(_Letter(y.value, room.right, at, letter))
    lines: list[list[_Letter]] = []
    for one in sorted(letters, reverse=True):
        if lines and lines[-1][-1].height - one.height < _ONE_LINE:
            lines[-1].append(one)
        else:
            lines.append([one])
    return lines


def _character(text: Any, at: int) -> str:
    from pypdfium2 import raw  # noqa: PLC0415 - only the reader pays for loading it

    return chr(raw.FPDFText_GetUnicode(text, at) % 0x110000)


def hits_of(page: Any, wanted: Wanted) -> tuple[Any, dict[str, list[list[int]]], bool]:
    """The text of a page, the hits of each word as characters of the page, and whether there is text."""
    text = page.get_textpage()
    folded, places = told(text)
    found: dict[str, list[list[int]]] = {
        word: [list(range(places[start], places[end])) for start, end in _spans(folded, pattern)]
        for word, pattern in wanted.items()
    }
    if any(unicodedata.bidirectional(one) in _FROM_RIGHT for one in folded):
        lying, whole = laid(text)
        for word, pattern in wanted.items():
            for start, end in _spans(lying, pattern):
                hit = [at for one in whole[start:end] for at in one]
                known = next((one for one in found[word] if not set(one).isdisjoint(hit)), None)
                if known is None:
                    found[word].append(hit)
                else:
                    known += [at for at in hit if at not in known]
    return text, found, any(map(str.isalnum, folded))


def _spans(folded: str, pattern: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Where a word begins and ends in folded text."""
    return [one.span() for one in pattern.finditer(folded)] if pattern else []
