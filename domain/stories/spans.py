"""Which parts of a text may identify somebody, and the text cut at their edges so that they can be marked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(StrEnum):
    """What a part of a text may give away (`config/lists/story_flag.tsv`)."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    QUOTE = "quote"
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    ID_NUMBER = "id_number"
    FILE_NUMBER = "file_number"
    RARE = "rare"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a text, from code point `start` up to and without `end`, and why it is flagged.

    Its edges never cut a word, or a letter from its marks, so that marking it breaks no Arabic letter form.
    """

    start: int
    end: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text with everything for which it is flagged; nothing where it is not."""

    text: str
    kinds: tuple[Kind, ...]


def merged(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """The spans of a text in order of place, those of one kind that overlap joined to one."""
    joined: dict[Kind, list[Span]] = {}
    for span in sorted(spans):
        before = joined.setdefault(span.kind, [])
        if before and span.start < before[-1].end:
            start, end = before[-1].start, max(before[-1].end, span.end)
            before[-1] = Span(start, end, span.kind, text[start:end])
        else:
            before.append(span)
    return tuple(sorted(span for same in joined.values() for span in same))


def segments(text: str, spans: Iterable[Span]) -> tuple[Segment, ...]:
    """The text cut into pieces that add up to it again, whatever overlaps in the spans of it.

    A page wraps each flagged piece in `<mark>`, which leaves the direction of the text to the paragraph; an
    isolating element would tear a flagged number out of the sentence around it.
    """
    listed = sorted(spans)
    edges = sorted({0, len(text), *(edge for span in listed for edge in (span.start, span.end))})
    pieces: list[Segment] = []
    for start, end in pairwise(edges):
        kinds = dict.fromkeys(span.kind for span in listed if span.start <= start and end <= span.end)
        pieces.append(Segment(text[start:end], tuple(kinds)))
    return tuple(pieces)


def digest(marked: Iterable[Segment]) -> str:
    """Which flagged words a page showed, to bind a tick to them; nothing where nothing is flagged."""
    flagged = [piece.text for piece in marked if piece.kinds]
    return hashlib.sha256("\n".join(flagged).encode()).hexdigest() if flagged else ""
