"""One command runs everything, brings back what dies and leaves nothing behind."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.instances import environment_for
from tests.support.servers import child, clean_environment, free_port, wait_for

HIMAYA = [sys.executable, "-m", "commands.main"]
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@dataclass
class Instance:
    """A migrated instance on a port of its own."""

    home: Path
    port: int
    env: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def himaya(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*HIMAYA, *arguments], env=clean_environment() | self.env, cwd=ROOT, check=False,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip  # one call on two lines

    def processes(self) -> dict[str, int]:
        """Process ids of what runs for this instance, by the word that tells them apart."""
        found: dict[str, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                variables = (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            # Valkey writes its title over its environment, and names its socket there.
            mine = f"HIMAYA_HOME={self.home}".encode() in variables or str(self.home / "queue") in line
            for word in ("valkey-server", "commands.main worker", "commands.main run", "gunicorn"):
                if mine and word in line:
                    found.setdefault(word, int(folder.name))
        return found


@dataclass
class Life:
    """An instance that runs, and is started when it does not; and a second one that never ran."""

    instance: Instance
    other: Instance
    stack: contextlib.ExitStack
    process: subprocess.Popen[bytes] | None = None

    def up(self) -> subprocess.Popen[bytes]:
        """`himaya run`, everything of it up."""
        if self.process is None or self.process.poll() is not None:
            self.process = self.stack.enter_context(run(self.instance))
        return self.process


def instance_at(home: Path) -> Instance:
    port = free_port()
    return Instance(home, port, environment_for(home, PORT=str(port), WEB_WORKERS="1"))


@contextlib.contextmanager
def run(instance: Instance) -> Iterator[subprocess.Popen[bytes]]:
    screen = instance.home / "screen"
    screen.unlink(missing_ok=True)
    with child(*HIMAYA, "run", "--log", str(instance.home / "log"), env=instance.env, log=screen) as process:
        wait_for(f"{instance.url}/healthz", process, 60)
        until(lambda: "Ctrl-C stops it." in screen.read_text() and len(instance.processes()) == 4)
        yield process


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """One migrated instance for all of these: each start of it takes ten seconds of a processor."""
    folder = tmp_path_factory.mktemp("run")
    instance = instance_at(folder / "home")
    assert instance.himaya("migrate").returncode == 0
    shutil.copytree(instance.home, folder / "other")
    with contextlib.ExitStack() as stack:
        yield Life(instance, instance_at(folder / "other"), stack)


@pytest.fixture
def running(life: Life) -> Instance:
    life.up()
    return life.instance


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def answers(instance: Instance) -> bool:
    with urllib.request.urlopen(f"{instance.url}/readyz", timeout=10) as response:  # noqa: S310 -- ours
        return bool(response.status == 200)


def test_no_process_writes_a_core_dump(running: Instance) -> None:
    for word, pid in running.processes().items():
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert re.search(r"Max core file size\s+0\s+0\s", limits), word


def test_a_folder_in_use_is_told(running: Instance) -> None:
    refused = running.himaya("run")
    assert refused.returncode == 1
    assert "is running already" in refused.stderr


def test_a_port_in_use_is_told(life: Life, running: Instance) -> None:
    life.other.env["PORT"] = str(running.port)
    refused = life.other.himaya("run")
    assert refused.returncode == 1
    assert f"Port {running.port} cannot be used" in refused.stderr


def test_what_dies_is_started_again(running: Instance) -> None:
    before = running.processes()
    supervisor = before.pop("commands.main run")
    time.sleep(6)  # what dies at once is left alone for a while, so let them grow older
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    until(
        lambda: len(running.processes()) == 4 and not set(before.values()) & set(running.processes().values())
    )
    until(lambda: _answers_again(running))
    assert running.processes()["commands.main run"] == supervisor


def _answers_again(instance: Instance) -> bool:
    try:
        return answers(instance)
    except OSError:
        return False


def test_killed_it_leaves_nothing_and_asked_to_stop_it_stops_cleanly(life: Life) -> None:
    instance = life.instance
    process = life.up()
    process.kill()
    process.wait()
    until(lambda: instance.processes() == {})
    (instance.home / "log").unlink()
    process = life.up()
    assert answers(instance)
    process.send_signal(signal.SIGINT)
    assert process.wait(40) == 0
    assert instance.processes() == {}
    screen = (instance.home / "screen").read_text()
    assert f"Himaya: {instance.url}\n" in screen
    assert screen.endswith("Stopped.\n")
    assert re.search(r"Traceback|Error", screen + (instance.home / "log").read_text()) is None
