"""Reminders with a real worker, queue, database and mail server: killed in the middle, and two at once."""

from __future__ import annotations

import datetime as dt
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, select, text, update

from cases.models import Reminder
from cases.service import deadlines
from core.clock import ISTANBUL
from core.store.base import db
from core.store.transaction import transaction
from tests.conftest import serving
from tests.support.cast import on_stage
from tests.support.mailing import mail_server
from tests.support.reminding import settings_of
from tests.support.servers import child, valkey_at

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1"])
PEOPLE = 3  # the caseworker, the coordinator as second person, the lead


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end, "it never came to this"
        time.sleep(0.1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with valkey_at(tmp_path / "queue"):
        yield tmp_path


def make_due(home: Path, database_url: str) -> None:
    """A deadline whose safe date is today, watched by the caseworker and the coordinator."""
    for app in serving(settings_of(str(home), database_url, "")):
        with on_stage(app) as cast:
            case_id = cast.record()
            today = dt.datetime.now(ISTANBUL).date()
            asked = {"rule": "DET_IP", "served_on": (today - dt.timedelta(days=30)).isoformat(), "facts": {}}
            watching = (cast["caseworker"].person_id, cast["coordinator"].person_id)
            with transaction():
                deadlines.add(cast["caseworker"], case_id, uuid4(), asked, *watching)


def states(database_url: str) -> list[str]:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT mail FROM reminders")).scalars().all()
    engine.dispose()
    return sorted(found)


def test_a_worker_killed_between_sending_and_marking_leaves_one_letter_to_each(
    home: Path, database_url: str
) -> None:
    make_due(home, database_url)
    with mail_server(halt=threading.Event()) as server:
        url = f"smtp+plain://127.0.0.1:{server.port}"
        program = (sys.executable, "-m", "tests.support.reminding", str(home), database_url, url)
        with child(*program) as worker:
            assert server.took.wait(120)  # taken by the server, and not marked yet
            worker.kill()
            worker.wait()
        assert states(database_url) == ["sending", "waiting"]
        assert server.halt is not None
        server.halt.set()
        with child(*program):  # the next worker sends what waits, and leaves the claim alone
            until(lambda: states(database_url) == ["sending", "sent"])
            assert len(server.taken) == len(set(server.ids)) == 2
            for app in serving(settings_of(str(home), database_url, url)):
                with app.app_context(), transaction():  # time goes by
                    db.session.execute(update(Reminder).where(Reminder.mail == "sending").values(try_at=None))
            until(lambda: states(database_url) == ["sent", "sent"])
    assert len(server.taken) == 3
    assert len(set(server.ids)) == 2  # the very same letter: its receiver keeps one
    assert {str(one["To"]) for one in server.taken} == {"caseworker@ham.example", "coordinator@ham.example"}


@pytest.mark.postgres
def test_two_workers_send_each_letter_once(home: Path, cluster: object) -> None:
    with cluster.database() as database_url:  # type: ignore[attr-defined] # the fixture of tests/conftest.py
        make_due(home, database_url)
        with mail_server() as server:
            url = f"smtp+plain://127.0.0.1:{server.port}"
            program = (sys.executable, "-m", "tests.support.reminding", str(home), database_url, url)
            with child(*program), child(*program):
                until(lambda: states(database_url) == ["sent", "sent"])
                time.sleep(1)
        assert len(server.taken) == 2
        assert len(set(server.ids)) == 2
        for app in serving(settings_of(str(home), database_url, url)):
            with app.app_context():
                assert len(db.session.scalars(select(Reminder)).all()) == 2
