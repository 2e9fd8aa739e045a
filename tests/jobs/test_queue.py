"""Work is done once, whatever dies; what the queue holds tells nothing."""

import datetime as dt
import io
import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from redis import Redis
from rq.exceptions import StopRequested
from sqlalchemy import func, select, update

from config.logs import configure_logs
from core.jobs.models import OutboxMessage
from core.jobs.queue import LEASE, enqueue, sweep, the_queue
from core.jobs.worker import make_worker, perform, when_done
from core.store.base import db
from core.store.transaction import transaction
from tests.support.clock import FrozenClock
from tests.support.queueing import small_app
from tests.support.servers import child, valkey_at
from tests.support.tasks import SECRET, TRACE

TASKS = "tests.support.tasks"


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    application = small_app(str(tmp_path), database_url)
    yield application
    with application.app_context():
        db.session.remove()
        the_queue().connection.close()
        db.engine.dispose()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Redis]:
    with valkey_at(tmp_path / "queue") as (url, _process):
        connection = Redis.from_url(url)
        yield connection
        connection.close()


def ask(app: Flask, task: str, *, due_at: dt.datetime | None = None) -> UUID:
    with app.app_context(), transaction():
        return enqueue(f"{TASKS}.{task}", uuid4(), due_at=due_at)


def work(app: Flask) -> None:
    """One round of a worker in this process: all that waits, without chores."""
    worker = make_worker(app)
    worker.chores = ()
    worker.work(burst=True)


def swept(app: Flask) -> int:
    with app.app_context():
        return sweep()


def message(app: Flask, id: UUID) -> OutboxMessage:
    with app.app_context():
        found = db.session.get(OutboxMessage, id)
        assert found is not None
        return found


def traces(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).where(OutboxMessage.job == TRACE)) or 0


def everything_in(valkey: Redis) -> str:
    parts: list[object] = []
    for key in valkey.keys("*"):
        kind = valkey.type(key)
        parts.append(key)
        if kind == b"hash":
            parts.append(valkey.hgetall(key))
        elif kind == b"list":
            parts.append(valkey.lrange(key, 0, -1))
        elif kind == b"zset":
            parts.append(valkey.zrange(key, 0, -1))
        elif kind == b"string":
            parts.append(valkey.get(key))
    return repr(parts)


def test_a_job_is_done_and_then_no_longer_kept_in_the_queue(app: Flask, valkey: Redis) -> None:
    id = ask(app, "leave_trace")
    work(app)
    assert message(app, id).done_at is not None
    assert traces(app) == 1
    assert f"rq:job:{id}" not in everything_in(valkey)


def test_nothing_is_sent_when_the_transaction_fails(app: Flask, valkey: Redis) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        enqueue(f"{TASKS}.leave_trace", uuid4())
        raise ZeroDivisionError
    assert valkey.keys("rq:job:*") == []
    # The failed transaction must not be sent by the next one either.
    with app.app_context(), transaction():
        pass
    assert valkey.keys("rq:job:*") == []


def test_the_queue_holds_the_name_of_the_job_and_the_id_of_the_message_only(
    app: Flask, valkey: Redis
) -> None:
    argument = uuid4()
    with app.app_context(), transaction():
        id = enqueue(f"{TASKS}.leave_trace", argument)
    stored = valkey.hgetall(f"rq:job:{id}")
    assert stored[b"description"] == f"{TASKS}.leave_trace {id}".encode()
    assert str(argument) not in everything_in(valkey)
    assert "pickle" not in everything_in(valkey)


def test_delivered_twice_is_done_once(app: Flask, valkey: Redis) -> None:
    id = ask(app, "leave_trace")
    for _ in range(2):
        with app.app_context():
            perform(str(id))
    work(app)
    assert traces(app) == 1


def test_what_a_job_did_is_undone_when_it_fails_and_it_is_tried_again_later(
    app: Flask, valkey: Redis, clock: FrozenClock
) -> None:
    id = ask(app, "fail")
    work(app)
    failed = message(app, id)
    assert (failed.done_at, failed.attempts, traces(app)) == (None, 1, 0)
    assert failed.due_at is not None
    assert failed.due_at > clock.instant
    assert swept(app) == 0
    clock.advance(seconds=31)
    assert swept(app) == 1
    work(app)
    second = message(app, id)
    assert second.attempts == 2
    assert second.due_at is not None
    assert second.due_at - clock.instant == dt.timedelta(seconds=60)


def test_the_text_of_an_exception_reaches_neither_log_nor_queue(app: Flask, valkey: Redis) -> None:
    log = io.StringIO()
    configure_logs("debug", log)
    id = ask(app, "fail")
    work(app)
    name = SECRET.split()[0]
    failures = [
        line for line in map(json.loads, log.getvalue().splitlines()) if line["event"] == "job.failed"
    ]
    assert failures
    assert "tests.support.tasks.UnluckyError" in failures[0]["exception"]
    assert failures[0]["message_id"] == str(id)
    for place in (log.getvalue(), everything_in(valkey)):
        assert name not in place
        assert json.dumps(name)[1:-1] not in place
        assert "0532 111" not in place


