"""Bring a database to the newest revision, and ask how far it is."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event

ROOT = Path(__file__).parents[2]


def import_models() -> None:
    """Import every module of models of the project, so that the metadata knows every table."""
    for pattern in ("*/models.py", "*/*_models.py", "*/models/*.py", "core/*/models.py"):
        for path in ROOT.glob(pattern):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def migration_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, for a given connection or for the one the settings name."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def migration_connection(url: str) -> Iterator[Connection]:
    """One writing transaction on the database at `url`, committed at the end.

    On SQLite foreign keys rest meanwhile, because a table is changed by replacing it, and are checked before
    the commit. Raises RuntimeError when a reference points nowhere.
    """
    engine = create_engine(url, poolclass=NullPool)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:

        @event.listens_for(engine, "connect")
        def connect(connection: object, _record: object) -> None:
            connection.isolation_level = None  # type: ignore[attr-defined]  # sqlite3's way to say "begin yourself"

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        yield connection
        if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("a migration left a reference that points nowhere")
    engine.dispose()


def upgrade(url: str, revision: str = "head") -> None:
    """Apply every revision up to `revision`, all or none."""
    with migration_connection(url) as connection:
        command.upgrade(migration_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Take back every revision after `revision`, all or none."""
    with migration_connection(url) as connection:
        command.downgrade(migration_config(connection), revision)


def is_current(url: str) -> bool:
    """Whether the database stands at the newest revision."""
    newest = ScriptDirectory.from_config(migration_config()).get_current_head()
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
