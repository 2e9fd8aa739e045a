"""Clean what people type and paste: hidden characters go, every word stays."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DIGITS: Final = {
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
}
"""Arabic-Indic and Persian digits to Latin ones."""

_JOINERS: Final = "\u200c\u200d"
"""Zero-width non-joiner and joiner: they shape Persian words and composed emoji."""

_VISIBLE_FORMATS: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")
"""Arabic signs that Unicode files under format characters although they are seen (year, number, end of
verse)."""

_MARKS: Final = frozenset("\u200e\u200f\u061c")
"""Direction marks: in a paragraph they keep mixed text readable, in a name they only defeat a search."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
"""Controls, format characters, lone surrogates. Unassigned ones stay: they may be next year's emoji."""

_LOOSE_JOINER: Final = re.compile(
    rf"(?:^|(?<=\s))[{_JOINERS}]+|[{_JOINERS}]+(?=\s|$)|(?<=[{_JOINERS}])[{_JOINERS}]+"
)
_SEVERAL_BREAKS: Final = re.compile(r"\n{3,}")
_BLANKS: Final = re.compile(r"[^\S\n]+")


class TextTooLong(ValueError):
    """The text has more characters than the field takes; cutting what somebody said is not an option."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters where {limit} are allowed")
        self.length = length
        self.limit = limit


def fold_digits(text: str) -> str:
    """Write Arabic-Indic and Persian digits as Latin ones; everything else stays."""
    return text.translate(_DIGITS)


def _is_noncharacter(character: str) -> bool:
    """Whether Unicode reserves this code point for ever; XML, and so XLSX, can't hold some of them."""
    point = ord(character)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF  # noqa: PLR2004  limits given by Unicode


def clean_text(text: str, limit: int, *, lines: bool = False) -> str:
    """Text in NFC without controls, direction overrides, embeddings, isolates and hidden characters.

    On a single line all white space becomes single blanks; with `lines`, line breaks stay, at most one empty
    line in a row. Zero-width joiners stay between visible characters. Raises `TextTooLong` where more
    than `limit` characters (code points) are left.
    """
    text = re.sub(r"\r\n?|[\u0085\u2028\u2029\v\f]", "\n", text)
    if not lines:
        text = text.replace("\n", " ")
    kept = _JOINERS + "\n\t" + "".join(_VISIBLE_FORMATS) + ("".join(_MARKS) if lines else "")
    text = "".join(
        character
        for character in text
        if character in kept
        or not (unicodedata.category(character) in _UNSEEN or _is_noncharacter(character))
    )
    text = _BLANKS.sub(" ", _LOOSE_JOINER.sub("", text))
    if lines:
        text = "\n".join(line.strip(" ") for line in text.split("\n"))
        text = _SEVERAL_BREAKS.sub("\n\n", text)
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > limit:
        raise TextTooLong(len(text), limit)
    return text
