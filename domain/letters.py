"""Fields of letters: what may stand in a template, under its name in each language, and what is meant.

A name is compared without regard to capitals, marks and spaces, so that a keyboard or Word itself may write
it as it likes: `{{Müvekkil.Ad}}` and `{{ muvekkil.ad }}` are one field. Any of the three languages may stand
in any template. What the file never says is asked for each letter: `{{sor: Mahkemenin adı}}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from domain.folding import search_key
from domain.text import clean_text

ASK: Final[Mapping[str, str]] = {"en": "ask", "tr": "sor", "ar": "اسأل"}
"""What begins a question, by language."""

LONGEST: Final = 80  # characters of a question
_ASKED: Final = frozenset(search_key(word) for word in ASK.values())
_ALIKE: Final = 0.6  # below it a known name is no help


@dataclass(frozen=True)
class Meant:
    """What a name in a template means: a known field by its code, or a question to be asked."""

    code: str = ""
    question: str = ""

    @property
    def key(self) -> str:
        """Tells it from every other one of its template."""
        return self.code or f"? {self.question}"


class Names:
    """The names of all fields."""

    def __init__(self, names: Iterable[tuple[str, Iterable[str]]]) -> None:
        """names: by code what the field is called in each language."""
        known = [(code, name) for code, several in names for name in several]
        self._codes: Final = {_key(name): code for code, name in known}
        self._shown: Final = {_key(name): name for _code, name in known}

    def meant(self, name: str) -> Meant | None:
        """What stands between the braces, or None for what is no field."""
        word, colon, question = name.partition(":")
        if colon and _key(word) in _ASKED:
            asked = clean_text(question, LONGEST + 1, lines=False).strip()
            return Meant(question=asked) if 0 < len(asked) <= LONGEST else None
        code = self._codes.get(_key(name))
        return None if code is None else Meant(code)

    def nearest(self, name: str) -> str:
        """The known name that is most like one that is none, or ""."""
        close = get_close_matches(_key(name), self._shown, n=1, cutoff=_ALIKE)
        return self._shown[close[0]] if close else ""


def _key(name: str) -> str:
    return search_key(name.replace("_", " ")).replace(" ", "")
