"""Two files of one household: searched, counted once, taken apart again; on a telephone and at a desk."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Stage
from tests.support.cast import record_of

DEVICES = [("ar", 360), ("tr", 1280)]


@pytest.mark.parametrize(("language", "width"), DEVICES)
def test_two_files_are_counted_once(stage: Stage, language: str, width: int) -> None:
    names = ("هدى النجار", "وليد النجار")
    one, other = (stage.world.record("coordinator", record=record_of(name_ar=name)) for name in names)
    person = stage.enter("coordinator", language, width)
    person.go(f"/cases/{one}")
    person.press(f"/cases/{one}/together")
    person.fill(q="وليد", kind="household")
    person.page.locator("button[name=search]").click()
    person.page.wait_for_load_state()
    person.look()
    assert person.page.locator("[name=q]").input_value() == "وليد"
    person.fill(other=str(other))
    person.send("other")
    person.press(f"/cases/{other}")
    person.press(f"/cases/{other}/together")
    assert "هدى" in person.text
    person.act("/together/leave")
    assert "هدى" not in person.page.inner_text("#household")
    person.go(f"/cases/{one}")
