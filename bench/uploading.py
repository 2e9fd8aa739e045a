"""What is measured of files: one that comes with the public form, and the memory that a large one takes."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Final

from bench.asking import TOLD, begun
from bench.duel import Figure, Result, figure
from bench.floor_asking import COOKIE
from bench.pages import Ground
from bench.servers import Answer, Browser, Server, children
from intake.service.attachments import MOST

TELL: Final = "/m/ar/3"  # the page that takes files
PHOTO: Final = 5_000_000
LARGEST: Final = 20 * 1024 * 1024
_SMALL: Final = 256 * 1024
_MB: Final = 1_000_000
_WAITS: Final = re.compile(rb'name="out" value="([0-9a-f-]{36})"')


def photo(size: int) -> bytes:
    """Bytes that begin and end as a photo does, between them others each time, as little alike as in one."""
    return b"\xff\xd8\xff\xe0" + os.urandom(size - 6) + b"\xff\xd9"


def upload(browser: Browser, file: bytes) -> Answer:
    """Add a file to what is written, and stay on the page."""
    answer = browser.send_file(TELL, file, text=TOLD, subject="B", add="1")
    assert answer.status == 200, answer.status
    return answer


def take_out(browser: Browser, shown: Answer) -> None:
    """Take every file out again that a page names, so that there is room for others."""
    for found in _WAITS.findall(shown.body):
        answer = browser.post(TELL, text=TOLD, subject="B", out=found.decode())
        assert answer.status == 200, answer.status


def against_floor(ground: Ground, *, rounds: int = 3, passes: int = 5) -> Result:
    """P6: as many photos as go together, one after the other, against the floor's; in turns, as in a duel."""
    [draft] = begun(ground, 1)
    files = [photo(PHOTO) for _ in range(MOST)]
    ratios: list[float] = []
    cpu: list[list[float]] = [[], []]
    took: list[list[float]] = [[], []]
    for _ in range(rounds):
        with ExitStack() as stack:
            servers = [stack.enter_context(start()) for start in (ground.ours, ground.floor)]
            browsers = [_browser(server, draft.cookie) for server in servers]
            for turn in range(passes + 1):  # the first pass warms up
                spent = [0.0, 0.0]
                for side in (0, 1) if turn % 2 else (1, 0):
                    before = servers[side].processor_ms()
                    answers = [upload(browsers[side], file) for file in files]
                    spent[side] = (servers[side].processor_ms() - before) / len(files)
                    take_out(browsers[side], answers[-1])
                    if turn:
                        cpu[side].append(spent[side])
                        took[side] += [answer.ms for answer in answers]
                if turn:
                    ratios.append(spent[0] / spent[1])
    return Result(figure(cpu[0], took[0]), figure(cpu[1], took[1]), median(ratios))


def memory(ground: Ground, times: int = 3) -> Result:
    """P6: by how many MB the worker's memory at its highest, while the largest file comes, exceeds it before.

    What came before are small files; each time it is a fresh worker, and the worst counts. ours: the highest;
    other: before; both in MB.
    """
    grown: list[tuple[float, float]] = []
    for _ in range(times):
        [draft] = begun(ground, 1)
        with ground.ours() as server:
            browser = _browser(server, draft.cookie)
            [worker] = children(server.processes[0])
            for _ in range(2):
                shown = [upload(browser, photo(_SMALL)) for _ in range(MOST)]
                take_out(browser, shown[-1])
            large = photo(LARGEST)
            before = _memory(worker, "VmRSS")
            Path(f"/proc/{worker}/clear_refs").write_text("5")  # the highest begins anew (proc(5))
            take_out(browser, upload(browser, large))
            grown.append((_memory(worker, "VmHWM"), before))
    highest, before = max(grown, key=lambda one: one[0] - one[1])
    return Result(Figure(highest, 0, 0), Figure(before, 0, 0), highest - before)


def _browser(server: Server, cookie: str) -> Browser:
    browser = Browser(server.port, {COOKIE: cookie})
    browser.get(TELL)
    return browser


def _memory(pid: int, name: str) -> float:
    """A line of /proc/PID/status, which is in KiB, in MB."""
    [line] = [
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith(f"{name}:")
    ]
    return int(line.split()[1]) * 1024 / _MB
