"""Papers of a case on a telephone, in Arabic: brought with scripts, one refused, one painted over."""

from __future__ import annotations

from playwright.sync_api import FilePayload

from tests.browser.conftest import Stage
from tests.documents.corpus import page_pdf, saved
from tests.intake.papers import PROGRAM, photo


def test_papers_come_from_a_telephone_and_one_is_redacted_with_a_finger(stage: Stage) -> None:
    case = f"/cases/{stage.world.record()}"
    phone = stage.enter("caseworker", "ar", 360)
    phone.go(f"{case}/documents/add")
    phone.look()
    files = [
        FilePayload(name="قرار.pdf", mimeType="application/pdf", buffer=saved(page_pdf("karar"))),
        FilePayload(name="برنامج", mimeType="application/pdf", buffer=PROGRAM),
        FilePayload(name="صورة.jpg", mimeType="image/jpeg", buffer=photo(400, 300)),
    ]
    page = phone.page
    page.locator("input[name=files]").set_input_files(files)
    page.locator("form.form button[type=submit]").first.click()
    page.locator("[data-documents] [data-kept]").nth(1).wait_for()
    page.locator("[data-documents] .error").wait_for()
    assert "برنامج" in page.locator("[data-documents] .error").inner_text()
    phone.look()
    page.locator("[data-documents] a", has_text="قرار").click()
    page.locator("img.paper").wait_for()
    phone.look()
    page.locator("a[href$='/redact']").click()
    picture = page.locator("[data-redact] img")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90)
    page.mouse.up()
    assert page.locator("[name=areas]").input_value().startswith("1 ")
    phone.look()
    page.locator("button[name=save]").click()
    page.locator(".message-done").wait_for()
    phone.look()
