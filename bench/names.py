"""`make bench-names`: recall, false candidates and speed of the names engine (docs/names.md).

The examples are those of domain.md 6.3, the generated spellings those of `names_spellings`. Random choices
are the same each time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import combinations, product
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from bench.names_spellings import spellings
from bench.names_vocalised import FAMILY, FEMALE, MALE, NAMES
from domain.names.matching import Matcher
from domain.names.people import Person
from domain.names.search import card, search
from domain.names.tokens import tokens

ROOT: Final = Path(__file__).resolve().parent.parent
EXAMPLES: Final = ROOT / "tests" / "domain" / "names" / "examples.json"
LINE: Final = "{:58} {:>14} {:>10}  {}"
PAIRS: Final = 100_000
CARDS: Final = 20_000
QUERIES: Final = (
    "Muhammed",
    "محمد",
    "خال",
    "Abdurrahman Halebi",
    "ayş",
    "Ali Hasan",
    "nur",
    "99123",
    "٩٩١٢٣",
)

RANDOM: Final = Random(1)  # noqa: S311  the same names each time

Pair = tuple[str, str]
_MUHAMMED: Final = "مُحَمَّد"
_LAST: Final = 0.5  # of the papers
SPELLED: Final = {name: spellings(name) for name in (*NAMES, _MUHAMMED)}


def main() -> None:
    """Measure and print."""
    matcher = Matcher()
    print(f"{os.getloadavg()[0]:.1f} other programs are at work on {os.cpu_count()} processors.\n")
    print(LINE.format("", "measured", "goal", ""))
    examples(matcher)
    generated(matcher)
    recorded()
    looked_through()
    in_batches()


def say(work: str, value: float, unit: str, limit: float, *, least: bool = False) -> None:
    """Print a line; `limit` is what the value may be at most, or with `least` at least."""
    met = value >= limit if least else value <= limit
    sign = "≥" if least else "≤"
    print(
        LINE.format(work, f"{value:.2f} {unit}", f"{sign} {limit:g} {unit}", "pass" if met else "short"),
        flush=True,
    )


def verdicts(matcher: Matcher, pairs: Iterable[Pair]) -> tuple[int, Callable[[str], float]]:
    """How many pairs there are, and the share of a verdict among them in per cent."""
    found = Counter(str(matcher.match(*pair).verdict) for pair in pairs)
    total = found.total()
    return total, lambda verdict: 100 * found[verdict] / total


def examples(matcher: Matcher) -> None:
    """The examples of domain.md."""
    known = json.loads(EXAMPLES.read_text("utf-8"))
    one_name = (
        pair
        for group in known["groups"]
        for pair in combinations(
            dict.fromkeys(group["ar"] + group["tr"] + group["latin"] + group["weak_equivalents"]), 2
        )
    )
    total, share = verdicts(matcher, one_name)
    say(f"examples, {total:,} pairs of one name: found", 100 - share("different"), "%", 98, least=True)
    two_names = (pair for each in known["hard_negatives"] for pair in product(each["a"], each["b"]))
    total, share = verdicts(matcher, two_names)
    say(f"examples, {total:,} pairs that look alike: the same", share("same"), "%", 0)
    say(f"examples, {total:,} pairs that look alike: possible", share("possible"), "%", 30)


def generated(matcher: Matcher) -> None:
    """Spellings made from vowelled names."""
    total, share = verdicts(matcher, (pair for each in SPELLED.values() for pair in combinations(each, 2)))
    say(f"generated, {total:,} pairs of one name: found", 100 - share("different"), "%", 98, least=True)
    for words, kind in (("given names", MALE + FEMALE), ("families", FAMILY)):
        total, share = verdicts(matcher, _strangers(kind, 30_000))
        say(f"generated, {total:,} pairs of two {words}: candidates", 100 - share("different"), "%", 1)
    total, share = verdicts(matcher, (_full(same=True) for _ in range(10_000)))
    say(
        f"generated, {total:,} full names of one person: found", 100 - share("different"), "%", 98, least=True
    )
    total, share = verdicts(matcher, (_full(same=False) for _ in range(30_000)))
    say(f"generated, {total:,} full names of two: candidates", 100 - share("different"), "%", 1)


def recorded() -> None:
    """Match tokens: whether two records of one person meet, and those of two people do not."""
    total = 1_000
    meeting = sum(_meet(*_records(same=True)) for _ in range(total))
    say(f"tokens, {total:,} persons recorded twice: meet", 100 * meeting / total, "%", 95, least=True)
    meeting = sum(_meet(*_papers(same=True)) for _ in range(total))
    say(f"tokens, {total:,} full names on two papers: meet", 100 * meeting / total, "%", 95, least=True)
    for people, records in (("strangers", _records), ("strangers by full name", _papers)):
        meeting = sum(_meet(*records(same=False)) for _ in range(total))
        say(f"tokens, {total:,} pairs of {people}: meet", 100 * meeting / total, "%", 1)


def looked_through() -> None:
    """The search over cards, by the clock: the slowest query counts."""
    cards = [
        card([_full(same=True)[0]], [f"H-26-{number:05}", f"99{RANDOM.randrange(10**9):09}"])
        for number in range(CARDS)
    ]
    slowest = max(median(_seconds(partial(search, query, cards)) for _ in range(5)) for query in QUERIES)
    say(f"search among {CARDS:,} cards, slowest of {len(QUERIES)} queries", slowest, "s", 0.3)


def in_batches() -> None:
    """`himaya names match --batch` as a whole, by the clock, the better of three."""
    spelled = [spelling for each in SPELLED.values() for spelling in each]
    for work, pairs in (
        ("single names", [(RANDOM.choice(spelled), RANDOM.choice(spelled)) for _ in range(PAIRS)]),
        ("full names, half of one person", [_full(same=bool(n % 2)) for n in range(PAIRS)]),
    ):
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump([{"a": one, "b": other} for one, other in pairs], file)
            file.flush()
            best = min(_seconds(partial(_run, file.name)) for _ in range(3))
        say(f"--batch, {PAIRS:,} pairs of {work}", best, "s", 2)


def _run(name: str) -> None:
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "commands.main", "names", "match", "--batch", name],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert done.stdout.count(b'"verdict"') == PAIRS


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _strangers(kind: tuple[str, ...], count: int) -> Iterator[Pair]:
    for _ in range(count):
        one, other = RANDOM.sample(kind, 2)
        yield RANDOM.choice(SPELLED[one]), RANDOM.choice(SPELLED[other])


def _borne() -> list[str]:
    """Given name, father's name, family."""
    return [RANDOM.choice(kind) for kind in (MALE + FEMALE, MALE, FAMILY)]


