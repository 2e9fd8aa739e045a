"""Text cut into runs of one direction, because Word orders a line by its runs, not by its letters alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from core.documents.direction import Direction, first_strong, untangled

_MARKS: Final[dict[Direction, str]] = {"ltr": "\u200e", "rtl": "\u200f"}
# What XML 1.0 cannot hold.
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DIRECTIONS: Final[dict[str, Direction]] = {"L": "ltr", "EN": "ltr", "R": "rtl", "AL": "rtl", "AN": "rtl"}
_SIGNS: Final = frozenset({"ES", "CS", "ET"})


@dataclass(frozen=True)
class Piece:
    """A stretch of a line. apart: a name or code that keeps its own direction whatever stands around it."""

    text: str
    bold: bool = False
    apart: bool = False


Text = str | Piece | Sequence[str | Piece]


def code(text: str, *, bold: bool = False) -> Piece:
    """A reference, phone or identity number."""
    return Piece(text, bold=bold, apart=True)


name = code  # a name in another script is kept apart in the same way; two words so that callers read well


@dataclass(frozen=True)
class Run:
    """What one `w:r` holds."""

    text: str
    direction: Direction
    bold: bool


def pieces(text: Text) -> list[Piece]:
    """The text as pieces, whichever way it was given."""
    if isinstance(text, str | Piece):
        text = [text]
    return [piece if isinstance(piece, Piece) else Piece(piece) for piece in text]


def cut(text: Text, base: Direction) -> Iterator[Run]:
    """The runs of a paragraph that runs in `base`, in the order of the text."""
    for piece in pieces(text):
        words = _UNWRITABLE.sub("", untangled(piece.text)).replace("\n", " ").replace("\t", " ")
        if piece.apart:
            own = first_strong(words, "ltr")
            mark = _MARKS[own] if own != base else ""
            yield Run(f"{mark}{words}{mark}", own, piece.bold)
        else:
            for direction, letters in groupby(_directed(words, base), key=lambda pair: pair[1]):
                yield Run("".join(letter for letter, _ in letters), direction, piece.bold)


def _directed(text: str, base: Direction) -> Iterator[tuple[str, Direction]]:
    """Each character with its direction: Unicode Standard Annex 9, rules W1 to W7, N1 and N2, for one level.

    Latin digits are written left to right, with the signs that belong to them; what has no direction takes that
    of its neighbours where they agree, else that of the paragraph.
    """
    kinds = [unicodedata.bidirectional(character) for character in text]
    before = base
    for known, group in groupby(enumerate(text), key=lambda pair: _known(kinds, pair[0])):
        stretch = list(group)
        end = stretch[-1][0] + 1
        after = (_known(kinds, end) if end < len(text) else None) or base
        found = known or (before if before == after else base)
        yield from ((character, found) for _place, character in stretch)
        before = found


def _known(kinds: Sequence[str], place: int) -> Direction | None:
    """The direction of a letter, a digit or a sign that belongs to a number; None for all else."""
    kind = kinds[place]
    while kind == "NSM" and place:  # a mark goes with what it stands on
        place -= 1
        kind = kinds[place]
    if kind in _SIGNS:
        beside = (kinds[place - 1] if place else "", *kinds[place + 1 : place + 2])
        belongs = any if kind == "ET" else all  # 5%, ₺5; but 1-2, 1.5 only between two digits
        kind = "EN" if belongs(other == "EN" for other in beside) else ""
    return _DIRECTIONS.get(kind)
