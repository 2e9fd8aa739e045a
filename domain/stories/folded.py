"""A text as it is searched, and the way back to the text as it was written.

Every letter is folded by `domain.folding`, every digit of any script becomes a Latin one, and marks, tatweel,
joiners and direction marks fall away, so that none of them hides a name or a number. Positions lead back.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from domain.folding import search_key
from domain.stories.spans import Kind, Span
from domain.stories.stems import forms

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = re.compile(r"[^\W_]+")
_BREAKS: Final = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_SENTENCE_ENDS: Final = frozenset(".!?؟…\n•")
_OPENING: Final = frozenset(" \t\"'“”„«»‘’‹›()[]-–—*")
APOSTROPHES: Final = frozenset("'’‘ʼ`´")


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """What stands for one character in the searched text; nothing for what can't be seen by itself."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isspace():
        return "\n" if character in _BREAKS else " "
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return ""
    return search_key(character) or ("" if category[0] == "L" else character)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the searched text: its place there, what it may be a form of, and how it was written."""

    start: int
    end: int
    text: str
    forms: tuple[str, ...]
    written: str
    starts_sentence: bool
    before_apostrophe: bool

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital; Arabic has none."""
        return self.written[:1].isupper()

    @property
    def is_latin(self) -> bool:
        """Whether capitals mean something in it."""
        return self.written[:1].lower() != self.written[:1].upper()


@dataclass(frozen=True, slots=True)
class Folded:
    """The searched text; `origin` gives for each of its characters the position in `original`."""

    original: str
    text: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> Folded:
        """Fold a text of any script."""
        pairs = [(letter, place) for place, character in enumerate(original) for letter in _fold(character)]
        return cls(original, "".join(letter for letter, _ in pairs), tuple(place for _, place in pairs))

    def tokens(self) -> tuple[Token, ...]:
        """The words in their order; numbers count as words."""
        return tuple(self._tokens())

    def _tokens(self) -> Iterator[Token]:
        for match in _WORD.finditer(self.text):
            start, end = match.span()
            before = start - 1
            while before >= 0 and self.text[before] in _OPENING:
                before -= 1
            yield Token(
                start,
                end,
                match[0],
                forms(match[0]),
                self.original[self.origin[start] : self.origin[end - 1] + 1],
                before < 0 or self.text[before] in _SENTENCE_ENDS,
                self.text[end : end + 1] in APOSTROPHES,
            )

    def span(self, start: int, end: int, kind: Kind) -> Span:
        """The part of the original behind a part of the searched text, widened to whole words."""
        while start > 0 and self._belong_together(start - 1):
            start -= 1
        while end < len(self.text) and self._belong_together(end - 1):
            end += 1
        first, after = self.origin[start], self.origin[end - 1] + 1
        # What fell away around a word belongs to it: marks and joiners behind it, a hamza on either side.
        while after < len(self.original) and not _fold(self.original[after]):
            after += 1
        while first > 0 and self.original[first - 1].isalpha() and not _fold(self.original[first - 1]):
            first -= 1
        return Span(first, after, kind, self.original[first:after])

    def _belong_together(self, index: int) -> bool:
        """Whether a searched character and the next are of one word, or of one letter such as a ligature."""
        word = self.text[index].isalnum() and self.text[index + 1].isalnum()
        return word or self.origin[index] == self.origin[index + 1]
