"""Pages of a PDF as pictures, made in a process of its own: bytes in, bytes out, never a file."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from flask_babel import lazy_gettext as _l

from core.documents import alone
from core.documents.reader import LOCKED, NO_PAGE, PAGES
from core.errors import DomainError, NotFound

__all__ = ["PAGES", "NotShown", "Page", "page_of"]

_READER: Final = Path(__file__).with_name("reader.py")
_WAIT_SECONDS: Final = 30
_log = structlog.get_logger("himaya.documents")


class NotShown(DomainError):
    """A file cannot be shown or changed here; what came is untouched. The message says why."""


@dataclass(frozen=True)
class Page:
    """One page of a PDF as a picture."""

    pages: int  # how many there are
    picture: bytes = field(repr=False)  # a JPEG


def page_of(content: bytes, number: int) -> Page:
    """One page, counted from 1. Raises NotFound where it has none, NotShown, alone.Busy."""
    told, picture = _asked({"page": number}, content)
    return Page(told["pages"], picture)


def _asked(order: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """What the reader answers to an order about a PDF."""
    try:
        with alone.turn():
            said = json.dumps(order).encode() + b"\n" + content
            done = alone.run(_READER, said, _WAIT_SECONDS, alone.Bounds())
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
