"""How many bodies with files are read at once, so that slow telephones never hold every thread of a worker.

gunicorn gives each request a thread until its body has arrived, and the body of a photo on a slow line takes
minutes. Beyond AT_ONCE a worker says "in a minute" before it reads, and stays free for everybody who writes.
Colleagues have a place of their own and wait for it a moment: their lines are quick, and nobody outside may
keep them from their work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from core.errors import Busy
from core.web.limits import may_upload

AT_ONCE: Final = 2  # of the four threads of a worker (config/server.py)
SMALL: Final = 64 * 1024  # bytes; what was typed is shorter, and waits for nobody
STALLED: Final = 60  # seconds without a byte, after which a body is given up
WAITED: Final = 10  # seconds that a colleague waits for another's file

_public: Final = BoundedSemaphore(AT_ONCE)
_inside: Final = BoundedSemaphore(1)


@contextmanager
def place(environ: dict[str, Any], *, public: bool) -> Iterator[None]:
    """Read a large body while there is room; of the public, only so many in an hour from one address.

    Raises Busy; then nothing was read, and the page before still holds what was typed.
    """
    places = _public if public else _inside
    if not (places.acquire(blocking=False) if public else places.acquire(timeout=WAITED)):
        raise Busy(
            _l(
                "Many files are arriving at this moment. Wait a minute, go back one page and send it again: "
                "what you wrote still stands there."
            ),
            60,
        )
    try:
        if public and not may_upload():
            raise Busy(
                _l(
                    "Very many files came from your network within an hour. Go back one page and send what "
                    "you wrote without files, or try again in an hour."
                ),
                3_600,
            )
        with _impatient(environ.get("gunicorn.socket")):
            yield
    finally:
        places.release()


@contextmanager
def _impatient(socket: Any) -> Iterator[None]:
    """A telephone that sends nothing any more gives its thread back."""
    if socket is None:  # another server, or a test
        yield
        return
    socket.settimeout(STALLED)
    try:
        yield
    finally:
        socket.settimeout(None)  # as gunicorn set it: the answer may be read slowly
