"""Journey 1: somebody asks for help on an old telephone without scripts, and comes back for the answer."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import FilePayload
from structlog.testing import capture_logs

from bench.slow_line import BUDGET, SlowLine
from core import clock
from core.outgoing.console import Console
from core.outgoing.message import Message
from domain.identity import comparable_phone
from intake import tasks
from intake.service import sending
from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.intake.papers import SOUND, photo
from tests.intake.stage import open_door

TOLD = {"ar": "وصلني قرار ترحيل وأخي محتجز", "tr": "Sınır dışı kararı aldım, kardeşim tutuluyor"}
ANSWER = {"ar": "سنزور أخاك غدًا صباحًا", "tr": "Kardeşinizi yarın sabah ziyaret edeceğiz"}
TOLD_AT = "0532 000 00 08"
WORDS = {
    "ar": "لديك شيء جديد. أنت تعرف أين تجده.",
    "tr": "Sizin için yeni bir şey var. Nereye bakacağınızı biliyorsunuz.",
}
NEUTRAL = {"صفحة", "Sayfa"}


@pytest.mark.parametrize(("language", "width", "desk_width"), [("ar", 360, 360), ("tr", 1280, 1280)])
def test_asked_answered_and_followed_up(stage: Stage, language: str, width: int, desk_width: int) -> None:
    night = dict.fromkeys(("ar", "tr", "en"), "[112](tel:112)")
    open_door(stage.world, tonight=night, hours={"ar": "كل يوم من التاسعة", "tr": "Her gün dokuzdan sonra"})
    phone = Player(stage.browser, stage.server.url, language, width, "", scripts=False)
    line = SlowLine(phone.page) if width == 360 else None
    code = asks(phone, language)
    assert line is None or line.taken() <= 2 * BUDGET  # eleven pages, from an empty phone
    desk = stage.enter("caseworker", language, desk_width)
    desk.go("/desk")
    desk.press("/requests")
    desk.page.locator("main a.row-link").first.click()
    desk.page.wait_for_load_state()
    desk.look()
    assert TOLD[language] in desk.text
    sees_and_hears(desk)
    desk.act("/claim")
    desk.fill(text=ANSWER[language])
    desk.send("text")
    phone.go(f"/n/{language}")
    phone.fill(code=code[:-1] + str((int(code[-1]) + 1) % 10))
    phone.send_wrongly("code")
    phone.fill(code=code)
    phone_sends(phone, "code")
    assert ANSWER[language] in phone.text
    phone.fill(text="شكرًا" if language == "ar" else "Sağ olun")
    phone_sends(phone, "text")
    phone.press("/reach")
    phone.fill(phone="0532 000 00 07", message_ok="no", notice="sms", notice_phone=TOLD_AT)
    phone_sends(phone, "phone")
    accepts(desk, language)
    is_told(stage, language)
    desk.go(desk.page.url.removesuffix("/code"))
    assert TOLD_AT not in desk.page.content()
    phone.go(f"/n/{language}/all")
    assert phone.page.locator("main a[href$='/back']").count() == 0  # a case is not withdrawn by a click
    phone.act("/off")
    assert phone.page.url.endswith(f"/n/{language}")


def sees_and_hears(desk: Player) -> None:
    """The photo is looked at as its plain copy, upright; the voice message stands there to be played."""
    shown = desk.page.locator("main .sent-file img")
    shown.scroll_into_view_if_needed()
    desk.page.wait_for_function("() => document.querySelector('main .sent-file img').naturalWidth > 0")
    assert shown.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [200, 320]
    assert desk.page.locator("main .sent-file audio").count() == 1


def is_told(stage: Stage, language: str) -> None:
    """One message at a safe time; it names nobody and not what it is about, and its number stays unseen."""
    app, shown = stage.world.app, Shown()
    with pytest.MonkeyPatch.context() as patch, app.app_context(), capture_logs() as lines:
        patch.setitem(app.extensions, "himaya.ways", {"sms": shown})
        tomorrow = clock.now().astimezone(clock.ISTANBUL) + dt.timedelta(days=1)
        with clock.at(tomorrow.replace(hour=10)):
            tasks.tell_people()
            tasks.tell_people()
    [message] = shown.messages
    assert (message.to, message.text.strip()) == (comparable_phone(TOLD_AT), WORDS[language])
    assert [one["event"] for one in lines] == ["message.shown"]
    assert comparable_phone(TOLD_AT) not in str(lines)


@dataclass
class Shown(Console):
    """The console, and what it was given."""

    messages: list[Message] = field(default_factory=list)

    def carry(self, message: Message) -> None:
        self.messages.append(message)
        super().carry(message)


def asks(phone: Player, language: str) -> str:
    """From the first page to the code."""
    phone.go(f"/m/{language}")
    assert phone.page.title() in NEUTRAL
    assert phone.page.locator("a.exit").is_visible()
    phone.press("/1")
    phone_sends(phone)  # nothing chosen: the page says so
    assert phone.page.locator(".field-wrong").count() == 1
    phone.complaints.clear()
    phone.fill(whom="other")
    phone_sends(phone, "whom")
    phone.fill(relation="sibling", knows="no", agrees="unsure", reachable="visit")
    phone_sends(phone, "relation")
    began = time.monotonic()
    phone.fill(detained="yes", removal="unsure", deadline="yes", danger="no")
    phone_sends(phone, "detained")
    phone.fill(text=TOLD[language], subject="B")
    brings(phone, "files", FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=photo(320, 200)))
    brings(phone, "voice", FilePayload(name="ses.m4a", mimeType="audio/mp4", buffer=SOUND))
    phone_sends(phone, "text")
    phone.fill(name="سلمى" if language == "ar" else "Selma", province="27")
    phone_sends(phone, "name")
    phone.fill(safe_call="unsure")
    phone_sends(phone, "safe_call")
    phone.fill(code_word="زيتون" if language == "ar" else "zeytin")
    phone_sends(phone, "code_word")
    assert phone.page.locator("a[href='tel:112']").count() >= 1  # at once, before anybody has read it
    phone.page.wait_for_timeout(max(0, (sending.QUICKEST.total_seconds() - time.monotonic() + began) * 1000))
    phone_sends(phone)
    assert phone.page.title() in NEUTRAL
    groups = phone.page.locator(".codes code").all_inner_texts()
    assert [len(group) for group in groups] == [4] * 6
    phone.page.locator("summary").click()
    assert phone.page.locator(".receipt-picture svg").is_visible()
    phone_sends(phone)
    return "".join(groups)


def brings(phone: Player, name: str, file: FilePayload) -> None:
    """A file from the telephone's own gallery or recorder; it goes with whatever button is pressed."""
    phone.page.locator(f"input[type=file][name={name}]").set_input_files(file)


def phone_sends(phone: Player, name: str = "csrf_token") -> None:
    """Press the button of a form where no script runs."""
    with phone.page.expect_navigation():
        phone.page.locator(f"main form:has([name='{name}']) button[type=submit]:not([name])").first.click()
    phone.complaints[:] = [one for one in phone.complaints if "422" not in one]
    phone.look()


def accepts(desk: Player, language: str) -> None:
    """The request becomes a case, and its conversation goes on there."""
    desk.page.reload()
    desk.press("/accept")
    desk.fill(name_ar="سلمى", issue="B03", restricted="no")
    desk.send("issue")
    desk.press("/conversations/")
    assert TOLD[language] in desk.text
    desk.fill(text=ANSWER[language])
    desk.send("text")
    desk.press("/code")
    desk.fill(how="word")
    assert desk.page.locator("main strong").first.inner_text() in {"زيتون", "zeytin"}
