"""What is measured of the one export of many cases: a protected table of statistics, released as a file.

The product hands out no list of cases, to nobody: what leaves of many at once are figures (decisions.md).
To count them each case's fact is opened, by the statistics key, once in its life.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import orjson
from sqlalchemy import insert

import vault
from accounts.service import trust
from bench.duel import Figure, Result
from bench.pages import SESSION, Ground
from bench.servers import Browser, Server, children
from cases.models import Fact
from core.store.base import db
from core.store.transaction import transaction
from domain.quarters import Quarter
from domain.statistics_facts import thursday_of
from reports.service import quarters

COUNT: Final = 10_000
TIMES: Final = 3  # quarters; of each figure the best counts, of what memory grew the worst
_FEW: Final = 10  # facts of the first quarter, for which a worker reads the code that it will need
_WORKERS: Final = 2  # as many as `himaya run` starts
_TABLE: Final = "province"
_MB: Final = 1_000_000


@dataclass(frozen=True)
class Released:
    """Facts a second of processor time where nobody has opened them and where their quarter is frozen.

    Then seconds to the first byte, and MB by which the worker grew.

    other: the slowest of the first three; of memory, what the worker held before.
    """

    counted: Result
    released: Result
    first: Result
    grown: Result


def exported(ground: Ground) -> Released:
    """A manager opens quarters for the first time and takes their tables as workbooks, from one worker."""
    spent, given, first, grown = [], [], [], []
    with ground.ours() as server:
        browser = _manager(ground, server)
        [worker] = children(server.processes[0])
        _opened(browser, _seed(ground, 0, _FEW))
        before = _memory(worker, "status", "VmRSS")
        for place in range(1, TIMES + 1):
            quarter = _seed(ground, place)
            resident, cpu = _memory(worker, "status", "VmRSS"), server.processor_ms()
            Path(f"/proc/{worker}/clear_refs").write_text("5")  # the highest begins anew (proc(5))
            _opened(browser, quarter)
            spent.append(server.processor_ms() - cpu)
            browser.get(f"/statistics/{_TABLE}/{quarter}/export")
            cpu = server.processor_ms()
            first.append(_file(browser, quarter))
            given.append(server.processor_ms() - cpu)
            grown.append(_memory(worker, "status", "VmHWM") - resident)
    counted, released = (
        Result(Figure(min(took), 0, 0), Figure(max(took), 0, 0), COUNT / (min(took) / 1000))
        for took in (spent, given)
    )
    return Released(
        counted,
        released,
        Result(Figure(min(first), 0, 0), Figure(max(first), 0, 0), min(first)),
        Result(Figure(max(grown), 0, 0), Figure(before, 0, 0), max(grown)),
    )


def held(ground: Ground) -> Result:
    """MB that the larger worker of an instance as it is run holds after such an export; other: before it."""
    quarter = _seed(ground, TIMES + 1)
    with ground.ours(workers=_WORKERS) as server:
        while len(workers := children(server.processes[0])) < _WORKERS:
            time.sleep(0.1)
        browser = _manager(ground, server)
        before = max(_memory(worker, "smaps_rollup", "Pss") for worker in workers)
        _opened(browser, quarter)
        browser.get(f"/statistics/{_TABLE}/{quarter}/export")
        _file(browser, quarter)
        after = max(_memory(worker, "smaps_rollup", "Pss") for worker in workers)
    return Result(Figure(after, 0, 0), Figure(before, 0, 0), after)


def _manager(ground: Ground, server: Server) -> Browser:
    """A manager's browser that has seen the menu."""
    browser = Browser(server.port, {SESSION: ground.world.member("manager").cookie})
    browser.get("/statistics")
    return browser


def _opened(browser: Browser, quarter: str) -> None:
    page = browser.get(f"/statistics/{_TABLE}/{quarter}")
    assert page.status == 200, page.status


def _file(browser: Browser, quarter: str) -> float:
    """Take the table whose page of export was opened; seconds until it is there."""
    made = browser.post(f"/statistics/{_TABLE}/{quarter}/export", format="xlsx")
    assert made.status == 303, made.status
    file = browser.get(made.location)
    assert file.body.startswith(b"PK"), file.status
    return (made.ms + file.ms) / 1000


def _seed(ground: Ground, place: int, count: int = COUNT) -> str:
    """Write the facts of a closed quarter, the oldest of some first; gives its name."""
    with ground.world.app():
        actor = ground.world.actor("manager")
        home = actor.organisation_id
        offered = [one.quarter for one in quarters.menu(actor).quarters]
        quarter = offered[TIMES + 1 - place]
        week = thursday_of(Quarter.parse(quarter).ends).isoformat()
        key = trust.organisation_key(home, "statistics")
        assert key is not None
        chance = Random(place)  # noqa: S311  the same figures each time
        rows = []
        for _ in range(count):
            fact_id = uuid.uuid4()
            context = vault.Context("fact", home, fact_id, 1)
            sealed = vault.seal_to(key.public, orjson.dumps(_coded(home, week, chance)), context)
            rows.append(
                {"id": fact_id, "version": 1, "organisation_id": home, "key_id": key.id, "sealed": sealed}
            )
        with transaction():
            db.session.execute(insert(Fact), rows)
        return quarter


def _coded(home: uuid.UUID, week: str, chance: Random) -> dict[str, object]:
    """A coded row as `cases.service.facts.coded` makes it."""
    return {
        "case": uuid.uuid4().hex,
        "client": uuid.uuid4().hex,
        "household": uuid.uuid4().hex,
        "event": uuid.uuid4().hex,
        "opened": week,
        "organisation": str(home),
        "statistics": True,
        "issue": "A02",
        "province": f"{chance.randint(1, 81):02}",
        "authority": "pdmm",
        "urgency": "U1",
        "sex": chance.choice("fm"),
        "age_band": "30-44",
        "nationality": "SYR",
        "level": "",
        "outcome": "",
    }


def _memory(pid: int, file: str, name: str) -> float:
    """A line of a file of /proc/PID, which is in KiB, in MB."""
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024 / _MB
