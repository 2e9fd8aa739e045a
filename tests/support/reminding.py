"""The product's own worker as a program, to be killed: `reminding.py HOME DATABASE_URL SMTP_URL`."""

import sys

from app import create_app
from cases.tasks import remind, send_letters
from config.logs import configure_logs
from config.settings import Settings
from core.jobs.worker import make_worker
from intake.tasks import tell_urgent
from tests.support.instances import settings_for


def settings_of(home: str, database_url: str, smtp_url: str) -> Settings:
    return settings_for(home, database_url, SMTP_URL=smtp_url)


if __name__ == "__main__":
    configure_logs()
    worker = make_worker(create_app(settings_of(*sys.argv[1:])), tell_urgent, remind, send_letters)
    worker.worker_ttl, worker.maintenance_interval = 16, 1  # a test need not wait as long as people do
    worker.work()
