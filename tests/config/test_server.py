"""What the web server does before its workers part."""

from pathlib import Path

from flask import Flask

from app import create_app
from config import server
from config.settings import Settings
from core.store.base import db
from tests.support.instances import environment_for


def test_nothing_is_connected_before_the_workers_part(tmp_path: Path) -> None:
    """A connection that two processes believed theirs would mix what people read."""
    assert server.preload_app
    app: Flask = create_app(Settings.from_env(environment_for(tmp_path)))
    queue = app.extensions["himaya.queue"].connection.connection_pool
    with app.app_context():
        assert "Current Checked out connections: 0" in db.engine.pool.status()
        assert "Connections in pool: 0" in db.engine.pool.status()
    assert vars(queue).get("_available_connections", []) == []
