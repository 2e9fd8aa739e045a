"""Which part of one name stands for which of the other: in order, else in any order, else two for one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from domain.names.likeness import POSSIBLE, Part, crude, nest
from domain.names.parts import SIGNS
from domain.names.reading import Name, Reader


class Span(NamedTuple):
    """One part of a name, or two neighbours read as one: where it stands, the part, how it was written."""

    start: int
    end: int
    part: Part
    shown: str


class Pair(NamedTuple):
    """Spans of two names that may be one name, and how alike they are."""

    one: Span
    other: Span
    score: float


class Pairing(NamedTuple):
    """All pairs in the order of the first name, whether the second has another, what has no counterpart."""

    pairs: Sequence[Pair]
    swapped: bool = False
    left: Sequence[Span] = ()
    right: Sequence[Span] = ()


_JOINED: Final = 8
"""What a part weighs at least that may be two in one: four consonants."""

_LEFT_OUT: Final = 3
"""What two parts may weigh more than the one they are: a ع, which Latin leaves out, and a y."""

Place = tuple[int, int, float]
"""Where a part stands in each name, and how alike the two are."""


def alike(reader: Reader, one: Name, other: Name) -> list[Place] | None:
    """The parts that may be one; None where not even two for one may be, as in most pairs of names."""
    places: list[Place] = []
    closest = reader.closest
    for a, part in enumerate(one.parts):
        first, last = part.first, part.last
        for b, opposite in enumerate(other.parts):
            if part is opposite:
                places.append((a, b, 1.0))
            elif first & opposite.first and last & opposite.last:
                score = closest[part, opposite][0]
                if score >= POSSIBLE:
                    places.append((a, b, score))
    if places or _holds_two(one.parts, other.parts) or _holds_two(other.parts, one.parts):
        return places
    return None


def turned(places: list[Place]) -> list[Place]:
    """The same with the names exchanged."""
    return sorted((b, a, score) for a, b, score in places)


def in_place(one: Name, other: Name, places: list[Place]) -> bool:
    """Whether the parts of two names all stand in the same places, as in most spellings of a name."""
    return len(places) == len(one.parts) == len(other.parts) and {a - b for a, b, _ in places} == {0}


def pair(reader: Reader, one: Name, other: Name, places: list[Place]) -> Pairing:
    """Set the parts of two names against each other. `one` has no more parts than `other`."""
    ones, others = _spans(one), _spans(other)
    ordered = _in_order(places) if places else []
    swapped = False
    if len(ordered) < len(ones) and len(ordered) < len(places):
        anyhow = _in_any_order(places)
        if swapped := len(anyhow) > len(ordered):
            ordered = anyhow
    pairs = [Pair(ones[a], others[b], score) for a, b, score in ordered]
    left, right = _rest(ones, others, pairs)
    if joined := _joined(reader, left, right):
        pairs = sorted([*pairs, *joined], key=lambda pair: pair.one.start)
        left, right = _rest(ones, others, pairs)
    return Pairing(pairs, swapped, left, right)


def _spans(name: Name) -> list[Span]:
    return [
        Span(place, place + 1, part, shown)
        for place, (part, shown) in enumerate(zip(name.parts, name.shown, strict=True))
    ]


def _rest(ones: list[Span], others: list[Span], pairs: list[Pair]) -> tuple[list[Span], list[Span]]:
    """The spans of both names that stand in no pair."""
    if not pairs:
        return ones, others
    return _without(ones, [pair.one for pair in pairs]), _without(others, [pair.other for pair in pairs])


def _without(spans: list[Span], taken: list[Span]) -> list[Span]:
    covered = {place for span in taken for place in range(span.start, span.end)}
    return [span for span in spans if span.start not in covered]


def _in_order(places: list[Place]) -> list[Place]:
    """Those that keep both orders and are the most alike together."""
    best: list[tuple[float, list[Place]]] = []
    for place in places:
        before = max(
            ((total, way) for total, way in best if way[-1][0] < place[0] and way[-1][1] < place[1]),
            key=lambda each: each[0],
            default=(0.0, []),
        )
        best.append((before[0] + place[2], [*before[1], place]))
    return max(best, key=lambda each: each[0])[1]


def _in_any_order(places: list[Place]) -> list[Place]:
    """The most alike first, each part once."""
    taken: list[Place] = []
    for place in sorted(places, key=lambda each: (-each[2], each)):
        if all(place[0] != other[0] and place[1] != other[1] for other in taken):
            taken.append(place)
    return sorted(taken)


def _joined(reader: Reader, left: list[Span], right: list[Span]) -> list[Pair]:
    """One part on one side, two neighbours on the other: Muhammedali and محمد علي, Hac Ali and Hacali."""
    found: list[Pair] = []
    for single, first, second, turned in _joinable(left, right):
        both = reader.part[first.part.text + second.part.text]
        double = Span(first.start, second.end, both, f"{first.shown} {second.shown}")
        one, other = (double, single) if turned else (single, double)
        score = reader.likeness(one.part, other.part)
        if score >= POSSIBLE and all(_apart(one, pair.one) and _apart(other, pair.other) for pair in found):
            found.append(Pair(one, other, score))
    return found


def _joinable(left: list[Span], right: list[Span]) -> list[tuple[Span, Span, Span, bool]]:
    """A part of one side, two neighbours of the other that may be it, and whether these stand on the left."""
    return [
        (single, first, second, turned)
        for singles, doubles, turned in ((left, right, False), (right, left, True))
        if len(doubles) > 1
        for single in singles
        if single.part.weight >= _JOINED
        for first, second in pairwise(doubles)
        if first.end == second.start and _may_join(single.part, first.part, second.part)
    ]


def _holds_two(singles: Sequence[Part], doubles: Sequence[Part]) -> bool:
    """Whether a part of one name may be two neighbours of the other."""
    for single in singles:
        if single.weight >= _JOINED:
            for first, second in pairwise(doubles):
                if _may_join(single, first, second):
                    return True
    return False


def _may_join(single: Part, first: Part, second: Part) -> bool:
    """Whether two parts fit a single one by ends, length and firm letters, and no sign stands between."""
    return bool(
        single.first & first.first
        and single.last & second.last
        and single.weight + _LEFT_OUT >= first.weight + second.weight
        and first.text[-1] not in SIGNS
        and second.text[0] not in SIGNS
        and nest(single.crude, crude(first.text + second.text))
    )


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start
