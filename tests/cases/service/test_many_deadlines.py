"""A case with many deadlines: its page shows the next ones, and hides none that asks for somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.models import Deadline
from cases.service import deadline_cards, deadlines, files, members
from cases.service.views import OpenCase
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, on_stage

MANY = deadline_cards.SHOWN + 3


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found_:
        yield found_


def dated(cast: Cast, case_id: UUID, *, last_watched_by: str = "coordinator") -> list[UUID]:
    """As many deadlines; gives their ids, the next one first."""
    ids = []
    for days in reversed(range(MANY)):
        second = last_watched_by if days == 0 else "coordinator"
        served = clock.today() - dt.timedelta(days=7 * days)
        asked = {"rule": "DEP_SUIT", "served_on": served.isoformat(), "facts": {}}
        watchers = (cast[one].person_id for one in ("caseworker", second))
        with transaction():
            ids.append(deadlines.add(cast["caseworker"], case_id, uuid4(), asked, *watchers))
    return ids


def page(cast: Cast, case_id: UUID, *, brief: bool = True, every: bool = False) -> OpenCase:
    with transaction():
        return files.open_case(cast["caseworker"], case_id, brief=brief, dated=every)


def test_the_next_ones_are_shown_and_how_many_there_are(cast: Cast) -> None:
    case_id = cast.record()
    ids = dated(cast, case_id)
    shown = page(cast, case_id)
    assert [one.id for one in shown.deadlines] == ids[: deadline_cards.SHOWN]
    assert shown.more_deadlines == 3
    for whole in (page(cast, case_id, every=True), page(cast, case_id, brief=False)):
        assert [one.id for one in whole.deadlines] == ids
        assert whole.more_deadlines == 0
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, ids[0], 1, "UYAP 12", clock.today())
    assert [one.id for one in page(cast, case_id).deadlines] == ids[1 : deadline_cards.SHOWN + 1]


def test_none_that_asks_for_somebody_is_hidden(cast: Cast) -> None:
    case_id = cast.record(urgency="U0")
    cast.assign(case_id)
    with transaction():
        members.add(cast["coordinator"], case_id, cast["colleague"].person_id)
    *_next, touched, proposed, unwatched = dated(cast, case_id, last_watched_by="colleague")
    with transaction():
        db.session.get_one(Deadline, touched).touched = True
        later = clock.today() + dt.timedelta(days=40)
        row = db.session.get_one(Deadline, proposed)
        deadlines.move(
            cast["lawyer"], case_id, proposed, row.version, later, "The court said so.", beyond=True
        )
    assert page(cast, case_id).more_deadlines == 1
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["colleague"].person_id)
    shown = page(cast, case_id)
    assert {touched, proposed, unwatched} <= {one.id for one in shown.deadlines}
    assert shown.more_deadlines == 0
