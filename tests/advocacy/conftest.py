"""Two organisations whose cases recur, and their managers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from accounts.service import partners
from advocacy.service import scanning
from core.store.blobs import Blobs
from core.store.transaction import transaction
from reports.service import releases
from tests.support.cast import Cast, found, on_stage, once, record_of

AGREED = [{"kind": "statistics", "answer": "given", "language": "ar", "how": "oral"}]


@pytest.fixture
def ours(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as cast:
        yield cast


@pytest.fixture
def theirs(ours: Cast) -> Cast:
    return found(ours.app, "YAD")


@once
def recur(
    cast: Cast, times: int, *, consents: Any = AGREED, urgency: str = "U1", **record: Any
) -> list[UUID]:
    """The same issue in the same province, so many times."""
    return [
        cast.record(record={**record_of(), **record}, consents=consents, urgency=urgency, token=uuid4())
        for _ in range(times)
    ]


def scan(cast: Cast) -> None:
    """Look through the facts to the end."""
    while True:
        step = scanning.prepare(cast["manager"])
        with transaction():
            scanning.write(cast["manager"], step)
        if not step.left:
            return


def compared(one: Cast, other: Cast) -> None:
    """Each compares the other's fingerprint."""
    for here, there in ((one, other), (other, one)):
        with transaction():
            partners.confirm(here["admin"], there.organisation_id, partners.own_fingerprint(there["admin"]))


def released(cast: Cast, quarter: str, table: str, kind: str = "csv", language: str = "en") -> UUID:
    """A release of a table whose quarter is frozen; its file holds nothing of interest."""
    blobs = Blobs(cast.settings.storage_url)
    drafted = releases.draft(cast["manager"], blobs, table, quarter, kind, language, lambda *_: b"x")
    with transaction():
        return releases.release(cast["manager"], blobs, drafted)
