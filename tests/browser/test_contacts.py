"""From the list of addressees to what those who hold the cases hear of it: letters, promises, outcomes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from axe_core_python.sync_playwright import Axe

from advocacy.service import dossiers
from core import clock
from core.store.transaction import transaction
from domain.dossiers import LANGUAGES, NEEDED
from tests.advocacy.test_contacts import listed
from tests.advocacy.test_stories import approved, told
from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.support.cast import Cast

TITLES = {
    "tr": "Adres güncellemesi yapılamadığı için pasife alınan geçici koruma kayıtları ve başvuru yolları",
    "ar": "قيود الحماية المؤقتة التي أُوقفت لتعذّر تحديث العنوان، وطرق الاعتراض عليها",
    "en": "Temporary protection records deactivated because an address could not be updated",
}
WORDS = {"tr": "Genelge çıkarılacağını söylediler.", "ar": "قالوا إن تعميمًا سيصدر."}
BODY = {"tr": "Dosyamızı bilginize sunarız.", "ar": "نضع ملفنا بين أيديكم."}
THEN = clock.now() - dt.timedelta(days=80)  # within the ninety days for which agreement to a story counts
SENT, REACHED, DUE = (clock.today() - dt.timedelta(days=days) for days in (140, 100, 3))


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_from_an_addressee_to_the_desk_of_those_who_hold_the_case(
    stage: Stage, language: str, width: int
) -> None:
    with stage.world.app.app_context():
        with clock.at(THEN):
            house = stage.beside("MUA" if language == "ar" else "MUT")
            dossier_id, case_id = carried(house.world.cast)
        places = listed(house.world.cast)
    manager = house.enter("manager", language, width)
    somebody(manager, places["interior"])
    path = f"/dossiers/{dossier_id}"
    own_words(manager)
    letters(manager, path, places["interior"])
    handed_over(manager, path, places)
    promised(house, manager, path, places["interior"])
    reached(manager, path)
    caseworker = house.enter("caseworker", language, width)
    heard(caseworker, case_id)
    assert manager.is_shut_out(f"/cases/{case_id}")
    for player in (manager, caseworker):
        player.page.context.close()


def carried(cast: Cast) -> tuple[UUID, UUID]:
    """An approved dossier in three languages to which a case has given a story."""
    dossier_id, case_id, _story = told(cast)
    with transaction():
        dossiers.rename(cast["manager"], dossier_id, version(cast, dossier_id), TITLES)
        for language in set(LANGUAGES) - {"tr"}:
            for section in sorted(NEEDED):
                dossiers.write_section(
                    cast["manager"], dossier_id, section, language, 0, TITLES[language], ready=True
                )
    approved(cast, dossier_id)
    return dossier_id, case_id


def version(cast: Cast, dossier_id: UUID) -> int:
    return dossiers.open_dossier(cast["manager"], dossier_id).version


def day(player: Player, name: str, on: dt.date) -> None:
    """Three boxes that share one name."""
    for suffix, value in (("", on.day), ("-month", on.month), ("-year", on.year)):
        player.page.fill(f"#{name}{suffix}", str(value))


def fits(player: Player) -> None:
    """Nothing on the page keeps somebody out who uses a reader or a keyboard."""
    found = Axe().run(player.page, "main")["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def somebody(manager: Player, place: UUID) -> None:
    """The list, one addressee, a person there, and a meeting that concerns no dossier."""
    manager.go("/institutions")
    fits(manager)
    manager.press(f"/institutions/{place}")
    manager.press("/people/new")
    manager.send_wrongly("name")
    manager.fill(name="Şükriye Hacıhasanoğlu-Karamehmetoğlu", role="Daire Başkanı", phone="0312 555 00 00")
    manager.send("name")
    manager.press("/contacts/new")
    manager.fill(kind="meeting", words=WORDS[manager.language])
    manager.send("kind")
    assert WORDS[manager.language] in manager.page.locator("#log").inner_text()
    assert "Şükriye" in manager.page.locator("#people").inner_text()
    fits(manager)


def own_words(manager: Player) -> None:
    """The organisation begins its letters with its own text."""
    manager.go("/letters")
    manager.press(f"/letters/meeting/{manager.language}")
    text = manager.page.locator("[name=text]").input_value()
    manager.fill(text=f"{BODY[manager.language]}\n\n{text}")
    manager.send("text")
    assert manager.page.locator(".badge-done").count() == 1
    fits(manager)


def letters(manager: Player, path: str, place: UUID) -> None:
    """A letter in the language of the desk, as it is proposed and with a change, in both formats."""
    manager.go(f"{path}/letter")
    manager.fill(institution=str(place), kind="meeting", language=manager.language)
    manager.page.locator("main form button").last.click()
    manager.page.wait_for_url("**/letter/**/meeting/*")
    manager.look()
    fits(manager)
    proposed = manager.page.locator("[name=body]").input_value()
    assert proposed.startswith(BODY[manager.language])
    assert TITLES[manager.language] in proposed
    for kind in ("docx", "pdf"):
        manager.fill(body=f"{proposed}\n\n{WORDS[manager.language]}", format=kind)
        content = saved(manager)
        if kind == "pdf":
            assert content.startswith(b"%PDF")
        else:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                assert WORDS[manager.language] in package.read("word/document.xml").decode()


def saved(player: Player) -> bytes:
    """The file that the form on the page gives."""
    with player.page.expect_download() as waiting:
        player.page.locator("main form:has([name=body]) button").last.click()
    return Path(waiting.value.path()).read_bytes()


def handed_over(manager: Player, path: str, places: dict[str, UUID]) -> None:
    """The paper goes to two groups of parliament; the page says to whom it was not offered."""
    manager.go(path)
    manager.fill(paper="paper", language=manager.language, format="docx")
    manager.send("paper")
    for group in ("chp", "ak_parti"):
        manager.go(f"{path}/contacts/new?institution={places[group]}")
        day(manager, "on", SENT)
        manager.fill(kind="sent", number="1", language="tr")
        manager.send("kind")
    equal = manager.page.locator("#equal")
    assert equal.locator(".badge-done").count() == 2
    assert equal.locator(".badge-danger").count() == 4
    assert equal.locator("a[href*='/contacts/new?institution=']").count() == 4


def promised(house: Stage, manager: Player, path: str, place: UUID) -> None:
    """A promise whose day is over stands on the desk, and is settled there."""
    manager.go(f"{path}/contacts/new?institution={place}")
    day(manager, "on", REACHED)
    manager.fill(kind="promise", words=WORDS[manager.language])
    manager.send_wrongly("kind")
    fits(manager)
    day(manager, "due_on", DUE)
    manager.fill(owner=str(house.world.cast["manager"].person_id))
    manager.send("kind")
    assert manager.page.locator("#log .badge-danger").count() == 1
    manager.go("/desk")
    manager.press("/contacts")
    assert WORDS[manager.language] in manager.text
    fits(manager)
    manager.act("/broken")
    manager.go("/contacts")
    assert WORDS[manager.language] not in manager.text


def reached(manager: Player, path: str) -> None:
    """An outcome with how it is known, two reviews that are due answered at once, and a word to the cases."""
    manager.go(f"{path}/contacts")
    manager.press("/outcomes/new")
    manager.fill(step="instruction")
    day(manager, "on", REACHED)
    manager.send_wrongly("step")
    manager.fill(evidence=WORDS[manager.language])
    manager.send("step")
    assert manager.page.locator("#reviews .badge-warning").count() == 2
    fits(manager)
    manager.go("/desk")
    manager.press("/contacts")
    manager.press(path)
    manager.press("/outcomes/review")
    manager.fill(found=WORDS[manager.language])
    manager.send("found")
    assert manager.page.locator("#reviews .badge-done").count() == 2
    assert manager.page.locator("#reviews li").count() == 3
    manager.press("/tell")
    manager.send_wrongly("words")
    manager.fill(words=BODY[manager.language])
    manager.send("words")
    manager.press("/tell")  # for whoever joins a case later; now everybody knows
    manager.fill(words=BODY[manager.language])
    manager.send_wrongly("words")
    manager.go(f"{path}/contacts")


def heard(caseworker: Player, case_id: UUID) -> None:
    """Whoever holds the case reads it, opens the case and has it off the desk."""
    caseworker.go("/desk")
    caseworker.press("/results")
    assert BODY[caseworker.language] in caseworker.text
    fits(caseworker)
    caseworker.press(f"/cases/{case_id}")
    caseworker.go("/results")
    caseworker.act("/seen")
    caseworker.go("/desk")
    assert caseworker.page.locator("main a[href='/results']").count() == 0
