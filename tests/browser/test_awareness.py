"""Legal information, from the writer over the lawyer to a frightened reader on an old phone."""

from __future__ import annotations

import datetime as dt
import string
from random import Random
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Response, ViewportSize

from accounts.models import Organisation
from awareness.forms.topics import LONGEST
from awareness.service import editing
from core import clock
from core.reference import reference
from core.store.base import db
from core.store.transaction import transaction
from domain.tables import LANGUAGES
from domain.topics import PARTS
from tests.awareness.stage import address_of, begun, publish, texts
from tests.browser.conftest import Stage
from tests.browser.player import Player

MOST = 100 * 1024
LETTERS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyz",
    "en": string.ascii_letters,
}


def topics(stage: Stage) -> dict[str, UUID]:
    with stage.world.app.app_context():
        return begun(stage.world.cast)


@pytest.mark.parametrize(
    ("language", "width", "code"), [("ar", 360, "domestic_violence"), ("tr", 1280, "deportation_order")]
)
def test_written_reviewed_published_read(stage: Stage, language: str, width: int, code: str) -> None:
    path = f"/topics/{topics(stage)[code]}"
    writer, lawyer = stage.enter("caseworker", language, width), stage.enter("lawyer", language, width)
    coordinator = stage.enter("coordinator", language, width)
    writer.go("/topics")
    writer.press(path)
    writer.press("/edit")
    title = {"ar": "عنوان جديد", "tr": "Yeni başlık"}[language]
    writer.fill(**{f"title_{language}": title, "now_en": "[x](http://x.org)"})
    writer.send_wrongly("title_ar")
    writer.fill(now_en="1. call [112](tel:112)")
    writer.send("title_ar")
    step(writer, "/send")
    lawyer.go("/topics")
    lawyer.press(path)
    step(lawyer, "/confirm")
    coordinator.go(path)
    step(coordinator, "/publish")
    coordinator.press(f"/info/{language}/")
    address = coordinator.page.url
    reader = Reader(stage.browser, width)
    sizes = reader.open(address)
    assert title in reader.page.inner_text("h1")
    assert reader.page.title() in {"صفحة", "Sayfa"}
    assert sum(sizes) < MOST, sizes
    assert reader.page.context.cookies() == []
    assert reader.page.locator("main a[href^='tel:']").count() >= 2
    assert reader.violations() == []
    reader.open(f"{stage.server.url}/info/{language}")
    reader.page.fill("input[name=query]", title)
    reader.page.locator("main form button").click()
    reader.page.wait_for_load_state()
    assert title in reader.page.inner_text("#found")
    assert title not in reader.page.url
    assert title not in stage.server.log.read_text("utf-8")
    assert quote(title) not in stage.server.log.read_text("utf-8")
    assert "information.index" in stage.server.log.read_text("utf-8")  # the visit is there, its words are not
    assert reader.violations() == []
    beside(stage, reader, language, width, code)
    step(coordinator, "/withdraw", path)
    assert title not in reader.text_of(address)


def beside(stage: Stage, reader: Reader, language: str, width: int, code: str) -> None:
    """Another organisation tells of the same: both stand in the list by name, each keeps its own."""
    there = stage.beside({"ar": "ARA", "tr": "TRA"}[language])
    with stage.world.app.app_context():
        topic_id = begun(there.world.cast)[code]
        publish(there.world.cast, topic_id)
        theirs = db.session.get_one(Organisation, there.world.cast.organisation_id).name(language)
        db.session.rollback()
    reader.open(f"{stage.server.url}/info/{language}")
    assert reader.page.locator("li", has_text=theirs).count() >= 2  # whose it is stands beside each
    assert reader.violations() == []
    assert stage.enter("coordinator", language, width).is_shut_out(f"/topics/{topic_id}")


