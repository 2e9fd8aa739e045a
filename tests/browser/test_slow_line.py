"""P10: the public form on a slow 3G line, from an empty phone with scripts and fonts."""

from __future__ import annotations

import pytest

from bench.slow_line import BUDGET, SlowLine
from tests.browser.conftest import Stage
from tests.intake.stage import open_door


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_first_page_is_within_its_budget_and_the_next_costs_a_fraction(stage: Stage, language: str) -> None:
    open_door(stage.world)
    context = stage.browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    line = SlowLine(page)
    page.goto(f"{stage.server.url}/m/{language}", wait_until="networkidle")
    first = line.taken()
    assert "woff2" in str(page.evaluate("performance.getEntriesByType('resource').map(one => one.name)"))
    page.goto(f"{stage.server.url}/m/{language}/1", wait_until="networkidle")
    context.close()
    assert first <= BUDGET
    assert line.taken() - first <= BUDGET / 4
