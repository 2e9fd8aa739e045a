"""Chance, the same every time: what is invented rests on it, never anything secret."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from random import Random


class Chance(Random):
    """A seeded source of invented decisions."""

    def in_hundred(self, times: int) -> bool:
        """True as often, of a hundred times."""
        return self.randrange(100) < times

    def draw(self, weights: Mapping[str, int]) -> str:
        """One of the keys, by its weight."""
        return self.choices(list(weights), list(weights.values()))[0]

    def days(self, least: float, most: float) -> dt.timedelta:
        """A time between two numbers of days."""
        return dt.timedelta(days=self.uniform(least, most))
