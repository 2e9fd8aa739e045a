"""The statements of a text of legal information: whose words they are, and which no lawyer has confirmed.

A statement is what a reader takes as one: a heading, a paragraph, an entry of a list. Neither answer is a
mark in the text, which an edit could lose; both come from the history of its versions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from domain.folding import search_key
from domain.markup import Line, parse

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

Statement = tuple[str, str, Line]
"""Language, part, and the line as `domain.markup` reads it."""

Author = TypeVar("Author", bound="Hashable")

_SENTENCE_END: Final = re.compile(r"(?<=[.!?؟:;؛])\s+")


def statements(texts: Mapping[str, Mapping[str, str]]) -> Iterator[Statement]:
    """Every statement of a text, of all its languages and parts."""
    for language, parts in texts.items():
        for part, text in parts.items():
            for block in parse(text):
                for line in block.lines:
                    yield language, part, line


def unconfirmed(
    texts: Mapping[str, Mapping[str, str]], confirmed: Mapping[str, Mapping[str, str]]
) -> frozenset[Statement]:
    """Statements that do not stand, word for word and in the same part, in the text confirmed last."""
    return frozenset(statements(texts)).difference(statements(confirmed))


def writers(
    history: Iterable[tuple[Author | None, Mapping[str, Mapping[str, str]]]],
) -> frozenset[Author]:
    """Whose words stand in the newest text of a history: who saved it, and who first wrote what it holds.

    history: author and text of each version, the oldest first; None for what came with the product. Words
    keep their author when somebody else brings them back, saves them again or changes their letter case,
    marks or punctuation.
    """
    first: dict[Hashable, Author | None] = {}
    saved_by: Author | None = None
    held: set[Hashable] = set()
    for author, texts in history:
        saved_by = author
        held = {piece for statement in statements(texts) for piece in _pieces(statement)}
        for piece in held:
            first.setdefault(piece, author)
    standing = {saved_by, *(first[piece] for piece in held)}
    return frozenset(one for one in standing if one is not None)


def _pieces(statement: Statement) -> Iterator[Hashable]:
    """What may have an author of its own: the line with its links and marks, and each of its sentences."""
    language, _part, line = statement
    yield language, line
    for sentence in _SENTENCE_END.split("".join(span.text for span in line)):
        if words := search_key(sentence):
            yield language, words
