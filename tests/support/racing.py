"""Several people at once: each act in a thread with a session of its own, brought together on purpose.

The acts begin one after the other. Each halts once, at the moment that `meet` names, until every other one
halts too, waits for a lock or is done; then all go on. So the worst case happens each time, not by luck:

- commit: the first has done everything and committed nothing when the others begin to look;
- lock: each has locked its first row, which is how a deadlock begins.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import Engine, NullPool, create_engine, event, text

from config.settings import Settings
from core.store import transaction as store
from core.store.base import db

Act = Callable[[], Any]

PATIENCE: Final = 60.0  # seconds until a race counts as stuck, on a busy machine
BLOCKED: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
SQLITE_PAUSE: Final = 0.2  # seconds; SQLite does not tell who waits


class Race:
    """An application whose sessions can be made to meet."""

    def __init__(self, app: Flask, meet: str) -> None:
        self.app = app
        self.meet = meet
        with app.app_context():
            self.engine: Engine = db.engine
        self.watch = create_engine(self.engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def run(self, *acts: Act) -> list[Any]:
        """Do the acts at once, each in a transaction; gives what each returned or raised, in their order."""
        return self.raw(*[lambda act=act: _committed(act) for act in acts])

    def raw(self, *acts: Act) -> list[Any]:
        """The same for acts that begin their transactions themselves, as pages do."""
        heat = _Heat(self, len(acts))
        event.listen(self.engine, "after_cursor_execute", heat.executed)
        store.before_commit.append(heat.committing)
        threads = [threading.Thread(target=heat.lane, args=(place, act)) for place, act in enumerate(acts)]
        try:
            for place, thread in enumerate(threads):
                thread.start()
                heat.settle(place + 1)
            heat.go.set()
            for thread in threads:
                thread.join(PATIENCE)
        finally:
            heat.go.set()
            store.before_commit.remove(heat.committing)
            event.remove(self.engine, "after_cursor_execute", heat.executed)
        assert not any(thread.is_alive() for thread in threads), "an act never ended"
        return heat.results

    def blocked(self) -> int:
        """How many sessions wait for a lock."""
        with self.watch.connect() as connection:
            return int(connection.scalar(BLOCKED) or 0)


class _Heat:
    """One race: who halts, who is done."""

    def __init__(self, race: Race, number: int) -> None:
        self.race = race
        self.results: list[Any] = [None] * number
        self.go = threading.Event()
        self.own = threading.local()
        self.halted: set[int] = set()
        self.done: set[int] = set()

    def lane(self, place: int, act: Act) -> None:
        """Run one act in a context of its own and keep what came of it."""
        self.own.place = place
        try:
            with self.race.app.app_context():
                self.results[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.results[place] = error
        finally:
            self.done.add(place)

    def executed(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        """Halt at the first lock of a row."""
        if self.race.meet == "lock" and "UPDATE" in statement.rpartition(" FOR ")[2]:
            self.halt()

    def committing(self, _session: Any) -> None:
        """Halt before the first commit."""
        if self.race.meet == "commit":
            self.halt()

    def halt(self) -> None:
        """Wait here, once, for the others."""
        place = getattr(self.own, "place", None)
        if place is None or place in self.halted:
            return
        self.halted.add(place)
        self.go.wait(PATIENCE)

    def settle(self, started: int) -> None:
        """Until each one that has started halts, waits or is done."""
        begun = time.monotonic()
        while True:
            still = started - len(self.halted | self.done)
            if not still:
                return
            if self.race.engine.dialect.name == "sqlite":
                if time.monotonic() - begun > SQLITE_PAUSE:
                    return
            elif self.race.blocked() >= still:
                return
            assert time.monotonic() - begun < PATIENCE, "an act neither halts nor waits nor ends"
            time.sleep(0.005)


def _committed(act: Act) -> Any:
    with store.transaction():
        return act()


POSTGRES: Final = [
    pytest.param(f"postgres-{meet}", marks=pytest.mark.postgres) for meet in ("commit", "lock")
]
# For what SQLite could get wrong too: it has one writer, who is only ever waited for.
on_both = pytest.mark.parametrize("race", ["sqlite-commit", *POSTGRES], indirect=True)


@pytest.fixture(params=POSTGRES)
def race(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Race]:
    """An application on a fresh database, for acts that meet."""
    from tests.conftest import serving

    database, _, meet = request.param.partition("-")
    if database == "sqlite":
        url = request.getfixturevalue("sqlite_template").copy(tmp_path / "himaya.db")
        for app in serving(dataclasses.replace(settings, database_url=url)):
            yield Race(app, meet)
        return
    with request.getfixturevalue("cluster").database() as url:
        for app in serving(dataclasses.replace(settings, database_url=url)):
            yield Race(app, meet)
