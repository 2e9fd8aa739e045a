"""Which lines of the timeline stand ticked before somebody gives a file out."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from cases.service import correcting, exporting, filings
from core.store.transaction import transaction
from tests.cases.pages.test_exporting import CALL, STEP, case_of, chosen, lines_on, send, written
from tests.support.clock import FrozenClock
from tests.support.world import World

OTHERS = "Başka bir müvekkilin"


@pytest.mark.parametrize(("way", "ticked"), [("1", {"right", "granted"}), ("2", {"right", "granted", STEP})])
def test_nothing_of_a_filing_that_was_corrected_is_chosen_for_anybody(
    world: World, way: str, ticked: set[str]
) -> None:
    case_id, cast = case_of(world), world.cast["caseworker"]
    ids = {}
    with world.app.app_context():
        for what, result in (("wrong", "refused"), ("right", "granted")):
            said = {"what": what, "authority": "court", "name": "", "on": "2026-11-02", "number": "",
                    "proof": "UYAP", "document": ""}  # fmt: skip # one filing
            with transaction():
                filings.file(cast, case_id, said, "", uuid4())
            with transaction():
                whole = exporting.look(world.cast["lawyer"], case_id, exporting.PERSON)
            ids[what] = next(one.id for one in whole.lines if one.data.get("what") == what)
            came = {"of": str(ids[what]), "result": result, "on": "2026-11-09", "number": "", "document": ""}
            with transaction():
                filings.come_of(cast, case_id, came, "", uuid4())
        with transaction():
            correcting.correct(cast, case_id, ids["wrong"], None, OTHERS, uuid4())
    browser = world.browser("lawyer")
    browser.get(f"/cases/{case_id}/export/{way}")
    assert len(lines_on(browser)) == 7  # all of them can be chosen
    assert OTHERS in browser.text
    with world.app.app_context(), transaction():
        whole = exporting.look(world.cast["lawyer"], case_id, exporting.PERSON)
    said_by = {
        str(one.id): one.data.get("what") or one.data.get("result") or one.text.strip() for one in whole.lines
    }
    assert {said_by[one] for one in chosen(browser, "lines")} == ticked
    assert CALL not in ticked
    assert "goes only if you choose it" in browser.text


def test_what_left_is_said_by_its_day_in_turkey(world: World, clock: FrozenClock) -> None:
    clock.set(dt.datetime(2026, 11, 9, 22, 30, tzinfo=dt.UTC))  # half past one of the tenth
    case_id = case_of(world)
    browser, path = world.browser("lawyer"), f"/cases/{case_id}/export/2"
    browser.get(path)
    assert send(browser, path, to="Selma", language="en").status_code == 200
    assert [day for line in written(world, case_id) for _id, _kind, day in line["lines"]] == ["2026-11-10"]
