"""What somebody asks for meets the check for conflicts of interest before anybody is advised."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.service.gate import Held
from core.store.transaction import transaction
from intake.service import casework, deciding
from tests.cases.conflicting import LANDLORD, decide, matter, party
from tests.intake.stage import asked_with_code, back_with, reads
from tests.support.cast import Cast, on_stage, record_of
from tests.support.world import World

CLIENT = "سلمى الشامي"


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def accepted(cast: Cast, request_id: UUID, **record: object) -> UUID:
    """A case that a caseworker opens from a request."""
    worker = cast["caseworker"]
    with transaction():
        deciding.claim(worker, request_id, 1)
    with transaction():
        return deciding.accept(
            worker, request_id, {**record_of(name_ar=CLIENT, name_latin=""), **record}, urgency="U1",
            restricted=False, named=[], consents=[], token=uuid4(),
        )  # fmt: skip # one call


def test_nobody_is_advised_before_a_conflict_is_decided(world: World) -> None:
    with world.app.app_context():
        cast, worker = world.cast, world.cast["caseworker"]
        cast.record("colleague", record=matter(LANDLORD))
        request_id, code = asked_with_code(cast, text="T")
        case_id = accepted(cast, request_id, parties=[party("opposing", LANDLORD)])
        with pytest.raises(Held), transaction():
            casework.answer(worker, case_id, request_id, uuid4(), "hukuki görüş")
    page = f"/cases/{case_id}/conversations/{request_id}"
    browser = world.browser("caseworker")
    browser.get(page)
    assert "waits for a decision" in browser.text
    assert f'href="/cases/{case_id}/conflict"' in browser.page
    assert 'name="text"' not in browser.page
    kept = browser.post(f"{page}/say", token=str(uuid4()), text="bunu yazdım")
    assert (kept.status_code, "bunu yazdım" in browser.page) == (422, True)
    with world.app.app_context():
        decide(cast, "coordinator", case_id, "refer_out")
        with transaction():
            casework.answer(worker, case_id, request_id, uuid4(), "baroya gidin")
        assert reads(back_with(cast, code) or "")[-1] == "baroya gidin"
    browser.get(page)
    assert "give no advice" in browser.text
