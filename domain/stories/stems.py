"""What is left of a folded word without the particles or endings that Arabic and Turkish attach to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIXES: Final = (
    *("nin", "nun", "dan", "den", "tan", "ten", "yla", "yle", "lar", "ler"),
    *("in", "un", "yi", "yu", "ya", "ye", "da", "de", "ta", "te", "la", "le", "i", "u", "a", "e", "s"),
)
"""Turkish case endings as folded, and the English genitive, where no apostrophe sets them apart."""

_LEAST_STEM: Final = 3
LEAST_LATIN_STEM: Final = 4


def is_arabic(word: str) -> bool:
    """Whether a folded word is in Arabic script."""
    return "\u0620" <= word[:1] <= "\u06ff"


def forms(word: str) -> tuple[str, ...]:
    """The word itself, then each possible stem of it, once."""
    return tuple(dict.fromkeys(_arabic(word) if is_arabic(word) else _latin(word)))


def _latin(word: str) -> Iterator[str]:
    yield word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= LEAST_LATIN_STEM:
            yield word.removesuffix(suffix)
    if word.startswith(("al", "el")) and len(word) - 2 >= LEAST_LATIN_STEM:
        yield word[2:]


def _arabic(word: str) -> Iterator[str]:
    stems = [word]
    for particles in ("وف", "بلك"):
        stems += [stem[1:] for stem in stems if stem[:1] and stem[:1] in particles]
    stems += [stem[2:] for stem in stems if stem.startswith(("ال", "لل"))]
    yield word
    yield from (stem for stem in stems if len(stem) >= _LEAST_STEM)
