"""The smallest application that has a database and a queue. As a program: its worker, to be killed."""

import sys

from flask import Flask

from config.logs import configure_logs
from core.jobs.queue import init_queue
from core.jobs.worker import make_worker
from core.store.base import db, prepare_engine
from tests.support.instances import settings_for


def small_app(home: str, database_url: str) -> Flask:
    settings = settings_for(home, database_url)
    app = Flask("small")
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    init_queue(app, settings)
    return app


if __name__ == "__main__":
    configure_logs()
    make_worker(small_app(sys.argv[1], sys.argv[2])).work()
