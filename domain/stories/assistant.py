"""The assistant that reads a story before it leaves, and flags what may identify somebody.

It flags, and never changes or blocks anything: whoever knows the file decides. It can't know everything, so a
text without a flag is not proved safe, and pages must say so (docs/patterns.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.stories.locations import locations
from domain.stories.moments import moments
from domain.stories.people import people
from domain.stories.reading import Reading
from domain.stories.shapes import blank, quotes, shapes
from domain.stories.spans import Kind, Span, merged

if TYPE_CHECKING:
    from domain.stories.lexicon import Lexicon


_WHOLE: Final = frozenset({Kind.EMAIL, Kind.LINK, Kind.ID_NUMBER})


def flag(text: str, lexicon: Lexicon) -> tuple[Span, ...]:
    """Everything in a text in Arabic, Turkish or English that may identify somebody, in order of place.

    Spans of different kinds may overlap, such as a name in a quotation.
    """
    reading = Reading.of(text, lexicon)
    known = reading.folded.text
    for match in lexicon.file_number.finditer(known):
        reading.found.append(reading.folded.span(*match.span(), Kind.FILE_NUMBER))
        known = blank(known, *match.span())
    moments(reading)
    for index in reading.taken:
        known = blank(known, reading.tokens[index].start, reading.tokens[index].end)
    reading.found.extend(quotes(reading.folded))
    reading.found.extend(shapes(reading.folded, known))
    locations(reading)
    _rare(reading)
    people(reading)
    addresses = [span for span in reading.found if span.kind in _WHOLE]
    return merged((span for span in reading.found if not _is_inside(span, addresses)), text)


def _is_inside(span: Span, addresses: list[Span]) -> bool:
    """Whether an address or identity number holds it: the whole is flagged, its parts need no word."""
    return any(
        address.start <= span.start and span.end <= address.end and span != address for address in addresses
    )


def _rare(reading: Reading) -> None:
    for index in range(len(reading.tokens)):
        if trait := reading.lexicon.list("rare").at(reading.tokens, index):
            reading.flag(index, index + len(trait), Kind.RARE)
