"""Are two names one? A verdict with a score and its reasons. Nothing here merges anything: a person decides.

**Rule.** Parts that may be one name are set against each other (`pairing`). Names are the *same* when every
part has its counterpart in the same order and all are the same, or, of three and more, all but one. They are
*possibly* the same when a part is only possible, when parts stand on one side only (papers leave out father,
grandfather or family), when the order differs, or when the first parts agree and at least seven in ten
others. Else they are *different*. The score is the mean likeness of the parts; what stands on one side only
weighs little.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from domain.names.likeness import POSSIBLE, SAME, Part, Reading
from domain.names.pairing import Pairing, Place, alike, in_place, pair, turned
from domain.names.reading import Name, Reader
from domain.names.reasons import Code, Reason, Verdict, of_readings

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


_TOO_LONG: Final = Match(0.0, Verdict.DIFFERENT, (Reason(Code.TOO_LONG),))
_NO_NAME: Final = Match(0.0, Verdict.DIFFERENT, (Reason(Code.NO_NAME),))
_WRITTEN_ALIKE: Final = Match(1.0, Verdict.SAME, (Reason(Code.WRITTEN_ALIKE),))


class Matcher:
    """Compares names; what it has read it remembers (see `Reader`)."""

    def __init__(self) -> None:
        self.reader: Final = Reader()
        self._details: dict[tuple[Reading, Reading], tuple[Reason, ...]] = {}
        self._told: dict[tuple[Part, Part, str, str], tuple[Reason, ...]] = {}

    def match(self, one: str, other: str) -> Match:
        """Compare two names, single or full, in any script; score and verdict are the same both ways."""
        reader = self.reader
        a, b = reader.name(one), reader.name(other)
        if not a.parts or not b.parts:
            return _TOO_LONG if a.too_long or b.too_long else _NO_NAME
        if a.parts == b.parts:
            return _WRITTEN_ALIKE
        places = alike(reader, a, b)
        if places is None:
            return _different(a, b)
        if in_place(a, b, places):
            return self._of_all(a, b, places)
        backward = _before(b, a)
        pairing = pair(reader, b, a, turned(places)) if backward else pair(reader, a, b, places)
        if not pairing.pairs:
            return _different(a, b)
        verdict = _verdict(pairing, max(len(a.parts), len(b.parts)))
        return Match(within(verdict, _score(pairing)), verdict, tuple(self._why(pairing, backward=backward)))

    def _of_all(self, one: Name, other: Name, places: list[Place]) -> Match:
        """The answer for two names whose parts all stand in the same places, as in most spellings of one."""
        reasons: list[Reason] = []
        for words in zip(one.parts, other.parts, one.shown, other.shown, strict=True):
            reasons += self._told.get(words) or self._tell(*words)
        scores = [score for _, _, score in places]
        verdict = _of_scores(scores)
        return Match(within(verdict, sum(scores) / len(scores)), verdict, tuple(reasons))

    def _why(self, pairing: Pairing, *, backward: bool) -> Iterator[Reason]:
        for one, other, _ in pairing.pairs:
            first, second = (other, one) if backward else (one, other)
            yield from self._tell(first.part, second.part, first.shown, second.shown)
        ones, others = (pairing.right, pairing.left) if backward else (pairing.left, pairing.right)
        for first, second in zip(ones, others, strict=False):
            yield Reason(Code.OTHER_NAMES, first.shown, second.shown)
        both = min(len(ones), len(others))
        for span in (*ones[both:], *others[both:]):
            yield Reason(Code.ONE_SIDE, span.shown)
        if pairing.swapped:
            yield Reason(Code.ORDER)

    def _tell(self, one: Part, other: Part, shown: str, opposite: str) -> tuple[Reason, ...]:
        """Why two parts are held to be one; nothing where they are written alike."""
        if shown == opposite:
            return ()
        words = one, other, shown, opposite
        reasons = self._told.get(words)
        if reasons is None:
            score, *readings = self.reader.closest(one, other)
            code = Code.ONE_NAME if score >= SAME else Code.MAY_BE_ONE
            reasons = self._told[words] = (Reason(code, shown, opposite), *self._detail(*readings))
        return reasons

    def _detail(self, one: Reading | None, other: Reading | None) -> tuple[Reason, ...]:
        if one is None or other is None:  # one spelling
            return ()
        reasons = self._details.get((one, other))
        if reasons is None:
            reasons = self._details[one, other] = of_readings(one, other)
        return reasons


def _different(one: Name, other: Name) -> Match:
    return Match(
        0.0, Verdict.DIFFERENT, (Reason(Code.OTHER_NAMES, " ".join(one.shown), " ".join(other.shown)),)
    )


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
