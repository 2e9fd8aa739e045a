"""Servers in processes of their own, the processor time they take, and a client that asks little itself."""

from __future__ import annotations

import http.client
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.support.servers import child, free_port, wait_for

OURS = "commands.serve:web()"
FLOOR = "bench.floor:web()"
_BORDER = "----WebKitFormBoundaryB3nchB3nchB3nch0"
STALE = 3  # seconds; the server ends a silent connection after five


def processor_ms(root: int) -> float:
    """Processor time that a process and everything below it have taken so far, in milliseconds.

    What ends while it is asked, such as a process of the database whose connection closed, counts nothing.
    """
    nanoseconds = 0
    waiting = [root]
    while waiting:
        with suppress(FileNotFoundError, ProcessLookupError):
            for task in Path(f"/proc/{waiting.pop()}/task").iterdir():
                nanoseconds += int((task / "schedstat").read_text().split()[0])
                waiting += [int(pid) for pid in (task / "children").read_text().split()]
    return nanoseconds / 1e6


def children(pid: int) -> list[int]:
    """The processes that this one started, such as a server's workers."""
    found = [task.joinpath("children").read_text().split() for task in Path(f"/proc/{pid}/task").iterdir()]
    return [int(child_pid) for pids in found for child_pid in pids]


@dataclass(frozen=True)
class Answer:
    """What came back: status, body, cookies set, how long it took, and where it sends the browser."""

    status: int
    body: bytes = field(repr=False)
    cookies: dict[str, str]
    ms: float
    location: str = ""


@dataclass
class Browser:
    """One connection that stays open, with the cookies it was given. `home` is an address of this machine."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    home: str = "127.0.0.1"

    def __post_init__(self) -> None:
        """Connect when first needed."""
        self._line = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(self.home, 0)
        )
        self._used = 0.0

    def get(self, path: str) -> Answer:
        """Ask for a page; remember its token against forgery."""
        answer = self._ask("GET", path, None)
        tokens = re.findall(rb'name="csrf_token" value="([^"]+)"', answer.body)
        self.csrf = tokens[-1].decode() if tokens else self.csrf
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode({"csrf_token": self.csrf, **fields}))

    def send_file(self, path: str, file: bytes, **fields: str) -> Answer:
        """Send a form with one file, as a browser does."""
        parts = [
            f'--{_BORDER}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"csrf_token": self.csrf, **fields}.items()
        ]
        about = 'form-data; name="files"; filename="IMG_1.jpg"\r\nContent-Type: image/jpeg'
        head = f"{''.join(parts)}--{_BORDER}\r\nContent-Disposition: {about}\r\n\r\n"
        body = head.encode() + file + f"\r\n--{_BORDER}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={_BORDER}")

    def hang_up(self) -> None:
        """End the connection; the next request makes another."""
        self._line.close()

    def _ask(
        self,
        method: str,
        path: str,
        body: str | bytes | None,
        kind: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        begun = time.perf_counter()
        if begun - self._used > STALE:
            self._line.close()  # the server has hung up; the next request connects anew
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        content = answer.read()
        self._used = time.perf_counter()
        took = (self._used - begun) * 1000
        given = dict(
            line.split(";")[0].split("=", 1)
            for line in answer.headers.get_all("Set-Cookie") or []
            if "=" in line
        )
        self.cookies |= given
        return Answer(answer.status, content, given, took, answer.headers.get("Location", ""))


@dataclass(frozen=True)
class Server:
    """A running server, and the processes whose work is its work."""

    port: int
    processes: tuple[int, ...]

    def processor_ms(self) -> float:
        """Processor time of the web server and its database so far."""
        return sum(processor_ms(pid) for pid in self.processes)


@contextmanager
def serving(
    program: str,
    env: Mapping[str, str],
    log: Path,
    *,
    also: tuple[int, ...] = (),
    workers: int = 1,
    threads: int = 4,
) -> Iterator[Server]:
    """A fresh gunicorn as the product runs it. `also` are processes that work for it: the database."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "-c", "config/server.py", "-b", f"127.0.0.1:{port}",
        "--threads", str(threads),
    ]  # fmt: skip  # one command line
    if program == FLOOR:
        command += ["--logger-class", "gunicorn.glogging.Logger", "--access-logfile", str(log)]
    command.append(program)
    with child(*command, env={**env, "PORT": str(port), "WEB_WORKERS": str(workers)}, log=log) as process:
        wait_for(f"http://127.0.0.1:{port}/static/mark.svg", process)
        yield Server(port, (process.pid, *also))
