"""Why two names are held to be one or not: codes that a page or a command puts into words (`wording`)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from domain.names.likeness import Closest, Reading, Step, alignment
from domain.names.parts import ARTICLE, COGNATE, OWN_NAME, SHORTENED, SIGNS
from domain.names.sounds import UNIT, VOWELS, name_of, sounds_of


class Verdict(StrEnum):
    """What the comparison says. A person decides; nothing is ever merged because of it."""

    SAME = "same"
    POSSIBLE = "possible"
    DIFFERENT = "different"


class Code(StrEnum):
    """A reason. `Reason.one` and `other` hold what is compared, as it was written."""

    __hash__ = str.__hash__  # an enumeration's own is slow, and reasons are looked up by the hundred thousand

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


def of_parts(found: Closest) -> tuple[Reason, ...]:
    """Why two parts that are alike are so, beside being so."""
    if found.one is None or found.other is None:  # one spelling
        return ()
    return tuple(dict.fromkeys(_of_readings(found.one, found.other)))


def _of_readings(one: Reading, other: Reading) -> Iterator[Reason]:
    """What was done to read both alike, and where they are not alike."""
    if one.note != other.note:
        yield from (Reason(_NOTES[note]) for note in (one.note, other.note) if note)
    for step in alignment(one, other):
        if step.one is None or step.other is None:
            yield from _of_gap(step)
        elif step.one != step.other:
            yield from _of_pair(step.one, step.other, step.cost)


def _of_gap(step: Step) -> Iterator[Reason]:
    unit = step.other if step.one is None else step.one
    if unit is None or unit == UNIT[OWN_NAME] or step.cost < _WORTH_TELLING:
        return  # that a name is one of its own is told by its note
    name = name_of(unit)
    if name in _SIGNS:
        yield Reason(Code.LEFT_OUT, _SIGNS[name])
    elif VOWELS & sounds_of(unit).keys():
        yield Reason(Code.VOWELS)
    else:
        yield Reason(Code.LEFT_OUT, _spelled(unit))


def _of_pair(one: int, other: int, cost: int) -> Iterator[Reason]:
    if VOWELS & sounds_of(one).keys():
        if cost >= _WORTH_TELLING:
            yield Reason(Code.LENGTH if one in _LENGTHS or other in _LENGTHS else Code.VOWELS)
        return
    spelled = _spelled(one), _spelled(other)
    if cost >= _ANOTHER_LETTER:
        yield Reason(Code.CONSONANT, *spelled)
    elif spelled[0].isascii() and spelled[1].isascii() and spelled[0] != spelled[1]:
        first, second = sounds_of(one), sounds_of(other)
        sound = min(first.keys() & second.keys(), key=lambda sound: (first[sound] + second[sound], sound))
        yield Reason(Code.LETTERS, *spelled, _LETTER.get(sound, sound))


def _spelled(unit: int) -> str:
    """The letters of a consonant, without the sign of its place in the word."""
    return name_of(unit).strip("-=")
