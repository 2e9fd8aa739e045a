"""Look through cards for a name in any script, in part or in full, and for any digits.

A query is cut into words and digits; a card is found when it holds all of them. A word is found by its
letters (from four on anywhere in a name), by its sound, or as the beginning of a name by sound (`muh`,
`حلب`). Words of cards are read only when they can be meant, so thousands of cards are looked through at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from domain.names.folding import LONGEST, fold
from domain.names.likeness import POSSIBLE, SAME, Part, begins, crude
from domain.names.parts import ARTICLE, LINK, SIGNS, joins
from domain.names.reading import Reader
from domain.names.sounds import UNIT, first_sounds
from domain.text import fold_digits

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
    """What is looked through of a file: names as written, numbers, phones and references as written."""

    @property
    def names(self) -> Sequence[str]:
        """Names in any script."""

    @property
    def digits(self) -> Sequence[str]:
        """Whatever holds digits."""


class Card(NamedTuple):
    """The least that can be searched."""

    names: Sequence[str]
    digits: Sequence[str] = ()


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
    places = [place for place, card in enumerate(cards) if not digits or _holds(card.digits, digits)]
    found = words.scores(cards, places) if words.parts else dict.fromkeys(places, 1.0)
    hits = [Hit(place, score) for place, score in found.items()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.place))


def _holds(written: Sequence[str], digits: list[str]) -> bool:
    return all(any(wanted in text or wanted in _plain(text) for text in written) for wanted in digits)


def _plain(text: str) -> str:
    return _NO_DIGITS.sub("", fold_digits(text)).lower()


class _Words:
    """The words of a query, and what is known already of the words and parts of cards."""

    def __init__(self, reader: Reader, parts: Sequence[Part]) -> None:
        self.parts: Final = parts
        # Abd and the like are read with their neighbours only where the query asks for one of them.
        self._with_neighbours = any(_has_sign(part) for part in parts)
        self._reader = reader
        self._tokens: dict[str, _Scores | None] = {}
        self._scores: dict[Part, _Scores] = {}
        self._nothing: Final = (0.0,) * len(parts)

    def scores(self, cards: Sequence[Searched], places: Iterable[int]) -> dict[int, float]:
        """How well the names of each card fit all words: the mean over the words of the best part.

        By place; a card that one word does not fit is left out. Each spelling is looked at once, however
        many cards hold it.
        """
        holding: defaultdict[str, list[int]] = defaultdict(list)
        for place in places:
            for name in cards[place].names:
                for token in name.split():
                    holding[token].append(place)
        best: dict[int, _Scores] = {}
        beside: set[int] = set()
        for token, found in holding.items():
            if (scores := self._look(token)) is None:
                beside.update(found)
            elif scores:
                for place in found:
                    best[place] = tuple(map(max, scores, best[place])) if place in best else scores
        for place in beside:
            fits = [self._fit_all(part) for part in self._parts_beside(cards[place].names)]
            best[place] = tuple(map(max, *fits, best.get(place, self._nothing), self._nothing))
        return {place: sum(scores) / len(scores) for place, scores in best.items() if all(scores)}

    def _parts_beside(self, names: Sequence[str]) -> Iterator[Part]:
        """The parts of names in which a word is read with its neighbours."""
        for name in names:
            if any(self._tokens[token] is None for token in name.split()):
                yield from self._reader.name(name).parts

    def _look(self, token: str) -> _Scores | None:
        """How well a token alone fits each word; empty where it fits none, None where neighbours matter."""
        folded = fold(token)
        scores: _Scores | None = ()
        if self._with_neighbours and any(word.kind not in _ALONE for word in self._reader.words(token)):
            scores = None
        elif any(_may_mean(word, folded) for word in self.parts):
            words = [word for word in self._reader.words(token) if word.kind not in _ARTICLES]
            fits = [self._fit_all(self._reader.part(word.text)) for word in words]
            best = tuple(map(max, zip(*fits, strict=True)))
            scores = best if any(best) else ()
        self._tokens[token] = scores
        return scores

    def _fit_all(self, part: Part) -> _Scores:
        scores = self._scores.get(part)
        if scores is None:
            scores = self._scores[part] = tuple(self._fit(word, part) for word in self.parts)
        return scores

    def _fit(self, word: Part, part: Part) -> float:
        alike = self._reader.likeness(word, part)
        if alike >= SAME:
            return alike
        bare = part.text.lstrip(SIGNS)
        by_letters = word.text in bare if len(word.text) >= _ANYWHERE else bare.startswith(word.text)
        if by_letters or _begins_with(joins(word.text), part):
            return max(alike, _BY_LETTERS)
        return alike if alike >= POSSIBLE else begins(word, part)


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
