"""One spelling for letters that are written in several ways; what carries a sound stays.

Arabic after the recipe of domain.md 6.2: marks, tatweel and the bare hamza go, an alif is an alif, ة is ه.
Beyond the recipe ى, ئ and ؤ stay themselves: Syrian registers keep ى from ي, and a carried hamza is heard
(رائد, Raed). Latin: lower case with İ and I as i, ı stays; Turkish ş ç ğ ö ü and the dotted consonants of DIN
31635 stay, other marks go. Apostrophes, which stand for ع and hamza, go too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from domain.text import fold_digits

LONGEST: Final = 200
"""Characters that a name may have; more is not a name but a text."""

_SAME: Final = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("یيې", "ي"),
    "ێ": "ي",
    "ۆ": "و",
    **dict.fromkeys("ةہھەۀ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    "ڨ": "ڤ",
    **dict.fromkeys("İIíìïĩ", "i"),
    **dict.fromkeys("ÂĀāÁáÀàÃãÄä", "a"),
    **dict.fromkeys("âÂāĀ", "â"),
    **dict.fromkeys("îÎīĪ", "î"),
    **dict.fromkeys("ûÛūŪ", "û"),
    **dict.fromkeys("šŠŞșȘ", "ş"),
    **dict.fromkeys("čČÇ", "ç"),
    **dict.fromkeys("ġĠĞ", "ğ"),
    **dict.fromkeys("ḵḴẖḪ", "ḫ"),
    **dict.fromkeys("ǧǦ", "j"),
    "ø": "o",
    "Ø": "o",
    "æ": "ae",
    "ß": "ss",
}
_GONE: Final = "ءـ'’‘ʼʻ`´ʿʾʽ′"
_TABLE: Final = str.maketrans(
    {**_SAME, **dict.fromkeys(_GONE), **{chr(n): None for n in range(0x64B, 0x660)}}
)
_KEPT: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyz0123456789 -ışçğöüâîûḥḫṣḍṭẓṯḏابتثجحخدذرزسشصضطظعغفقكلمنهويىئؤپچژگڤ"
)
ARABIC: Final = r"\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
_WORDS: Final = re.compile(rf"[{ARABIC}]+|[a-z0-9ışçğöüâîûḥḫṣḍṭẓṯḏ]+|[^\W\d_{ARABIC}]+")


def fold(text: str) -> str:
    """The folded text. Folding again changes nothing; the locale plays no part."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    folded = unicodedata.normalize("NFKC", fold_digits(text)).translate(_TABLE).lower()
    if not _KEPT.issuperset(folded):
        folded = unicodedata.normalize("NFKC", "".join(map(_bare, folded)))
    return folded


def _bare(character: str) -> str:
    """A letter without its marks; nothing for marks and for what is not seen."""
    if character in _KEPT:
        return character
    letters = unicodedata.normalize("NFKD", character.casefold())
    return "".join(
        letter
        for letter in letters
        if not (unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn"})
    ).translate(_TABLE)


def words(folded: str) -> list[str]:
    """Runs of letters of one script, in order; what holds no letter is left out."""
    return [word for word in _WORDS.findall(folded) if not word.isdigit()]
