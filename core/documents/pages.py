"""Pages of a PDF as pictures, made in a process of its own: bytes in, bytes out, never a file."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import structlog
from flask_babel import lazy_gettext as _l

from core.documents import alone
from core.documents.reader import BURNT, LOCKED, NO_PAGE, PAGES
from core.errors import DomainError, NotFound

__all__ = ["BURNT", "PAGES", "Area", "Burnt", "NotShown", "Page", "page_of", "painted_over"]

Area: TypeAlias = tuple[int, float, float, float, float]
"""A page (from 1), and left, top, width and height in percent of it."""

_READER: Final = Path(__file__).with_name("reader.py")
_SHORT: Final = alone.Bounds()
_LONG: Final = alone.Bounds(cpu_seconds=40)
_log = structlog.get_logger("himaya.documents")


class NotShown(DomainError):
    """A file cannot be shown or changed here; what came is untouched. The message says why."""


@dataclass(frozen=True)
class Page:
    """One page of a PDF as a picture."""

    pages: int  # how many there are
    picture: bytes = field(repr=False)  # a JPEG


@dataclass(frozen=True)
class Burnt:
    """What was painted over: of how many pages, how often each of the words was found, and the file."""

    pages: int
    found: dict[str, int] = field(repr=False)
    content: bytes = field(repr=False)
    totals: dict[str, int] = field(default_factory=dict, repr=False)  # of a look: the words in all pages
    hits: list[int] = field(default_factory=list)  # of a look: on each page
    bare: list[int] = field(default_factory=list)  # of a look: pages without any text, counted from 1
    pictured: list[int] = field(default_factory=list)  # of a look: pages with text and with a picture

    @property
    def unread(self) -> set[int]:
        """Pages on which more may stand than a search finds."""
        return {*self.bare, *self.pictured}


def page_of(content: bytes, number: int) -> Page:
    """One page, counted from 1. Raises NotFound where it has none, NotShown, alone.Busy."""
    told, picture = _asked({"page": number}, content)
    return Page(told["pages"], picture)


def painted_over(
    content: bytes, areas: list[Area], words: list[str], *, page: int | None = None, photo: bool = False
) -> Burnt:
    """A copy in which areas and words are black and nothing lies under them; or one page of it, with a grid.

    A PDF becomes pictures of its pages, a photo (a plain JPEG) stays one.
    Raises NotFound, NotShown, alone.Busy.
    """
    order: dict[str, Any] = {"areas": areas, "words": words, "photo": photo}
    if page is not None:
        order |= {"page": page, "grid": True}
    told, made = _asked(order, content, _LONG if page is None else _SHORT)
    more = {name: told[name] for name in ("totals", "hits", "bare", "pictured") if name in told}
    return Burnt(told["pages"], told["found"], made, **more)


def _asked(
    order: dict[str, Any], content: bytes, bounds: alone.Bounds = _SHORT
) -> tuple[dict[str, Any], bytes]:
    """What the reader answers to an order about a PDF."""
    try:
        with alone.turn():
            said = json.dumps(order).encode() + b"\n" + content
            done = alone.run(_READER, said, 2 * bounds.cpu_seconds, bounds)
    except subprocess.TimeoutExpired:
        raise NotShown(_too_much()) from None
    if done.returncode == NO_PAGE:
        raise NotFound
    if done.returncode:
        _log.warning("document.page_not_shown", status=done.returncode)
        raise NotShown(_too_much() if done.returncode != LOCKED else locked())
    told, _line, picture = done.stdout.partition(b"\n")
    return json.loads(told), picture


def locked() -> Any:
    """The sentence for a PDF that asks for a password."""
    return _l("This PDF is closed with a password, so it cannot be shown here. Ask for it without one.")


def _too_much() -> Any:
    return _l("This PDF is damaged, or too large to be shown here. What came is kept as it came.")
