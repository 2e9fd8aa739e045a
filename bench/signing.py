"""What is measured of signing in: both steps against the floor's, one derivation and no more, two workers."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median

from sqlalchemy import update

from accounts.models import Person
from bench.duel import Result, figure
from bench.pages import Ground, change
from bench.servers import Browser, Server
from bench.worlds import CAST, Member
from tests.support.cast import PASSWORD, code_now
from vault import PasswordLock

# The two forms, and what somebody types into each.
STEPS: tuple[tuple[str, Callable[[Member], dict[str, str]]], ...] = (
    ("/sign-in", lambda member: {"email": member.email, "password": PASSWORD}),
    ("/sign-in/code", lambda member: {"code": code_now(member.totp_secret)}),
)


def against_floor(quick: Ground, *, rounds: int = 3, passes: int = 5) -> list[Result]:
    """Password step and code step against the floor's; `ratio` is ours less the floor's, in ms.

    A real derivation varies by more than the promise, so `quick` is an instance with the test profile, whose
    derivation costs next to nothing. Rounds and passes are as in `duel`; in a pass the whole cast signs in.
    """
    people = [quick.world.member(name) for name in CAST]
    urls = (quick.world.database_url, quick.plain_url)
    cpu: list[list[list[float]]] = [[[], []] for _ in STEPS]
    took: list[list[list[float]]] = [[[], []] for _ in STEPS]
    for _ in range(rounds):
        with ExitStack() as stack:
            servers = [stack.enter_context(start()) for start in (quick.ours, quick.floor)]
            for server, url in zip(servers, urls, strict=True):
                for _ in range(3):
                    sign_in_all(server, url, people)  # templates compiled, statements cached, memory grown
            for turn in range(passes):
                for side in (0, 1) if turn % 2 else (1, 0):
                    steps = sign_in_all(servers[side], urls[side], people)
                    for step, (spent, waited) in enumerate(steps):
                        cpu[step][side].append(spent)
                        took[step][side] += waited
    return [
        Result(
            figure(ours, took[step][0]),
            figure(floor, took[step][1]),
            median(one - other for one, other in zip(ours, floor, strict=True)),
        )
        for step, (ours, floor) in enumerate(cpu)
    ]


def sign_in_all(server: Server, url: str, people: list[Member]) -> list[tuple[float, list[float]]]:
    """Let everybody sign in: for each step the processor time of one form, and how long each took, in ms.

    The page with a form is opened outside of what is measured: its token ends with the form before.
    """
    change(url, update(Person).values(totp_step=0))  # a code of this half minute may have been used before
    browsers = [Browser(server.port) for _ in people]
    steps = []
    for path, typed in STEPS:
        for browser in browsers:
            browser.get(path)
        before = server.processor_ms()
        answers = [
            browser.post(path, **typed(member)) for browser, member in zip(browsers, people, strict=True)
        ]
        spent = (server.processor_ms() - before) / len(people)
        for answer in answers:
            assert answer.status == 303, (path, answer.status)
            assert answer.cookies, "a redirect without a session lets nobody in"
        steps.append((spent, [answer.ms for answer in answers]))
    for browser in browsers:
        browser.hang_up()
    return steps


def check_one_derivation(ground: Ground, times: int = 5, passes: int = 4) -> None:
    """Raise AssertionError when the password step costs as much as two derivations."""
    path, typed = STEPS[0]
    spent = []
    with ground.ours() as server:
        for _ in range(passes):
            browsers = [Browser(server.port) for _ in range(times)]
            for browser in browsers:
                browser.get(path)
            before = server.processor_ms()
            for browser in browsers:
                assert browser.post(path, **typed(ground.reader)).status == 303
            spent.append((server.processor_ms() - before) / times)
            for browser in browsers:
                browser.hang_up()
    assert median(spent[1:]) < 1.5 * _hashing(), "a sign-in derives once"


def _hashing(times: int = 20) -> float:
    """Processor time of a bare derivation, in ms."""
    spent = []
    for _ in range(times):
        begun = time.thread_time()
        PasswordLock.new().key(PASSWORD)
        spent.append((time.thread_time() - begun) * 1000)
    return median(spent)


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
