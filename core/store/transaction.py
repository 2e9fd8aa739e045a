"""The one place where anything is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from core.store.base import db

Hook = Callable[[Session], None]

# Registered once at start-up: what must be written last (the audit), what must wait for the commit (jobs).
before_commit: list[Hook] = []
after_commit: list[Hook] = []


@contextmanager
def transaction() -> Iterator[Session]:
    """Begin as a writer, run the block, commit, or roll everything back.

    The read snapshot goes first: SQLite cannot turn a stale reader into a writer. Raises
    RuntimeError when the session already carries unsaved work, which would be a nested or
    forgotten transaction.
    """
    session = _fresh()
    session.connection(execution_options={"writer": True})
    session.info["writing"] = True
    try:
        yield session
        for hook in before_commit:
            hook(session)
        session.commit()
    except BaseException:
        session.rollback()
        session.info.clear()
        raise
    session.info.pop("writing")
    for hook in after_commit:
        hook(session)
    for act in session.info.pop("afterwards", ()):
        act()


def afterwards(act: Callable[[], None]) -> None:
    """Have something slow done once the present transaction is committed, and outside of it.

    Who is killed in between never does it: what is lost by that has to stand in a row.
    """
    db.session().info.setdefault("afterwards", []).append(act)


@contextmanager
def reading() -> Iterator[Session]:
    """Run a block that opens much; nobody who writes waits for it, and it can write nothing.

    Acts that the block puts on the chain are written behind it, in a short transaction of their own: where
    that fails, nothing is shown. What was read leaves the session, so that a page does not read it again.
    Raises RuntimeError as `transaction` does.
    """
    session = _fresh()
    known = set(session.identity_map.keys())
    connection = session.connection(execution_options={"postgresql_readonly": True})
    lite = connection.connection.cursor() if connection.dialect.name == "sqlite" else None
    session.info["writing"] = True  # nothing else begins within it
    try:
        if lite:
            lite.execute("PRAGMA query_only=ON")
        yield session
        for one in [one for one in session if inspect(one).key not in known]:
            session.expunge(one)
    except BaseException:
        session.info.clear()
        raise
    finally:
        if lite:
            lite.execute("PRAGMA query_only=OFF")
        session.rollback()
    session.info.pop("writing")
    if session.info.get("acts"):
        with transaction():
            pass  # its hook writes the acts


def _fresh() -> Session:
    """The session without the snapshot it has read so far."""
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("transactions do not nest")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("the session carries unsaved work from outside a transaction")
    session.rollback()
    return session


def queue_for(token: UUID) -> None:
    """Wait until whoever carries out a form with the same token is done: a second click then finds the first.

    Lasts until the transaction ends. SQLite has one writer anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(token.bytes[:8], signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))
