"""Runs the revisions. The address comes from whoever calls Alembic, or from the settings of the instance."""

import os

from alembic import context
from sqlalchemy import Connection

from config.settings import Settings
from core.store.base import Base
from core.store.migrate import import_models, migration_connection

import_models()


def run(connection: Connection) -> None:
    """Bring the database of this connection to where Alembic was told to go."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite changes a table by copying it
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migration_connection(Settings.from_env(os.environ).database_url) as opened:
        run(opened)
