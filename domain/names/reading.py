"""Text to names: cut into words, joined to parts, read as sounds; what was seen once is not read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from domain.names.folding import LONGEST, fold, words
from domain.names.likeness import Closest, Part, closest, read_part
from domain.names.parts import ARTICLE, LINK, Word, join, word
from domain.text import clean_text

_BACKWARD: Final = frozenset("&$")
"""Signs of words that join themselves to the one before: al-Din, Allah."""

_SKIPPED: Final = frozenset({ARTICLE, LINK})

MOST_PARTS: Final = 12
"""Parts that a name may have; a longer text is no name."""


class Name(NamedTuple):
    """A name that was read: its parts, how each was written, whether the text was too long to be one."""

    parts: tuple[Part, ...] = ()
    shown: tuple[str, ...] = ()
    too_long: bool = False


_TOO_LONG: Final = Name(too_long=True)


class _Alone(dict[str, "Part | None"]):
    """What each token is by itself, looked up once. A dictionary, because nothing else is as quick."""

    def __init__(self, look: Callable[[str], Part | None]) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, token: str) -> Part | None:
        part = self[token] = self._look(token)
        return part


class Reader:
    """Reads names and compares their parts, and remembers words and parts for as long as it lives.

    Make one for a request or a file and let it go: nothing opened outlives the request.
    """

    def __init__(self) -> None:
        self._words: dict[str, tuple[Word, ...]] = {}
        self._runs: dict[str, Name] = {}
        self._alone = _Alone(self._look)
        self._parts: dict[str, Part] = {}
        self._joins_back: dict[str, bool | None] = {}  # None: an article alone, so that the next decides
        self._closest: dict[tuple[Part, Part], Closest] = {}

    def name(self, text: str) -> Name:
        """Read a name in any script; without letters it has no parts."""
        if len(text) > LONGEST:
            return _TOO_LONG
        tokens = (text if text.isprintable() else clean_text(text, len(text))).split()
        alone = [*map(self._alone.__getitem__, tokens)]
        if None in alone:
            return self._in_runs(tokens, alone)
        return Name(tuple(alone), tuple(tokens)) if len(alone) <= MOST_PARTS else _TOO_LONG  # type: ignore[arg-type]  # no None

    def part(self, text: str) -> Part:
        """Read one part as `parts.join` writes it."""
        part = self._parts.get(text)
        if part is None:
            part = self._parts[text] = read_part(text)
        return part

    def closest(self, one: Part, other: Part) -> Closest:
        """How alike two parts are, and by which readings (`likeness.closest`)."""
        found = self._closest.get((one, other))
        if found is None:
            found = self._closest[one, other] = closest(one, other)
            self._closest[other, one] = (
                found if found.one is None else Closest(found.score, found.other, found.one)
            )
        return found

    def likeness(self, one: Part, other: Part) -> float:
        """How alike two parts are, 0 to 1."""
        return self.closest(one, other).score

    def words(self, token: str) -> tuple[Word, ...]:
        """The words of a text without blanks."""
        found = self._words.get(token)
        if found is None:
            found = self._words[token] = tuple(map(word, words(fold(token))))
        return found

    def _look(self, token: str) -> Part | None:
        """The part that a token is by itself; None where its neighbours matter or it is no single part."""
        found = self.words(token)
        joined = join([*found]) if found and not found[-1].kind else []
        part = self.part(joined[0][0]) if len(joined) == 1 else None
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
                run = self._run(tokens[start:end])
                parts += run.parts
                shown += run.shown
            start = end
        return Name(tuple(parts), tuple(shown)) if len(parts) <= MOST_PARTS else _TOO_LONG

    def _continues(self, tokens: list[str], place: int) -> bool:
        """Whether the token at a place, perhaps after articles, joins itself to the one before."""
        for token in tokens[place:]:
            back = self._joins_back.get(token, False)
            if back is not None:
                return back
        return False

    def _run(self, tokens: list[str]) -> Name:
        text = " ".join(tokens)
        run = self._runs.get(text)
        if run is None:
            run = self._runs[text] = self._joined(tokens)
        return run

    def _joined(self, tokens: list[str]) -> Name:
        found: list[Word] = []
        token_of: list[int] = []
        for number, token in enumerate(tokens):
            inner = self.words(token)
            found += inner
            token_of += [number] * len(inner)
        joined = join(found)
        shown: list[str] = []
        start = 0
        for _, end in joined:
            shown.append(" ".join(tokens[token_of[start] : token_of[end - 1] + 1]))
            start = end
        return Name(tuple(self.part(text) for text, _ in joined), tuple(shown))
