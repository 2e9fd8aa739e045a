"""gunicorn's configuration, read by it as a Python file. `himaya run` starts it and passes the address."""

import ctypes
import gc
import os
import resource
import tempfile

wsgi_app = "commands.serve:web()"
# Read once, shared by the workers: each then needs half the memory. Nothing is connected before they part.
preload_app = True
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = 4
timeout = 60
graceful_timeout = 10
keepalive = 5
# Long codes and tokens never travel in the address, so short lines are enough.
limit_request_line = 2048
limit_request_fields = 64
# The heartbeat file of a worker holds nothing; memory spares it a slow disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()  # noqa: S108 -- gunicorn makes a private file in it
logger_class = "config.weblog.WebLogger"
control_socket_disable = True
server_software = "himaya"

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # malloc.h
_LARGE = 128 * 1024  # bytes; where the library begins, but for its raising it


def on_starting(_server: object) -> None:
    """Forbid core dumps: a crashed process must not leave keys on the disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def when_ready(_server: object) -> None:
    """Leave what was loaded out of every later collection, whose marks would copy its pages.

    What loading needed for a while goes back to the system, and so does from now on what a request needed.
    """
    gc.collect()
    _give_back()
    gc.freeze()


def _give_back() -> None:
    """mallopt(3): one arena for all threads, and limits that a large block does not raise for good."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallopt"):  # not the GNU C library
        return
    for option, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE)):
        libc.mallopt(option, value)
    libc.malloc_trim(0)
