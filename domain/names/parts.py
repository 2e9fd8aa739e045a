"""From words to the parts of a name: what belongs together is put together, however it was written.

Abd al-Rahman is one name in one, two or three words; so are Abu Zaid, Haj Ali, Nur al-Din and Nasr Allah. The
joined word becomes a sign (see `sounds`): @ Abd, # Abu, % Umm, ! Haj, & al-Din, $ Allah. The article is left
out where it stands alone, and read both ways where it is glued to the word (Alhariri, Elham). Its l becomes
the sound that follows in the sun letters (Eşşami, Abdurrahman: Wright I, 14; Turkish registers write what is
heard). ibn, bin and bint are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.names.irregular import ABBREVIATED, ABBREVIATION_COST, COGNATES, TAKEN_FOR

Alternative = tuple[str, int, str]
"""A part as signs and letters (`@rahman`), what reading it so costs in hundredths, and what was done to it:
`COGNATE`, `SHORTENED`, `ARTICLE` or nothing worth telling."""

COGNATE: Final = "cognate"
SHORTENED: Final = "shortened"
ARTICLE: Final = "article"
LINK: Final = "link"

SIGNS: Final = "@#%!&$"

OWN_NAME: Final = "~"
"""Before the reading of a name that is one of its own although it came from another: Mehmet."""

_BEFORE: Final = frozenset({"@", "#", "%", "!"})
_ARTICLES: Final = frozenset({"al", "el", "ul", "ül", "il", "ال"})
_SUN_ARTICLE: Final = re.compile(r"[aeuüı](sh|th|dh|[tdrzsşnṣḍṭẓṯḏ])")
_LINKS: Final = frozenset({"bin", "ibn", "ben", "bint", "bn", "bnt", "binti", "بن", "ابن", "بنت"})
_JOINING: Final = {
    "$": r"(?:[aeou]l)?lah|[aou]lla|الله|لله",
    "&": r"(?:[aeuüo]?[ld])?d(?:i|ee)ne?|[aeuüo]ttin|(?:ال)?دين",
    "@": r"(?:[ae]l)?[ae]bd(?:[aeiouüı]{1,2}(?:l|sh|[rsşntdz]))?|(?:ال)?عبد",
    "#": r"[ae]b(?:u|ou?|oo|i)l?|[ae]bel|اب[وي]",
    "%": r"(?:ou?|u)mm?|ümmü?|ام",
    "!": r"(?:[ae]l)?ha(?:jj?|cc?|dj|gg)[iı]?|(?:ال)?حا?جي?",
}
_JOINS: Final = re.compile("|".join(f"({pattern})" for pattern in _JOINING.values()))
_KINDS: Final = ("", *_JOINING)
_SCHOLARLY: Final = str.maketrans("âîûḥḫ", "aiuhh")
_LINK_BEFORE_DIN: Final = re.compile(r"(?<=..)[euü]l$")

_GLUED_ABD: Final = re.compile(r"[ae]bd([aeiouüı]{0,2})(.+)")
_GLUED_DIN: Final = re.compile(r"(.+?)([aeiuüoı]?)(?:dd|tt|[aeuüo]ld)(?:i|ee)ne?")
_GLUED_WEAK_DIN: Final = re.compile(r"(.{3,})[aeuü]d(?:i|ee)ne?")
_GLUED_ALLAH: Final = re.compile(r"(.+?)[aeouü]ll[aâ]h?")
_GLUED_ARTICLE: Final = re.compile(r"(?:[ae]l|ال)(.+)")
_GLUED_SUN: Final = re.compile(r"[ae](?=(sh|[tdrzsşnl])\1)(?:sh|.)(.+)")
_GLUED_PREFIX: Final = re.compile(
    r"(?:([ae]b(?:u|ou?|[eü](?=l)))(?:l(?=[^aeiouıöüâîû]))?|(ümmü)|(hajj?|hac)[ıi]?(?=[^ıi])|(ابو)|(حاج)|(ام))(.{3,})"
)
_GLUED_SIGNS: Final = "#%!#!%"
_CONSONANTS: Final = re.compile(r"[^aeiouıöüâîûyاويى]")
_LEAST: Final = 2
_DEEPEST: Final = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and what it is for its neighbours.

    `kind` is the sign that it may be, `ARTICLE`, `LINK` (ibn), or empty for a word that is only itself. `sun`
    holds the letters that must follow an assimilated article (as in Eş Şami).
    """

    text: str
    kind: str = ""
    sun: str = ""


def word(text: str) -> Word:
    """Look at a folded word by itself."""
    plain = text.translate(_SCHOLARLY)
    if plain in _ARTICLES:
        return Word(text, ARTICLE)
    if plain in _LINKS:
        return Word(text, LINK)
    if match := _SUN_ARTICLE.fullmatch(text):
        return Word(text, ARTICLE, match[1])
    match = _JOINS.fullmatch(plain)
    return Word(text, _KINDS[match.lastindex or 0] if match else "")


