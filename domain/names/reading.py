"""Text to names: cut into words, joined to parts, read as sounds; what was seen once is not read again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from domain.names.folding import LONGEST, fold, words
from domain.names.likeness import Closest, Part, Reading, Table, closest, compare, read_chain, read_part
from domain.names.memory import Memory
from domain.names.parts import ARTICLE, LINK, Word, join, word
from domain.text import clean_text

_BACKWARD: Final = frozenset("&$")
"""Signs of words that join themselves to the one before: al-Din, Allah."""

_SKIPPED: Final = frozenset({ARTICLE, LINK})

MOST_PARTS: Final = 12
"""Parts that a name may have; a longer text is no name."""


class Name(NamedTuple):
    """A name that was read: its parts, how each was written, whether the text was too long to be one."""

    parts: Sequence[Part] = ()
    shown: Sequence[str] = ()
    too_long: bool = False


_TOO_LONG: Final = Name(too_long=True)


class Reader:
    """Reads names and compares their parts, and remembers words and parts for as long as it lives.

    Make one for a request or a file and let it go: nothing opened outlives the request.
    """

    def __init__(self) -> None:
        self.words: Final = Memory(_words)
        readings = Memory(read_chain)
        self.part: Final = Memory(partial(read_part, reading=readings.__getitem__))
        self.closest: Final = Memory(self._compare)
        self._compared = Memory(compare)
        self._alone = Memory(self._look)
        self._runs = Memory(self._joined)
        self._joins_back: dict[str, bool | None] = {}  # None: an article alone, so that the next decides

    def name(self, text: str) -> Name:
        """Read a name in any script; without letters it has no parts."""
        if len(text) > LONGEST:
            return _TOO_LONG
        tokens = _tokens(text)
        alone = [*map(self._alone.__getitem__, tokens)]
        if None in alone:
            return self._in_runs(tokens, alone)
        return Name(alone, tokens) if len(alone) <= MOST_PARTS else _TOO_LONG  # type: ignore[arg-type]  # no None

    def texts(self, text: str) -> list[str]:
        """The parts of a name as `parts.join` writes them, without reading what they sound like."""
        if len(text) > LONGEST:
            return []
        joined = join([word for token in _tokens(text) for word in self.words[token]])
        return [part for part, _ in joined] if len(joined) <= MOST_PARTS else []

    def _compare(self, pair: tuple[Part, Part]) -> Closest:
        """How alike two parts are, and by which readings (`likeness.closest`)."""
        one, other = pair
        score, by, opposite = found = closest(one, other, self._compared)
        self.closest[other, one] = found if by is None else (score, opposite, by)
        return found

    def likeness(self, one: Part, other: Part) -> float:
        """How alike two parts are, 0 to 1."""
        return self.closest[one, other][0]

    def table(self, one: Reading, other: Reading) -> Table:
        """The table of two readings by which parts are alike (`likeness.alignment`)."""
        if (one, other) in self._compared:
            return self._compared[one, other][1]
        return [*zip(*self._compared[other, one][1], strict=True)]

    def _look(self, token: str) -> Part | None:
        """The part that a token is by itself; None where its neighbours matter or it is no single part."""
        found = self.words[token]
        joined = join([*found]) if found and not found[-1].kind else []
        part = self.part[joined[0][0]] if len(joined) == 1 else None
        if part is None:
            kinds = [word.kind for word in found if word.kind not in _SKIPPED]
            self._joins_back[token] = kinds[0] in _BACKWARD if kinds else None
        return part

    def _in_runs(self, tokens: list[str], alone: list[Part | None]) -> Name:
        """A name in which tokens join their neighbours: each such run is read once, wherever it stands."""
        parts: list[Part] = []
        shown: list[str] = []
        start = 0
        for end, part in enumerate(alone, 1):
            if end < len(tokens) and (part is None or (alone[end] is None and self._continues(tokens, end))):
                continue
            if part is not None and start == end - 1:
                parts.append(part)
                shown.append(tokens[start])
            else:
                run = self._runs[tuple(tokens[start:end])]
                parts += run.parts
                shown += run.shown
            start = end
        return Name(parts, shown) if len(parts) <= MOST_PARTS else _TOO_LONG

    def _continues(self, tokens: list[str], place: int) -> bool:
        """Whether the token at a place, perhaps after articles, joins itself to the one before."""
        for token in tokens[place:]:
            back = self._joins_back.get(token, False)
            if back is not None:
                return back
        return False

    def _joined(self, tokens: tuple[str, ...]) -> Name:
        found: list[Word] = []
        token_of: list[int] = []
        for number, token in enumerate(tokens):
            inner = self.words[token]
            found += inner
            token_of += [number] * len(inner)
        joined = join(found)
        shown: list[str] = []
        start = 0
        for _, end in joined:
            shown.append(" ".join(tokens[token_of[start] : token_of[end - 1] + 1]))
            start = end
        return Name([self.part[text] for text, _ in joined], shown)


def _tokens(text: str) -> list[str]:
    return (text if text.isprintable() else clean_text(text, len(text))).split()


def _words(token: str) -> tuple[Word, ...]:
    """The words of a text without blanks."""
    return tuple(map(word, words(fold(token))))
