"""What is measured of taking somebody off a case: all that is in it is sealed again under the next key."""

from __future__ import annotations

from bench.duel import Result, figure
from bench.filling import filled_case
from bench.pages import SESSION, Ground
from bench.servers import Browser
from cases.service import members
from core.store.transaction import transaction

NOTES, PAPERS = 60, 40
CASES, TIMES = 5, 4


def removing(ground: Ground) -> Result:
    """P11: a colleague is taken off each of some cases; `ratio` is the processor time of it in ms.

    other: the page that asks once more, which opens the same case.
    """
    with ground.world.app():
        actor, leaver = (ground.world.actor(name) for name in ("caseworker", "colleague"))
        cases = [filled_case(actor, notes=NOTES, papers=PAPERS) for _ in range(CASES)]
    spent: list[list[float]] = [[], []]
    took: list[list[float]] = [[], []]
    with ground.ours() as server:
        browser = Browser(server.port, {SESSION: ground.reader.cookie})
        for turn in range(TIMES + 1):  # the first one warms up
            with ground.world.app():
                for case_id in cases:
                    with transaction():
                        members.add(ground.world.actor("caseworker"), case_id, leaver.person_id)
            for case_id in cases:
                path = f"/cases/{case_id}/members/{leaver.person_id}/remove"
                for side, (ask, status) in enumerate(((browser.get, 200), (browser.post, 303))):
                    before = server.processor_ms()
                    answer = ask(path)
                    assert answer.status == status, answer.status
                    if turn:
                        spent[side].append(server.processor_ms() - before)
                        took[side].append(answer.ms)
    asked, removed = (figure(cpu, ms) for cpu, ms in zip(spent, took, strict=True))
    return Result(removed, asked, removed.cpu)