def joins(text: str) -> str:
    """The sign of a folded word that joins itself to the next one (Abd, Abu, Umm, Haj), or nothing."""
    kind = word(text).kind
    return kind if kind in _BEFORE else ""


def join(words: list[Word]) -> list[tuple[str, int]]:
    """Parts of a name: signs and letters, and the number of words up to and with the part."""
    parts: list[tuple[str, int]] = []
    signs = ""
    for number, word in enumerate(words, 1):
        kind = word.kind
        last = number == len(words)
        if not last and (kind == LINK or (kind == ARTICLE and words[number].text.startswith(word.sun))):
            continue
        if kind == "$" and (signs.endswith("@") or (parts and not signs)):
            part = signs or parts.pop()[0]
            parts.append((part + "$", number))
        elif kind == "&" and parts and not signs:
            parts.append((_LINK_BEFORE_DIN.sub("", parts.pop()[0]) + "&", number))
        elif kind in _BEFORE and not last:
            signs += kind
            continue
        else:
            parts.append((signs + word.text, number))
        signs = ""
    return parts


def alternatives(part: str) -> list[Alternative]:
    """The ways to read a part."""
    core = part.strip(SIGNS)
    if not core:
        return [(part, 0, "")]
    before, _, behind = part.partition(core)
    readings = {text: (cost, note) for text, cost, note in _readings(core, _DEEPEST)}
    return [(before + text + behind, cost, note) for text, (cost, note) in readings.items()]


def _readings(word: str, depth: int) -> Iterator[Alternative]:
    if word in ABBREVIATED:
        yield ABBREVIATED[word], ABBREVIATION_COST, SHORTENED
    if word in COGNATES:
        yield *COGNATES[word], COGNATE
        if COGNATES[word][0].startswith(OWN_NAME):
            return
    if word in TAKEN_FOR:
        yield *TAKEN_FOR[word], ""
    glued = list(_glued(word)) if depth else []
    for text, cost, note, _ in glued:
        core = text.strip(SIGNS)
        before, _, behind = text.partition(core) if core else (text, "", "")
        for inner, more, inner_note in _readings(core, depth - 1) if core else [("", 0, "")]:
            yield before + inner + behind, cost + more, inner_note or note
    if not any(sure for *_, sure in glued):
        yield word, 0, ""


def _glued(word: str) -> Iterator[tuple[str, int, str, bool]]:
    """What may be glued together in a word: the reading, its cost, what was done, whether that is sure."""
    if found := [*_glued_abd(word)] or [*_glued_end(word)]:
        yield from ((text, 0, "", True) for text in found)
    elif (match := _GLUED_WEAK_DIN.fullmatch(word)) and _enough(match[1]):
        yield match[1] + "&", 5, "", False
    if (match := _GLUED_ARTICLE.fullmatch(word)) and len(match[1]) > _LEAST and _enough(match[1], 1):
        yield match[1], 0 if match[1][0] > "\u0600" else 5, ARTICLE, False
    elif (match := _GLUED_SUN.fullmatch(word)) and _enough(match[2]):
        yield match[2], 20, ARTICLE, False
    if (match := _GLUED_PREFIX.fullmatch(word)) and _enough(match[7], 1):
        sign = next(sign for sign, found in zip(_GLUED_SIGNS, match.groups(), strict=False) if found)
        yield sign + match[7], 5, "", False


def _glued_abd(word: str) -> Iterator[str]:
    if word.startswith("عبد") and len(word) > 5:  # noqa: PLR2004  Abd and a name
        rest = word[3:]
        yield "@$" if rest == "الله" else "@" + rest.removeprefix("ال")
    elif (match := _GLUED_ABD.fullmatch(word)) and re.fullmatch(r"ll?[aâ]h?", match[2]):
        yield "@$"
    elif match and _enough(match[2].lstrip("l")):
        rest = match[2]
        if rest[0] == "l" and match[1]:
            yield "@" + rest[1:]
            if rest[1] in "aeiouüı":
                yield "@" + rest  # Abdulatif: the l may be the name's own
        else:
            yield "@" + re.sub(r"^(sh|.)\1", r"\1", rest)


def _glued_end(word: str) -> Iterator[str]:
    if word.endswith("الدين") and len(word) > 6:  # noqa: PLR2004  two letters and al-Din
        yield word[:-5] + "&"
    elif word.endswith("الله") and len(word) > 5:  # noqa: PLR2004  two letters and Allah
        yield word[:-4] + "$"
    elif (match := _GLUED_DIN.fullmatch(word)) and _enough(match[1], 1):
        yield match[1] + "&"
        if match[2]:
            yield match[1] + match[2] + "&"
    elif (match := _GLUED_ALLAH.fullmatch(word)) and _enough(match[1], 1):
        yield match[1] + "$"


def _enough(text: str, least: int = _LEAST) -> bool:
    """Whether so many consonants are left and more than one letter: less is no name."""
    return len(text) >= _LEAST and len(_CONSONANTS.findall(text)) >= least
