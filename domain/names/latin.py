"""A word in Latin letters, Turkish or not, as chains of units.

One letter rarely says one thing, so what stands around it is read too: whether the word is spelled the
Turkish way, whether a vowel ends it, and by which measure (`measures`) its vowels are short or long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from domain.names.measures import measure
from domain.names.sounds import UNIT

Reading = tuple[tuple[int, ...], int]
"""A chain of units, and what reading the word so costs in hundredths."""

_VOWELS: Final = "aăeiouıöüâîû"
_TURKISH: Final = re.compile(r"[şçğıöüâîû]|c(?![hk])|p$")
"""Letters of the 1928 alphabet; c for ج; a final p, which Arabic has not and Turkish has for b."""

_NOT_TURKISH: Final = re.compile(r"ou|oo|ee|aa|[kgs]h|[wqx]")
"""What no Turkish spelling has; a c is a k there (Yacoub)."""

_CHAT: Final = str.maketrans({"2": "'", "3": "'", "5": "ḫ", "6": "t", "7": "h", **dict.fromkeys("01489")})
"""Digits inside a word, as the Arabic chat alphabet uses them: 3 for ع, 7 for ح."""

_FEMININE: Final = re.compile(r"(.*[^aeouöüâîû])([ae])(?:(h)|(?<=[^aeiouıöüâîûy][ae])t)")
_OTTOMAN_COST: Final = 35
"""ة is written ah and eh as often as a; its t is written in words that came through Ottoman (Nimet)."""

_SHORT: Final = 2
_SHORT_COST: Final = 20

_SPLIT_COST: Final = 10
_AMBIGUOUS: Final = (
    (re.compile(rf"aou(?=[^{_VOWELS}]$)"), "awou"),  # aw in Aous, awu in Daoud
    (re.compile(rf"^ei(?=[^{_VOWELS}])"), "i"),  # ay in Eid, the i of a ع in Eissam
    (re.compile("ph"), "bh"),  # f in Mustapha, b and h in Suphi
)
_SPLIT: Final = {"sh": ("s", "h"), "th": ("t", "h"), "dh": ("d", "h")}

_RESPELLED: Final = (
    (re.compile(rf"^ou(?=[{_VOWELS}])"), "w"),  # French: Oualid
    (re.compile(r"ge(?=[aou]|$)"), "j"),  # French: George
    (
        re.compile(rf"iy*(?=[{_VOWELS}])(?!e[^{_VOWELS}h]|e$)|iy+(?=e)"),
        "ÿ",
    ),  # ia and iya are one; ie is a long i
    (re.compile(r"(?<=e)y(?=i[lmnr]$)"), "ẏ"),  # a diphthong whose cluster Turkish breaks: Hüseyin, Zübeyir
    (re.compile(rf"(?<=[{_VOWELS}])y(?![{_VOWELS}y])"), "ẏ"),
)
_TOKENS: Final = re.compile(r"sch|tch|sh|ch|kh|gh|th|dh|dj|ph|ck|aa|ee|oo|ou|uu|ii|ie|.")

_AS: Final = {
    "sch": ("sh",),
    "tch": ("ç",),
    "ph": ("f",),
    "ck": ("k",),
    "ş": ("sh",),
    "oo": ("ou",),
    "uu": ("ou",),
    "û": ("U",),
    "î": ("I",),
    "ii": ("I",),
    "ie": ("ee",),
    "â": ("A=",),
    "ă": ("a=",),
    "ö": ("o",),
    "ẏ": ("ey",),
    "ÿ": ("i/", "Y"),
}
_LAST: Final = {
    **dict.fromkeys(("a", "â"), "-a"),
    "e": "-e",
    **dict.fromkeys(("i", "ı", "î", "ii", "ee", "ie", "y"), "-i"),
    **dict.fromkeys(("u", "o", "ou", "oo", "û"), "-u"),
    **dict.fromkeys(("ü", "ö"), "-ü"),
    "t": "-t",
    "c": "-c",
}
_LONG_BEFORE_LAST: Final = {"ou": "U", "oo": "U", "ee": "I", "ie": "I"}
"""Written long in a last closed syllable is long: Arabic stresses it (Wright I, 28)."""

_OPEN: Final = frozenset({"a", "e", "o", "u", "aa", "ou", "oo"})
_ONE_SYLLABLE: Final = frozenset({"ai", "ei", "oi", "ui", "au", "aou", "eu", "eou"})
"""Two vowels of one syllable; between any others there was a ع or a hamza."""


def read(word: str) -> tuple[Reading, ...]:
    """Readings of a folded word and what each costs; none where it holds no letter."""
    word = word.translate(_CHAT).lstrip("'")
    readings = [(word, 0)]
    if match := _FEMININE.fullmatch(word):
        stem = match[1] + "y" if match[1].endswith("i") else match[1]  # Rabieh: the i is not long
        readings.insert(0, (stem + match[2], _feminine_cost(match[1]) if match[3] else _OTTOMAN_COST))
    for pattern, instead in _AMBIGUOUS:
        if pattern.search(word):
            readings.append((pattern.sub(instead, word), _SPLIT_COST))
    return tuple(reading for text, cost in readings for reading in _readings(text, cost))


def _feminine_cost(stem: str) -> int:
    """A short word in ah or eh may end in a root's h as well: Salah, Saleh, Sarah."""
    return _SHORT_COST if sum(letter not in _VOWELS for letter in stem) <= _SHORT else 0


