"""What is measured: pages and sign-ins, each as one request or a few, on one world."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from sqlalchemy import NullPool, create_engine, delete, select, update

from accounts.models import Person
from accounts.service import factors
from bench import floor_doors
from bench.duel import Figure, Result, Side, duel, figure
from bench.floor import COOKIE as FLOOR_COOKIE
from bench.servers import FLOOR, OURS, Answer, Browser, Server, serving
from bench.worlds import Member, World
from cases.models import Case, CaseKeyRing, CaseMember
from tests.support.cast import PASSWORD, code_now
from vault import PasswordLock

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
    def floor(self) -> Iterator[Server]:
        """A fresh server of the floor."""
        secret = factors.as_text(self.reader.totp_secret)
        env = {"FLOOR_DATABASE": self.plain_url, floor_doors.PASSWORD: PASSWORD, floor_doors.SECRET: secret}
        with serving(FLOOR, env, self.world.home / "floor.log", also=self.database) as server:
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

    def change(self, statement: object, url: str = "") -> None:
        """Carry out one statement behind the server's back."""
        engine = create_engine(url or self.world.database_url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # an update or a delete


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


@dataclass(frozen=True)
class Signing:
    """A sign-in, step by step; `password` and `code`: ms of processor time beyond the floor's."""

    standard: Result  # the password step against a bare Argon2id
    password: Result
    code: Result


def sign_ins(ground: Ground, quick: Ground, times: int = 20, passes: int = 5) -> Signing:
    """Whole sign-ins, both forms sent, by ours and by the floor in turns.

    A derivation varies by more than the promise, so what lies beyond it is measured on `quick`, the same
    instance with the test profile, whose derivation costs next to nothing.
    """
    with ground.ours() as server:
        standard, hashing = _Doors(ground, server), _hashing(times)
        for _ in range(3):
            standard.enter(5)
    password = standard.figures[0]
    assert password.cpu < 1.5 * hashing.cpu, "a sign-in derives once"
    with quick.ours() as server, ground.floor() as beneath:
        sides = _Doors(quick, server), _Doors(ground, beneath, ground.plain_url)
        for turn in range(passes + 1):
            for side in sides if turn % 2 else reversed(sides):
                side.enter(times)
    both = zip(*(side.figures for side in sides), strict=True)
    steps = [Result(ours, floor, ours.cpu - floor.cpu) for ours, floor in both]
    return Signing(Result(password, hashing, password.cpu / hashing.cpu), steps[0], steps[1])


class _Doors:
    """One server through whose doors people come, and what each of the two steps took."""

    def __init__(self, ground: Ground, server: Server, url: str = "") -> None:
        self._ground, self._server, self._url = ground, server, url
        self._spent: list[list[float]] = [[], []]
        self._took: list[list[float]] = [[], []]

    @property
    def figures(self) -> list[Figure]:
        """The password step and the code step; the first pass, in which everything is new, is left out."""
        return [
            figure(cpu[1:], clock[len(clock) // len(cpu) :])
            for cpu, clock in zip(self._spent, self._took, strict=True)
        ]

    def enter(self, times: int) -> None:
        """Every browser sends each form once.

        The page with the second form is opened between the two, outside of what is measured: the token of
        the first form ends with it.
        """
        member = self._ground.reader
        browsers = [Browser(self._server.port) for _ in range(times)]
        for index, path in enumerate(("/sign-in", "/sign-in/code")):
            for browser in browsers:
                browser.get(path)
            before = self._server.processor_ms()
            for browser in browsers:
                if index == 0:
                    answer = browser.post(path, email=member.email, password=PASSWORD)
                else:
                    forget = update(Person).where(Person.id == member.id).values(totp_step=0)
                    self._ground.change(forget, self._url)
                    answer = browser.post(path, code=code_now(member.totp_secret))
                assert answer.status == 303, answer.status
                self._took[index].append(answer.ms)
            self._spent[index].append((self._server.processor_ms() - before) / times)
        for browser in browsers:
            browser.hang_up()


def _hashing(times: int) -> Figure:
    spent: list[float] = []
    took: list[float] = []
    for _ in range(times):
        begun, began = time.thread_time(), time.perf_counter()
        PasswordLock.new().key(PASSWORD)
        spent.append((time.thread_time() - begun) * 1000)
        took.append((time.perf_counter() - began) * 1000)
    return figure(spent, took)


def workers(ground: Ground, member: Member, times: int = 32, turns: int = 5) -> Result:
    """Passwords checked by two workers against one, each with one thread; `ratio` is the gain."""
    gains: list[float] = []
    rates: list[list[float]] = [[], []]
    with ground.ours(threads=1) as one, ground.ours(workers=2, threads=1) as two:
        for _ in range(turns):
            both = [_rate(server, member, times) for server in (one, two)]
            gains.append(both[1] / both[0])
            for index in (0, 1):
                rates[index].append(1000 / both[index])
    return Result(figure(rates[1], rates[1]), figure(rates[0], rates[0]), median(gains))


def _rate(server: Server, member: Member, times: int) -> float:
    """Passwords a second, from eight browsers at once.

    Each form comes on a connection of its own: a worker keeps those that stay open, however many it got.
    """
    browsers = [Browser(server.port) for _ in range(8)]

    def browse(browser: Browser) -> None:
        for _ in range(times // len(browsers)):
            browser.cookies.clear()  # somebody who is half in is led on to the code
            browser.get("/sign-in")
            answer = browser.post("/sign-in", email=member.email, password=PASSWORD)
            browser.hang_up()
            assert answer.status == 303, answer.status

    begun = time.perf_counter()
    with ThreadPoolExecutor(len(browsers)) as pool:
        list(pool.map(browse, browsers))
    return times / (time.perf_counter() - begun)


def cold(ground: Ground, member: Member, times: int = 12) -> Result:
    """A list of cases whose grants nobody checked yet, against the same list warm; `ratio` is ms a case."""
    spent: list[list[float]] = [[], []]
    took: list[list[float]] = [[], []]
    with ground.ours() as server:
        browser = Browser(server.port, {SESSION: member.cookie})
        for _ in range(times + 1):
            ground.change(delete(CaseKeyRing).where(CaseKeyRing.person_id == member.id))
            for index in (0, 1):  # cold first, which makes it warm
                before = server.processor_ms()
                answer = browser.get("/cases")
                assert answer.status == 200, answer.status
                spent[index].append(server.processor_ms() - before)
                took[index].append(answer.ms)
    extra = [(first - second) / COLD for first, second in zip(spent[0][1:], spent[1][1:], strict=True)]
    return Result(figure(spent[0][1:], took[0][1:]), figure(spent[1][1:], took[1][1:]), median(extra))
