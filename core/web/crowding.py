"""How many bodies with files are read at once, so that slow telephones never hold every thread of a worker.

gunicorn gives each request a thread until its body has arrived, and the body of a photo on a slow line takes
minutes. Beyond AT_ONCE a worker reads what was typed and says "in a minute" to the files; it stays free for
everybody who writes.
Colleagues have a place of their own and wait for it a moment: their lines are quick, and nobody outside may
keep them from their work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import IO, Any, Final

from flask_babel import lazy_gettext as _l
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from core.errors import Busy
from core.web.limits import may_upload

AT_ONCE: Final = 2  # of the four threads of a worker (config/server.py)
SMALL: Final = 64 * 1024  # bytes; what was typed is shorter, and waits for nobody
STALLED: Final = 60  # seconds without a byte, after which a body is given up
BRIEF: Final = 5  # the same for what was typed, where the rest is not read
WAITED: Final = 10  # seconds that a colleague waits for another's file

_PIECE: Final = 4 * 1024

_public: Final = BoundedSemaphore(AT_ONCE)
_inside: Final = BoundedSemaphore(1)


@contextmanager
def place(environ: dict[str, Any], *, public: bool) -> Iterator[None]:
    """Read a large body while there is room; of the public, only so many in an hour from one address.

    Raises Busy before anything was read; `typed` still gives what was written.
    """
    places = _public if public else _inside
    if not (places.acquire(blocking=False) if public else places.acquire(timeout=WAITED)):
        raise Busy(
            _l(
                "Many files are arriving at this moment, so yours were not taken. Choose them again in a "
                "minute."
            ),
            60,
        )
    try:
        if public and not may_upload():
            raise Busy(
                _l(
                    "Very many files came from your network within an hour, so yours were not taken. Send "
                    "what you wrote without them, or try again in an hour."
                ),
                3_600,
            )
        with _impatient(environ, STALLED):
            yield
    finally:
        places.release()


def typed(environ: dict[str, Any], stream: IO[bytes], border: str) -> list[tuple[str, str]]:
    """What stands in a form before its first file: what somebody typed, which is there within moments.

    Raises ValueError for what is no form, and OSError or HTTPException where it does not come.
    """
    decoder, name, words = MultipartDecoder(border.encode()), "", b""
    found: list[tuple[str, str]] = []
    taken = 0
    with _impatient(environ, BRIEF):
        while taken < SMALL:
            piece = stream.read(_PIECE)
            if not piece:
                raise ValueError("a form without an end")
            taken += len(piece)
            decoder.receive_data(piece)
            while not isinstance(event := decoder.next_event(), NeedData):
                if isinstance(event, (File, Epilogue)):
                    return found
                if isinstance(event, Field):
                    name, words = event.name, b""
                elif isinstance(event, Data):
                    words += event.data
                    if not event.more_data:
                        found.append((name, words.decode(errors="replace")))
    return found


@contextmanager
def _impatient(environ: dict[str, Any], seconds: int) -> Iterator[None]:
    """A telephone that sends nothing any more gives its thread back."""
    socket = environ.get("gunicorn.socket")
    if socket is None:  # another server, or a test
        yield
        return
    socket.settimeout(seconds)
    try:
        yield
    finally:
        socket.settimeout(None)  # as gunicorn set it: the answer may be read slowly