def _full(*, same: bool) -> Pair:
    """The full names of one person or of two."""
    one = _borne()
    other = one if same else _borne()
    return _spell(one), _spell(other)


def _spell(names: list[str]) -> str:
    return " ".join(RANDOM.choice(SPELLED[name]) for name in names)


def _records(*, same: bool) -> tuple[Person, Person]:
    one = _borne()
    other = one if same else _borne()
    return _record(one), _record(other)


def _papers(*, same: bool) -> tuple[Person, Person]:
    """Full names: Muhammed before the daily name or not, the family last or on the second paper first."""
    one = _borne()
    other = one if same else _borne()
    return _paper(one, last=True), _paper(other, last=RANDOM.random() < _LAST)


def _paper(names: list[str], *, last: bool) -> Person:
    given, father, family = names
    before = [_MUHAMMED] if last and RANDOM.random() < _LAST else []
    return Person(name=_spell([*before, given, family] if last else [family, given]), father=_spell([father]))


def _record(names: list[str]) -> Person:
    given, father, family = (RANDOM.choice(SPELLED[name]) for name in names)
    return Person(given=given, father=father, family=family)


def _meet(one: Person, other: Person) -> bool:
    """Whether two records share a token."""
    return bool(tokens(one).pairs & tokens(other).pairs)


if __name__ == "__main__":
    main()
