"""The database: one declarative base, one session, types that mean the same on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    CursorResult,
    DateTime,
    Dialect,
    Executable,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

NAMES_OBJECT: Final = {"names": "object"}  # the `info` of a column that holds ids of sealed objects
BUSY_TIMEOUT: Final = 15_000  # milliseconds that whoever writes waits for another writer of SQLite


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant. Stored and returned in UTC; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse naive values, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy passes it
        """Give the instant back with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """Base of every model."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(
        metadata=metadata,
        type_annotation_map={UUID: Uuid, bytes: LargeBinary, dt.datetime: UtcDateTime, list[str]: JSON},
    )


db = SQLAlchemy(model_class=Base)


def send(
    statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Send a statement over tables as it is, in the session's transaction, after what the session holds.

    For what every request or sign-in asks: it costs a third of loading objects. It keeps no object, and
    refreshes none that was loaded before.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, parameters)


def put(table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str], new: Sequence[str]) -> None:
    """Insert rows; of one that is there already, by `key`, the columns `new` are replaced.

    Another request of the same person may have written the same row a moment ago.
    """
    if not rows:
        return
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    replaced = {name: insert.excluded[name] for name in new}
    send(insert.on_conflict_do_update(index_elements=list(key), set_=replaced), list(rows))


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable, strict and honest about who writes; PostgreSQL only sends rows as they are."""
    if engine.dialect.name != "sqlite":
        from core.store.postgres import RawCursor  # noqa: PLC0415 -- the driver is loaded only where it is used

        event.listen(
            engine, "connect", lambda connection, _: setattr(connection, "cursor_factory", RawCursor)
        )
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: `begin` below decides how.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writer = connection.get_execution_options().get("writer", False)
        # Straight to the driver: every request comes by here twice.
        connection.connection.cursor().execute("BEGIN IMMEDIATE" if writer else "BEGIN")
