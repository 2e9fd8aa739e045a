"""A paper from a telephone with scripts: how far it is, a line that breaks, trying again, stopping."""

from __future__ import annotations

from playwright.sync_api import FilePayload

from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.intake.papers import PDF
from tests.intake.stage import open_door
from tests.support.relay import relayed

TOLD = "وصلتني ورقة ولا أفهم ما فيها"
LONG = PDF + b"%" + b"-" * 6_000_000 + b"\n%%EOF\n"


def chooses(phone: Player, content: bytes) -> None:
    paper = FilePayload(name="karar.pdf", mimeType="application/pdf", buffer=content)
    phone.page.locator("input[type=file][name=files]").set_input_files(paper)


def is_under_way(phone: Player) -> None:
    """The page says how far it is."""
    bar, reached = phone.page.locator("[data-files] progress"), 0.0
    while not reached:
        phone.page.wait_for_timeout(50)
        reached = bar.evaluate("one => one.value")
    assert reached < 100
    phone.look()


def test_a_line_that_breaks_loses_nothing_and_what_is_sent_can_be_stopped(stage: Stage) -> None:
    open_door(stage.world)
    with relayed(stage.server.url) as line:
        phone = Player(stage.browser, line.url, "ar", 360, "")
        phone.go("/m/ar/1")
        phone.fill(whom="me")
        phone.send("whom")
        phone.fill(detained="no", removal="no", deadline="yes", danger="no")
        phone.send("detained")
        phone.fill(text=TOLD, subject="B")
        added = phone.page.locator("[data-files] .sent-files li")

        line.turn()
        chooses(phone, LONG)
        is_under_way(phone)
        line.cut()
        phone.page.locator("[data-files] .error[role=alert]").wait_for()
        phone.complaints.clear()  # the browser reports the broken line
        phone.look()
        assert phone.page.locator("[name=text]").input_value() == TOLD
        assert (added.count(), phone.page.locator("[data-files] progress").count()) == (0, 0)

        line.cut()
        line.turn()
        chooses(phone, LONG)  # again
        added.first.wait_for()
        assert phone.page.locator("[data-files] .error").count() == 0
        phone.look()

        line.turn()
        chooses(phone, LONG + b"%")
        is_under_way(phone)
        phone.page.locator("form:has([name=text]) .form-end button").click()
        assert "ما زال الملف في طريقه" in phone.page.locator("[data-files-note]").inner_text()
        phone.page.locator("[data-files] p:has(progress) button").click()
        phone.page.locator("[data-files] progress").wait_for(state="detached")
        line.turn()
        assert added.count() == 1  # what was there stays

        phone.send("text")
        phone.go("/m/ar/3")
        assert phone.page.locator("[name=text]").input_value() == TOLD
        assert added.count() == 1