def step(player: Player, action: str, path: str = "") -> None:
    if path:
        player.go(path)
    player.page.locator(f"form[action$='{action}'] button").first.click()
    player.page.wait_for_load_state()
    player.page.locator(".message-done").first.wait_for()
    player.look()


class Reader:
    """Somebody without an account, at a telephone."""

    def __init__(self, browser: Browser, width: int) -> None:
        device = ViewportSize(width=width, height=640)
        self.page = browser.new_context(viewport=device, java_script_enabled=True).new_page()
        self.width = width

    def open(self, address: str) -> list[int]:
        """Go there; gives the bytes of every answer, with headers."""
        answers: list[Response] = []
        self.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - a bound builtin cannot be marked
        self.page.goto(address, wait_until="networkidle")
        sizes = [answer.request.sizes() for answer in answers]
        assert {answer.url.split("/")[2] for answer in answers} == {address.split("/")[2]}  # nobody else
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width
        return [size["responseBodySize"] + size["responseHeadersSize"] for size in sizes]

    def text_of(self, address: str) -> str:
        self.page.goto(address)
        return self.page.inner_text("body")

    def violations(self) -> list[str]:
        found = Axe().run(self.page)["violations"]
        return [f"{one['id']}: {one['help']}" for one in found]


def words(chance: Random, letters: str, number: int) -> str:
    return " ".join("".join(chance.choices(letters, k=9)) for _word in range(number))


def test_the_longest_text_of_the_form_is_light_in_every_language(stage: Stage) -> None:
    chance = Random(7)  # noqa: S311 - words that no packing makes much smaller
    with stage.world.app.app_context():
        cast, soon = stage.world.cast, clock.today() + dt.timedelta(days=100)
        longest = {
            language: {
                part: " ".join("".join(chance.choices(own, k=9)) for _word in range(limit // 10))
                for part, limit in (("title", 120), *((part, LONGEST) for part in PARTS[1:]))
            }
            for language, own in LETTERS.items()
        }
        with transaction():
            topic_id = editing.add(cast["caseworker"], uuid4(), "B01", longest, soon, None)
        publish(cast, topic_id)
        address = address_of(topic_id)
    for language in LANGUAGES:
        sizes = Reader(stage.browser, 360).open(f"{stage.server.url}/info/{language}/{address}")
        assert sum(sizes) < MOST, (language, sizes)


def test_a_list_with_a_topic_for_every_issue_is_light(stage: Stage) -> None:
    chance = Random(8)  # noqa: S311 - titles that no packing makes much smaller
    with stage.world.app.app_context():
        cast, soon = stage.world.cast, clock.today() + dt.timedelta(days=100)
        for issue in reference().taxonomy.leaves:
            text = {
                language: {**parts, "title": words(chance, LETTERS[language], 8)}
                for language, parts in texts().items()
            }
            with transaction():
                topic_id = editing.add(cast["caseworker"], uuid4(), issue, text, soon, None)
            publish(cast, topic_id)
    for language in LANGUAGES:
        reader = Reader(stage.browser, 360)
        sizes = reader.open(f"{stage.server.url}/info/{language}")
        assert sum(sizes) < MOST, (language, sizes)
        assert reader.page.locator("main .section h2").count() > 18
        assert reader.violations() == []


def test_without_scripts_and_fonts(stage: Stage) -> None:
    path = topics(stage)["birth_registration"]
    for name, action in (("caseworker", "/send"), ("lawyer", "/confirm"), ("coordinator", "/publish")):
        step(stage.enter(name, "tr"), action, f"/topics/{path}")
    page = stage.browser.new_context(java_script_enabled=False).new_page()
    page.route("**/*.woff2", lambda route: route.abort())
    page.goto(f"{stage.server.url}/info/tr")
    page.click("main a:has-text('doğan çocuğun')")
    assert "otuz gün" in page.inner_text("main")
    assert page.locator("a.exit").is_visible()
    page.click("nav.languages a[hreflang=ar]")
    assert "ثلاثين" in page.inner_text("main")
