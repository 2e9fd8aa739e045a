"""The reference data of the installation: taxonomy, places, code lists, consents, urgencies. Read once."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import orjson

from domain.checklists import Checklists
from domain.deadlines.law import Law
from domain.deadlines.words import Words
from domain.reference import Reference
from domain.stories.lexicon import Lexicon

_CONFIG: Final = Path(__file__).resolve().parent.parent / "config"


@cache
def reference() -> Reference:
    """The tables under config/."""
    return Reference.load(_CONFIG)


@cache
def checklists() -> Checklists:
    """What is usually done in a case, by its issue."""
    return Checklists.load(_CONFIG / "law" / "checklists.tsv", reference().taxonomy)


@cache
def law() -> Law:
    """What a deadline depends on: rules, calendar, courts."""
    return Law.load(_CONFIG / "law" / "deadlines")


def law_digest() -> bytes:
    """SHA-256 of the tables that deadlines are counted by, as they come with the product."""
    return sha256(orjson.dumps(law().tables, option=orjson.OPT_SORT_KEYS)).digest()


@cache
def law_words() -> Words:
    """The account of a deadline in three languages."""
    return Words.load(_CONFIG / "law" / "deadlines")


@cache
def lexicon() -> Lexicon:
    """The words by which the assistant finds what may identify somebody in a story."""
    return Lexicon.load(_CONFIG)
