"""What a text says of somebody whom the file knows: parts of their names, their phones, their numbers.

The assistant guesses what may identify somebody, so a person decides. This knows what it looks for, so it can
be refused. Whole words only, in any script; in other spellings where the assistant saw a name as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.folding import search_key
from domain.names.folding import fold, words
from domain.names.likeness import SAME, Part
from domain.names.parts import ARTICLE, SIGNS, alternatives, join, word
from domain.names.reading import Reader
from domain.stories.folded import Folded, Token
from domain.stories.spans import Kind, Span, merged
from domain.stories.stems import forms, is_arabic
from domain.text import fold_digits

LEAST_LETTERS: Final = 3
"""Letters of a part of a name; shorter ones are also ordinary words too often."""

LEAST_DIGITS: Final = 5
"""Digits of a number; fewer are also amounts and years too often."""

_SURE: Final = 5
"""What a reading may cost, in hundredths, to be that of the letters themselves: an article glued in Latin."""

_AWAY: Final = str.maketrans("ءآ", "\ue000\ue001")
_BACK: Final = str.maketrans("\ue000\ue001", "ءآ")
_ARTICLES: Final = ("ال", "al", "el")

_MOST_WORDS: Final = 4
"""Words that may be one part of a name: Abd al-Rahman, Nur al-Din."""

_GROUPED: Final = re.compile(r"\d(?:[\W_]{0,3}\d)*")
_PIECE: Final = re.compile(r"\d+")
_NOT_DIGITS: Final = re.compile(r"\D+")
_LONGEST: Final = 20
"""Digits of a number with whatever stands before it; a piece of more is looked at whole."""

_JOINED: Final = re.compile(r"[\s'’-]{1,2}")


@dataclass(frozen=True, slots=True)
class Known:
    """What the file knows and the reader must not learn. `open_names` it has: their parts may stand."""

    names: tuple[str, ...] = ()
    open_names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def mentions(text: str, known: Known, guessed: Iterable[Span] = ()) -> tuple[Span, ...]:
    """Every place of a text in which something known stands, in order.

    `guessed`: what the assistant found. Where it saw a name, Latin spellings of the sounds and the other
    script count too; elsewhere they do not, for what sounds like a name is an ordinary word far too often
    (Saad, saat).
    """
    folded = Folded.of(text)
    found = [
        *_names(folded, known, [span for span in guessed if span.kind is Kind.NAME]),
        *_numbers(folded, known.phones, Kind.PHONE),
        *_numbers(folded, known.numbers, Kind.ID_NUMBER),
    ]
    return merged(found, text)


def _names(folded: Folded, known: Known, guessed: list[Span]) -> Iterator[Span]:
    reader = Reader()
    may_stand = [_read(reader, part) for part in _parts(known.open_names)]
    parts = [
        part
        for part in _parts(known.names)
        if all(reader.likeness(_read(reader, part), other) < SAME for other in may_stand)
    ]
    spellings = {spelling for part in parts for spelling in _known_spellings(part)}
    for run in _runs(folded) if parts else ():
        span = folded.span(run[0].start, run[-1].end, Kind.NAME)
        # As written with what a token leaves out, such as the hamza at its end.
        read = [*_readings([folded.span(token.start, token.end, Kind.NAME).text for token in run])]
        if any(spelling in spellings for one in read for spelling in _typed_spellings(one)) or (
            any(one.start <= span.start and span.end <= one.end for one in guessed)
            and any(_sounds_alike(reader, one, part) for one in read for part in parts)
        ):
            yield span


def _parts(names: Iterable[str]) -> list[str]:
    texts = {text for name in names for text, _end in _joined(words(_letters(name)))}
    return sorted(text for text in texts if _is_long_enough(text))


def _read(reader: Reader, part: str) -> Part:
    return reader.part[fold(part)]


def _sounds_alike(reader: Reader, typed: str, part: str) -> bool:
    """Whether it is another spelling. Arabic has but one, and what is close to it there is another word."""
    arabic = is_arabic(typed.strip(SIGNS)) and is_arabic(part.strip(SIGNS))
    return not arabic and reader.likeness(_read(reader, typed), _read(reader, part)) >= SAME


def _letters(text: str) -> str:
    """As the names engine folds it, but ء and آ stay: without them هناء is هنا, and آلان is الآن."""
    composed = unicodedata.normalize("NFC", text)
    return fold(composed.translate(_AWAY)).translate(_BACK).replace("ı", "i")


def _joined(found: Iterable[str]) -> list[tuple[str, int]]:
    return join([word(one) for one in found])


def _is_long_enough(part: str) -> bool:
    core = part.strip(SIGNS)
    return len(part) - len(core) > 1 or len(core) >= LEAST_LETTERS


def _known_spellings(part: str) -> Iterator[str]:
    """How a part of a name may be written, to the letter: joined or not, without its article or its marks."""
    for text, cost, note in alternatives(part):
        if cost <= _SURE and note in {"", ARTICLE}:
            core = text.strip(SIGNS)
            yield text
            if core and not is_arabic(core):
                yield text.replace(core, search_key(core))


def _typed_spellings(part: str) -> Iterator[str]:
    """The same for what was typed, which keeps article and marks: العمر is no عمر, and hâlâ is no Hala."""
    for text, cost, note in alternatives(part):
        if not cost and (not note or part[0] in SIGNS):
            yield text


def _runs(folded: Folded) -> Iterator[tuple[Token, ...]]:
    """Words that may together be one part of a name."""
    tokens = folded.tokens()
    for start in range(len(tokens)):
        yield tokens[start : start + 1]
        for last in range(start + 1, min(start + _MOST_WORDS, len(tokens))):
            if not _JOINED.fullmatch(folded.text[tokens[last - 1].end : tokens[last].start]):
                break
            yield tokens[start : last + 1]


def _readings(run: list[str]) -> Iterator[str]:
    """The part of a name that some words are together, with and without what is attached to them."""
    split = [words(_letters(written)) for written in run]
    if not all(split):
        return
    whole = [one for some in split for one in some]
    for first in _stems(whole[0]):
        for last in _stems(whole[-1]) if len(whole) > 1 else ("",):
            joined = _joined([first, *whole[1:-1], last] if last else [first])
            if len(joined) == 1 and _is_long_enough(joined[0][0]):
                yield joined[0][0]


def _stems(letters: str) -> Iterator[str]:
    """A word, and what is left of it without particles or endings; what loses its article is another word."""
    plain = letters if is_arabic(letters) else search_key(letters)
    found = forms(plain)
    yield letters
    for form in found[1:]:
        if not any(article + form in found for article in _ARTICLES):
            yield letters[: len(form)] if plain.startswith(form) and len(plain) == len(letters) else form


def _numbers(folded: Folded, values: Iterable[str], kind: Kind) -> Iterator[Span]:
    # Without the zeros before it: +90 5… and 05… are one phone.
    plain = (_NOT_DIGITS.sub("", fold_digits(value)).lstrip("0") for value in values)
    known = [one for one in plain if len(one) >= LEAST_DIGITS]
    for group in _GROUPED.finditer(folded.text) if known else ():
        for start, end, typed in _windows(group):
            rest = typed.lstrip("0")
            parts = [part for part in (typed, rest) if len(part) >= LEAST_DIGITS]
            if any(one in typed or any(part in one for part in parts) for one in known):
                yield folded.span(start, end, kind)


def _windows(group: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Digits that stand together, each run of pieces by itself: start, end, digits."""
    pieces = [*_PIECE.finditer(group[0])]
    for first, piece in enumerate(pieces):
        typed = ""
        for other in pieces[first:]:
            typed += other[0]
            yield group.start() + piece.start(), group.start() + other.end(), typed
            if len(typed) > _LONGEST:
                break
