"""What is compared unseen: skeletons of names, in pairs, to be put under the keys of `vault.tokens`.

A **skeleton** holds the consonants of a name in classes that all spellings share: no vowels, no w, y, ع and
hamza, one class for t ط d ض, one for h ح خ. A letter that may be of two classes (g: غ ج ق) gives two
skeletons, so that one of them meets. Skeletons find candidates where the names themselves can't be read;
whether these are one person is then asked by `people.compare`, by somebody who can.

Only pairs leave this module (given and father's name, given name and family, family and year of birth): how
often one name occurs is known, and frequencies recover 37 to 51 % of first names (security.md). Numbers and
phones are meant for `vault.slow_token`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import Final, NamedTuple

from domain.names.likeness import POSSIBLE, Part
from domain.names.people import Person
from domain.names.reading import Reader
from domain.names.sounds import UNIT, VOWELS, sounds_of
from domain.text import fold_digits

LAW: Final = 2
"""By which names become tokens, those of organisations (`domain.organisations`) too. Raised with every change
that gives a name others: then all are made anew."""

GIVEN_FATHER: Final = "given_father"
GIVEN_FAMILY: Final = "given_family"
FAMILY_YEAR: Final = "family_year"
NUMBER: Final = "number"
PHONE: Final = "phone"

NONE: Final = "-"
"""The skeleton of a name without such consonants: Aya."""

MOST_SKELETONS: Final = 8
"""Skeletons of one part; more say nothing."""

MOST_PARTS: Final = 3
"""Parts of a field that count: the daily name may be the second (Muhammed Ahmed)."""

_CLASSES: Final = dict(
    zip("btθjħxdðrzsšṣḍṭẓġfqklmnhpčgž@#%&$", "BTSJHHTZRZSCSTTZGFKKLMNHBCGJ@#%&$", strict=True)
)
_USUAL: Final = 40

_MUHAMMED: Final = "muhammad"  # and what may be: Mhd., Mehmet
_GIVEN_AND_FAMILY: Final = 2


class Tokens(NamedTuple):
    """`pairs`: kind and two values (`vault.match_token`); `single`: kind and value (`vault.slow_token`)."""

    pairs: frozenset[tuple[str, str, str]]
    single: frozenset[tuple[str, str]]


def tokens(person: Person) -> Tokens:
    """What to compare of a record. Two records of one person nearly always share a pair or a number."""
    reader = Reader()
    given, family = _given(reader, person), _family(reader, person)
    father = _skeletons(reader.name(person.father).parts[:MOST_PARTS])
    year = {str(person.birth.year)} if person.birth is not None and person.birth.year is not None else set()
    return Tokens(
        frozenset(
            (kind, one, other)
            for kind, ones, others in (
                (GIVEN_FATHER, given, father),
                (GIVEN_FAMILY, given, family),
                (GIVEN_FAMILY, family, given),  # written with the family first, it meets the other order
                (FAMILY_YEAR, family, year),
            )
            for one, other in product(ones, others)
        ),
        frozenset(
            (kind, plain)
            for kind, values in ((NUMBER, person.numbers), (PHONE, person.phones))
            for value in values
            if (plain := plain_number(value))
        ),
    )


def plain_number(text: str) -> str:
    """A number or phone as it is compared: digits in Latin, letters, and nothing else."""
    return "".join(letter for letter in fold_digits(text) if letter.isalnum())


def skeletons(part: Part) -> frozenset[str]:
    """The skeletons of a part, of its likelier readings where there are too many; else its letters."""
    found: dict[str, None] = {} if part.readings else {part.text: None}
    for reading in sorted(part.readings, key=lambda reading: reading.cost):
        before = (-1, *reading.units)
        choices = [_classes(unit, last) for last, unit in zip(before, reading.units, strict=False)]
        found |= dict.fromkeys(
            "".join(choice) or NONE for choice in islice(product(*choices), MOST_SKELETONS)
        )
    return frozenset(islice(found, MOST_SKELETONS))


def _classes(unit: int, before: int) -> tuple[str, ...]:
    """The classes a unit may be of, the usual first; an empty one for what all spellings may lack."""
    if unit == UNIT["-ه"]:  # ة, or an h; after ا it is a t: Hayat
        return ("", "T") if before == UNIT["ا"] else ("", "H")
    row = sounds_of(unit)
    ranked = sorted((cost, sound) for sound, cost in row.items() if cost <= _USUAL and sound in _CLASSES)
    if VOWELS & row.keys() or not ranked:
        return ("",)
    return tuple(dict.fromkeys(_CLASSES[sound] for _, sound in ranked))


def _given(reader: Reader, person: Person) -> set[str]:
    return _skeletons(reader.name(person.given).parts[:MOST_PARTS] or _called(reader, person.name))


def _called(reader: Reader, name: str) -> Sequence[Part]:
    """The given name of a full one: its first part, and the next where Muhammed stands before the daily name.

    Muhammed X may be called X; of two parts the second is the family.
    """
    parts = reader.name(name).parts
    before = len(parts) > _GIVEN_AND_FAMILY and reader.likeness(parts[0], reader.part[_MUHAMMED]) >= POSSIBLE
    return parts[: 1 + before]


def _family(reader: Reader, person: Person) -> set[str]:
    return _skeletons(
        reader.name(person.family).parts[:MOST_PARTS] or reader.name(person.name).parts[1:][-1:]
    )


def _skeletons(parts: Iterable[Part]) -> set[str]:
    return {skeleton for part in parts for skeleton in skeletons(part)}
