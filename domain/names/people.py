"""Are two records of one person? Evidence field by field, weighed and told; a person decides.

**Rule** (Fellegi and Sunter, A Theory for Record Linkage, JASA 64, 1969): each field that both records have
adds or takes points by how it agrees, as the logarithm of how much more often that is seen with one person
than with two. The points are judgments in the order of domain.md 6.2, not learned: no data may serve for it.

- Names of father and mother weigh as much as the given name: they stand on the kimlik and separate best.
- The family weighs less: it is left out, repeats the father's name, or is spelled otherwise.
- 01/01 stands for an unknown day, so of such a date only the year counts, and little. A year off by one, and
  day and month exchanged, are usual mistakes.
- The same number with another name is an alarm: a typing error, or a file opened under somebody's number.
- A phone is shared in a family and changes: the same one is evidence, another one is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from domain.names.matching import Match, Matcher, within
from domain.names.reasons import Reason, Verdict
from domain.text import fold_digits

if TYPE_CHECKING:
    from domain.identity import BirthDate


class Field(StrEnum):
    """What a record says of a person."""

    NAME = "name"
    GIVEN = "given"
    FATHER = "father"
    MOTHER = "mother"
    FAMILY = "family"
    BIRTH = "birth"
    NUMBER = "number"
    PHONE = "phone"


class Finding(StrEnum):
    """How a field agrees."""

    SAME = "same"
    POSSIBLE = "possible"
    DIFFERENT = "different"
    REPEATS = "repeats"
    YEAR_ONLY = "year_only"
    YEAR_BESIDE = "year_beside"
    EXCHANGED = "exchanged"
    ONE_DIGIT = "one_digit"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Person:
    """A record. Empty is unknown. `name` is the full name where given name and family are not told apart.

    Numbers are compared by their digits, phones as they are given (in E.164 form at best).
    """

    given: str = ""
    family: str = ""
    father: str = ""
    mother: str = ""
    name: str = ""
    birth: BirthDate | None = None
    numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """The full name."""
        return self.name or f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says: the finding, its points, and for names why they agree or not."""

    field: Field
    finding: Finding
    points: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A verdict, its score from 0 to 1, and the evidence."""

    score: float
    verdict: Verdict
    evidence: tuple[Evidence, ...]


POINTS: Final[dict[tuple[Field, Finding], float]] = {
    (Field.NAME, Finding.SAME): 7,
    (Field.NAME, Finding.POSSIBLE): 3.5,
    (Field.NAME, Finding.DIFFERENT): -7,
    (Field.GIVEN, Finding.SAME): 4,
    (Field.GIVEN, Finding.POSSIBLE): 2,
    (Field.GIVEN, Finding.DIFFERENT): -7,
    (Field.FATHER, Finding.SAME): 4,
    (Field.FATHER, Finding.POSSIBLE): 2,
    (Field.FATHER, Finding.DIFFERENT): -4,
    (Field.MOTHER, Finding.SAME): 4,
    (Field.MOTHER, Finding.POSSIBLE): 2,
    (Field.MOTHER, Finding.DIFFERENT): -3,
    (Field.FAMILY, Finding.SAME): 3,
    (Field.FAMILY, Finding.POSSIBLE): 1.5,
    (Field.FAMILY, Finding.REPEATS): 0,
    (Field.FAMILY, Finding.DIFFERENT): -2,
    (Field.BIRTH, Finding.SAME): 5,
    (Field.BIRTH, Finding.EXCHANGED): 3,
    (Field.BIRTH, Finding.YEAR_ONLY): 1,
    (Field.BIRTH, Finding.YEAR_BESIDE): 0,
    (Field.BIRTH, Finding.DIFFERENT): -2,
    (Field.NUMBER, Finding.SAME): 10,
    (Field.NUMBER, Finding.ONE_DIGIT): 4,
    (Field.NUMBER, Finding.ALARM): 10,
    (Field.NUMBER, Finding.DIFFERENT): -1,
    (Field.PHONE, Finding.SAME): 4,
}
_POSSIBLE_FROM: Final = 3.0
_SAME_FROM: Final = 10.0
_CERTAIN: Final = 25.0
_NAMES: Final = frozenset({Field.NAME, Field.GIVEN})


def compare(matcher: Matcher, one: Person, other: Person) -> PersonMatch:
    """Weigh two records. Where nothing but full names can be compared, the verdict is that of the names."""
    evidence = tuple(_evidence(matcher, one, other))
    if [each.field for each in evidence] == [Field.NAME]:
        match = matcher.match(one.full, other.full)
        return PersonMatch(match.score, match.verdict, evidence)
    points = sum(each.points for each in evidence)
    verdict = _verdict(evidence, points)
    return PersonMatch(_score(points, verdict), verdict, evidence)


def _evidence(matcher: Matcher, one: Person, other: Person) -> Iterator[Evidence]:
    names = list(_names(matcher, one, other))
    yield from names
    for place, first, second in (
        (Field.FATHER, one.father, other.father),
        (Field.MOTHER, one.mother, other.mother),
    ):
        if first and second:
            yield _name(place, matcher.match(first, second))
    if (born := _birth(one.birth, other.birth)) is not None:
        yield _found(Field.BIRTH, born)
    known = bool(names) and names[0].finding is Finding.DIFFERENT
    if (number := _number(one.numbers, other.numbers, other_name=known)) is not None:
        yield _found(Field.NUMBER, number)
    if set(one.phones) & set(other.phones):
        yield _found(Field.PHONE, Finding.SAME)


def _names(matcher: Matcher, one: Person, other: Person) -> Iterator[Evidence]:
    """Given name and family where both records tell them apart, else the full name, also when exchanged."""
    if one.given and other.given and not (one.name or other.name):
        given = matcher.match(one.given, other.given)
        full = matcher.match(one.full, other.full)
        if given.verdict is Verdict.DIFFERENT and full.verdict is not Verdict.DIFFERENT:
            yield _name(Field.NAME, full)
            return
        yield _name(Field.GIVEN, given)
        if one.family and other.family:
            yield _family(matcher, one, other)
    elif one.full and other.full:
        yield _name(Field.NAME, matcher.match(one.full, other.full))


def _family(matcher: Matcher, one: Person, other: Person) -> Evidence:
    match = matcher.match(one.family, other.family)
    if match.verdict is Verdict.DIFFERENT:
        for person in (one, other):
            fathers = (one.father, other.father)
            if any(
                name and matcher.match(person.family, name).verdict is not Verdict.DIFFERENT
                for name in fathers
            ):
                return _found(Field.FAMILY, Finding.REPEATS)
    return _name(Field.FAMILY, match)


def _name(place: Field, match: Match) -> Evidence:
    finding = Finding(match.verdict.value)
    return Evidence(place, finding, POINTS[place, finding], match.reasons)


def _found(place: Field, finding: Finding) -> Evidence:
    return Evidence(place, finding, POINTS[place, finding])


def _birth(one: BirthDate | None, other: BirthDate | None) -> Finding | None:
    if one is None or other is None or one.year is None or other.year is None:
        return None
    apart = abs(one.year - other.year)
    if apart:
        return Finding.YEAR_BESIDE if apart == 1 else Finding.DIFFERENT
    if not (_exact(one) and _exact(other)):
        return Finding.YEAR_ONLY
    if (one.month, one.day) == (other.month, other.day):
        return Finding.SAME
    return Finding.EXCHANGED if (one.month, one.day) == (other.day, other.month) else Finding.YEAR_ONLY


def _exact(born: BirthDate) -> bool:
    """Whether the day is known and is not 01/01, which registers write when only the year is."""
    return born.day is not None and (born.day, born.month) != (1, 1)


def _number(one: tuple[str, ...], other: tuple[str, ...], *, other_name: bool) -> Finding | None:
    first, second = ({_digits(number) for number in numbers} - {""} for numbers in (one, other))
    if not first or not second:
        return None
    if first & second:
        return Finding.ALARM if other_name else Finding.SAME
    if any(_mistyped(a, b) for a in first for b in second):
        return Finding.ONE_DIGIT
    return Finding.DIFFERENT


def _digits(number: str) -> str:
    return "".join(letter for letter in fold_digits(number) if letter.isalnum())


def _mistyped(one: str, other: str) -> bool:
    """One digit wrong, or two neighbours exchanged."""
    if len(one) != len(other):
        return False
    wrong = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    first, last = wrong[0], wrong[-1]
    neighbours = last - first == 1
    return neighbours and one[first] == other[last] and one[last] == other[first]


def _verdict(evidence: tuple[Evidence, ...], points: float) -> Verdict:
    if any(each.finding is Finding.ALARM for each in evidence):
        return Verdict.POSSIBLE
    if any(each.field in _NAMES and each.finding is Finding.DIFFERENT for each in evidence):
        return Verdict.DIFFERENT
    doubt = any(each.finding is Finding.DIFFERENT for each in evidence if each.field is not Field.NUMBER)
    named = any(each.field in _NAMES for each in evidence)
    if points >= _SAME_FROM and named and not doubt:
        return Verdict.SAME
    return Verdict.POSSIBLE if points >= _POSSIBLE_FROM else Verdict.DIFFERENT


def _score(points: float, verdict: Verdict) -> float:
    """Points on the scale of names: 3 points are 0.6, 10 are 0.85, 25 are 1."""
    if points < _POSSIBLE_FROM:
        score = 0.6 * max(0.0, points + _SAME_FROM) / (_POSSIBLE_FROM + _SAME_FROM)
    elif points < _SAME_FROM:
        score = 0.6 + 0.25 * (points - _POSSIBLE_FROM) / (_SAME_FROM - _POSSIBLE_FROM)
    else:
        score = 0.85 + 0.15 * min(1.0, (points - _SAME_FROM) / (_CERTAIN - _SAME_FROM))
    return within(verdict, score)
