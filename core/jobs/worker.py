"""The process that does the jobs.

A task is a plain function of ids in a feature's `tasks` module. It runs inside the transaction that also
marks its message done: both happen or neither, so a job that is delivered twice, or killed half-way, is done
once. A task that needs several steps enqueues the next one.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from uuid import UUID

import structlog
from flask import Flask
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import select

from core import clock
from core.jobs.models import OutboxMessage
from core.jobs.queue import TASK_NAME, sweep, the_queue
from core.store.transaction import transaction

CHORES_EVERY = 10  # seconds
FIRST_PAUSE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(hours=1)

log = structlog.get_logger("jobs")

# Called inside the transaction of a job with its message. Whoever starts the worker adds the audit here.
when_done: list[Callable[[OutboxMessage], None]] = []


def perform(message_id: str) -> None:
    """Do the message once. Never raises: nothing but classes of exceptions may reach rq's logs and keys."""
    try:
        _perform(UUID(message_id))
    except Exception:
        log.exception("job.failed", message_id=message_id)
        try:
            _postpone(UUID(message_id))
        except Exception:  # the database is away; the sweep comes back to the message
            log.exception("job.not_postponed", message_id=message_id)


def _perform(message_id: UUID) -> None:
    with transaction() as session:
        message = session.scalar(
            select(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.done_at.is_(None))
            .with_for_update(skip_locked=True)
        )
        if message is None:
            return
        _task(message.job)(*(UUID(value) for value in message.arguments))
        message.done_at = clock.now()
        for hook in when_done:
            hook(message)
        job = message.job
    log.info("job.done", message_id=message_id, job=job)


def _task(name: str) -> Callable[..., None]:
    """The function by its dotted name. Only `tasks` modules: a tampered row must not choose other code."""
    if not TASK_NAME.fullmatch(name):
        raise ValueError("not a task")
    module, function = name.rsplit(".", 1)
    found: Callable[..., None] = getattr(importlib.import_module(module), function)
    return found


def _postpone(message_id: UUID) -> None:
    """Try again later: after 30 seconds, then twice as long each time, at most an hour."""
    with transaction() as session:
        message = session.get(OutboxMessage, message_id, with_for_update=True)
        if message is not None and message.done_at is None:
            pause = min(FIRST_PAUSE * 2 ** min(message.attempts, 10), LONGEST_PAUSE)
            message.attempts += 1
            message.due_at = clock.now() + pause


class JobWorker(SimpleWorker):
    """rq's worker inside an application context, with chores between the jobs."""

    app: Flask
    chores: tuple[Callable[[], object], ...] = (sweep,)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run one job in a context, and so in a database session, of its own."""
        with self.app.app_context():
            return bool(super().perform_job(job, queue, execution))

    def run_maintenance_tasks(self) -> None:
        """Every few seconds: rq's own tidying, then the chores. One that fails is tried at the next round."""
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]  # rq leaves it without annotations
        for chore in self.chores:
            try:
                with self.app.app_context():
                    chore()
            except StopRequested:  # asked to stop in the middle of it: rolled back, and the worker ends
                raise
            except Exception:
                log.exception("job.chore_failed", job=chore.__name__)

    def clean_group_registries(self) -> None:
        """Nothing: we have no groups, and rq would unpickle what it finds under their names."""


def make_worker(app: Flask, *chores: Callable[[], object]) -> JobWorker:
    """A worker for the application's queue, with further chores after the sweep. `.work()` starts it."""
    with app.app_context():
        queue = the_queue()
    worker = JobWorker(
        [queue],
        connection=queue.connection,
        serializer=JSONSerializer,
        maintenance_interval=CHORES_EVERY,
        worker_ttl=CHORES_EVERY + 20,  # rq waits for a job 15 seconds less than this, then does its chores
        log_job_description=False,
        disable_default_exception_handler=True,  # it stores tracebacks
    )
    worker.app = app
    worker.chores = (sweep, *chores)
    return worker
