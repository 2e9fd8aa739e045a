"""An urgent request with a real worker, queue and mail server: killed, restarted, the queue lost."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text, update

from core import clock
from core.store.base import db
from core.store.transaction import transaction
from intake.models import DutyAlert, Request
from tests.conftest import serving
from tests.intake.urgent import ask, on_rota
from tests.jobs.test_reminders import until
from tests.support.cast import on_stage
from tests.support.mailing import MailServer, mail_server
from tests.support.reminding import settings_of
from tests.support.servers import child, valkey_at

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1"])
ALWAYS = (dt.time(), dt.time())


def asked(home: Path, database_url: str) -> None:
    """Somebody is in danger; the caseworker is on duty at any hour, the colleague second."""
    for app in serving(settings_of(str(home), database_url, "")):
        with on_stage(app) as cast:
            on_rota(cast, begins=ALWAYS[0], ends=ALWAYS[1])
            ask(cast)


def later(home: Path, database_url: str, minutes: int) -> None:
    """Time goes by: what was claimed may be taken over, and what is to be told next is told."""
    gone = clock.now() - dt.timedelta(minutes=minutes)
    for app in serving(settings_of(str(home), database_url, "")):
        with app.app_context(), transaction():
            db.session.execute(update(DutyAlert).where(DutyAlert.mail == "sending").values(try_at=None))
            db.session.execute(update(DutyAlert).values(since=gone))
            db.session.execute(update(Request).values(tell_since=gone, tell_next=gone))


def states(database_url: str) -> list[str]:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT mail FROM duty_alerts")).scalars().all()
    engine.dispose()
    return sorted(found)


def receivers(server: MailServer) -> list[str]:
    return sorted({str(one["To"]).partition("@")[0] for one in server.taken})


def test_killed_restarted_and_with_the_queue_lost_each_is_told_once(
    tmp_path: Path, database_url: str
) -> None:
    """Killed between sending and marking; then the queue starts from an empty disk; then time goes by."""
    asked(tmp_path, database_url)
    with mail_server(halt=threading.Event()) as server:
        url = f"smtp+plain://127.0.0.1:{server.port}"
        program = (sys.executable, "-m", "tests.support.reminding", str(tmp_path), database_url, url)
        with valkey_at(tmp_path / "queue"), child(*program) as worker:
            assert server.took.wait(120)  # taken by the server, and not marked yet
            worker.kill()
            worker.wait()
        assert states(database_url) == ["sending"]
        assert server.halt is not None
        server.halt.set()
        later(tmp_path, database_url, minutes=16)
        for file in (tmp_path / "queue").rglob("*"):
            if file.is_file():
                file.unlink()  # whatever the queue had kept is gone
        with valkey_at(tmp_path / "queue"), child(*program):
            until(lambda: states(database_url) == ["sent", "sent"])
            later(tmp_path, database_url, minutes=31)
            until(lambda: states(database_url) == ["sent", "sent", "sent"])
        assert receivers(server) == ["caseworker", "colleague", "coordinator"]
        assert len(server.taken) == 4  # the first one twice,
        assert len(set(server.ids)) == 3  # as the very same letter: its receiver keeps one
