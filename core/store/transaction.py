"""The one place where anything is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import func, select
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
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("transactions do not nest")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("the session carries unsaved work from outside a transaction")
    session.rollback()
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


def queue_for(token: UUID) -> None:
    """Wait until whoever carries out a form with the same token is done: a second click then finds the first.

    Lasts until the transaction ends. SQLite has one writer anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(token.bytes[:8], signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))
