"""The examples, a matcher, and a comparison in one line."""

import json
from itertools import combinations, product
from pathlib import Path

from domain.names.matching import Match, Matcher
from domain.names.people import Person, PersonMatch, compare
from domain.names.wording import why

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))
LANGUAGES = ("en", "ar", "tr")
MATCHER = Matcher()


def match(one: str, other: str) -> Match:
    return MATCHER.match(one, other)


def verdict(one: str, other: str) -> str:
    return str(match(one, other).verdict)


def reasons(one: str, other: str) -> str:
    """In English."""
    return why(match(one, other).reasons, str)


def persons(one: Person, other: Person) -> PersonMatch:
    return compare(MATCHER, one, other)


def positives() -> list[tuple[str, str]]:
    """Every two spellings of one name, weak equivalents too."""
    return [
        pair
        for group in EXAMPLES["groups"]
        for pair in combinations(
            dict.fromkeys(group["ar"] + group["tr"] + group["latin"] + group["weak_equivalents"]), 2
        )
    ]


def negatives() -> list[tuple[str, str]]:
    """Every spelling of a name with every one of another that looks like it."""
    return [pair for each in EXAMPLES["hard_negatives"] for pair in product(each["a"], each["b"])]
