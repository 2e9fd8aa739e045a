"""Copies for passing on: a photo is painted anew, a PDF is rebuilt without what tells or acts."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final

import structlog
from flask_babel import lazy_gettext as _l

from core.documents import alone, pages
from core.documents.cleaner import LAYERS, LOCKED
from core.documents.pages import NotShown

_CLEANER: Final = Path(__file__).with_name("cleaner.py")
_WAIT_SECONDS: Final = 25
_BOUNDS: Final = alone.Bounds(cpu_seconds=10, memory_bytes=1 << 30)
_log = structlog.get_logger("himaya.documents")


def cleaned(content: bytes) -> bytes:
    """A PDF without metadata, scripts, actions, comments, files inside and what stands on layers unseen.

    One with layers that are not seen becomes pictures of its pages. Raises NotShown, alone.Busy.
    """
    try:
        with alone.turn():
            done = alone.run(_CLEANER, content, _WAIT_SECONDS, _BOUNDS)
    except subprocess.TimeoutExpired:
        raise NotShown(_failed()) from None
    if done.returncode == LAYERS:
        return _pictured(content)
    if done.returncode:
        _log.warning("document.not_cleaned", status=done.returncode)
        raise NotShown(pages.locked() if done.returncode == LOCKED else _failed())
    return done.stdout


def _pictured(content: bytes) -> bytes:
    try:
        return pages.painted_over(content, [], []).content
    except NotShown:
        raise NotShown(
            _l(
                "No cleaned copy of this PDF could be made: layers of it are switched off, and it is too "
                "large to be made of pictures. Share it only as paper."
            )
        ) from None


def _failed() -> Any:
    return _l(
        "No cleaned copy of this PDF could be made: it is damaged or too large. Share it only as paper."
    )
