"""`himaya check`: is everything here that the product needs? One line each, with what mends it."""

import os
from collections.abc import Callable

import click

from commands.instance import describe
from config.settings import ConfigurationError, Settings

Verdict = tuple[str, str] | None
STUCK_AFTER = 5


@click.command()
def check() -> None:
    """Check configuration, secrets, database, queue, jobs, storage, files and printing."""
    try:
        settings = Settings.from_env(os.environ)
    except ConfigurationError as error:
        click.echo("configuration and secrets: wrong\n" + describe(error.problems))
        raise SystemExit(1) from None
    click.echo(f"configuration and secrets: ok ({settings.mode}, {settings.home})")
    checks: dict[str, Callable[[Settings], Verdict]] = {
        "database": _database,
        "queue": _queue,
        "jobs": _jobs,
        "storage": _storage,
        "files": _files,
        "documents": _documents,
    }
    failed = False
    for name, look in checks.items():
        verdict = look(settings)
        failed = failed or verdict is not None
        click.echo(f"{name}: ok" if verdict is None else f"{name}: {verdict[0]}\n    {verdict[1]}")
    raise SystemExit(1 if failed else 0)


def _database(settings: Settings) -> Verdict:
    from sqlalchemy.exc import SQLAlchemyError

    from core.store.migrate import is_current

    try:
        if not is_current(settings.database_url):
            return "not at the newest revision", ".venv/bin/himaya migrate"
    except SQLAlchemyError as error:
        return f"does not answer ({type(error).__name__})", "start it, or mend DATABASE_URL"
    return None


def _queue(settings: Settings) -> Verdict:
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        Redis.from_url(settings.queue_url, socket_connect_timeout=2).ping()
    except RedisError as error:
        mend = "start it, or mend REDIS_URL" if settings.redis_url else ".venv/bin/himaya run"
        return f"does not answer ({type(error).__name__})", mend
    return None


def _jobs(settings: Settings) -> Verdict:
    from sqlalchemy import create_engine, func, select
    from sqlalchemy.exc import SQLAlchemyError

    from core.jobs.models import OutboxMessage

    stuck = select(func.count()).where(OutboxMessage.done_at.is_(None), OutboxMessage.attempts >= STUCK_AFTER)
    try:
        with create_engine(settings.database_url).connect() as connection:
            count = connection.scalar(stuck) or 0
    except SQLAlchemyError:
        return "unknown while the database is not ready", ".venv/bin/himaya migrate"
    return (f"{count} failed {STUCK_AFTER} times or more", "read the log for job.failed") if count else None


def _storage(settings: Settings) -> Verdict:
    from core.store.blobs import STORE_ERRORS, Blobs

    try:
        Blobs(settings.storage_url).check()
    except STORE_ERRORS as error:
        return (
            f"cannot be written ({type(error).__name__})",
            "mend STORAGE_URL, or the rights of its folder or bucket",
        )
    return None


def _files(settings: Settings) -> Verdict:
    from sqlalchemy import create_engine, select
    from sqlalchemy.exc import SQLAlchemyError

    from commands.files import BIND, SWEEP
    from core import clock
    from core.store import belonging
    from core.store.blobs import STORE_ERRORS, Blobs
    from core.store.models import StoreMark

    try:
        with create_engine(settings.database_url).connect() as connection:
            found = belonging.standing(Blobs(settings.storage_url), clock.now(), connection)
            left = connection.scalar(select(StoreMark.left)) or 0
    except SQLAlchemyError:
        return "unknown while the database is not ready", ".venv/bin/himaya migrate"
    except STORE_ERRORS as error:
        return f"unknown while the storage does not answer ({type(error).__name__})", "mend the storage first"
    if found is belonging.Standing.STRANGE:
        return (
            "go with another database, or with this one before it was put back; nothing is swept",
            f"read docs/operating.md, After a restore; if they go together: {BIND}",
        )
    if left:
        return f"{left} have no row, too many for uploads that broke off; none is deleted", SWEEP
    return None


def _documents(_settings: Settings) -> Verdict:
    from core.documents.pdf import INSTALL, printable

    return None if printable() else ("cannot be printed", f"make setup, or: {INSTALL}")
