"""A program of ours in a process of its own: bytes in, bytes out, never a file, nothing of the server."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import lazy_gettext as _l

from core.errors import DomainError

if TYPE_CHECKING:
    from pathlib import Path

_TURNS: Final = BoundedSemaphore(2)  # a third would wait for a processor anyway
_WAIT_SECONDS: Final = 30


class Busy(DomainError):
    """Other photos and pages are being prepared; in a moment there is room."""

    status = 503


class Bounds(NamedTuple):
    """What a program may use; no core dump. That it writes no byte it says itself, once it is loaded."""

    cpu_seconds: int = 20
    memory_bytes: int = 1 << 30


def busy() -> Busy:
    """What is raised where it is worth another try."""
    return Busy(_l("Other photos are being prepared. Reload the page in a minute."))


@contextmanager
def turn() -> Iterator[None]:
    """Wait until one of few may run. Raises Busy."""
    if not _TURNS.acquire(timeout=_WAIT_SECONDS):
        raise busy()
    try:
        yield
    finally:
        _TURNS.release()


def run(
    program: Path, content: bytes | bytearray, seconds: float, bounds: Bounds | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run it once. Raises subprocess.TimeoutExpired.

    It inherits no variable, so no secret of the server; no message of it is kept, because it knows names.
    bounds: set from outside before it is given a byte. A program without them bounds itself.
    """
    with subprocess.Popen(  # noqa: S603 - our own file by our own interpreter; the content goes through the pipe
        [sys.executable, "-I", "-X", "utf8", str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
    ) as process:
        try:
            if bounds is not None:
                _bind(process.pid, bounds)
            said, _nothing = process.communicate(content, timeout=seconds)  # type: ignore[arg-type] # any buffer is written as bytes are
        except BaseException:
            process.kill()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, said)


def _bind(pid: int, bounds: Bounds) -> None:
    for kind, most in (
        (resource.RLIMIT_CPU, bounds.cpu_seconds),
        (resource.RLIMIT_AS, bounds.memory_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.prlimit(pid, kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.prlimit(pid, kind, (bound, bound))
