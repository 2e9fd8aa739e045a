"""The two programs that serve: the web application for gunicorn, and the worker."""

import os

import click
from flask import Flask

from commands.instance import harden, load_settings
from config.logs import configure_logs
from config.settings import Settings


def web() -> Flask:
    """The application as gunicorn loads it (config/server.py)."""
    from config.weblog import init_web_log

    harden()
    app = application(Settings.from_env(os.environ))
    init_web_log(app)
    return app


@click.command()
def worker() -> None:
    """Do the jobs that wait, until stopped."""
    settings = load_settings()
    from redis.exceptions import RedisError

    from accounts.tasks import purge_forms, purge_sessions
    from cases.tasks import draw_reviews, expire_access, expire_offers, forget_sheets, remind, send_letters
    from core.audit import service as audit
    from core.audit.verify import write_checkpoints
    from core.jobs.models import OutboxMessage
    from core.jobs.worker import make_worker, when_done
    from core.store.forgetting import forget_now_and_then
    from core.store.sweeping import sweep_files
    from intake.tasks import tell_people, tell_urgent, tidy
    from referrals.tasks import run_clocks

    def record(message: OutboxMessage) -> None:
        if message.organisation_id is not None:
            audit.record(
                None,
                f"job.{message.job}",
                organisation_id=message.organisation_id,
                object_kind="job",
                object_id=message.id,
            )

    def checkpoint() -> None:
        write_checkpoints(settings.audit_folder, settings.audit_key, every=3600)

    when_done.append(record)
    try:
        chores = (
            tell_urgent,
            tell_people,
            purge_sessions,
            purge_forms,
            expire_offers,
            expire_access,
            forget_sheets,
            run_clocks,
            draw_reviews,
            tidy,
            sweep_files,
            forget_now_and_then,
            remind,
            send_letters,
            checkpoint,
        )
        make_worker(application(settings), *chores).work(logging_level="WARNING")
    except RedisError as error:
        raise click.ClickException(
            f"The queue does not answer ({type(error).__name__}).\n    .venv/bin/himaya check"
        ) from None


def application(settings: Settings) -> Flask:
    """The application of this instance, with its logs."""
    from app import create_app

    configure_logs(settings.log_level)
    return create_app(settings)
