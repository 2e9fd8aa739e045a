"""A voice message of a ZIP is heard in the page; what we sent is seen on a small phone without scripts."""

from __future__ import annotations

import io
import math
import struct
import wave

from playwright.sync_api import FilePayload

from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.cases.archived import packed
from tests.intake.papers import PDF, photo
from tests.intake.stage import ask, open_door, requests_on

SECONDS = 8
TEXT = (
    "31.10.2026 21:41 - سلمى: IMG-1.jpg (الملف مرفق)\nهذا القرار\n"
    "31.10.2026 21:42 - سلمى: ses.wav (الملف مرفق)\n"
    "31.10.2026 21:43 - مكتب: تم\n"
)


def tone() -> bytes:
    """Sound that a browser plays: one note."""
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setparams((1, 2, 8_000, 0, "NONE", ""))
        notes = (int(9_000 * math.sin(number / 6)) for number in range(8_000 * SECONDS))
        sound.writeframes(b"".join(struct.pack("<h", note) for note in notes))
    return made.getvalue()


def heard(player: Player) -> float:
    """How long the sound is after somebody jumped to its middle and heard a moment of it."""
    length: float = player.page.locator("audio").evaluate(
        """async one => {
          one.muted = true;
          await one.play();
          one.currentTime = 5;
          await new Promise(done => one.addEventListener("seeked", done, {once: true}));
          await new Promise(done => setTimeout(done, 300));
          return one.currentTime > 5 && !one.error ? one.duration : 0;
        }"""
    )
    return length


def test_a_voice_message_of_a_zip_is_heard_at_its_message(stage: Stage) -> None:
    case = f"/cases/{stage.world.record()}"
    worker = stage.enter("caseworker", "ar", 360)
    worker.go(f"{case}/conversation")
    worker.press("/conversation/zip")
    wrong = FilePayload(name="b.zip", mimeType="application/zip", buffer=PDF)
    worker.page.locator("input[type=file]").set_input_files(wrong)
    worker.page.locator("main form:has([name=file]) button[type=submit]").click()
    worker.page.locator("[data-documents] .error").wait_for()  # it says why, and the page stays
    zipped = packed(TEXT, {"IMG-1.jpg": photo(400, 300), "ses.wav": tone()})
    worker.page.locator("input[type=file]").set_input_files(
        FilePayload(name="a.zip", mimeType="application/zip", buffer=zipped)
    )
    worker.send("file")
    worker.fill(**{"people-0-role": "client", "people-1-role": "us"})
    worker.send("people-0-role")
    worker.press("/conversation/")
    assert worker.page.locator(".sent-file img").evaluate("one => one.decode().then(() => one.naturalWidth)")
    assert round(heard(worker)) == SECONDS
    worker.look()


def test_what_we_sent_is_seen_on_a_small_phone_without_scripts(stage: Stage) -> None:
    open_door(stage.world)
    code = ask(stage.world)
    worker = stage.enter("caseworker", "tr")
    worker.go(requests_on(stage.world.browser("caseworker", "tr"))[-1])
    worker.act("/claim")
    worker.fill(text="Karar burada.")
    worker.page.locator("input[name=files]").set_input_files(
        [
            FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=photo(1200, 900)),
            FilePayload(name="b.pdf", mimeType="application/pdf", buffer=PDF),
            FilePayload(name="c.wav", mimeType="audio/wav", buffer=tone()),
        ]
    )
    worker.send("files")
    phone = Player(stage.browser, stage.server.url, "ar", 360, "", scripts=False)
    phone.go("/n/ar")
    phone.page.locator("[name=code]").fill(code)
    phone.page.locator("main form:has([name=code]) button").last.click()
    phone.page.wait_for_url("**/n/ar/all")
    phone.look()
    seen = phone.page.locator(".sent-files img").bounding_box()
    assert seen
    assert 100 < seen["width"] <= 360
    with phone.page.expect_download() as saved:
        phone.page.locator(".sent-files a[download]").click()
    assert saved.value.suggested_filename == "file.pdf"
