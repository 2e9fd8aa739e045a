"""What gives itself away by its form: addresses, numbers, dates, quotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from domain.stories.spans import Kind, Span

if TYPE_CHECKING:
    from domain.stories.folded import Folded

_YEAR: Final = r"(?:13|14|19|20)\d\d"
_FILE_SUFFIX: Final = r"(?:\s?(?:esas|karar|sorusturma|sor|dosya|sayili|d\.?\s?is|e|k)\b\.?)"

SHAPES: Final = tuple(
    (kind, re.compile(pattern, re.ASCII))
    for kind, pattern in (
        (Kind.EMAIL, r"[^\s@<>()\[\]«»\",;]{1,64}@[^\s@<>()\[\]«»\",;]{1,255}"),
        (Kind.LINK, r"(?:https?://|www\.)\S*[^\s.,;:!?)»]"),
        (Kind.LINK, r"(?<![^\s(])@[\w.]{1,63}\w"),
        (
            Kind.LINK,
            r"(?:facebook|instagram|tiktok|twitter|youtube|linkedin|x|t|wa|fb)\.(?:com|me)/(?:\S*[^\s.,;:!?)»])?",
        ),
        (Kind.ID_NUMBER, r"tr\d\d(?:\s?\d){22}(?!\d)"),  # IBAN
        (Kind.ID_NUMBER, r"(?<!\d)\d{3}\s?-\s?\d\dc\d{5}(?!\d)"),  # UNHCR registration
        (Kind.ID_NUMBER, r"(?<![a-z\d])[a-z]{1,2}[\s-]?\d{6,9}(?!\d)"),  # passport
        (Kind.FILE_NUMBER, rf"(?<!\d){_YEAR}\s?/\s?(?:\d{{1,7}}{_FILE_SUFFIX}|\d{{3,7}}(?![\d/]))"),
        (Kind.DATE, r"(?<![\d./-])\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d\d)(?![\d/-])"),
        (Kind.DATE, rf"(?<![\d./-]){_YEAR}\s?[./-]\s?\d{{1,2}}(?:\s?[./-]\s?\d{{1,2}})?(?![\d/-])"),
        (Kind.DATE, rf"(?<![\d./-])\d{{1,2}}\s?[./-]\s?{_YEAR}(?!\d)"),
        (Kind.ID_NUMBER, r"(?<!\d)99\d(?:[ .-]?\d){8}(?!\d)"),  # foreigners' identity number
        (Kind.PHONE, r"(?<!\d)(?:\+|00)\s?\d(?:[ ().\-/]{0,2}\d){8,14}(?!\d)"),
        (Kind.PHONE, r"(?<!\d)\(?(?:0|5)(?:[ ().\-/]{0,2}\d){9,10}(?!\d)"),
        (Kind.ID_NUMBER, r"(?<!\d)\d{8,}(?!\d)"),
        (Kind.DATE, rf"(?<!\d){_YEAR}(?!\d)"),
        (Kind.NUMBER, r"\d+(?:[.,:/-]\d+)*"),
    )
)
"""In this order: what one has found, the next does not see."""

_DOUBLE: Final = '“”„‟«»"＂〝〞〟「」『』'
QUOTES: Final = (
    re.compile(rf"[{_DOUBLE}](?:[^{_DOUBLE}\n]|\n(?!\s*\n))+[{_DOUBLE}]?"),
    re.compile(r"(?<!\w)['‘‚‹`](?=[^\s'])(?:[^'’‘‚‹›`\n]|(?<=\w)['’](?=\w))+['’›`](?!\w)"),
)
"""A double mark up to the next one, or to the end of the paragraph where nobody closed it; single marks in
pairs, because a single one alone is an apostrophe."""


def quotes(folded: Folded) -> list[Span]:
    """What people said in their own words, with its marks."""
    return [
        folded.span(*match.span(), Kind.QUOTE)
        for pattern in QUOTES
        for match in pattern.finditer(folded.text)
        if any(letter.isalnum() for letter in match[0])
    ]


def shapes(folded: Folded, text: str) -> list[Span]:
    """Addresses and numbers in the searched text; `text` is it, with blanks for what is known already."""
    found: list[Span] = []
    for kind, pattern in SHAPES:
        for match in list(pattern.finditer(text)):
            start, end = match.span()
            found.append(folded.span(start, end, kind))
            text = blank(text, start, end)
    return found


def blank(text: str, start: int, end: int) -> str:
    """The text with blanks for a part of it, which keeps all positions."""
    return text[:start] + " " * (end - start) + text[end:]
