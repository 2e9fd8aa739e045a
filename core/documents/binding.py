"""Files and typeset pages bound into one PDF under a password: in memory, in a process of its own."""

from __future__ import annotations

import json
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

import structlog
from flask_babel import lazy_gettext as _l

from core.documents import alone
from core.documents.pages import NotShown

_BINDER: Final = Path(__file__).with_name("binder.py")
_BOUNDS: Final = alone.Bounds(cpu_seconds=40, memory_bytes=1 << 30)
_WAIT_SECONDS: Final = 90
# Each takes about three times its own size here, and as much again beside this process.
_ONE: Final = BoundedSemaphore(1)
_LARGEST: Final = 60 * 1024 * 1024  # bytes of everything that goes to the binder
_GROUPS: Final = 5
_DIGITS: Final = 5
_log = structlog.get_logger("himaya.documents")


@dataclass(frozen=True)
class Part:
    """A file that lies inside as it is, and what is shown of it in pages: a PDF of ours or a plain JPEG."""

    name: str
    title: str = field(repr=False)
    mime: str
    content: bytes = field(repr=False)
    shown: bytes = field(default=b"", repr=False)
    photo: bool = False


def new_password() -> str:
    """Digits in groups, which every keyboard has and which run one way in every script: 83 random bits."""
    groups = (f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}" for _group in range(_GROUPS))
    return "-".join(groups)


def is_password(text: str) -> bool:
    """Whether it has the form of one of ours."""
    groups = text.split("-")
    return len(groups) == _GROUPS and all(
        len(one) == _DIGITS and one.isascii() and one.isdecimal() for one in groups
    )


class Binding:
    """What is to be bound, one part after the other; nothing of it is held twice."""

    def __init__(self) -> None:
        self._said = bytearray()

    def add(self, part: Part) -> None:
        """The next part. Raises NotShown where all of them together are too large."""
        about = {
            "name": part.name, "title": part.title, "mime": part.mime, "photo": part.photo,
            "size": len(part.content), "shown": len(part.shown),
        }  # fmt: skip # one line
        if len(self._said) + len(part.content) + len(part.shown) > _LARGEST:
            raise NotShown(too_much())
        self._said += json.dumps(about).encode() + b"\n"
        self._said += part.content
        self._said += part.shown

    def bound(self, typeset: bytes, password: str) -> bytes:
        """One PDF of pages and files that only the password opens.

        typeset: pages of ours; the last ones stand before the parts, one before each.
        Raises NotShown where that cannot be, alone.Busy.
        """
        self._said += json.dumps({"password": password, "typeset": len(typeset)}).encode() + b"\n"
        self._said += typeset
        if not _ONE.acquire(timeout=_WAIT_SECONDS):
            raise alone.busy()
        try:
            done = alone.run(_BINDER, self._said, _WAIT_SECONDS, _BOUNDS)
        except subprocess.TimeoutExpired:
            raise NotShown(too_much()) from None
        finally:
            _ONE.release()
            self._said.clear()
        if done.returncode:
            _log.warning("document.not_bound", status=done.returncode)
            raise NotShown(too_much())
        return done.stdout


def too_much() -> Any:
    """What is said where an archive would be too large, or take too long."""
    return _l(
        "The archive could not be made: all of it together is too much for one. Choose fewer documents."
    )
