"""Templates of Word, looked at and filled in a process of its own: bytes in, bytes out, never a file."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
import structlog
from flask_babel import lazy_gettext as _l

from core.documents import alone
from core.documents import word_package as package
from core.documents.direction import Direction, of_language
from core.documents.runs import cut
from core.errors import DomainError

LARGEST: Final = 1_000_000  # bytes, of a template as it comes and as it is kept
LARGEST_LETTER: Final = 5_000_000  # bytes, of a letter that comes back as a file of Word

_LETTERER: Final = Path(__file__).with_name("letterer.py")
_WAIT_SECONDS: Final = 25
_BOUNDS: Final = alone.Bounds(cpu_seconds=10, memory_bytes=1 << 30)
_log = structlog.get_logger("himaya.documents")

_WORDS: Final = {
    package.DAMAGED: _l("This file could not be read. Open it in Word, save it as .docx and try again."),
    package.MACROS: _l("This file carries macros. Save it as .docx, without macros, and try again."),
    package.TOO_LARGE: _l("This file holds far more than a letter. Take large pictures out and try again."),
    package.OLD_FORMAT: _l(
        "This is a file of the old kind (.doc), or one with a password. Save it as .docx without a password "
        "and try again."
    ),
    package.EMBEDDED: _l(
        "This file holds another file or program inside. Take it out, or put a picture in its place, and try "
        "again."
    ),
    package.ELSEWHERE: _l(
        "This file shows something that lies elsewhere, such as a linked picture. Insert the picture itself "
        "and try again."
    ),
    package.CHANGES: _l("This file holds tracked changes. Accept or reject them in Word and try again."),
    package.OTHER: _l("This is no document of Word (.docx). Save it as .docx and try again."),
}


class NotTaken(DomainError):
    """The file is none that we take; the message says why and what to do. other: it is none of Word."""

    def __init__(self, message: Any, *, other: bool = False) -> None:
        super().__init__(message, field="file")
        self.other = other


@dataclass(frozen=True)
class Place:
    """Where a field stands in a template. name: "" for braces that are no field."""

    name: str
    where: str  # text, table, header, footer, note
    around: str


@dataclass(frozen=True)
class Looked:
    """A template that was looked at: a plain copy of it, and what stands in it."""

    content: bytes = field(repr=False)
    places: tuple[Place, ...]
    left: tuple[str, ...]  # codes of what was left out
    numbers: tuple[str, ...] = field(repr=False)  # long ones that stand in its text
    hidden: tuple[str, ...] = field(repr=False)  # text that nobody sees in Word


def look(content: bytes) -> Looked:
    """Look at a template that came. Raises NotTaken, alone.Busy."""
    if len(content) > LARGEST:
        raise _too_large()
    said, _line, plain = _ordered({}, content).partition(b"\n")
    if len(plain) > LARGEST:
        raise _too_large()
    found = orjson.loads(said)
    places = tuple(Place(**one) for one in found["fields"])
    return Looked(plain, places, tuple(found["left"]), tuple(found["numbers"]), tuple(found["hidden"]))


@dataclass(frozen=True)
class Plain:
    """A letter of Word: a plain copy of it, and what of it a copy does not hold or nobody sees."""

    content: bytes = field(repr=False)
    left: tuple[str, ...]  # codes of what was left out
    hidden: tuple[str, ...] = field(repr=False)
    text: tuple[str, ...] = field(repr=False)  # by paragraph, as far as it is shown


def plain(content: bytes) -> Plain:
    """A letter that was written in Word, read through. Raises NotTaken, alone.Busy."""
    if len(content) > LARGEST_LETTER:
        raise too_large()
    said, _line, made = _ordered({"read": True}, content).partition(b"\n")
    found = orjson.loads(said)
    return Plain(made, tuple(found["left"]), tuple(found["hidden"]), tuple(found["text"]))


def fill(content: bytes, values: Mapping[str, str], language: str) -> bytes:
    """The letter: a template with text in place of its fields. The same gives the same bytes.

    values: by the name of the field as it stands in the template. Raises NotTaken, alone.Busy.
    """
    said = {name: _value(text) for name, text in values.items()}
    return _ordered({"values": said, "rtl": of_language(language) == "rtl"}, content)


def _value(text: str) -> dict[str, Any]:
    """A value as it is written, for a paragraph in either direction; each of its lines apart."""
    lines = text.splitlines() or [""]

    def runs(base: Direction) -> list[list[tuple[str, Direction]]]:
        return [[(run.text, run.direction) for run in cut(line, base)] for line in lines]

    return {"text": text, "ltr": runs("ltr"), "rtl": runs("rtl")}


def _ordered(order: dict[str, Any], content: bytes) -> bytes:
    try:
        with alone.turn():
            done = alone.run(_LETTERER, orjson.dumps(order) + b"\n" + content, _WAIT_SECONDS, _BOUNDS)
    except subprocess.TimeoutExpired:
        raise NotTaken(_WORDS[package.TOO_LARGE]) from None
    if done.returncode:
        _log.warning("document.no_template", status=done.returncode)
        # What has no words was stopped by a limit.
        words = _WORDS.get(done.returncode, _WORDS[package.TOO_LARGE])
        raise NotTaken(words, other=done.returncode == package.OTHER)
    return done.stdout


def _too_large() -> NotTaken:
    return NotTaken(_l("The file is larger than 1 MB. Take large pictures out and try again."))


def too_large() -> NotTaken:
    """What is said of a letter that is larger than `LARGEST_LETTER`."""
    return NotTaken(_l("The file of Word is larger than 5 MB. Take large pictures out and try again."))
