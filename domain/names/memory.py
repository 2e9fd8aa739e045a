"""What was worked out once is not worked out again, for as long as its memory lives."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(dict[K, V]):
    """The values of a function by its argument: `memory[argument]`. A dictionary: nothing else is as quick.

    Make one for a request or a file and let it go: nothing opened outlives the request.
    """

    def __init__(self, work: Callable[[K], V]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, key: K) -> V:
        value = self[key] = self._work(key)
        return value
