"""Places below the province: districts, places in Syria, streets, camps, removal centres; named hospitals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from domain.stories.spans import Kind
from domain.stories.stems import is_arabic

if TYPE_CHECKING:
    from domain.stories.reading import Reading

_LONG: Final = 7
"""A place of so many letters is believed without a capital too, because messages are written without."""

_WORDS_BACK: Final = 4
_ARTICLE: Final = re.compile(r"[وفبكل]{0,2}(?:ال|لل)")
_IN: Final = frozenset({"in", "at", "of", "near"})


def locations(reading: Reading) -> None:
    """Flag them; a marker such as «Street» takes the name beside it along."""
    provinces = reading.lexicon.provinces
    for index in range(len(reading.tokens)):
        if (province := provinces.at(reading.tokens, index)) and len(province) > 1:
            reading.taken.update(range(index, index + len(province)))  # ديار بكر is nobody's name
    for index in range(len(reading.tokens)):
        _after_name(reading, index)
        _before_name(reading, index)
        _known(reading, index)


def _known(reading: Reading, index: int) -> None:
    lexicon = reading.lexicon
    phrase = lexicon.places.at(reading.tokens, index) or lexicon.list("centre").at(reading.tokens, index)
    if phrase is None or (reading.word(index) in lexicon.names and phrase[0] != reading.word(index)):
        return  # فاطمة is a name, not ف before the town of أطمة
    if _is_meant(reading, index, len(phrase)):
        reading.flag(index, index + len(phrase), Kind.PLACE)


def _is_meant(reading: Reading, index: int, length: int) -> bool:
    token, last = reading.tokens[index], reading.tokens[index + length - 1]
    if is_arabic(token.text) or last.before_apostrophe:
        return True
    plain = length == 1 and reading.lexicon.is_plain(token.text)
    if token.is_capital or token.text.isdigit():
        return not (plain and token.starts_sentence)
    written_small = len(token.text) >= _LONG or length > 1
    return (written_small and not plain) or reading.word(index + 1) in reading.lexicon.list("place_precedes")


def _before_name(reading: Reading, index: int) -> None:
    """Arabic: the marker first, as in «حي الصالحية»."""
    for name, kind in (("place_follows", Kind.PLACE), ("hospital_follows", Kind.RARE)):
        marker = reading.lexicon.list(name).at(reading.tokens, index)
        after = index + len(marker or ())
        if marker is None or reading.is_plain(after) or _ARTICLE.match(reading.word(after - 1)):
            continue
        if reading.tokens[after].starts_sentence or not reading.are_close(after - 1):
            continue
        more = reading.word(after + 1).startswith("ال") and reading.are_close(after)
        reading.flag(index, after + 1 + more, kind)


def _after_name(reading: Reading, index: int) -> None:
    """Turkish and English: the name first, as in «Atatürk Caddesi»."""
    lists = reading.lexicon.list
    for name, kind in (("place_precedes", Kind.PLACE), ("hospital_precedes", Kind.RARE)):
        after = max(reading.marker_end(index, lists(name, language)) for language in ("tr", "en"))
        if after == index:
            continue
        first = _name_before(reading, index)
        if first == index and reading.marker_end(index, lists(name, "tr")) > index:
            first = index - (not reading.is_plain(index - 1) and reading.are_close(index - 1))
        if first < index:
            reading.flag(first, after, kind)
    centre = max(reading.marker_end(index, lists("removal_centre", language)) for language in ("tr", "en"))
    if centre > index and reading.word(centre) in _IN and reading.is_capital(centre + 1):
        reading.flag(index, centre + 2, Kind.PLACE)


def _name_before(reading: Reading, index: int) -> int:
    """The index at which the capitals or numbers before a marker begin, if they name something."""
    first, names = index, False
    while index - first < _WORDS_BACK and reading.are_close(first - 1):
        before = first - 1
        if before > 0 and reading.tokens[before - 1].before_apostrophe:
            before -= 1  # what follows an apostrophe is an ending
        word = reading.word(before)
        if not (reading.is_capital(before) or word.isdigit()):
            break
        names = names or word in reading.lexicon.province_words or not reading.is_plain(before)
        first = before
    while first < index and _only_begins(reading, first):
        first += 1
    return first if names else index


def _only_begins(reading: Reading, index: int) -> bool:
    """Whether a word has its capital from the sentence, and is no part of the name after it."""
    token = reading.tokens[index]
    return (
        token.starts_sentence
        and reading.is_plain(index)
        and not token.text.isdigit()
        and token.text not in reading.lexicon.province_words
    )
