"""A text and its words, with what has been recognised in it so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from domain.stories.folded import Folded, Token
from domain.stories.lexicon import Lexicon
from domain.stories.spans import Kind, Span

if TYPE_CHECKING:
    from domain.stories.lexicon import Phrases

_WIDEST_GAP: Final = 3
_LONGEST_ABBREVIATION: Final = 4
_IN_NAMES: Final = re.compile(r"[ -]{1,2}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What every finder looks at; `found` and `taken` (words that are explained) grow on the way."""

    lexicon: Lexicon
    folded: Folded
    tokens: tuple[Token, ...]
    found: list[Span] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, text: str, lexicon: Lexicon) -> Reading:
        """Begin with a text of which nothing is known."""
        folded = Folded.of(text)
        return cls(lexicon, folded, folded.tokens())

    def word(self, index: int) -> str:
        """The folded word at an index; nothing outside the text."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def has_form(self, index: int, phrases: Phrases) -> bool:
        """Whether the word at an index is an entry, particles and endings aside."""
        return 0 <= index < len(self.tokens) and any(form in phrases for form in self.tokens[index].forms)

    def is_capital(self, index: int) -> bool:
        """Whether there is a word with a capital at an index."""
        return 0 <= index < len(self.tokens) and self.tokens[index].is_capital

    def is_plain(self, index: int) -> bool:
        """Whether there is no word at an index, or one that names nobody and no place."""
        return not self.word(index) or self.lexicon.is_plain(self.word(index))

    def are_close(self, index: int) -> bool:
        """Whether the word at an index and the next one stand in one sentence, a sign or two between them."""
        if not 0 <= index < len(self.tokens) - 1:
            return False
        gap = self.folded.text[self.tokens[index].end : self.tokens[index + 1].start]
        return len(gap) <= _WIDEST_GAP and "\n" not in gap

    def is_joined(self, index: int) -> bool:
        """Whether the word at an index and the next one may be parts of one name."""
        if not 0 <= index < len(self.tokens) - 1:
            return False
        gap = self.folded.text[self.tokens[index].end : self.tokens[index + 1].start]
        abbreviated = len(self.word(index)) <= _LONGEST_ABBREVIATION
        return bool(_IN_NAMES.fullmatch(gap)) or (abbreviated and gap in {".", ". "})

    def marker_end(self, index: int, phrases: Phrases) -> int:
        """The index after a marker that begins at an index, or the index itself where there is none."""
        if index >= len(self.tokens):
            return index
        return index + len(phrases.marker_at(self.tokens, index) or ())

    def flag(self, start: int, end: int, kind: Kind) -> None:
        """Flag the words from `start` up to and without `end`."""
        self.found.append(self.folded.span(self.tokens[start].start, self.tokens[end - 1].end, kind))
        self.taken.update(range(start, end))
