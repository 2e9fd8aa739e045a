"""What a court or the police brings is written down while a possible conflict waits for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from cases.service import files, followed, gate, hearings, signing, todo
from core import clock as now
from core.store.transaction import transaction
from tests.cases.conflicting import LANDLORD, matter, name, party
from tests.support.cast import Cast, on_stage
from tests.support.clock import FrozenClock


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """An organisation, on both databases."""
    with on_stage(app) as found:
        yield found


def test_the_next_hearing_and_the_second_miss_are_recorded(cast: Cast, clock: FrozenClock) -> None:
    cast.record("colleague", record=matter(LANDLORD))
    case_id, worker = cast.record(record=matter("سلمى الخطيب")), cast["caseworker"]
    duty: dict[str, Any] = {"title": "", "how": "weekly", "days": None, "weekdays": [], "last": ""}
    duty |= {"first": now.today().isoformat(), "place": "İl Göç"}
    with transaction():
        hearing = todo.add(
            worker, case_id, "hearing", {"title": "Duruşma"}, uuid4(), owner_id=None, on=now.today()
        )
        duty_id = todo.add(worker, case_id, "signature", duty, uuid4(), owner_id=None, on=None)
    name(cast, "caseworker", case_id, party("opposing", LANDLORD))
    clock.advance(days=7)
    with transaction():
        hearings.came_of(
            worker, case_id, hearing, 1, uuid4(), came="postponed", text="ertelendi", next_on=now.today()
        )
    for version in (1, 2):
        with transaction():
            signing.mark(worker, case_id, duty_id, version, uuid4(), kept=False, note="hasta")
    with transaction():
        held = files.open_case(worker, case_id).items
    open_ = [(one.kind, one.data.get("auto", "")) for one in held if one.is_open]
    assert ("hearing", "") in open_
    assert ("task", followed.MISSED_TWICE) in open_
    with pytest.raises(gate.Held), transaction():
        todo.add(worker, case_id, "task", {"title": "x"}, uuid4(), owner_id=None, on=None)
