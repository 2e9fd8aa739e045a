"""A wrong release is taken back: nobody gets it any more, and the ledger says why to managers alone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.service import drafts
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from reports.models import Release
from reports.service import releases
from tests.reports.conftest import Office
from tests.reports.test_pages import visible
from tests.reports.test_quarters import ON_SQLITE
from tests.reports.test_releases import counted, release

__all__ = ["counted"]


def test_a_revoked_release_is_handed_out_no_more(counted: Office, neighbour: Office) -> None:
    release(counted, "manager")
    release_id = db.session.scalars(select(Release.id)).one()
    manager, colleague = counted.people["manager"], counted.people["colleague"]
    with pytest.raises(DomainError), transaction():
        releases.revoke(manager, release_id, "  ")
    for stranger in (neighbour.people["manager"],):
        with pytest.raises(NotFound), transaction():
            releases.revoke(stranger, release_id, "yanlış")
    with pytest.raises(NotFound), transaction():
        releases.revoke(manager, uuid4(), "yanlış")
    with transaction():
        releases.revoke(manager, release_id, "Bir ay eksik sayılmış")
    with transaction():
        releases.revoke(colleague, release_id, "ikinci tıklama")
    with pytest.raises(Conflict), transaction():
        releases.fetch(manager, counted.blobs, release_id)
    row = releases.one(colleague, release_id)
    assert releases.why_revoked(colleague, row) == "Bir ay eksik sayılmış"
    assert row.revoked_by == manager.person_id
    assert b"eksik" not in (row.revoked_reason or b"")


@ON_SQLITE
def test_the_page_asks_why_and_the_ledger_shows_it(counted: Office, app: Flask) -> None:
    release(counted, "manager")
    path = f"/statistics/releases/{db.session.scalars(select(Release.id)).one()}"
    db.session.rollback()
    client = counted.visit(app, "manager")
    assert "Copies that others hold" in client.get(f"{path}/revoke").text
    assert client.post(f"{path}/revoke", data={"reason": ""}).status_code in {400, 422}
    with transaction():
        releases.revoke(
            counted.people["manager"], db.session.scalars(select(Release.id)).one(), "eksik sayım"
        )
    assert "Revoked" in visible(client.get("/statistics/releases").text)
    assert "eksik sayım" in client.get(f"{path}/revoke").text
    assert client.get(path).status_code == 409


@ON_SQLITE
def test_a_reason_that_came_too_late_comes_back(counted: Office, app: Flask) -> None:
    release(counted, "manager")
    release_id, manager = db.session.scalars(select(Release.id)).one(), counted.people["manager"]
    with transaction():
        drafts.save(manager.person_id, "reports.revoke", release_id, {"reason": ["Bir ay eksik sayılmış"]})
    page = counted.visit(app, "manager").get(f"/statistics/releases/{release_id}/revoke").text
    assert "Bir ay eksik sayılmış" in page
    assert "typed last time" in visible(page)
