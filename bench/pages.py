"""What is measured: pages, each as one request or a few, on one world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from sqlalchemy import Executable, NullPool, create_engine, delete, select

from bench.duel import Result, Side, duel, figure
from bench.floor_doors import COOKIE as FLOOR_COOKIE
from bench.servers import FLOOR, OURS, Answer, Browser, Server, serving
from bench.worlds import Member, World
from cases.models import Case, CaseKeyRing, CaseMember

SESSION = "__Host-session"
COLD = 100  # cases


@dataclass(frozen=True)
class Ground:
    """A world, the floor's copy of its database, and the processes that work for both."""

    name: str
    world: World
    reader: Member  # a caseworker whose session the copy knows too
    plain_url: str = ""
    database: tuple[int, ...] = ()

    @contextmanager
    def ours(self, *, workers: int = 1, threads: int = 4) -> Iterator[Server]:
        """A fresh server of the product."""
        log = self.world.home / "web.log"
        with serving(
            OURS, self.world.env, log, also=self.database, workers=workers, threads=threads
        ) as server:
            yield server

    @contextmanager
    def floor(self, *, workers: int = 1) -> Iterator[Server]:
        """A fresh server of the floor."""
        env = {"FLOOR_DATABASE": self.plain_url, "FLOOR_FILES": f"file://{self.world.home}/floor_files"}
        log = self.world.home / "floor.log"
        with serving(FLOOR, env, log, also=self.database, workers=workers) as server:
            yield server

    def full_case(self, member: UUID) -> UUID:
        """The newest case on which this member works."""
        engine = create_engine(self.world.database_url, poolclass=NullPool)
        with engine.connect() as connection:
            newest = (
                select(Case.id)
                .join(CaseMember, CaseMember.case_id == Case.id)
                .where(CaseMember.person_id == member)
                .order_by(Case.number.desc())
            )
            found: UUID = connection.execute(newest.limit(1)).scalar_one()
            return found


def change(url: str, statement: Executable) -> None:
    """Carry out one statement behind the server's back."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(statement)


def page(start: Callable[[], object], cookie: str, value: str, path: str) -> Side:
    """A page asked for again and again by one browser."""

    def open_browser(server: Server) -> Callable[[], Answer]:
        browser = Browser(server.port, {cookie: value})

        def once() -> Answer:
            answer = browser.get(path)
            assert answer.status == 200, answer.status
            return answer

        return once

    return Side(start, open_browser)


def searching(start: Callable[[], object], value: str, words: str) -> Side:
    """A search sent again and again by one browser."""

    def open_browser(server: Server) -> Callable[[], Answer]:
        browser = Browser(server.port, {SESSION: value})
        browser.get("/cases/search")

        def once() -> Answer:
            answer = browser.post("/cases/search", q=words)
            assert answer.status == 200, answer.status
            return answer

        return once

    return Side(start, open_browser)


def searched(ground: Ground, member: Member, queries: Iterable[str], times: int = 7) -> Result:
    """Names looked for among the newest cases, by the clock; `ratio` is the slowest query's median in ms."""
    slowest: list[float] = []
    spent: list[float] = []
    with ground.ours() as server:
        for words in queries:
            once = searching(ground.ours, member.cookie, words).open(server)
            once()  # cards that are new are opened the first time
            before = server.processor_ms()
            took = [once().ms for _ in range(times)]
            spent.append((server.processor_ms() - before) / times)
            slowest = max(slowest, took, key=lambda each: median(each) if each else 0.0)
    return Result(figure(spent, slowest), figure(spent, slowest), median(slowest))


def against_floor(ground: Ground, member: Member, path: str) -> Result:
    """A page of the product against the same page of the floor."""
    ours = page(ground.ours, SESSION, member.cookie, path)
    return duel(ours, page(ground.floor, FLOOR_COOKIE, member.lookup, path))


def cold(ground: Ground, member: Member, times: int = 12) -> Result:
    """A list of cases whose grants nobody checked yet, against the same list warm; `ratio` is ms a case."""
    spent: list[list[float]] = [[], []]
    took: list[list[float]] = [[], []]
    keys = delete(CaseKeyRing).where(CaseKeyRing.person_id == member.id)
    with ground.ours() as server:
        browser = Browser(server.port, {SESSION: member.cookie})
        for _ in range(times + 1):
            change(ground.world.database_url, keys)
            for index in (0, 1):  # cold first, which makes it warm
                before = server.processor_ms()
                answer = browser.get("/cases")
                assert answer.status == 200, answer.status
                spent[index].append(server.processor_ms() - before)
                took[index].append(answer.ms)
    extra = [(first - second) / COLD for first, second in zip(spent[0][1:], spent[1][1:], strict=True)]
    return Result(figure(spent[0][1:], took[0][1:]), figure(spent[1][1:], took[1][1:]), median(extra))
