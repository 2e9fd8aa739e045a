"""Look through cards for a name in any script, in part or in full, and for any digits.

A query is cut into words and digits; a card is found when it holds all of them. A word is found by its
letters (from four on anywhere in a name), by its sound, or as the beginning of a name by sound (`muh`,
`حلب`). Words of cards are read only when they can be meant, so thousands of cards are looked through at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from domain.names.folding import LONGEST, fold
from domain.names.letters import held
from domain.names.likeness import POSSIBLE, SAME, Part, begins, crude, may_hold
from domain.names.memory import Memory
from domain.names.parts import ARTICLE, LINK, SIGNS, joins
from domain.names.reading import Reader
from domain.names.sounds import UNIT, first_sounds
from domain.text import fold_digits

_Tokens = tuple[int, str, list[str]]
"""The place of a card, its names, and these cut at blanks."""

_Scores = tuple[float, ...]
"""How well something fits each word of the query."""

_DIGITS: Final = re.compile(r"(?:[^\W_]+-)*[^\W_]*\d[^\W_]*(?:-[^\W_]+)*")
_NO_DIGITS: Final = re.compile(r"[\W_]+")
_ANYWHERE: Final = 4
_BY_LETTERS: Final = 0.75
_ARTICLES: Final = frozenset({ARTICLE, LINK})
_ALONE: Final = _ARTICLES | {""}
_SIGN_UNITS: Final = frozenset(UNIT[sign] for sign in SIGNS)
_GLUED: Final = ("al", "el", "abd", "ebd", "ال", "عبد")


class Searched(Protocol):
    """What is looked through of a file, as `card` writes it."""

    @property
    def names(self) -> str:
        """Names in any script, one a line."""

    @property
    def digits(self) -> str:
        """Numbers, phones and references without signs and blanks, one a line."""


class Card(NamedTuple):
    """The least that can be searched."""

    names: str
    digits: str


class Hit(NamedTuple):
    """A card that was found: its place among the cards, and how well it fits, up to 1."""

    place: int
    score: float


def search(query: str, cards: Sequence[Searched]) -> list[Hit]:
    """The cards that hold every word and all digits of the query, those that fit best first.

    A query without letters or digits, or one that is too long to be a name, finds nothing.
    """
    if len(query) > LONGEST:
        return []
    query = fold_digits(query)
    digits = [_plain(found) for found in _DIGITS.findall(query)]
    reader = Reader()
    words = _Words(reader, reader.name(_DIGITS.sub(" ", query)).parts)
    if not (digits or words.parts):
        return []
    found = [*enumerate(cards)]
    for wanted in digits:
        found = [(place, card) for place, card in found if wanted in card.digits]
    names = {place: card.names for place, card in found}
    scores = words.scores(names.items()) if words.parts else dict.fromkeys(names, 1.0)
    return sorted((Hit(*hit) for hit in scores.items()), key=lambda hit: (-hit.score, hit.place))


def card(names: Iterable[str] = (), digits: Iterable[str] = ()) -> Card:
    """Write names and whatever holds digits so that they are looked through quickly."""
    lines = (" ".join(name.split()) for name in names)
    return Card("\n".join(lines), "\n".join(map(_plain, digits)))


def _plain(text: str) -> str:
    return _NO_DIGITS.sub("", fold_digits(text)).lower()


class _Words:
    """The words of a query, and what is known already of the words and parts of cards."""

    def __init__(self, reader: Reader, parts: Sequence[Part]) -> None:
        self.parts: Final = parts
        self._words: Final = [(part, joins(part.text)) for part in parts]
        # Abd and the like are read with their neighbours only where the query asks for one of them.
        self._with_neighbours = any(_has_sign(part) for part in parts)
        self._reader = reader
        self._fits = Memory(self._fit_all)

    def scores(self, names: Iterable[tuple[int, str]]) -> dict[int, float]:
        """How well the names of each card fit all words: the mean over the words of the best part.

        By place; a card that one word does not fit is left out. Each spelling is looked at once, however
        many cards hold it.
        """
        cards = self._possible([(place, text, text.split()) for place, text in names])
        looked = {token: self._look(token) for token in _tokens(cards)}
        fitting = {token: scores for token, scores in looked.items() if scores}
        beside = {token for token, scores in looked.items() if scores is None}
        found: dict[int, float] = {}
        for place, text, tokens in cards:
            fits = [fitting[token] for token in tokens if token in fitting]
            if not beside.isdisjoint(tokens):
                lines = [line for line in text.split("\n") if not beside.isdisjoint(line.split())]
                fits += [self._fits[part] for line in lines for part in self._reader.texts(line)]
            best = [max(scores) for scores in zip(*fits, strict=True)]
            if best and all(best):
                found[place] = sum(best) / len(best)
        return found

    def _possible(self, cards: list[_Tokens]) -> list[_Tokens]:
        """The cards that may hold every word, by the letters of their tokens.

        A part of a name is one word and signs, and any letters allow for signs (`letters`).
        """
        sounds = {token: held(fold(token)) for token in _tokens(cards)}
        for word, sign in self._words:
            if not sign:
                holding = {token for token, mask in sounds.items() if may_hold(mask, word)}
                cards = [card for card in cards if not holding.isdisjoint(card[2])]
        return cards

    def _look(self, token: str) -> _Scores | None:
        """How well a token alone fits each word; empty where it fits none, None where neighbours matter."""
        if self._with_neighbours and any(word.kind not in _ALONE for word in self._reader.words[token]):
            return None
        folded = fold(token)
        if not any(_may_mean(word, folded) for word in self.parts):
            return ()
        words = [word for word in self._reader.words[token] if word.kind not in _ARTICLES]
        fits = [self._fits[word.text] for word in words]
        best = tuple(map(max, zip(*fits, strict=True)))
        return best if any(best) else ()

    def _fit_all(self, text: str) -> _Scores:
        """How well a part fits each word. It is read only where its letters allow for one of them."""
        sounds = held(text)
        if not any(sign or may_hold(sounds, word) for word, sign in self._words):
            return (0.0,) * len(self._words)
        part = self._reader.part[text]
        return tuple(self._fit(word, sign, part) for word, sign in self._words)

    def _fit(self, word: Part, sign: str, part: Part) -> float:
        """How well a part fits a word, which may be one that joins itself to the next by this sign."""
        alike = self._reader.likeness(word, part)
        if alike >= SAME:
            return alike
        bare = part.text.lstrip(SIGNS)
        by_letters = word.text in bare if len(word.text) >= _ANYWHERE else bare.startswith(word.text)
        if by_letters or _begins_with(sign, part):
            return max(alike, _BY_LETTERS)
        return alike if alike >= POSSIBLE else begins(word, part)


def _tokens(cards: list[_Tokens]) -> set[str]:
    return set(" ".join([text for _, text, _ in cards]).split())


def _may_mean(word: Part, token: str) -> bool:
    """Whether a folded token may hold what a word means, by its first letter and by what it must hold."""
    if word.text in token:
        return True
    letters = crude(token)
    if word.crude not in letters and letters not in word.crude:
        return False
    return token.startswith(_GLUED) or bool(word.first & first_sounds(token[:1]))


def _begins_with(sign: str, part: Part) -> bool:
    """Whether a part may begin with the word that a sign stands for, apart or glued."""
    return bool(sign) and any(reading.units[:1] == (UNIT[sign],) for reading in part.readings)


def _has_sign(part: Part) -> bool:
    """Whether a part may be Abd, al-Din or the like with another word, or is such a word still alone."""
    return bool(joins(part.text)) or any(
        unit in _SIGN_UNITS for reading in part.readings for unit in reading.units
    )
