"""From an accepted pattern to a paper that three people stand for, and back when a consent is withdrawn."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from advocacy.service import dossiers, patterns
from core import clock
from core.store.transaction import transaction
from domain.dossiers import LANGUAGES, Section
from domain.quarters import quarter_of
from domain.statistics_facts import thursday_of
from reports.service import quarters
from tests.advocacy.conftest import AGREED, recur, released, scan
from tests.advocacy.test_stories import given, withdraw
from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.browser.test_statistics import western
from tests.support.cast import Cast, record_of

THEN = clock.now() - dt.timedelta(days=200)
TITLES = {
    "tr": "Adres güncellemesi yapılamadığı için pasife alınan geçici koruma kayıtları ve başvuru yolları",
    "ar": "قيود الحماية المؤقتة التي أُوقفت لتعذّر تحديث العنوان، وطرق الاعتراض عليها",
    "en": "Temporary protection records deactivated because an address could not be updated",
}
TEXTS = {
    "tr": "Adresini güncelleyemeyen ailelerin kaydı yazılı bildirim olmadan pasife alınıyor.",
    "ar": "تُوقف قيود الأسر التي لم تستطع تحديث عنوانها من غير إشعار مكتوب.",
    "en": "Families who cannot update their address lose their record without a written notice.",
}
FLAGGED = "Fatma Yılmaz 0532 123 45 67 numarasından aradı."
TOLD = {
    "tr": "Bir anne, çocuğunun kaydının neden pasife alındığını öğrenemedi.",
    "ar": "لم تعرف والدة سبب إيقاف قيد طفلها.",
    "en": "A mother could not learn why the record of her child was deactivated.",
}


@dataclass
class Journey:
    """The people of one journey and what they carry from page to page."""

    stage: Stage
    language: str
    width: int
    people: dict[str, Player] = field(default_factory=dict)
    path: str = ""

    def __getitem__(self, name: str) -> Player:
        if name not in self.people:
            self.people[name] = self.stage.enter(name, self.language, self.width)
        return self.people[name]


@dataclass(frozen=True)
class Office:
    """An organisation older than a quarter, with a released table and something that recurs."""

    stage: Stage
    pattern_id: UUID
    neighbour: Stage  # of another organisation


@pytest.fixture(scope="module")
def office(stage: Stage) -> Office:
    with stage.world.app.app_context():
        with clock.at(THEN):
            there = stage.beside("ARA")
            cast = there.world.cast
            for sex in ["f"] * 8 + ["m"] * 6:
                cast.record(record=record_of(sex=sex), consents=AGREED)
        release(cast)
        recur(cast, 5, issue="B05")
        scan(cast)
        manager = cast["manager"]
        with transaction():
            [pattern] = [one for one in patterns.overview(manager)[1] if one.signal.series.issue == "B05"]
            patterns.decide(manager, pattern.id, "accepted", "iki müdürlükte aynı uygulama", None)
        return Office(there, pattern.id, stage)


def release(cast: Cast) -> None:
    """Count the quarter and release its table of sexes."""
    manager, quarter = cast["manager"], str(quarter_of(thursday_of(THEN.date())))
    frozen = quarters.prepare(manager, quarter)
    with transaction():
        quarters.freeze(manager, frozen)
    released(cast, quarter, "sex")


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_from_a_pattern_to_a_paper_and_back(office: Office, language: str, width: int) -> None:
    stage = office.stage
    journey = Journey(stage, language, width)
    begin(journey, office.pattern_id)
    write(journey)
    take_a_figure(journey)
    with stage.world.app.app_context():
        case_id = stage.world.cast.record(consents=[given("story")])
    tell(journey, case_id)
    sign(journey)
    with stage.world.app.app_context():
        coded_id = stage.world.cast.record(consents=[*AGREED, given("story")])
    tell_in_codes(journey, coded_id)
    approve(journey)
    print_it(journey)
    with stage.world.app.app_context():
        withdraw(stage.world.cast, case_id)
    taken_back(journey)
    journey.width = 360 if width == 1280 else 1280
    journey.people.clear()
    look_at_everything(journey)
    neighbour = office.neighbour.enter("manager", language, width)
    for page in ("", "/contacts", "/review", "/sections/problem"):
        assert neighbour.is_shut_out(journey.path + page)


def begin(journey: Journey, pattern_id: UUID) -> None:
    manager = journey["manager"]
    manager.go(f"/patterns/{pattern_id}")
    manager.press("/dossiers/new?pattern=")
    manager.send_wrongly("title_tr")
    manager.fill(**{f"title_{language}": title for language, title in TITLES.items()})
    manager.send("title_tr")
    journey.path = manager.page.url.removeprefix(manager.url)
    assert TITLES[journey.language] in manager.text
    assert TITLES[journey.language][:12] not in manager.page.title()


def write(journey: Journey) -> None:
    """One section at the page, three languages beside or below each other; the rest as set-up."""
    manager = journey["manager"]
    manager.press("/sections/problem")
    tops = {manager.page.locator(f"[name=text_{one}]").bounding_box()["y"] for one in LANGUAGES}  # type: ignore[index] # shown
    assert len(tops) == (1 if journey.width == 1280 else 3)
    for language, text in TEXTS.items():
        manager.fill(**{f"text_{language}": text})
        manager.page.locator(f"[name=ready_{language}]").check()
    manager.send("text_tr")
    assert manager.page.locator("#sections .badge-done").count() == 3
    with journey.stage.world.app.app_context(), transaction():
        for section in Section:
            if section is not Section.PROBLEM:
                fill_in(journey.stage.world.cast, UUID(journey.path.split("/")[-1]), section)


def fill_in(cast: Cast, dossier_id: UUID, section: Section) -> None:
    for language, text in TEXTS.items():
        dossiers.write_section(cast["manager"], dossier_id, section, language, 0, text, ready=True)


def take_a_figure(journey: Journey) -> None:
    manager = journey["manager"]
    manager.go(journey.path)
    manager.press("/figures")
    manager.press("/figures/")
    manager.send_wrongly("row")
    manager.fill(row="_T")
    manager.send("row")
    assert "14" in western(manager.page.locator("#figures").inner_text())


def tell(journey: Journey, case_id: UUID) -> None:
    """Asked for, written with flagged words first, then without."""
    manager, caseworker = journey["manager"], journey["caseworker"]
    manager.press("/ask")
    manager.send_wrongly("text")
    manager.fill(people=[str(journey.stage.world.cast["caseworker"].person_id)], text="Bir örnek")
    manager.send("text")
    caseworker.go("/desk")
    caseworker.press("/stories")
    caseworker.press("/stories/new/")
    caseworker.press("/summary")
    caseworker.fill(case=str(case_id), level="3", text_tr=FLAGGED)
    caseworker.send_wrongly("text_tr")
    marked = caseworker.page.locator("#noticed mark").all_inner_texts()
    assert any("Yılmaz" in word for word in marked)
    caseworker.fill(**{f"text_{language}": text for language, text in TOLD.items()})
    caseworker.send("text_tr")
    assert caseworker.page.url.endswith("/stories")
    # Nobody else signs it before the person has heard the very words.
    caseworker.go(str(caseworker.page.locator("#mine a.row-link").first.get_attribute("href")))
    caseworker.fill(agreed=clock.today())
    caseworker.send("text_tr")


def sign(journey: Journey) -> None:
    coordinator = journey["coordinator"]
    coordinator.go("/desk")
    coordinator.press("/dossiers")
    coordinator.press(journey.path)
    coordinator.press("/stories/")
    assert TOLD["tr"] in coordinator.text
    coordinator.act("/confirm")
    assert coordinator.page.locator("#stories .badge-done").count() == 1


def tell_in_codes(journey: Journey, case_id: UUID) -> None:
    """A vignette: nothing is typed, and one person alone is too few to be told of."""
    manager, caseworker = journey["manager"], journey["caseworker"]
    caseworker.go("/stories")
    caseworker.press("/stories/new/")
    caseworker.press("/vignette")
    caseworker.send_wrongly("case")
    caseworker.fill(case=str(case_id), level="3")
    caseworker.send("case")
    assert caseworker.page.locator("#told p[lang]").count() == 3
    assert caseworker.page.locator("main textarea").count() == 0
    caseworker.fill(agreed=clock.today())
    caseworker.send("case")
    assert caseworker.page.url.endswith("/stories")
    manager.go(journey.path)
    manager.act("/vignettes")
    manager.go(str(manager.page.locator("#stories .row-link").last.get_attribute("href")))
    assert manager.page.locator("main .message-warning li").count() >= 1


def approve(journey: Journey) -> None:
    """Three people, each for one thing."""
    journey["manager"].go(journey.path)
    journey["manager"].act("/review")
    for name, kind in (("lawyer", "legal"), ("coordinator", "data"), ("manager", "neutrality")):
        reader = journey[name]
        reader.go(journey.path)
        reader.press("/review")
        assert TEXTS["ar"] in reader.text
        assert TOLD["tr"] in reader.text
        reader.act(f"/{kind}")
    assert journey["manager"].page.locator("#checks li").count() == 3


def print_it(journey: Journey) -> None:
    manager = journey["manager"]
    for paper, kind in (("paper", "pdf"), ("full", "docx"), ("full", "pdf"), ("paper", "docx")):
        manager.fill(paper=paper, language=journey.language, format=kind)
        manager.send("paper")
    assert manager.page.locator("#files a[href*='/files/']").count() == 4
    found = [download(manager, number) for number in range(4)]
    assert sum(content.startswith(b"%PDF") for content in found) == 2
    documents = [zipfile.ZipFile(io.BytesIO(one)) for one in found if one.startswith(b"PK")]
    full = [one.read("word/document.xml").decode() for one in documents]
    assert sum(TOLD[journey.language] in text for text in full) == 1  # no story in the policy paper
    assert all(TEXTS[journey.language] in text for text in full)


def download(manager: Player, number: int) -> bytes:
    with manager.page.expect_download() as waiting:
        manager.page.locator("#files a[href*='/files/']").nth(number).click()
    return Path(waiting.value.path()).read_bytes()


def taken_back(journey: Journey) -> None:
    """The person withdraws: files are flagged, the text is gone, and a new review goes without the story."""
    manager = journey["manager"]
    manager.go(journey.path)
    assert manager.page.locator("#files a[href*='/files/']").count() == 0
    assert manager.page.locator("#files .badge-danger").count() == 4
    manager.go("/desk")
    manager.press("/dossiers")  # whoever received a file has to know
    manager.press(journey.path)
    manager.act("/recalled")
    manager.press("/stories/")
    assert TOLD["tr"] not in manager.text
    manager.go(journey.path)
    manager.press("/review")
    assert TOLD["tr"] not in manager.text
    manager.go(journey.path)
    manager.act("/review")
    manager.press("/review")
    assert TEXTS["tr"] in manager.text
    assert TOLD["tr"] not in manager.text


def look_at_everything(journey: Journey) -> None:
    manager = journey["manager"]
    manager.go("/dossiers")
    manager.go(journey.path)
    for page in ("/sections/problem", "/titles", "/figures", "/ask", "/review"):
        manager.go(journey.path + page)
    caseworker = journey["caseworker"]
    caseworker.go("/stories")
    caseworker.press("/stories/")
    lawyer = journey["lawyer"]
    lawyer.go(journey.path)
    lawyer.go(f"{journey.path}/sections/problem")
    assert lawyer.page.locator("[name=text_tr]").count() == 0
    assert lawyer.is_shut_out(f"/dossiers/{uuid4()}")
