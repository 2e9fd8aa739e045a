"""While one person looks through many requests, everybody else goes on writing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from core.audit.models import AuditEntry
from core.store.base import BUSY_TIMEOUT, db
from core.store.transaction import reading, transaction
from intake.models import Request
from intake.service import sealing
from tests.intake.test_phones import taken
from tests.intake.urgent import ask
from tests.support.cast import on_stage
from tests.support.world import World


def written_by_somebody_else() -> None:
    """Another process commits a change to each request, and waits for nobody."""
    with db.engine.connect().execution_options(writer=True) as connection:
        lite = connection.connection.cursor() if connection.dialect.name == "sqlite" else None
        if lite:
            lite.execute("PRAGMA busy_timeout=0")
        connection.execute(update(Request).values(waits_desk=True))
        connection.commit()
        if lite:
            lite.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")


@pytest.mark.parametrize("page", ["?province=27", "/{}/accept"])
def test_requests_are_opened_while_somebody_else_writes(
    world: World, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    looked_at = taken(world, province="27")
    for _ in range(2):
        taken(world, province="27")
    browser, opened, meanwhile = world.browser("caseworker"), sealing.opened, []

    def slow(key: Any, request: Request) -> dict[str, Any]:
        if request.id != looked_at:
            written_by_somebody_else()
            meanwhile.append(request.id)
        return opened(key, request)

    monkeypatch.setattr(sealing, "opened", slow)
    assert browser.get("/requests" + page.format(looked_at)).status_code == 200
    assert len(set(meanwhile)) > 1
    assert ("This phone stands elsewhere" in browser.text) == ("accept" in page)
    with world.app.app_context():  # and that somebody looked stands on the chain
        acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.number.desc()).limit(2)).all()
        assert "request.list" in acts


def test_what_only_reads_can_write_nothing(app: Flask) -> None:
    with on_stage(app) as cast:
        ask(cast, "U2")
        with pytest.raises(DBAPIError), reading() as session:
            session.execute(update(Request).values(urgency="U3"))
        with pytest.raises(RuntimeError), reading(), transaction():
            pass
        with reading() as session:
            row = session.scalars(select(Request)).one()
        assert row.urgency == "U2"
        with transaction() as session:  # the connection writes again
            session.execute(update(Request).values(urgency="U3"))
