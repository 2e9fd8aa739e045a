"""How alike two parts of a name are: the cheapest way to read both spellings as one chain of sounds.

The way is found by Needleman and Wunsch's alignment (J. Mol. Biol. 48, 1970) with the costs of `sounds`. What
a pair may differ by grows with its length: one wrong consonant makes another name of a short one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Final

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


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to read a part: units, script, own cost, what was done; twice the number of its consonants.

    `note` is `parts.COGNATE` or another of them. `allowed` is what it may differ by in all, `held` are all
    consonants it may hold, as bits; `firm` are those of each unit that no spelling leaves out. Of each unit,
    `costs` has what another in its place costs, and `gaps` by the other's script what costs that nothing
    stands there; `margins` are these added up. One reading is one object (`Reader`).
    """

    units: tuple[int, ...]
    script: int
    cost: int
    note: str
    weight: int
    allowed: int
    held: int
    firm: tuple[int, ...]
    costs: tuple[tuple[int, ...], ...]
    gaps: tuple[tuple[int, ...], ...]
    margins: tuple[list[int], ...]


Chain = tuple[tuple[int, ...], int, int, str]
"""Units, script, own cost and note of a reading."""


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


def read_part(text: str, reading: Callable[[Chain], Reading]) -> Part:
    """Read a part as `parts.join` writes it; `reading` makes one of a chain, or knows it already."""
    readings = tuple(
        reading((units, script, cost + more, note))
        for alternative, cost, note in alternatives(text)
        for units, script, more in _chains(alternative)
    )
    first = last = weight = 0
    for each in readings:
        first |= _edge(each.units)
        last |= _edge(each.units[::-1])
        weight = max(weight, each.weight)
    return Part(text, readings, first, last, crude(text), weight)


def read_chain(chain: Chain) -> Reading:
    """Look at a chain by itself."""
    units = chain[0]
    held = weight = 0
    for unit in units:
        held |= MASKS[unit]
        weight += WEIGHTS[unit]
    firm = tuple([MASKS[unit] for unit in units if not MAY_BE_MISSING[unit]])
    allowed = _BASE + _PER_WEIGHT * min(max(weight, _SHORTEST), _LONGEST)
    gaps = tuple([tuple([row[unit] for unit in units]) for row in GAPS])
    margins = tuple([[0, *accumulate(row)] for row in gaps])
    return Reading(*chain, weight, allowed, held, firm, tuple(map(costs, units)), gaps, margins)


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


Closest = tuple[float, Reading | None, Reading | None]
"""How alike two parts are, 0 or from `POSSIBLE` to 1, and the readings by which they are, else None."""

Table = Sequence[Sequence[int]]
"""The least cost of reading so many units of one reading and so many of another alike."""

Compared = tuple[float, Table]

_ALIKE: Final[Closest] = (1.0, None, None)
_APART: Final[Closest] = (0.0, None, None)


def closest(one: Part, other: Part, compared: Mapping[tuple[Reading, Reading], Compared]) -> Closest:
    """How alike two parts are: the same from `SAME`, possibly the same from `POSSIBLE`.

    Symmetric. Parts that begin or end with other consonants are other names: 0. `compared` says of two
    readings what `compare` does.
    """
    if one.text == other.text:
        return _ALIKE
    if not (one.first & other.first and one.last & other.last):
        return _APART
    if not nest(one.crude, other.crude):
        return _APART
    turned = other.text < one.text
    first, second = (other, one) if turned else (one, other)
    found, best = _APART, 0.0
    for a in first.readings:
        for b in second.readings:
            score = compared[a, b][0]
            if score > best:
                best = score
                found = (score, b, a) if turned else (score, a, b)
                if score == 1:
                    return found
    return found


def may_hold(held: int, word: Part) -> bool:
    """Whether a part that holds these consonants may be a word or begin with it."""
    return not word.readings or any(
        not _lacks(reading, held, max(reading.allowed, _PER_PREFIX * reading.weight) - reading.cost)
        for reading in word.readings
    )


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
            best = min(best, (distance_of_beginning(a, b, allowed - own) + own) / allowed)
    return _PREFIX_BEST - (_PREFIX_BEST - POSSIBLE) * best if best <= 1 else 0.0


def compare(pair: tuple[Reading, Reading]) -> Compared:
    """How alike two readings are, 0 where not enough to be possible, and the table that says so."""
    one, other = pair
    allowed = min(one.allowed, other.allowed)  # by the shorter one
    own = one.cost + other.cost
    table = _within(one, other, allowed - own)
    if not table:
        return 0.0, table
    return 1 - (1 - POSSIBLE) * (table[-1][-1] + own) / allowed, table


def distance(one: Reading, other: Reading, limit: float = inf) -> float:
    """The least cost of reading both as one chain of sounds, in hundredths; inf beyond `limit`."""
    table = _within(one, other, limit)
    return table[-1][-1] if table else inf


def _within(one: Reading, other: Reading, limit: float) -> Table:
    """The table of two readings (see `_table`), or nothing where their distance is beyond `limit`."""
    if _lacks(one, other.held, limit) or _lacks(other, one.held, limit):
        return []
    table = _table(one, other, limit)
    return table if len(table) > len(one.units) and table[-1][-1] <= limit else []


def distance_of_beginning(one: Reading, other: Reading, limit: float = inf) -> float:
    """The same where the first is unfinished: what the second has after it costs nothing."""
    if _lacks(one, other.held, limit):
        return inf
    table = _table(one, other, limit)
    cost = min(table[-1][1:], default=inf) if len(table) > len(one.units) else inf
    return cost if cost <= limit else inf


def _lacks(one: Reading, held: int, limit: float) -> bool:
    """Whether so many units of one stand for nothing that is held that they alone cost too much."""
    cost = 0
    for mask in one.firm:
        if not mask & held:
            cost += UNRELATED
            if cost > limit:
                return True
    return False


def _table(one: Reading, other: Reading, limit: float = inf) -> Table:
    """The least cost of reading so many units of one and so many of the other alike; ends beyond `limit`."""
    units, across = other.units, other.gaps[one.script]
    row = other.margins[one.script]
    rows: list[list[int]] = [row]
    for instead, gap in zip(one.costs, one.gaps[other.script], strict=True):
        above = row
        diagonal = above[0]
        left = diagonal + gap
        row = [left]
        add = row.append
        for up, opposite, opposite_gap in zip(above[1:], units, across, strict=True):
            left += opposite_gap
            # Comparisons in place of min(): this line runs millions of times.
            if (other_way := up + gap) < left:
                left = other_way
            if (other_way := diagonal + instead[opposite]) < left:
                left = other_way
            add(left)
            diagonal = up
        if min(row) > limit:
            break
        rows.append(row)
    return rows


Step = tuple[int | None, int | None, int]
"""One place of the alignment: the units there (None: nothing is written) and what it costs."""


def alignment(one: Reading, other: Reading, table: Table) -> list[Step]:
    """The steps of the cheapest way from the first field of their table to the last; they cost `distance`."""
    gaps = one.gaps[other.script]
    steps: list[Step] = []
    a, b = len(one.units), len(other.units)
    while a or b:
        here = table[a][b]
        if a and b and here == table[a - 1][b - 1] + one.costs[a - 1][other.units[b - 1]]:
            a, b = a - 1, b - 1
            steps.append((one.units[a], other.units[b], here - table[a][b]))
        elif a and here == table[a - 1][b] + gaps[a - 1]:
            a -= 1
            steps.append((one.units[a], None, here - table[a][b]))
        else:
            b -= 1
            steps.append((None, other.units[b], here - table[a][b]))
    return steps[::-1]
