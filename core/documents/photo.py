"""A copy of a photo for looking at, made in a process of its own: bytes in, bytes out, never a file."""

from __future__ import annotations

import subprocess
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

import structlog
from flask_babel import lazy_gettext as _l

from core.documents import alone
from core.errors import DomainError

_DARKROOM: Final = Path(__file__).with_name("darkroom.py")
_WAIT_SECONDS: Final = 30
_TURNS: Final = BoundedSemaphore(2)  # a third would wait for a processor anyway
_log = structlog.get_logger("himaya.documents")


class Busy(DomainError):
    """Other photos are being copied; in a moment there is room."""

    status = 503


def copy_of(content: bytes) -> bytes | None:
    """The photo as a plain JPEG, upright, without anything about place, day or camera.

    None where it is none, is damaged, or has too many pixels. Raises Busy.
    """
    if not _TURNS.acquire(timeout=_WAIT_SECONDS):
        raise Busy(_l("Other photos are being prepared. Reload the page in a minute."))
    try:
        done = alone.run(_DARKROOM, content, _WAIT_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _TURNS.release()
    if done.returncode:
        _log.warning("document.photo_not_copied", status=done.returncode)
        return None
    return done.stdout