def _readings(word: str, cost: int) -> Iterator[Reading]:
    if not word:
        return
    foreign = _NOT_TURKISH.search(word)
    turkish = not foreign and bool(_TURKISH.search(word))
    for pattern, letter in _RESPELLED:
        word = pattern.sub(letter, word)
    names, doubled = _names(*_tokens(word))
    if turkish:
        names = ["e=a" if name == "e" else name for name in names]
    if foreign:
        names = ["-c" if name == "c" else name for name in names]
    names = measure(names, doubled, turkish=turkish)
    yield _units(names), cost
    if not _SPLIT.keys().isdisjoint(names[1:-1]):
        yield _units(_split(names)), cost + _SPLIT_COST


def _units(names: list[str]) -> tuple[int, ...]:
    return tuple(UNIT.get(name, UNIT["?"]) for name in names)


def _tokens(word: str) -> tuple[list[str], list[bool]]:
    """Letters and pairs that write one sound; of each, whether it is a doubled consonant."""
    tokens: list[str] = []
    doubled: list[bool] = []
    for piece in _TOKENS.findall(word):
        if tokens and piece == tokens[-1] and piece[0] not in _VOWELS:
            doubled[-1] = True
        else:
            tokens.append(piece)
            doubled.append(False)
    return tokens, doubled


def _names(tokens: list[str], doubled: list[bool]) -> tuple[list[str], set[int]]:
    """The names of the units, and the places of doubled consonants. A first vowel has a G before it."""
    names: list[str] = []
    places: set[int] = set()
    last = len(tokens) - 1
    if tokens[0][0] in _VOWELS or tokens[0] == "ÿ":
        names.append("G")
        tokens[0] = "a" if tokens[0] == "â" and last else tokens[0]  # folded Arabic writes آ as ا
    for place, piece in enumerate(tokens):
        if doubled[place]:
            places.add(len(names))
        before = tokens[place - 1] if place else ""
        if place == last:
            names.append(
                "-ne" if before == "n" and piece == "e" else _LAST.get(piece) or _AS.get(piece, (piece,))[0]
            )
            continue
        after = tokens[place + 1]
        names.extend(_inner(before, piece, after, two_left=place < last - 1))
        if piece in _OPEN and after[0] in _VOWELS and piece + after not in _ONE_SYLLABLE:
            names.append("'")
    return names, places


def _inner(before: str, piece: str, after: str, *, two_left: bool) -> tuple[str, ...]:
    """The units of a piece that does not end the word; `two_left`: nor does the next."""
    if piece == "i" and before and before[-1] in _VOWELS:
        return ("ai",)
    if not two_left and piece in _LONG_BEFORE_LAST and after[0] not in _VOWELS:
        return (_LONG_BEFORE_LAST[piece],)
    return _AS.get(piece, (piece,))


def _split(names: list[str]) -> list[str]:
    """sh, th and dh as two letters: Ishaq, Fathi, Adham."""
    inner = [part for name in names[1:-1] for part in _SPLIT.get(name, (name,))]
    return [names[0], *inner, names[-1]]
