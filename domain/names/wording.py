"""Reasons in words, in the language of whoever reads: the caller brings its `gettext`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from domain.names.people import Evidence, Field, Finding
from domain.names.reasons import Code, Reason

Gettext = Callable[[str], str]


def _(text: str) -> str:
    """Mark a text for the catalogues; it is translated when it is said."""
    return text


_MESSAGES: Final[dict[Code, str]] = {
    Code.NO_NAME: _("There is no name to compare."),
    Code.TOO_LONG: _("One text is too long to be a name."),
    Code.WRITTEN_ALIKE: _("Both are written alike."),
    Code.ONE_NAME: _("%(one)s and %(other)s are spellings of one name."),
    Code.MAY_BE_ONE: _("%(one)s and %(other)s may be one name."),
    Code.OTHER_NAMES: _("%(one)s and %(other)s are different names."),
    Code.ONE_SIDE: _("%(one)s stands on one side only."),
    Code.ORDER: _("The parts stand in a different order."),
    Code.LETTERS: _("%(one)s and %(other)s can both write %(letter)s."),
    Code.CONSONANT: _("A consonant differs: %(one)s and %(other)s."),
    Code.VOWELS: _("Short vowels are written differently."),
    Code.LENGTH: _("A vowel may be long or short, and these may be two names."),
    Code.LEFT_OUT: _("%(one)s is left out on one side."),
    Code.COGNATE: _("One is the Turkish form of the Arabic name."),
    Code.SHORTENED: _("One is an abbreviation."),
    Code.ARTICLE: _("The article is joined to the name, apart or left out."),
}

_LABELS: Final[dict[Field, str]] = {
    Field.NAME: _("Name"),
    Field.GIVEN: _("Given name"),
    Field.FATHER: _("Father"),
    Field.MOTHER: _("Mother"),
    Field.FAMILY: _("Family name"),
}

_FINDINGS: Final[dict[tuple[Field, Finding], str]] = {
    (Field.FAMILY, Finding.REPEATS): _("The family name repeats the father's name."),
    (Field.BIRTH, Finding.SAME): _("The birth date is the same."),
    (Field.BIRTH, Finding.EXCHANGED): _("Day and month of birth are exchanged."),
    (Field.BIRTH, Finding.YEAR_ONLY): _("The year of birth is the same; the day says nothing."),
    (Field.BIRTH, Finding.YEAR_BESIDE): _("The years of birth are one apart."),
    (Field.BIRTH, Finding.DIFFERENT): _("The years of birth differ."),
    (Field.NUMBER, Finding.SAME): _("The number is the same."),
    (Field.NUMBER, Finding.ONE_DIGIT): _("The numbers differ by one digit, or by two that are exchanged."),
    (Field.NUMBER, Finding.ALARM): _(
        "The number is the same and the name is not: a typing error, or somebody else's number."
    ),
    (Field.NUMBER, Finding.DIFFERENT): _("The numbers differ."),
    (Field.PHONE, Finding.SAME): _("A phone number is the same."),
}


def sentence(code: Code, one: str, other: str, detail: str, *, gettext: Gettext) -> str:
    """A reason, given by what it holds, as a sentence. Names stand in it as they were written."""
    return gettext(_MESSAGES[code]) % {"one": one, "other": other, "letter": detail}


def why(reasons: Iterable[Reason], gettext: Gettext) -> str:
    """All reasons as one text."""
    return " ".join(sentence(*reason, gettext=gettext) for reason in reasons)


def evidence(found: Iterable[Evidence], gettext: Gettext) -> str:
    """What the fields of two records say, as one text; that there is nothing where both share no field."""
    return " ".join(_of_field(each, gettext) for each in found) or gettext(_MESSAGES[Code.NO_NAME])


def _of_field(found: Evidence, gettext: Gettext) -> str:
    if found.reasons:
        return f"{gettext(_LABELS[found.field])}: {why(found.reasons, gettext)}"
    return gettext(_FINDINGS[found.field, found.finding])
