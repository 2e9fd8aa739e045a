"""Dates with the name of a month or a weekday, ages and numbers of children in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from domain.stories.spans import Kind

if TYPE_CHECKING:
    from domain.stories.reading import Reading

_DAY_OR_YEAR: Final = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th)?|\d{4})")
_JOINING: Final = frozenset({"of", "من", "the", "سنه", "عام"})


def moments(reading: Reading) -> None:
    """Flag dates written in words, and ages."""
    for index in range(len(reading.tokens)):
        if index not in reading.taken:
            _date(reading, index)
    for index in range(len(reading.tokens)):
        if index not in reading.taken:
            _count(reading, index)


def _date(reading: Reading, index: int) -> None:
    lexicon = reading.lexicon
    if weekday := lexicon.list("weekday").at(reading.tokens, index):
        reading.flag(index, index + len(weekday), Kind.DATE)
        return
    sure = lexicon.list("month").at(reading.tokens, index)
    month = sure or lexicon.list("month_with_number").at(reading.tokens, index)
    if month is None:
        return
    first, after = index, index + len(month)
    while (step := _number_before(reading, first)) < first:
        first = step
    while (step := _number_after(reading, after)) > after:
        after = step
    token = reading.tokens[index]
    written_so = token.is_capital or not token.is_latin
    named = (
        (token.is_capital and not token.starts_sentence)
        or (written_so and reading.has_form(index - 1, lexicon.list("before_month")))
        or reading.word(after) in lexicon.list("after_month")
    )
    if sure or named or after - first > len(month):
        reading.flag(first, after, Kind.DATE)


def _number_before(reading: Reading, first: int) -> int:
    for step in (1, 2):
        joined = step == 1 or reading.word(first - 1) in _JOINING
        if joined and _DAY_OR_YEAR.fullmatch(reading.word(first - step)) and reading.are_close(first - step):
            return first - step
    return first


def _number_after(reading: Reading, after: int) -> int:
    for step in (0, 1):
        joined = step == 0 or reading.word(after) in _JOINING
        if joined and _DAY_OR_YEAR.fullmatch(reading.word(after + step)) and reading.are_close(after - 1):
            return after + step + 1
    return after


def _count(reading: Reading, index: int) -> None:
    """Number words before what they count, or after a word for age; a dual counts by itself."""
    lexicon = reading.lexicon
    if age := lexicon.list("counted_two").at(reading.tokens, index):
        reading.flag(index, index + len(age), Kind.NUMBER)
        return
    after = index
    while reading.has_form(after, lexicon.list("number_word")):
        after += 1
    if after == index:
        return
    counted = reading.marker_end(after, lexicon.list("counted"))
    if counted > after or reading.has_form(index - 1, lexicon.list("age_before")):
        reading.flag(index, counted, Kind.NUMBER)
