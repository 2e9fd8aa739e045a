"""A copy of a photo for looking at, made in a process of its own: bytes in, bytes out, never a file."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import structlog

from core.documents import alone
from core.documents.darkroom import NOT_SHOWN, TOO_LARGE

_DARKROOM: Final = Path(__file__).with_name("darkroom.py")
_WAIT_SECONDS: Final = 30
_log = structlog.get_logger("himaya.documents")


def copy_of(content: bytes) -> bytes | None:
    """The photo as a plain JPEG, upright, without anything about place, day or camera.

    None where it is none, is damaged, or has too many pixels: the darkroom itself says so. Raises alone.Busy
    for every other end, a machine without time or memory above all: it tells nothing about the photo.
    """
    try:
        with alone.turn():
            done = alone.run(_DARKROOM, content, _WAIT_SECONDS)
    except subprocess.TimeoutExpired:
        _log.warning("document.photo_not_copied", status="timeout")
        raise alone.busy() from None
    if done.returncode:
        _log.warning("document.photo_not_copied", status=done.returncode)
        if done.returncode not in {NOT_SHOWN, TOO_LARGE}:
            raise alone.busy()
        return None
    return done.stdout
