"""Two managers at once: a quarter is closed once, a table is released once, and both get the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from accounts.service import trust
from core.errors import Conflict
from core.store.base import db
from domain.disclosure import ProtectedTable
from reports.models import QuarterSnapshot, Release
from reports.service import quarters, releases
from reports.service.releases import Draft, Stamp
from tests.reports.conftest import TODAY, Office, begun, opened
from tests.support.clock import FrozenClock
from tests.support.racing import Race, on_both

Q1, Q2 = "2026-Q1", "2026-Q2"


@pytest.fixture
def office(race: Race, clock: FrozenClock) -> Iterator[Office]:
    """Two managers and enough cases in two closed quarters."""
    clock.set(TODAY)
    settings = race.app.extensions["himaya"]
    trust.install(settings)
    with race.app.app_context():

        def begin() -> Office:
            made = opened(settings, "AA")
            for sex in ("f", "m"):
                made.case(dt.date(2026, 2, 3), count=6, sex=sex)
                made.case(dt.date(2026, 5, 5), count=6, sex=sex)
            return made

        yield begun(settings, "two quarters", begin)
        db.session.remove()


def closed(office: Office, *asked: tuple[str, str]) -> list[quarters.Freeze]:
    """Quarters as both managers have gathered them, a moment before either writes."""
    gathered = [quarters.prepare(office.people[name], quarter) for name, quarter in asked]
    db.session.rollback()
    return gathered


@on_both
def test_a_quarter_closed_by_two_is_frozen_once(race: Race, office: Office) -> None:
    names = ("manager", "colleague")
    gathered = closed(office, *[(name, Q1) for name in names])
    came = race.run(
        *[
            lambda name=name, one=one: quarters.freeze(office.people[name], one)
            for name, one in zip(names, gathered, strict=True)
        ]
    )
    assert came == [None, None]
    assert db.session.scalar(select(func.count()).select_from(QuarterSnapshot)) == 1
    seen = [quarters.preview(office.people[name], "sex", Q1) for name in names]
    db.session.rollback()
    assert seen[0] == seen[1]


def test_two_quarters_closed_at_once_count_nobody_twice(race: Race, office: Office) -> None:
    """A late case could be in both: the second manager is asked to open the table again."""
    first, second = closed(office, ("manager", Q1), ("colleague", Q2))
    came = race.run(
        lambda: quarters.freeze(office.people["manager"], first),
        lambda: quarters.freeze(office.people["colleague"], second),
    )
    assert sum(one is None for one in came) == 1
    assert sum(isinstance(one, Conflict) for one in came) == 1
    assert db.session.scalar(select(func.count()).select_from(QuarterSnapshot)) == 1
    db.session.rollback()


@on_both
def test_a_table_released_by_two_is_one_file(race: Race, office: Office) -> None:
    names = ("manager", "colleague")
    race.run(lambda: quarters.freeze(office.people["manager"], closed(office, ("manager", Q1))[0]))

    def render(_table: ProtectedTable, stamp: Stamp) -> bytes:
        return stamp.seal.encode()

    def drafted(name: str) -> Draft:
        made = releases.draft(office.people[name], office.blobs, "sex", Q1, "csv", "en", render)
        db.session.rollback()
        return made

    drafts = [drafted(name) for name in names]
    came = race.run(
        *[
            lambda name=name, one=one: releases.release(office.people[name], office.blobs, one)
            for name, one in zip(names, drafts, strict=True)
        ]
    )
    assert came[0] == came[1]
    assert db.session.scalars(select(Release.id)).all() == [came[0]]
    db.session.rollback()
    files = [releases.fetch(office.people[name], office.blobs, came[0])[1] for name in names]
    db.session.rollback()
    assert files[0] == files[1]
