"""The measures (أوزان) of Arabic nouns: from the vowels that are written, which of them are long.

Latin script rarely shows length, yet سالم, سليم and سلام differ in nothing else. A name of three consonants
is nearly always of a known measure, and each measure is written by its own pair of vowels: a and e is fāʿil
(Salem), e and i is faʿīl (Selim), e and a is faʿāl (Selam). Where two measures are written alike (Salim,
Kasim) both stay open at a price, so such a pair is called possible, not the same.

Source: Wright, A Grammar of the Arabic Language, I 191-246 (nouns) and 230-240 (participles); short a as e
and i as e as Turkish and Levantine spelling have them (docs/names.md).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_E: Final = frozenset({"e", "e=a"})
_A: Final = _E | {"a"}
_U: Final = frozenset({"u", "o", "ou", "U", "ü"})
_LONG_I: Final = frozenset({"ee", "I"})
_CONSONANTS: Final = frozenset(
    {*"bptdzsçcjgğkqxhfvwlmnryṯḏḥḫṣḍṭẓYG", "th", "dh", "sh", "ch", "dj", "gh", "kh", "-t", "-c"}
)
_SECOND: Final = 2
_PAIRS: Final = (
    ({"a"}, {"ı"}, ("A=", "i=")),  # fāʿil as Turkish writes it: Kasım
    ({"a"}, {"i"}, ("a?", "i?")),  # fāʿil or faʿīl
    ({"a"}, _LONG_I, ("a=", "I=")),  # faʿīl
    ({"a"}, _U, ("a", "U")),  # faʿūl, faʿʿūl
    ({"aa"}, {"e"}, ("aa", "e=i")),
    ({"aa"}, {"i", "ı"}, ("aa", "i=")),
    ({"A="}, {"e"}, ("A=", "e=i")),
    ({"A="}, {"i", "ı"}, ("A=", "i=")),
    ({"e"}, {"a"}, ("e", "A=")),  # faʿāl or fiʿāl
    ({"e=a"}, {"a"}, ("e=a", "A=")),  # faʿāl
    ({"i"}, {"a"}, ("i", "A=")),  # fiʿāl
    ({"i/"}, {"a"}, ("i/", "A=")),
    (_E, _E, ("e=a", "e=a")),  # faʿal
    (_E, {"i"} | _LONG_I, ("e=a", "I=")),  # faʿīl
    (_E, _U, ("e", "U")),
    ({"u"}, {"U"}, ("u", "ou")),  # French writes the short u of Yusuf so
    ({"o"}, {"U"}, ("o", "ou")),
    ({"ou"}, {"U"}, ("ou", "ou")),
)
"""First vowels, second vowels, and what the two are read as."""

_BEFORE_ENDING: Final = {"i?": "i?a", "e=i": "e=ia", "e~i": "e=ia", "i=": "e=ia"}
"""Before the feminine ending a short i is hardly heard and often not written (Amneh, Fatma: Cowell 29)."""

_ENDINGS: Final = frozenset({"-a", "-e", "-ne"})


def measure(names: list[str], doubled: Collection[int], *, turkish: bool) -> list[str]:
    """The units of a Latin word with the length of its vowels, where a measure shows it.

    `doubled` holds the places of doubled consonants; `turkish`: e is a short a only.
    """
    stem = names[:-1] if names[-1] in _ENDINGS else names
    match "".join("C" if name in _CONSONANTS else "V" for name in stem):
        case "CVCVC":
            first, second = _three(stem, doubled=_SECOND in doubled, turkish=turkish)
            if stem is not names:
                second = _BEFORE_ENDING.get(second, second)
            return [names[0], first, names[2], second, *names[4:]]
        case "CVCCVC" if stem[0] == "G":
            return [*names[:4], _elative(stem[1], stem[4]), *names[5:]]
        case "CVCCVC" if stem[0] == "m" and stem[1] in _A and stem[4] in _U:
            return [*names[:4], "U", *names[5:]]  # mafʿūl: Mahmud
    return names


def _three(stem: list[str], *, doubled: bool, turkish: bool) -> tuple[str, str]:
    """The vowels of CVCVC. A doubled s says nothing: English and French only keep it from being z."""
    first, second = stem[1], stem[3]
    if stem[4] in {"y", "Y"}:  # Zakeya: the ending -iya, no measure
        return first, second
    plain = not doubled or stem[2] == "s"
    if first == "a" and second == "e":
        return _participle(stem) if plain and not turkish else (first, second)
    if first == "a" and second == "a":
        return "a=" if stem[4] != "h" or doubled else "a", _second_a(stem, doubled=doubled)
    if second == "a" and stem[0] == "G" and first in _A:  # also afʿal (Esat)
        return first, second
    if first == "a" and second in {"i", "ı"} and not plain:
        return first, second
    return next(
        (vowels for firsts, seconds, vowels in _PAIRS if first in firsts and second in seconds),
        (first, second),
    )


def _participle(stem: list[str]) -> tuple[str, str]:
    """The vowels a and e: fāʿil, unless something speaks against it."""
    if stem[0] == "G" or stem[4] == "h":  # also afʿal (Adem); Saleh is Salah too
        return "a", "e~i"
    if stem[2] == "y":  # Sayed may be Sayyid
        return "a", "e=i"
    # Halef is Turkish for Khalaf, Samet for Samad.
    return ("A?", "e~i") if stem[0] == "h" or stem[4] == "-t" else ("A=", "e=i")


def _second_a(stem: list[str], *, doubled: bool) -> str:
    """The second of two a: long in faʿʿāl, open in faʿal or faʿāl; an i before ح is heard as a (Saleh)."""
    if doubled:
        return "A~" if stem[2] == "s" else "A!"
    return "a" if stem[4] == "h" else "a~"


def _elative(first: str, second: str) -> str:
    """The second vowel of VCCVC: short in afʿal (Ahmad, Ekrem), long in ifʿāl (Islam, Ihsan)."""
    if second == "a":
        return {"a": "a=", "i": "A="}.get(first, second)
    return "e=a" if second == "e" and first in _E else second
