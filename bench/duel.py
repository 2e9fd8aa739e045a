"""Two pieces of work in turns, so that a machine that is busy or slow is so for both."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from bench.servers import Answer, Server


@dataclass(frozen=True)
class Side:
    """One of the two: how to start its server, and one request to it."""

    start: Callable[[], Any]  # a context manager that gives a Server
    open: Callable[[Server], Callable[[], Answer]]  # gives what is done once in a pass


@dataclass(frozen=True)
class Figure:
    """What one request took, in milliseconds."""

    cpu: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Result:
    """Both sides, and the median of the ratios of neighbouring passes."""

    ours: Figure
    other: Figure
    ratio: float


def duel(ours: Side, other: Side, *, rounds: int = 3, passes: int = 5, requests: int = 20) -> Result:
    """Fresh processes in every round; in a round the two take turns, and which begins changes.

    Raises AssertionError when an answer is not 200.
    """
    ratios: list[float] = []
    cpu: list[list[float]] = [[], []]
    took: list[list[float]] = [[], []]
    for _ in range(rounds):
        with ExitStack() as stack:
            servers = [stack.enter_context(side.start()) for side in (ours, other)]
            acts = [side.open(server) for side, server in zip((ours, other), servers, strict=True)]
            for act in acts:
                for _ in range(requests):
                    act()  # templates compiled, statements cached, memory grown
            for turn in range(passes):
                spent = [0.0, 0.0]
                for index in (0, 1) if turn % 2 else (1, 0):
                    before = servers[index].processor_ms()
                    answers = [acts[index]() for _ in range(requests)]
                    spent[index] = (servers[index].processor_ms() - before) / requests
                    cpu[index].append(spent[index])
                    took[index] += [answer.ms for answer in answers]
                ratios.append(spent[0] / spent[1])
    return Result(figure(cpu[0], took[0]), figure(cpu[1], took[1]), median(ratios))


def figure(cpu: list[float], took: list[float]) -> Figure:
    """The medians, and the slowest twentieth."""
    return Figure(median(cpu), median(took), quantiles(took, n=20)[18])
