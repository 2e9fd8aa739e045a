"""Why two names are held to be one or not: codes that a page or a command puts into words (`wording`)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from domain.names.likeness import Reading, Table, alignment
from domain.names.parts import ARTICLE, COGNATE, OWN_NAME, SHORTENED, SIGNS
from domain.names.sounds import UNIT, VOWELS, name_of, sounds_of


class Verdict(StrEnum):
    """What the comparison says. A person decides; nothing is ever merged because of it."""

    __hash__ = str.__hash__  # an enumeration's own is slow, and these are looked up often

    SAME = "same"
    POSSIBLE = "possible"
    DIFFERENT = "different"


class Code(StrEnum):
    """A reason. `Reason.one` and `other` hold what is compared, as it was written."""

    __hash__ = str.__hash__  # likewise

    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    WRITTEN_ALIKE = "written_alike"
    ONE_NAME = "one_name"
    MAY_BE_ONE = "may_be_one"
    OTHER_NAMES = "other_names"
    ONE_SIDE = "one_side"
    ORDER = "order"
    LETTERS = "letters"
    CONSONANT = "consonant"
    VOWELS = "vowels"
    LENGTH = "length"
    LEFT_OUT = "left_out"
    COGNATE = "cognate"
    SHORTENED = "shortened"
    ARTICLE = "article"


class Reason(NamedTuple):
    """One reason. `detail` is the Arabic letter that two spellings stand for (`LETTERS`)."""

    code: Code
    one: str = ""
    other: str = ""
    detail: str = ""


_NOTES: Final = {COGNATE: Code.COGNATE, SHORTENED: Code.SHORTENED, ARTICLE: Code.ARTICLE}
_SIGNS: Final = dict(zip(SIGNS, ("عبد", "أبو", "أم", "حاج", "الدين", "الله"), strict=True))
_LETTER: Final = dict(zip("btθjħxdðrzsšṣḍṭẓʿġfqklmnhwyY", "بتثجحخدذرزسشصضطظعغفقكلمنهويي", strict=True))
_LENGTHS: Final = frozenset(
    unit for name, unit in UNIT.items() if name[-1] in "=?~!" or name in {"I", "U", "i?a", "ِ", *"اوي", "-ي"}
)
_WORTH_TELLING: Final = 15
_ANOTHER_LETTER: Final = 40


def of_readings(one: Reading, other: Reading, table: Table) -> tuple[Reason, ...]:
    """Why two readings are alike, beside being so, by their table."""
    return tuple(dict.fromkeys(_of_readings(one, other, table)))


def _of_readings(one: Reading, other: Reading, table: Table) -> Iterator[Reason]:
    """What was done to read both alike, and where they are not alike."""
    if one.note != other.note:
        yield from (Reason(_NOTES[note]) for note in (one.note, other.note) if note)
    for first, second, cost in alignment(one, other, table):
        if first is None or second is None:
            if cost >= _WORTH_TELLING:
                yield from _of_gap(first, second)
        elif first != second:
            yield from _of_pair(first, second, cost)


@cache
def _of_gap(first: int | None, second: int | None) -> tuple[Reason, ...]:
    unit = second if first is None else first
    if unit is None or unit == UNIT[OWN_NAME]:
        return ()  # that a name is one of its own is told by its note
    name = name_of(unit)
    if name in _SIGNS:
        return (Reason(Code.LEFT_OUT, _SIGNS[name]),)
    if VOWELS & sounds_of(unit).keys():
        return (Reason(Code.VOWELS),)
    return (Reason(Code.LEFT_OUT, _spelled(unit)),)


@cache
def _of_pair(one: int, other: int, cost: int) -> tuple[Reason, ...]:
    if VOWELS & sounds_of(one).keys():
        if cost < _WORTH_TELLING:
            return ()
        return (Reason(Code.LENGTH if one in _LENGTHS or other in _LENGTHS else Code.VOWELS),)
    spelled = _spelled(one), _spelled(other)
    if cost >= _ANOTHER_LETTER:
        return (Reason(Code.CONSONANT, *spelled),)
    if spelled[0].isascii() and spelled[1].isascii() and spelled[0] != spelled[1]:
        first, second = sounds_of(one), sounds_of(other)
        sound = min(first.keys() & second.keys(), key=lambda sound: (first[sound] + second[sound], sound))
        return (Reason(Code.LETTERS, *spelled, _LETTER.get(sound, sound)),)
    return ()


def _spelled(unit: int) -> str:
    """The letters of a consonant, without the sign of its place in the word."""
    return name_of(unit).strip("-=")