def test_a_job_that_is_not_due_waits(app: Flask, valkey: Redis, clock: FrozenClock) -> None:
    id = ask(app, "leave_trace", due_at=clock.instant + dt.timedelta(days=1))
    assert valkey.keys("rq:job:*") == []
    clock.advance(hours=23)
    assert swept(app) == 0
    clock.advance(hours=2)
    assert swept(app) == 1
    work(app)
    assert message(app, id).done_at is not None


def test_a_job_asked_for_while_the_queue_is_away_is_sent_when_it_returns(
    app: Flask, tmp_path: Path, clock: FrozenClock
) -> None:
    id = ask(app, "leave_trace")  # nobody listens: the page that asked must not fail
    clock.advance(seconds=5)
    with valkey_at(tmp_path / "queue"):
        assert swept(app) == 1
        assert swept(app) == 0  # it waits in the queue now
        work(app)
    assert message(app, id).done_at is not None


def test_a_killed_queue_loses_nothing(app: Flask, tmp_path: Path) -> None:
    with valkey_at(tmp_path / "queue") as (_url, process):
        id = ask(app, "leave_trace")
        process.kill()
        process.wait()
    with valkey_at(tmp_path / "queue"):
        work(app)
    assert message(app, id).done_at is not None


def test_a_queue_that_has_lost_everything_is_filled_again(
    app: Flask, tmp_path: Path, clock: FrozenClock
) -> None:
    with valkey_at(tmp_path / "queue") as (_url, process):
        ids = [ask(app, "leave_trace") for _ in range(3)]
        process.kill()
        process.wait()
    shutil.rmtree(tmp_path / "queue")
    clock.advance(seconds=5)
    with valkey_at(tmp_path / "queue"):
        assert swept(app) == 3
        work(app)
    assert all(message(app, id).done_at for id in ids)
    assert traces(app) == 3


def test_a_worker_killed_in_the_middle_of_a_job_leaves_it_undone_for_the_next(
    app: Flask, valkey: Redis, tmp_path: Path, database_url: str, clock: FrozenClock
) -> None:
    id = ask(app, "leave_trace_slowly")
    with child(sys.executable, "-m", "tests.support.queueing", str(tmp_path), database_url) as worker:
        for _ in range(1200):
            if valkey.hget(f"rq:job:{id}", "status") == b"started":
                break
            time.sleep(0.05)
        else:
            pytest.fail("the worker did not begin")
        time.sleep(2)  # let it get into the task itself
        worker.kill()
        worker.wait()
    assert (message(app, id).done_at, traces(app)) == (None, 0)
    clock.instant = dt.datetime.now(dt.UTC) + LEASE + dt.timedelta(seconds=1)
    assert swept(app) == 1
    with app.app_context(), transaction() as session:
        session.execute(update(OutboxMessage).values(job=f"{TASKS}.leave_trace"))
    work(app)
    assert message(app, id).done_at is not None
    assert traces(app) == 1


def test_only_functions_of_tasks_modules_are_jobs(app: Flask, valkey: Redis) -> None:
    with app.app_context(), transaction(), pytest.raises(ValueError, match="not a task"):
        enqueue("os.system", uuid4())
    id = ask(app, "leave_trace")
    with app.app_context(), transaction() as session:
        session.execute(update(OutboxMessage).values(job="os.abort", arguments=[]))
    work(app)
    assert message(app, id).attempts == 1


def test_who_started_the_worker_hears_of_each_job_in_its_transaction(
    app: Flask, valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[UUID, bool]] = []

    def hear(done: OutboxMessage) -> None:
        heard.append((done.id, db.session().in_transaction()))
        if len(heard) == 1:
            raise OSError("the audit could not be written")

    monkeypatch.setattr("core.jobs.worker.when_done", [*when_done, hear])
    id = ask(app, "leave_trace")
    with app.app_context():
        perform(str(id))
    assert message(app, id).done_at is None
    with app.app_context():
        perform(str(id))
    assert message(app, id).done_at is not None
    assert heard == [(id, True), (id, True)]


def test_done_messages_are_forgotten_after_a_week(app: Flask, valkey: Redis, clock: FrozenClock) -> None:
    id = ask(app, "nothing")
    work(app)
    clock.advance(days=6)
    swept(app)
    assert message(app, id).done_at is not None
    clock.advance(days=2)
    swept(app)
    with app.app_context():
        assert db.session.get(OutboxMessage, id) is None


def test_a_database_that_is_away_is_survived(
    app: Flask, valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    configure_logs("info", log)

    def away() -> None:
        raise OSError(SECRET)

    monkeypatch.setattr("core.jobs.worker.transaction", away)
    with app.app_context():
        perform(str(uuid4()))
    worker = make_worker(app, away)
    worker.run_maintenance_tasks()
    assert [
        json.loads(line)["event"]
        for line in log.getvalue().splitlines()
        if '"jobs"' in line or "job." in line
    ]
    assert "job.not_postponed" in log.getvalue()
    assert "job.chore_failed" in log.getvalue()
    assert "0532 111" not in log.getvalue()


def test_asked_to_stop_in_the_middle_of_a_chore_the_worker_stops(app: Flask, valkey: Redis) -> None:
    """rq raises this from a signal; swallowed, the worker would go on until it is killed."""
    log = io.StringIO()
    configure_logs("info", log)

    def stopped() -> None:
        raise StopRequested

    with pytest.raises(StopRequested):
        make_worker(app, stopped).run_maintenance_tasks()
    assert "job.chore_failed" not in log.getvalue()
