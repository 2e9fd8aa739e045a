"""A copy of a photo for looking at, made in a process of its own: bytes in, bytes out, never a file."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import structlog

from core.documents import alone

_DARKROOM: Final = Path(__file__).with_name("darkroom.py")
_WAIT_SECONDS: Final = 30
_log = structlog.get_logger("himaya.documents")


def copy_of(content: bytes) -> bytes | None:
    """The photo as a plain JPEG, upright, without anything about place, day or camera.

    None where it is none, is damaged, or has too many pixels. Raises alone.Busy.
    """
    try:
        with alone.turn():
            done = alone.run(_DARKROOM, content, _WAIT_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        _log.warning("document.photo_not_copied", status=done.returncode)
        return None
    return done.stdout
