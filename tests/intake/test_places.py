"""Who takes a request: a desk that nobody could trust is passed over, and closes the door for nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from accounts.models import CertificateRow, Organisation, OrganisationKey
from core import clock
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Request
from intake.service import drafts, places, sending
from tests.intake.stage import asked
from tests.support.cast import Cast, found

LONG_AGO: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _not_signed(cast: Cast) -> None:
    key = db.session.query(OrganisationKey).filter_by(organisation_id=cast.organisation_id, kind="desk").one()
    row = db.session.get_one(CertificateRow, key.certificate_id)
    row.signature = bytes(64)


def _retired(cast: Cast) -> None:
    desk = OrganisationKey.organisation_id == cast.organisation_id, OrganisationKey.kind == "desk"
    db.session.execute(update(OrganisationKey).where(*desk).values(retired_at=clock.now()))


def _other_root(cast: Cast) -> None:
    home = Organisation.id == cast.organisation_id
    db.session.execute(update(Organisation).where(home).values(root_public=bytes(32)))


def _other_key(cast: Cast) -> None:
    desk = OrganisationKey.organisation_id == cast.organisation_id, OrganisationKey.kind == "desk"
    db.session.execute(update(OrganisationKey).where(*desk).values(public=bytes(1216)))


@pytest.fixture
def both(sqlite_app: Flask) -> Iterator[tuple[Cast, Cast]]:
    """Two organisations that take requests: ours from 27 and 63, the other one from 31 and 63."""
    with sqlite_app.app_context():
        two = found(sqlite_app), found(sqlite_app, "YAD")
        with transaction():  # among equals the eldest takes it
            db.session.get_one(Organisation, two[0].organisation_id).created_at = LONG_AGO
        for cast, province in zip(two, ("27", "31"), strict=True):
            door = {"open": True, "provinces": [province, "63"], "hours": {}, "notice": {}, "tonight": {}}
            with transaction():
                places.write(cast["admin"], 0, door)
        yield two
        db.session.rollback()


@pytest.mark.parametrize("broken", [_not_signed, _retired, _other_root, _other_key])
def test_the_next_one_that_serves_the_province_takes_it(
    both: tuple[Cast, Cast], broken: Callable[[Cast], None]
) -> None:
    ours, theirs = both
    takes = [db.session.get_one(Request, asked(ours, province)).organisation_id for province in ("63", "31")]
    assert takes == [ours.organisation_id, theirs.organisation_id]
    db.session.rollback()
    with transaction():
        broken(ours)
    assert places.told("ar").open
    # Also what only ours named: better somebody who reads than nobody.
    for province in ("63", "27"):
        assert db.session.get_one(Request, asked(theirs, province)).organisation_id == theirs.organisation_id
        db.session.rollback()
    with transaction():
        _retired(theirs)
    assert not places.told("ar").open
    with pytest.raises(DomainError, match="لا أحد يستقبل الطلبات"):
        asked(theirs, "63")


def test_a_desk_that_goes_while_the_code_is_made_loses_nothing(both: tuple[Cast, Cast]) -> None:
    ours, theirs = both
    draft = drafts.load("")
    with transaction():
        drafts.save(draft, {"whom": "me", "text": "yardım", "province": "63"})
        drafts.save(draft, {drafts.BEGAN: "2026-01-01T00:00:00+00:00"})
    prepared = sending.prepare(ours.settings, draft)
    db.session.rollback()
    with transaction():
        _retired(ours)
    with pytest.raises(DomainError, match="ما كتبته محفوظ"), transaction():
        sending.send(prepared, draft, uuid4())
    again = sending.prepare(ours.settings, drafts.load(draft.cookie))
    assert again.organisation_id == theirs.organisation_id
    db.session.rollback()
    with transaction():
        assert sending.send(again, draft, uuid4())
