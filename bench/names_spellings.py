"""Spellings of a vowelled Arabic name in the traditions that meet in one register.

Written from the standards and from practice, with nothing of the matcher: it goes from sounds to letters, the
matcher from letters to sounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_MARKS: Final = {"\u064e": "a", "\u064f": "u", "\u0650": "i"}
_SHADDA, _SUKUN, _DAGGER = "\u0651", "\u0652", "\u0670"
_LONG: Final = {"aا": "ā", "aى": "ā", "iي": "ī", "uو": "ū"}
_SUN: Final = frozenset("تثدذرزسشصضطظلن")
_BACK: Final = frozenset("حخصضطظعغقر")
_EMPHATIC: Final = frozenset("صضطظق")
_HAMZA: Final = dict.fromkeys("أإؤئ", "ء")
_VOWELS: Final = frozenset({"a", "i", "u", "ā", "ī", "ū", "ay", "aw"})
_DEVOICED: Final = {"d": "t", "b": "p"}
_ALLAH: Final = ["ل", "ā", "ه"]
_ARABIC: Final = "بتثجحخدذرزسشصضطظعغفقكلمنهويء"

Sounds = list[str]
"""Consonants by their Arabic letter (doubled ones twice), vowels as in `_VOWELS`, ة for the ending."""


@dataclass(frozen=True)
class Tradition:
    """One way to write. `letters` follows `_ARABIC`, - for nothing; `vowels` follows a i u ā ī ū ay aw.

    `link` stands between the halves of a compound (assimilated where it ends in ~), `article` before a
    family.
    """

    name: str
    letters: str
    vowels: str
    feminine: str
    article: str
    link: str
    doubles: bool = True
    turkish_vowels: bool = False
    last_e: bool = False
    voiceless: bool = False
    silent_e: bool = False
    devoiced: bool = False
    upper: bool = False


_ENGLISH: Final = "b t th j h kh d dh r z s sh s d t z - gh f q k l m n h w y -"
_TURKISH: Final = "b t s c h h d z r z s ş s d t z - g f k k l m n h v y -"

TRADITIONS: Final = (
    Tradition(
        "ALA-LC",
        "b t th j ḥ kh d dh r z s sh ṣ ḍ ṭ ẓ ʻ gh f q k l m n h w y ʼ",
        "a i u ā ī ū ay aw",
        "ah",
        "al-",
        " al-",
    ),
    Tradition(
        "DIN 31635",
        "b t ṯ ǧ ḥ ḫ d ḏ r z s š ṣ ḍ ṭ ẓ ʿ ġ f q k l m n h w y ʾ",
        "a i u ā ī ū ai au",
        "a",
        "al-~",
        " al-~",
    ),
    Tradition("BGN/PCGN", _ENGLISH, "a i u a i u ay aw", "ah", "Al ", " Al "),
    Tradition("English", _ENGLISH, "a i u a ee oo ai aw", "a", "Al", "ul "),
    Tradition(
        "Levantine",
        _ENGLISH.replace("q", "k"),
        "a i o a i ou ei aw",
        "eh",
        "Al ",
        "el ",
        last_e=True,
        voiceless=True,
    ),
    Tradition("plain", _ENGLISH.replace("dh", "z"), "a e u a i o ay aw", "a", "", "ul", doubles=False),
    Tradition(
        "French",
        "b t th dj h kh d d r z s ch s d t d - gh f k k l m n h w y -",
        "a i ou a i ou ai aou",
        "a",
        "El ",
        "e~",
        voiceless=True,
        silent_e=True,
    ),
    Tradition("Egyptian", _ENGLISH.replace("j", "g"), "a e o a i ou ei aw", "a", "El-", "el ", last_e=True),
    Tradition("Turkish", _TURKISH, "e i ü a i u ey ev", "e", "El", "ü~", turkish_vowels=True, devoiced=True),
    Tradition(
        "Turkish, plain",
        _TURKISH.replace("s d t z", "s z t z"),
        "a i u a i u ay av",
        "a",
        "",
        "u~",
        doubles=False,
        upper=True,
    ),
)


def spellings(name: str) -> list[str]:
    """All spellings of a vowelled name, in both scripts, each once."""
    parts = [_sounds(word) for word in name.split()]
    latin = (_latin(parts, tradition) for tradition in TRADITIONS)
    return list(dict.fromkeys([*_arabic(name), *latin]))


def _arabic(name: str) -> Iterator[str]:
    """As papers have it and as people type it: no hamza, ه for ة, ي for ى, compounds in one word."""
    plain = re.sub("[\u064b-\u0652]", "", name).replace(_DAGGER, "")
    yield plain
    typed = plain.translate(str.maketrans("أإآةى", "ااا" + "هي"))
    yield typed
    if plain.startswith("عبد ") or plain.endswith((" الله", " الدين")):
        yield typed.replace(" ", "")
    if plain.startswith("ال"):
        yield plain[2:]


def _sounds(word: str) -> tuple[bool, Sounds]:
    """Whether the article stands before it, and the sounds of a vowelled word."""
    letters = re.findall(f"(.)([\u064b-\u0652{_DAGGER}]*)", word)
    article = word.startswith("ال")
    sounds: Sounds = []
    for letter, marks in letters[2:] if article else letters:
        vowel = next((_MARKS[mark] for mark in marks if mark in _MARKS), "")
        before = sounds[-1] if sounds else ""
        if not marks.strip(_SUKUN) and before + letter in _LONG:
            sounds[-1] = _LONG[before + letter]
        elif letter in "وي" and before == "a" and not vowel:
            sounds[-1] = "a" + {"و": "w", "ي": "y"}[letter]
        elif letter == "ي" and before == "i" and _SHADDA in marks and not vowel:
            sounds[-1] = "ī"
        elif letter == "آ":
            sounds += ["ء", "ā"]
        elif letter == "ة":
            sounds.append("ة")
        else:
            sounds += [_HAMZA.get(letter, letter)] * (2 if _SHADDA in marks else 1)
            sounds += ["ā" if _DAGGER in marks else vowel] if vowel or _DAGGER in marks else []
    if article and sounds[:1] == sounds[1:2]:  # the doubling of a sun letter belongs to the article
        del sounds[0]
    return article, sounds


def _latin(parts: list[tuple[bool, Sounds]], tradition: Tradition) -> str:
    (article, sounds), *rest = parts
    compound = bool(rest) and rest[0][0]
    if compound and (sounds[-1] == "u" or (sounds[-1] == "ū" and tradition.link[0] != " ")):
        sounds = sounds[:-1]  # the case ending is not written, and a long vowel is short before the article
    written = _word(sounds, tradition, last=not rest)
    if article:
        written = _joined(tradition.article, written, sounds)
    for article, sounds in rest:
        word = _word(sounds, tradition)
        if not article:
            written += " " + word
        elif sounds == _ALLAH:
            written += (" al" if tradition.link.startswith(" ") else tradition.link[0] + "l") + word
        else:
            written += _joined(tradition.link, word, sounds)
    capital = "".join(part[:1].upper() + part[1:] for part in re.split(r"(?<=[ -])", written))
    return capital.replace("i", "İ").upper() if tradition.upper else capital


def _joined(link: str, word: str, sounds: Sounds) -> str:
    """A word after its article; ~ is an l, or the sound that follows when that is a sun letter."""
    if not link.endswith("~"):
        return link + word
    hyphen = "-" if "-" in link else ""
    vowel = link.removesuffix("~").removesuffix("l-")
    if sounds[0] not in _SUN:
        return vowel + "l" + hyphen + word
    first = word[:2] if word[:2] in {"sh", "th", "ch", "dh"} else word[0]
    return vowel + first + hyphen + word


def _word(sounds: Sounds, tradition: Tradition, *, last: bool = True) -> str:
    letters = dict(zip(_ARABIC, tradition.letters.split(), strict=True)) | {"ة": tradition.feminine}
    out = ""
    for place, sound in enumerate(sounds):
        before = sounds[place - 1] if place else ""
        after = sounds[place + 1] if place + 1 < len(sounds) else ""
        if sound in _VOWELS:
            out += _vowel(sound, before, after, tradition, closes=place == len(sounds) - 2)
            continue
        spelled = letters[sound].replace("-", "")
        if sound == "ة":
            spelled = _feminine(sounds, tradition)
        elif sound == before and (not tradition.doubles or len(spelled) > 1):
            continue
        voiceless = tradition.voiceless and sound in "سص" and before in _VOWELS and after in _VOWELS
        out += spelled * 2 if voiceless else spelled
    if last and tradition.silent_e and out.endswith(("in", "an")):
        out += "e"
    return out[:-1] + _DEVOICED.get(out[-1], out[-1]) if last and tradition.devoiced else out


def _vowel(sound: str, before: str, after: str, tradition: Tradition, *, closes: bool) -> str:
    if sound == "a" and after == "ة":
        return ""
    if tradition.turkish_vowels and sound in {"a", "u"} and {before, after} & _BACK:
        return sound
    if tradition.turkish_vowels and sound == "i" and {before, after} & _EMPHATIC:
        return "ı"
    if tradition.last_e and sound == "i" and closes:
        return "e"
    return tradition.vowels.split()[("a", "i", "u", "ā", "ī", "ū", "ay", "aw").index(sound)]


def _feminine(sounds: Sounds, tradition: Tradition) -> str:
    """The ending: t after ā (Hayat); a after the back consonants of Turkish."""
    if sounds[-2] == "ā":
        return "t"
    return "a" if tradition.turkish_vowels and sounds[-3] in _BACK else tradition.feminine
