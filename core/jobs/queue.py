"""Hand work to the worker, after the transaction that asked for it and never without it.

`enqueue` writes a row into the current transaction. After the commit the row's id goes to rq. When the queue
is away, or forgets, `sweep` sends what is still waiting. A message may therefore be sent more than once;
`core.jobs.worker.perform` does it once.
"""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID, uuid4

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from config.settings import Settings
from core import clock
from core.jobs.models import OutboxMessage
from core.store.base import db
from core.store.transaction import after_commit, transaction

NAME = "himaya"
PERFORM = "core.jobs.worker.perform"
TIMEOUT = 120  # seconds a job may take
# What a worker holds longer than this was lost with the worker.
LEASE = dt.timedelta(seconds=2 * TIMEOUT)
# A row younger than this is still being sent by whoever wrote it.
SETTLE = dt.timedelta(seconds=2)
KEEP_DONE = dt.timedelta(days=7)
SWEEP_LIMIT = 500
TASK_NAME = re.compile(r"([a-z_]+\.)+tasks\.[a-z_]+")

log = structlog.get_logger("jobs")


def init_queue(app: Flask, settings: Settings) -> None:
    """Connect the application to its queue. The queue need not be there yet."""
    connection = Redis.from_url(settings.queue_url, socket_connect_timeout=2)
    app.extensions["himaya.queue"] = Queue(NAME, connection=connection, serializer=JSONSerializer)
    if _send_new not in after_commit:
        after_commit.append(_send_new)


def the_queue() -> Queue:
    """The queue of the current application."""
    queue: Queue = current_app.extensions["himaya.queue"]
    return queue


def enqueue(
    job: str, *ids: UUID, organisation_id: UUID | None = None, due_at: dt.datetime | None = None
) -> UUID:
    """Have `job`, the dotted name of a function in a `tasks` module, called with `ids` after the commit.

    Not before `due_at` when given; recorded on the audit chain of `organisation_id` when given. Returns the
    id of the message. Raises ValueError for a name that is not a task's.
    """
    if not TASK_NAME.fullmatch(job):
        raise ValueError(f"{job} is not a task")
    session = db.session()
    message = OutboxMessage(
        id=uuid4(),
        organisation_id=organisation_id,
        job=job,
        arguments=[str(value) for value in ids],
        created_at=clock.now(),
        due_at=due_at,
        sent_at=None,
        done_at=None,
        attempts=0,
    )
    session.add(message)
    if due_at is None:
        session.info.setdefault("outbox", []).append((message.id, job))
    return message.id


def _send_new(session: Session) -> None:
    """After a commit: send what it wrote. What cannot be sent now waits for the sweep."""
    for message_id, job in session.info.pop("outbox", []):
        try:
            _send(message_id, job)
        except RedisError:
            log.warning("job.unsent", message_id=message_id, job=job)


def _send(message_id: UUID, job: str) -> None:
    the_queue().enqueue_call(
        PERFORM,
        args=[str(message_id)],
        job_id=str(message_id),
        description=f"{job} {message_id}",
        timeout=TIMEOUT,
        result_ttl=0,
        failure_ttl=TIMEOUT,
    )


def sweep() -> int:
    """Send every message that is due, not done, and neither waiting in the queue nor fresh in a worker.

    Forgets messages that were done a week ago. Returns how many were sent. Raises RedisError when the queue
    is away; running it twice sends nothing twice while the first is still waiting.
    """
    moment = clock.now()
    with transaction() as session:
        session.execute(delete(OutboxMessage).where(OutboxMessage.done_at < moment - KEEP_DONE))
        waiting = session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.done_at.is_(None),
                OutboxMessage.created_at <= moment - SETTLE,
                or_(OutboxMessage.due_at.is_(None), OutboxMessage.due_at <= moment),
            )
            .order_by(OutboxMessage.created_at)
            .limit(SWEEP_LIMIT)
        ).all()
        lost = [message for message in waiting if _lost(message, moment)]
        for message in lost:
            _send(message.id, message.job)
            message.sent_at = moment
    if lost:
        log.info("job.swept", count=len(lost))
    return len(lost)


def _lost(message: OutboxMessage, moment: dt.datetime) -> bool:
    """Whether neither the queue nor a worker can still have the message."""
    queue = the_queue()
    key = str(message.id)
    if not Job.exists(key, connection=queue.connection):
        return True
    if queue.get_job_position(key) is not None:
        return False
    return (message.sent_at or message.created_at) < moment - LEASE
