"""Text cut into runs of one direction, because Word orders a line by its runs, not by its letters alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from core.documents.direction import ISOLATED, Direction, first_strong, untangled

_MARKS: Final[dict[Direction, str]] = {"ltr": "\u200e", "rtl": "\u200f"}
_BLANK: Final = re.compile(r"[\t\n\r\x0b\f\x85\u2028\u2029]")
# What XML 1.0 cannot hold.
_UNWRITABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# How each kind of letter is written, and what its neighbours see.
_WRITTEN: Final[dict[str, Direction]] = {"L": "ltr", "EN": "ltr", "R": "rtl", "AL": "rtl", "AN": "rtl"}
_SEEN: Final[dict[str, Direction]] = {**_WRITTEN, "EN": "rtl"}
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


def pieces(text: Text) -> Iterator[Piece]:
    """The text as pieces, whichever way it was given; a name that `isolate` fenced off is one apart."""
    for piece in [text] if isinstance(text, str | Piece) else text:
        whole = piece if isinstance(piece, Piece) else Piece(piece)
        words = _UNWRITABLE.sub("", _BLANK.sub(" ", untangled(whole.text)))
        if whole.apart:
            words = ISOLATED.sub(r"\1", words)
        for place, part in enumerate(ISOLATED.split(words)):
            if part:
                yield Piece(part, whole.bold, whole.apart or place % 2 == 1)


def cut(text: Text, base: Direction) -> Iterator[Run]:
    """The runs of a paragraph that runs in `base`, in the order of the text."""
    for piece in pieces(text):
        if piece.apart:
            own = first_strong(piece.text, "ltr")
            mark = _MARKS[own] if own != base else ""
            yield Run(f"{mark}{piece.text}{mark}", own, piece.bold)
        else:
            for direction, letters in groupby(_directed(piece.text, base), key=lambda pair: pair[1]):
                yield Run("".join(letter for letter, _ in letters), direction, piece.bold)


def _directed(text: str, base: Direction) -> Iterator[tuple[str, Direction]]:
    """Each character with its direction: Unicode Standard Annex 9, rules W1 to W7, N1 and N2, for one level.

    Latin digits are written left to right, with the signs that belong to them, but their neighbours see
    them as part of the right-to-left text they stand in. What has no direction takes that of its neighbours
    where they agree, else that of the paragraph.
    """
    kinds = list(_settled([unicodedata.bidirectional(character) for character in text], base))
    before = base
    for kind, group in groupby(enumerate(text), key=lambda pair: kinds[pair[0]]):
        stretch = list(group)
        end = stretch[-1][0] + 1
        after = _SEEN.get(kinds[end], base) if end < len(text) else base
        written = _WRITTEN.get(kind) or (before if before == after else base)
        yield from ((character, written) for _place, character in stretch)
        before = _SEEN.get(kind, written)


def _settled(kinds: Sequence[str], base: Direction) -> Iterator[str]:
    """The kinds with marks, signs and digits settled by what stands beside them (W1 to W7); "" is neutral."""
    strong = "L" if base == "ltr" else "R"
    settled = ""
    for place, kind in enumerate(kinds):
        if kind in _SIGNS:
            beside = [*kinds[max(place - 1, 0) : place], *kinds[place + 1 : place + 2]]
            needed = 1 if kind == "ET" else 2  # 5% and ₺5; but 1-2 and 1.5 only between two digits
            kind = "EN" if beside.count("EN") >= needed else ""  # noqa: PLW2901 - settled step by step
        if kind in {"L", "R", "AL"}:
            strong = kind
        if kind == "EN" and strong == "L":
            settled = "L"
        elif kind != "NSM":  # a mark goes with what it stands on
            settled = kind if kind in _WRITTEN else ""
        yield settled
