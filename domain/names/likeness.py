"""How alike two parts of a name are: the cheapest way to read both spellings as one chain of sounds.

The way is found by Needleman and Wunsch's alignment (J. Mol. Biol. 48, 1970) with the costs of `sounds`. What
a pair may differ by grows with its length: one wrong consonant makes another name of a short one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Final, NamedTuple

from domain.names import arabic, latin
from domain.names.folding import ARABIC as ARABIC_LETTERS
from domain.names.irregular import ARABIC as IRREGULAR_ARABIC
from domain.names.parts import ARTICLE, OWN_NAME, SIGNS, alternatives
from domain.names.sounds import ARABIC as ARABIC_SCRIPT
from domain.names.sounds import GAPS, LATIN, MASKS, MAY_BE_MISSING, UNIT, WEIGHTS, costs

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
_HOPELESS: Final = 1.5
"""So many times what is allowed, and nobody asks how different exactly."""

_ARABIC: Final = re.compile(f"[{ARABIC_LETTERS}]")
_LATIN: Final = re.compile("[a-zışçğöüâîûḥḫṣḍṭẓṯḏ0-9]")


class _Only(dict[int, str]):
    """For str.translate: letters that are not named go."""

    def __missing__(self, key: int) -> None:
        return None


_CRUDE: Final = _Only(
    {ord(letter): letters[0] for letters in ("bpfبپف", "mم", "nن", "rر") for letter in letters}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a part: units, script, twice the number of consonants, own cost, and what was done.

    `note` is `parts.COGNATE` or another of them.
    """

    units: tuple[int, ...]
    script: int
    weight: int
    cost: int
    note: str


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
        Reading(units, script, sum(WEIGHTS[unit] for unit in units), cost + more, note)
        for alternative, cost, note in alternatives(text)
        for units, script, more in _chains(alternative)
    )
    first = last = weight = 0
    for reading in readings:
        first |= _edge(reading.units)
        last |= _edge(reading.units[::-1])
        weight = max(weight, reading.weight)
    return Part(text, readings, first, last, crude(text), weight)


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


class Closest(NamedTuple):
    """How alike two parts are, 0 to 1, and the readings by which they are so (None where they are not)."""

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
    if one.crude not in other.crude and other.crude not in one.crude:
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
    best = min(
        (
            (distance(a, b, unfinished=True) + a.cost + b.cost) / (_PER_PREFIX * max(a.weight, 1))
            for a in word.readings
            for b in readings
        ),
        default=inf,
    )
    return _PREFIX_BEST - (_PREFIX_BEST - POSSIBLE) * best if best <= 1 else 0.0


def _score(one: Reading, other: Reading, least: float) -> float:
    """How alike two readings are; 0 where that is not more than `least` or hopeless."""
    weight = min(max(min(one.weight, other.weight), _SHORTEST), _LONGEST)
    allowed = _BASE + _PER_WEIGHT * weight
    own = one.cost + other.cost
    most = min(_HOPELESS, (1 - least) / (1 - POSSIBLE)) * allowed
    cost = distance(one, other, most - own) + own
    return max(0.0, 1 - (1 - POSSIBLE) * cost / allowed)


def distance(one: Reading, other: Reading, limit: float = inf, *, unfinished: bool = False) -> float:
    """The least cost of reading both as one chain of sounds, in hundredths; inf beyond `limit`.

    `unfinished`: the first is a beginning, and what the second has after it costs nothing.
    """
    missing_in_other, missing_in_one = GAPS[other.script], GAPS[one.script]
    across = [(unit, missing_in_one[unit]) for unit in other.units]
    row = [0]
    for _, gap in across:
        row.append(row[-1] + gap)
    for unit in one.units:
        instead, gap = costs(unit), missing_in_other[unit]
        diagonal = row[0]
        left = least = row[0] = diagonal + gap
        for place, (opposite, opposite_gap) in enumerate(across, 1):
            above = row[place]
            left += opposite_gap
            # Comparisons in place of min(): this line runs millions of times.
            if (other_way := above + gap) < left:
                left = other_way
            if (other_way := diagonal + instead[opposite]) < left:
                left = other_way
            row[place] = left
            if left < least:  # noqa: PLR1730  likewise
                least = left
            diagonal = above
        if least > limit:
            return inf
    return min(row[1:], default=inf) if unfinished else row[-1]


class Step(NamedTuple):
    """One place of the alignment: the units there (None: nothing is written) and what it costs."""

    one: int | None
    other: int | None
    cost: int


def alignment(one: Reading, other: Reading) -> list[Step]:
    """The steps of the cheapest way; their costs add up to `distance`."""
    gaps, opposite_gaps = GAPS[other.script], GAPS[one.script]
    table = [[0]]
    for unit in other.units:
        table[0].append(table[0][-1] + opposite_gaps[unit])
    for unit in one.units:
        above, row = table[-1], [table[-1][0] + gaps[unit]]
        for place, opposite in enumerate(other.units):
            row.append(
                min(
                    above[place] + costs(unit)[opposite],
                    above[place + 1] + gaps[unit],
                    row[-1] + opposite_gaps[opposite],
                )
            )
        table.append(row)
    return _walk_back(one.units, other.units, table, gaps)


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
            steps.append(Step(one[a], other[b], here - table[a][b]))
        elif a and here == table[a - 1][b] + gaps[one[a - 1]]:
            a -= 1
            steps.append(Step(one[a], None, here - table[a][b]))
        else:
            b -= 1
            steps.append(Step(None, other[b], here - table[a][b]))
    return steps[::-1]
