"""How alike two parts of a name are: the cheapest way to read both spellings as one chain of sounds.

The way is found by Needleman and Wunsch's alignment (J. Mol. Biol. 48, 1970) with the costs of `sounds`. What
a pair may differ by grows with its length: one wrong consonant makes another name of a short one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf
from typing import Final, NamedTuple

from domain.names import arabic, latin
from domain.names.folding import ARABIC as ARABIC_LETTERS
from domain.names.irregular import ARABIC as IRREGULAR_ARABIC
from domain.names.parts import ARTICLE, OWN_NAME, SIGNS, alternatives
from domain.names.sounds import ARABIC as ARABIC_SCRIPT
from domain.names.sounds import GAPS, LATIN, MASKS, MAY_BE_MISSING, UNIT, UNRELATED, WEIGHTS, costs

SAME: Final = 0.85
"""From this score on two parts are the same name."""

POSSIBLE: Final = 0.6
"""From this score on two parts may be the same name."""

_BASE: Final = 45
_PER_WEIGHT: Final = 5
_SHORTEST: Final = 4
_LONGEST: Final = 12
_PER_PREFIX: Final = 10
"""What one half consonant of an unfinished word may differ by, in hundredths."""

_PREFIX_BEST: Final = 0.8

_ARABIC: Final = re.compile(f"[{ARABIC_LETTERS}]")
_LATIN: Final = re.compile("[a-zışçğöüâîûḥḫṣḍṭẓṯḏ0-9]")


class _Only(dict[int, str | None]):
    """For str.translate: letters that are not named go, and are named so when they come first."""

    def __missing__(self, key: int) -> None:
        self[key] = None


_CRUDE: Final = _Only(
    {ord(letter): letters[0] for letters in ("bpfبپف", "mم", "nن", "rر") for letter in letters}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a part: units, script, own cost, what was done; twice the number of its consonants.

    `note` is `parts.COGNATE` or another of them. `held` are all consonants it may hold, as bits; `firm` are
    those of each unit that no spelling leaves out.
    """

    units: tuple[int, ...]
    script: int
    cost: int
    note: str
    weight: int = field(compare=False)
    held: int = field(compare=False)
    firm: tuple[int, ...] = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a name: folded text, readings, and what tells at a glance that two are not alike.

    `first` and `last` are the consonants it may begin and end with, as bits; `crude` holds its b, f, m, n and
    r, which no spelling leaves out; `weight` is that of its longest reading.
    """

    text: str
    readings: tuple[Reading, ...]
    first: int
    last: int
    crude: str
    weight: int


def read_part(text: str) -> Part:
    """Read a part as `parts.join` writes it."""
    readings = tuple(
        _reading(units, script, cost + more, note)
        for alternative, cost, note in alternatives(text)
        for units, script, more in _chains(alternative)
    )
    first = last = weight = 0
    for reading in readings:
        first |= _edge(reading.units)
        last |= _edge(reading.units[::-1])
        weight = max(weight, reading.weight)
    return Part(text, readings, first, last, crude(text), weight)


def _reading(units: tuple[int, ...], script: int, cost: int, note: str) -> Reading:
    held = weight = 0
    for unit in units:
        held |= MASKS[unit]
        weight += WEIGHTS[unit]
    firm = tuple(MASKS[unit] for unit in units if not MAY_BE_MISSING[unit])
    return Reading(units, script, cost, note, weight, held, firm)


def _chains(text: str) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """Chains of units of a part whose signs are set, with script and cost; none for an unknown script."""
    core = text.strip(SIGNS + OWN_NAME)
    before, _, behind = text.partition(core) if core else (text, "", "")
    core = IRREGULAR_ARABIC.get(core, core)
    head, tail = tuple(UNIT[sign] for sign in before), tuple(UNIT[sign] for sign in behind)
    if not core:
        yield head, LATIN, 0
    elif _ARABIC.match(core):
        yield head + arabic.read(core) + tail, ARABIC_SCRIPT, 0
    elif _LATIN.match(core):
        yield from ((head + units + tail, LATIN, cost) for units, cost in latin.read(core))


def _edge(units: tuple[int, ...]) -> int:
    """The consonants a chain may begin with: those of its first units up to one that cannot be missing."""
    mask = 0
    for unit in units:
        mask |= MASKS[unit]
        if not MAY_BE_MISSING[unit]:
            return mask
    return -1  # nothing but vowels and what may be missing: anything


def crude(text: str) -> str:
    """The b, f, m, n and r of a folded text, in order, doubled ones once: no spelling leaves them out."""
    letters = text.translate(_CRUDE)
    return "".join(letter for letter, before in zip(letters, " " + letters, strict=False) if letter != before)


def nest(one: str, other: str) -> bool:
    """Whether what two texts hold of b, f, m, n and r may be that of one name: the one holds the other."""
    return one in other or other in one


class Closest(NamedTuple):
    """How alike two parts are, 0 or from `POSSIBLE` to 1, and the readings by which they are, else None."""

    score: float
    one: Reading | None = None
    other: Reading | None = None


_ALIKE: Final = Closest(1.0)
_APART: Final = Closest(0.0)


def closest(one: Part, other: Part) -> Closest:
    """How alike two parts are: the same from `SAME`, possibly the same from `POSSIBLE`.

    Symmetric. Parts that begin or end with other consonants are other names: 0.
    """
    if one.text == other.text:
        return _ALIKE
    if not (one.first & other.first and one.last & other.last):
        return _APART
    if not nest(one.crude, other.crude):
        return _APART
    turned = other.text < one.text
    first, second = (other, one) if turned else (one, other)
    found = _APART
    for a in first.readings:
        for b in second.readings:
            score = _score(a, b, found.score)
            if score > found.score:
                found = Closest(score, b, a) if turned else Closest(score, a, b)
                if score == 1:
                    return found
    return found


def begins(word: Part, part: Part) -> float:
    """How well a word, perhaps unfinished, fits the beginning of a part: from `POSSIBLE` to 0.8, or 0."""
    if not word.first & part.first:
        return 0.0
    # Ali is not the beginning of everybody's Al-.
    readings = [reading for reading in part.readings if reading.note == ARTICLE] or part.readings
    best = inf
    for a in word.readings:
        allowed = _PER_PREFIX * max(a.weight, 1)
        for b in readings:
            own = a.cost + b.cost
            best = min(best, (distance(a, b, allowed - own, unfinished=True) + own) / allowed)
    return _PREFIX_BEST - (_PREFIX_BEST - POSSIBLE) * best if best <= 1 else 0.0


def _score(one: Reading, other: Reading, least: float) -> float:
    """How alike two readings are; 0 where that is not more than `least` or not enough to be possible."""
    weight = min(max(min(one.weight, other.weight), _SHORTEST), _LONGEST)
    allowed = _BASE + _PER_WEIGHT * weight
    own = one.cost + other.cost
    most = min(1.0, (1 - least) / (1 - POSSIBLE)) * allowed
    cost = distance(one, other, most - own) + own
    return max(0.0, 1 - (1 - POSSIBLE) * cost / allowed)


def distance(one: Reading, other: Reading, limit: float = inf, *, unfinished: bool = False) -> float:
    """The least cost of reading both as one chain of sounds, in hundredths; inf beyond `limit`.

    `unfinished`: the first is a beginning, and what the second has after it costs nothing.
    """
    lacking = _lacking(one, other) if unfinished else max(_lacking(one, other), _lacking(other, one))
    if lacking * UNRELATED > limit:
        return inf
    rows = _table(one, other, limit)
    if len(rows) <= len(one.units):
        return inf
    cost = min(rows[-1][1:], default=inf) if unfinished else rows[-1][-1]
    return cost if cost <= limit else inf


def _lacking(one: Reading, other: Reading) -> int:
    """How many units of one stand for nothing that the other has, and cost `UNRELATED` each at least."""
    held, count = other.held, 0
    for mask in one.firm:
        if not mask & held:
            count += 1
    return count


def _table(one: Reading, other: Reading, limit: float = inf) -> list[list[int]]:
    """The least cost of reading so many units of one and so many of the other alike; ends beyond `limit`."""
    gaps, across = GAPS[other.script], [*map(GAPS[one.script].__getitem__, other.units)]
    row = [0, *accumulate(across)]
    rows = [row]
    for unit in one.units:
        above, instead, gap = row, costs(unit), gaps[unit]
        diagonal = above[0]
        left = diagonal + gap
        row = [left]
        place = 1
        for opposite, opposite_gap in zip(other.units, across, strict=True):
            up = above[place]
            left += opposite_gap
            # Comparisons in place of min(): this line runs millions of times.
            if (other_way := up + gap) < left:
                left = other_way
            if (other_way := diagonal + instead[opposite]) < left:
                left = other_way
            row.append(left)
            diagonal = up
            place += 1
        if min(row) > limit:
            break
        rows.append(row)
    return rows


Step = tuple[int | None, int | None, int]
"""One place of the alignment: the units there (None: nothing is written) and what it costs."""


def alignment(one: Reading, other: Reading) -> list[Step]:
    """The steps of the cheapest way; their costs add up to `distance`."""
    return _walk_back(one.units, other.units, _table(one, other), GAPS[other.script])


def _walk_back(
    one: tuple[int, ...], other: tuple[int, ...], table: list[list[int]], gaps: tuple[int, ...]
) -> list[Step]:
    """The steps that led to the last field of the table, from the first."""
    steps: list[Step] = []
    a, b = len(one), len(other)
    while a or b:
        here = table[a][b]
        if a and b and here == table[a - 1][b - 1] + costs(one[a - 1])[other[b - 1]]:
            a, b = a - 1, b - 1
            steps.append((one[a], other[b], here - table[a][b]))
        elif a and here == table[a - 1][b] + gaps[one[a - 1]]:
            a -= 1
            steps.append((one[a], None, here - table[a][b]))
        else:
            b -= 1
            steps.append((None, other[b], here - table[a][b]))
    return steps[::-1]
