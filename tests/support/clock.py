"""A clock that tests set by hand."""

import datetime as dt

import pytest

from core import clock

START = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)


class FrozenClock:
    """Replaces `core.clock.now`, from which every other time is made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.instant = START
        monkeypatch.setattr(clock, "now", lambda: self.instant)

    def set(self, instant: dt.datetime) -> None:
        """Jump to an instant, which must carry its zone."""
        self.instant = instant.astimezone(dt.UTC)

    def advance(self, **amount: float) -> None:
        """Go forward (or back) by the arguments of `timedelta`."""
        self.instant += dt.timedelta(**amount)
