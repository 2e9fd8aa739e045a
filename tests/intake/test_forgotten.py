"""A request that was taken back is gone from the files of the database, not only from its tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from core.store import forgetting
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Receipt, Request, RequestMessage
from intake.service import visiting
from tests.intake.stage import asked_with_code, back_with
from tests.support.cast import Cast, on_stage

SAID = "بيتنا مراقب " * 300  # long enough for pages of its own


@pytest.fixture
def cast(sqlite_app: Flask) -> Iterator[Cast]:
    with on_stage(sqlite_app) as found:
        yield found


def files(cast: Cast) -> bytes:
    """Everything that a thief of the disk finds of the database."""
    path = Path(db.engine.url.database or "")
    assert path.exists(), cast.settings.database_url
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))


def pieces(*blobs: bytes) -> list[bytes]:
    """Parts of each, from its beginning to its end: a long one lies on several pages."""
    return [blob[at : at + 24] for blob in blobs for at in range(0, len(blob) - 24, 500)]


def test_nothing_of_it_stays_in_the_files(cast: Cast) -> None:
    request_id, code = asked_with_code(cast, text=SAID)
    cookie = back_with(cast, code) or ""
    with transaction():
        visiting.say(visiting.visit(cookie), uuid4(), SAID)
    row = db.session.get_one(Request, request_id)
    receipt = db.session.scalars(select(Receipt).where(Receipt.request_id == request_id)).one()
    line = db.session.scalars(select(RequestMessage.sealed)).one()
    kept = pieces(row.sealed, row.desk_wrap or b"", receipt.wrapped, receipt.sealed_private, line)
    db.session.rollback()
    assert forgetting.forget_overwritten()
    assert [one for one in kept if one not in files(cast)] == []  # as long as it is there, it is found
    with transaction():
        visiting.withdraw(visiting.visit(cookie))
    assert any(one in files(cast) for one in kept)  # deleted, and yet in the files
    reader = db.engine.connect()  # somebody reads an older state: the next round comes through
    reader.exec_driver_sql("SELECT count(*) FROM requests").scalar_one()
    with transaction() as session:
        session.get_one(Request, request_id).version += 1
    assert not forgetting.forget_overwritten()
    reader.close()
    assert forgetting.forget_overwritten()
    assert [one for one in kept if one in files(cast)] == []


def test_the_worker_does_it_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([False, True, True])  # the first time somebody is in the way
    monkeypatch.setattr(forgetting, "_last", [])
    monkeypatch.setattr(forgetting, "forget_overwritten", lambda: next(answers))
    for _ in range(5):
        forgetting.forget_now_and_then()
    assert list(answers) == [True]
