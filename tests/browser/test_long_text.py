"""A text without a blank, as long as a form allows, is shown at once and copied as it was typed."""

from __future__ import annotations

import time

from tests.browser.conftest import Stage
from tests.support.cast import record_of

# Joined letters without a blank; more than a form takes, as an import may bring.
RUN = "بتثنيسشصض" * 6_000
SECONDS = 30  # far less than a page that hangs, far more than one that a busy machine keeps waiting


def test_fifty_thousand_joined_letters_do_not_hang_the_page(stage: Stage) -> None:
    with stage.world.app.app_context():
        record = {**record_of(), "narrative": RUN}
    case = stage.world.record(record=record)
    caseworker = stage.enter("caseworker", "ar", 360)
    caseworker.go("/desk")
    began = time.monotonic()
    caseworker.go(f"/cases/{case}")
    narrative = caseworker.page.locator(".typed").first
    assert narrative.bounding_box()
    assert time.monotonic() - began < SECONDS
    copied = narrative.evaluate(
        """text => {
          getSelection().selectAllChildren(text);
          return getSelection().toString();
        }"""
    )
    assert copied.strip() == RUN

    began = time.monotonic()
    caseworker.go(f"/cases/{case}/edit")
    assert caseworker.page.locator("[name=narrative]").input_value() == RUN
    assert time.monotonic() - began < SECONDS
    began = time.monotonic()
    caseworker.fill(narrative="", next_step="")
    caseworker.fill(narrative=RUN)
    assert caseworker.page.locator("[name=narrative]").bounding_box()
    assert time.monotonic() - began < SECONDS
