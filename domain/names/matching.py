"""Are two names one? A verdict with a score and its reasons. Nothing here merges anything: a person decides.

**Rule.** Parts that may be one name are set against each other (`pairing`). Names are the *same* when every
part has its counterpart in the same order and all are the same, or, of three and more, all but one. They are
*possibly* the same when a part is only possible, when parts stand on one side only (papers leave out father,
grandfather or family), when the order differs, or when the first parts agree and at least seven in ten
others. Else they are *different*. The score is the mean likeness of the parts; what stands on one side only
weighs little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import starmap
from typing import Final, Generic, NamedTuple, TypeVar

from domain.names.likeness import POSSIBLE, SAME, Part, Reading
from domain.names.memory import Memory
from domain.names.pairing import Pairing, Place, Span, alike, in_place, pair, turned
from domain.names.reading import Name, Reader
from domain.names.reasons import Code, Reason, Verdict, of_readings

Said = TypeVar("Said")

_NEARLY_SAME: Final = 0.75
_SEVERAL: Final = 3
_MOST: Final = 0.7
_ON_ONE_SIDE: Final = 0.08
_SWAPPED: Final = 0.05
_BELOW: Final = 0.001
_RANGES: Final = {
    Verdict.SAME: (SAME, 1.0),
    Verdict.POSSIBLE: (POSSIBLE, SAME - _BELOW),
    Verdict.DIFFERENT: (0.0, POSSIBLE - _BELOW),
}


class Match(NamedTuple):
    """A verdict, its score from 0 to 1 (from 0.6 possible, from 0.85 the same), and why."""

    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]


Answer = tuple[float, Verdict, tuple[Said, ...]]
"""The same, with reasons as they are to be said."""


class SayingMatcher(Generic[Said]):
    """Compares names and says why; what was read and said is remembered (see `Reader`).

    `say` is given what a `Reason` holds. Where many names are compared, most reasons come again and again,
    and are said once.
    """

    def __init__(self, say: Callable[[Code, str, str, str], Said]) -> None:
        self.reader: Final = Reader()
        self._say = say
        self._told = Memory(self._tell)
        self._details = Memory(self._detail)

    def answer(self, one: str, other: str) -> Answer[Said]:
        """Compare two names, single or full, in any script; score and verdict are the same both ways."""
        reader = self.reader
        a, b = reader.name(one), reader.name(other)
        if not a.parts or not b.parts:
            return self._for(Code.TOO_LONG if a.too_long or b.too_long else Code.NO_NAME)
        if a.parts == b.parts:
            return self._for(Code.WRITTEN_ALIKE, 1.0, Verdict.SAME)
        places = alike(reader, a, b)
        if places is None:
            return self._different(a, b)
        if in_place(a, b, places):
            return self._of_all(a, b, places)
        backward = _before(b, a)
        pairing = pair(reader, b, a, turned(places)) if backward else pair(reader, a, b, places)
        if not pairing.pairs:
            return self._different(a, b)
        verdict = _verdict(pairing, max(len(a.parts), len(b.parts)))
        return within(verdict, _score(pairing)), verdict, tuple(self._why(pairing, backward=backward))

    def _for(self, code: Code, score: float = 0.0, verdict: Verdict = Verdict.DIFFERENT) -> Answer[Said]:
        """The answer that has one reason."""
        return score, verdict, (self._say(code, "", "", ""),)

    def _different(self, one: Name, other: Name) -> Answer[Said]:
        reason = self._say(Code.OTHER_NAMES, " ".join(one.shown), " ".join(other.shown), "")
        return 0.0, Verdict.DIFFERENT, (reason,)

    def _of_all(self, one: Name, other: Name, places: list[Place]) -> Answer[Said]:
        """The answer for two names whose parts all stand in the same places, as in most spellings of one."""
        reasons: list[Said] = []
        for words in zip(one.parts, other.parts, one.shown, other.shown, strict=True):
            reasons += self._told[words]
        scores = [score for _, _, score in places]
        verdict = _of_scores(scores)
        return within(verdict, sum(scores) / len(scores)), verdict, tuple(reasons)

    def _why(self, pairing: Pairing, *, backward: bool) -> Iterator[Said]:
        for one, other, _ in pairing.pairs:
            first, second = (other, one) if backward else (one, other)
            yield from self._told[first.part, second.part, first.shown, second.shown]
        yield from starmap(self._say, _of_the_rest(pairing, backward=backward))

    def _tell(self, words: tuple[Part, Part, str, str]) -> Sequence[Said]:
        """Why two parts are held to be one; nothing where they are written alike."""
        one, other, shown, opposite = words
        if shown == opposite:
            return ()
        score, *readings = self.reader.closest[one, other]
        code = Code.ONE_NAME if score >= SAME else Code.MAY_BE_ONE
        return (self._say(code, shown, opposite, ""), *self._details[tuple(readings)])

    def _detail(self, readings: tuple[Reading | None, ...]) -> Sequence[Said]:
        one, other = readings
        if one is None or other is None:  # one spelling
            return ()
        return tuple(starmap(self._say, of_readings(one, other, self.reader.table(one, other))))


class Matcher(SayingMatcher[Reason]):
    """Compares names and gives the reasons as they are."""

    def __init__(self) -> None:
        super().__init__(Reason)

    def match(self, one: str, other: str) -> Match:
        """Compare two names (see `answer`)."""
        return Match(*self.answer(one, other))


def _of_the_rest(pairing: Pairing, *, backward: bool) -> Iterator[Reason]:
    """What has no counterpart, and whether the order differs."""
    ones: Sequence[Span]
    ones, others = (pairing.right, pairing.left) if backward else (pairing.left, pairing.right)
    for first, second in zip(ones, others, strict=False):
        yield Reason(Code.OTHER_NAMES, first.shown, second.shown)
    both = min(len(ones), len(others))
    for span in (*ones[both:], *others[both:]):
        yield Reason(Code.ONE_SIDE, span.shown)
    if pairing.swapped:
        yield Reason(Code.ORDER)


def _before(one: Name, other: Name) -> bool:
    """Whether a name comes first, by length and spelling, so that both directions are counted alike."""
    if len(one.parts) != len(other.parts):
        return len(one.parts) < len(other.parts)
    return next((a.text < b.text for a, b in zip(one.parts, other.parts, strict=True) if a is not b), False)


def _verdict(pairing: Pairing, longest: int) -> Verdict:
    """The rule above."""
    pairs, conflicts = pairing.pairs, min(len(pairing.left), len(pairing.right))
    if conflicts:
        first = any(pair.one.start == pair.other.start == 0 for pair in pairs)
        agree = len(pairs) / (len(pairs) + conflicts)
        return Verdict.POSSIBLE if first and agree >= _MOST else Verdict.DIFFERENT
    if pairing.left or pairing.right:
        # A single name against a full one: it is the given name or the family.
        at_end = any(pair.other.start == 0 or pair.other.end == longest for pair in pairs)
        return Verdict.POSSIBLE if len(pairs) > 1 or at_end else Verdict.DIFFERENT
    return Verdict.POSSIBLE if pairing.swapped else _of_scores([pair.score for pair in pairs])


def _of_scores(scores: list[float]) -> Verdict:
    """The rule for parts that all have their counterpart in the same order."""
    doubtful = [score for score in scores if score < SAME]
    if not doubtful:
        return Verdict.SAME
    nearly = len(doubtful) == 1 and len(scores) >= _SEVERAL and doubtful[0] >= _NEARLY_SAME
    return Verdict.SAME if nearly else Verdict.POSSIBLE


def _score(pairing: Pairing) -> float:
    left, right = len(pairing.left), len(pairing.right)
    alike = sum(pair.score for pair in pairing.pairs)
    parts = len(pairing.pairs) + min(left, right) + _ON_ONE_SIDE * abs(left - right)
    return alike / parts - _SWAPPED * pairing.swapped


def within(verdict: Verdict, score: float) -> float:
    """The score inside the verdict's range, in thousandths."""
    least, most = _RANGES[verdict]
    return round(min(max(score, least), most), 3)
