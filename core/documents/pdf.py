"""A finished page as PDF. Text goes through a pipe to the press and comes back; it never touches a disk."""

from __future__ import annotations

import datetime as dt
import json
import re
import signal
import subprocess
import threading
import zlib
from functools import cache
from pathlib import Path
from typing import Final

import structlog
from flask_babel import lazy_gettext as _l

from core.documents import alone
from core.documents.direction import untangled
from core.documents.press import LIBRARIES_MISSING, REACHED_OUTSIDE, TOO_LARGE
from core.errors import DomainError

# The Debian names of what WeasyPrint loads: text layout, its FreeType half, and the subsetting of fonts.
INSTALL: Final = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

_ROOT: Final = Path(__file__).parents[2]
_PRESS: Final = Path(__file__).with_name("press.py")
_STYLESHEET: Final = _ROOT / "static" / "css" / "document.css"
_LARGEST_HTML: Final = 4 * 1024 * 1024
_WAIT_SECONDS: Final = 60
# Two presses beside a web process: a third would wait for a processor anyway.
_PRESSES: Final = threading.BoundedSemaphore(2)
# How a press ends that meets its bounds: its own word, the kernel's, or that of a C library without memory.
_SIGNALS: Final = (signal.SIGXCPU, signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGTRAP)
_OUT_OF_BOUNDS: Final = {TOO_LARGE, *(-number for number in _SIGNALS)}

_log = structlog.get_logger()


class NotPrinted(DomainError):
    """The document exists and is safe, but no PDF of it could be made."""

    status = 503


def render(html: str, *, language: str, title: str, created: dt.date | None = None) -> bytes:
    """Print a whole HTML page as PDF.

    html: the page as `templates/documents/base.html` makes it; size, margins, header and footer come from
    `static/css/document.css`. Nothing outside the page is fetched: pictures stand in it as inline SVG.
    language: ar, tr or en. title: what a reader's window shows. created: the day written into the file;
    without it the file names no day. The same page gives the same bytes.

    Raises NotPrinted with the sentence for the person: libraries missing, too large, busy, failed.
    """
    order = {
        "html": untangled(html),
        "stylesheet": _stylesheet(),
        "title": title,
        "language": language,
        "created": created.isoformat() if created else None,
    }
    if len(html) > _LARGEST_HTML:
        raise _too_large()
    if not _PRESSES.acquire(timeout=_WAIT_SECONDS):
        raise NotPrinted(_l("Other documents are being printed. Try again in a minute; nothing was lost."))
    try:
        done = alone.run(_PRESS, json.dumps(order).encode(), _WAIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise _too_large() from None
    finally:
        _PRESSES.release()
    if done.returncode:
        raise _failure(done.returncode)
    return done.stdout


def page_count(content: bytes) -> int:
    """How many pages a PDF of ours has.

    Its objects lie in compressed streams, so the bytes alone do not tell; titles are words, not objects.
    """
    streams = re.findall(rb"/ObjStm.*?stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    objects = b"".join(zlib.decompressobj().decompress(stream) for stream in streams)
    without_words = re.sub(rb"\((?:\\.|[^\\()])*\)", b"", objects, flags=re.DOTALL)
    return len(re.findall(rb"/Type /Page\b", without_words))


def printable() -> bool:
    """Whether this machine can print a page."""
    try:
        render("<!DOCTYPE html><title>.</title><p>.", language="en", title=".")
    except NotPrinted:
        return False
    return True


def _failure(code: int) -> NotPrinted:
    """The sentence for an exit status. The log gets the status alone: the press knows names."""
    _log.error("document.not_printed", status=code)
    if code == LIBRARIES_MISSING:
        return NotPrinted(
            _l(
                "This server cannot print documents yet. Nothing was lost. Whoever runs it installs what is "
                "missing with: %(command)s",
                command=INSTALL,
            )
        )
    if code in _OUT_OF_BOUNDS:
        return _too_large()
    if code == REACHED_OUTSIDE:
        return NotPrinted(
            _l("The document asks for something outside itself, so it was not printed. Nothing was lost.")
        )
    return NotPrinted(
        _l("The document could not be printed. Nothing was lost. Tell whoever runs this server the time.")
    )


def _too_large() -> NotPrinted:
    return NotPrinted(_l("The document is too large to print. Nothing was lost. Shorten it and try again."))


@cache
def _stylesheet() -> str:
    return _STYLESHEET.read_text(encoding="utf-8")
