"""Journey 2: somebody comes in twice under two spellings; it is noticed, and time is running."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import FilePayload

from core import clock
from core.reference import law, law_words
from core.store.base import db
from domain.deadlines import engine
from domain.deadlines.questions import Question
from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.cases.conflicting import matter
from tests.cases.pages.test_importing import workbook
from tests.support.cast import record_of

KIMLIK = {"ar": "ABDURRAHMAN ELHALEBİ", "tr": "NUREDDİN EŞŞAMİ"}
REGISTER = {"ar": "عبد الرحمن الحلبي", "tr": "نور الدين الشامي"}
SEARCHES = {"ar": ("abdelrahman", "حلب", "٩٩١٢٣"), "tr": ("nour al-din", "الشامي", "99456")}
NUMBER = {"ar": "99123456780", "tr": "99456789012"}
LEFT = {"ar": "بقيت {} أيام", "tr": "{} gün kaldı"}
CALLER = {"ar": "GASSAN KABBANİ", "tr": "RİM ELATASİ"}
PHONE = {"ar": "0532 765 43 21", "tr": "0541 222 11 09"}
OWNER = {"ar": ("وهبة العكاري", "VEHBE ELAKKARİ"), "tr": ("ماجد الدباغ", "MACİD DEBBAĞ")}
TENANT = {"ar": "NADA SABBAG", "tr": "RUBA MARDİNİ"}
ANSWERS = {"ar": ("أُعطيت", "مرفوضة"), "tr": ("Verildi", "Reddedildi")}
FATHER = {"ar": ("محمود", "MAHMUT"), "tr": ("خالد", "HALİT")}


def known(stage: Stage, language: str) -> str:
    """The file of the first time; its reference."""
    record = record_of()
    record["client"] |= {
        "name_ar": REGISTER[language], "name_latin": "", "father": FATHER[language][0], "birth": "1987",
        "numbers": [{"kind": "foreigner_number", "value": NUMBER[language]}], "phones": [],
    }  # fmt: skip # a form
    with stage.world.app.app_context():
        case_id = stage.world.cast.record(record=record)
        db.session.rollback()
    return f"/cases/{case_id}"


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_recorded_noticed_linked_and_due(stage: Stage, language: str, width: int) -> None:
    first = known(stage, language)
    caseworker = stage.enter("caseworker", language, width)
    for words in SEARCHES[language]:
        caseworker.go("/cases/search")
        caseworker.fill(q=words)
        caseworker.send("q")
        assert caseworker.page.locator(f"main a[href='{first}']").count() == 1, words
    case = record(caseworker, language, first)
    link(caseworker, case, first)
    due(caseworker, language, case, str(stage.world.cast["coordinator"].person_id))


def record(caseworker: Player, language: str, first: str) -> str:
    """Typed from the kimlik; the panel speaks before anything is sent."""
    caseworker.go("/cases/new")
    typed: dict[str, Any] = {
        "name_latin": KIMLIK[language], "father": FATHER[language][1], "sex": "m", "province": "27",
        "issue": "C02", "narrative": "Tebliğ edildi.", "urgency": "U0",
        "consents-0-answer": "given", "consents-1-answer": "given", "consents-2-answer": "refused",
    }  # fmt: skip # a form
    caseworker.fill(**typed)
    caseworker.page.locator("#duplicates li").first.wait_for()
    caseworker.look()
    assert caseworker.page.locator(f"#duplicates a[href='{first}']").count() == 1
    caseworker.page.locator("main form:has([name=narrative]) button[name=save]").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    caseworker.page.locator("button[name=anyway]").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    assert re.search(r"/cases/[0-9a-f-]{36}$", caseworker.page.url), caseworker.text[:300]
    answers = caseworker.page.locator("#consents").inner_text()
    assert [answers.count(said) for said in ANSWERS[language]] == [2, 1]  # one by one
    return caseworker.page.url.removeprefix(caseworker.url)


def link(caseworker: Player, case: str, first: str) -> None:
    caseworker.press("/same")
    caseworker.press(f"/same/{first.rsplit('/', 1)[-1]}")
    caseworker.send_wrongly("said")
    caseworker.fill(said="same_person")
    caseworker.send("said")
    assert caseworker.page.locator(f"#linked a[href='{first}']").count() == 1
    caseworker.go(f"{first}/same")
    assert caseworker.page.locator(f"#linked a[href='{case}']").count() == 1


def due(caseworker: Player, language: str, case: str, second: str) -> None:
    """A deportation decision was served: basis, safe date and countdown stand on the card and on the desk."""
    served = clock.today() - dt.timedelta(days=1)
    found = engine.answer(law(), Question("DEP_SUIT", served))
    safe = law_words().shown(found.safe, language)
    caseworker.go(case)
    caseworker.press("/deadlines/new")
    caseworker.fill(rule="DEP_SUIT", served_on=served, second=second)
    caseworker.send("rule")
    assert caseworker.page.locator("#counted ol.steps li").count() > 3
    assert safe in caseworker.page.locator("#counted .big-date").inner_text()
    caseworker.fill(also="DET_OBJ")  # the paper orders detention too
    caseworker.send("rule")
    caseworker.go(case)
    assert caseworker.page.locator("#deadlines .stack").count() == 2
    left = LEFT[language].format(number((found.safe - clock.today()).days, language))
    assert left in caseworker.page.locator("#deadlines").inner_text()
    caseworker.page.locator("#deadlines .stack a").last.click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    card = caseworker.page.locator("#safe-date").inner_text()
    for said in (safe, "YUKK m. 53/3", left):
        assert said in card
    caseworker.go("/desk")
    assert caseworker.page.locator(f"main a[href*='{case}/deadlines/']").count() == 2


def number(count: int, language: str) -> str:
    return str(count).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")) if language == "ar" else str(count)


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_a_call_takes_a_minute(stage: Stage, language: str, width: int) -> None:
    caseworker = stage.enter("caseworker", language, width)
    caseworker.go("/cases/new")
    caseworker.press("/cases/new?call=1")
    caseworker.fill(name_latin=CALLER[language], issue="D01", detained="no", deadline="yes")
    caseworker.fill(**{"phones-0-number": PHONE[language], "phones-0-message_ok": "no"})
    caseworker.page.locator("button[name=save]").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    assert caseworker.page.url.endswith("/deadlines/new"), caseworker.text[:300]  # what comes next
    caseworker.go(caseworker.page.url.removesuffix("/deadlines/new"))
    for said in (CALLER[language], PHONE[language], "U1"):
        assert said in caseworker.text


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_the_other_side_is_a_client_of_ours(stage: Stage, language: str, width: int) -> None:
    """In another script and file: the gate closes by itself, a coordinator decides, the work goes on."""
    with stage.world.app.app_context():
        stage.world.cast.record("colleague", record=matter(OWNER[language][0]))
        db.session.rollback()
    caseworker, coordinator = (stage.enter(name, language, width) for name in ("caseworker", "coordinator"))
    caseworker.go("/cases/new?call=1")
    caseworker.fill(name_latin=TENANT[language], issue="G01", urgency="U1")
    caseworker.fill(**{"parties-0-role": "landlord", "parties-0-name_latin": OWNER[language][1]})
    caseworker.page.locator("#duplicates li").first.wait_for()
    caseworker.look()
    assert "Kişi colleague" in caseworker.page.locator("#duplicates").inner_text()
    for button in ("save", "anyway"):
        caseworker.page.locator(f"button[name={button}]").click()
        caseworker.page.wait_for_load_state()
        caseworker.look()
    case = caseworker.page.url.removeprefix(caseworker.url)
    assert re.fullmatch(r"/cases/[0-9a-f-]{36}", case), caseworker.text[:300]
    caseworker.press("/conflict")
    assert caseworker.page.locator("[name=outcome]").count() == 0
    coordinator.go("/desk")
    coordinator.press(f"{case}/conflict")
    coordinator.send_wrongly("outcome")
    coordinator.fill(outcome="accept", reason="Başka bir kiracının işi.")
    coordinator.send("outcome")
    assert coordinator.page.url.endswith(case)
    caseworker.go(case)
    assert caseworker.page.locator(f"main a[href='{case}/conflict']").count() == 0
    caseworker.press(f"{case}/parties")
    caseworker.send_wrongly("role")
    caseworker.fill(role="witness", name_latin=TENANT[language])
    caseworker.send("role")
    assert caseworker.page.locator(f"main a[href^='{case}/parties/']").count() == 2
    caseworker.press(f"{case}/parties/")


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_from_a_paper_and_from_a_conversation_on_a_phone(stage: Stage, language: str, width: int) -> None:
    """Written in a removal centre, entered later; what the sister wrote on WhatsApp is sealed beside it."""
    day, centre, told = clock.today() - dt.timedelta(days=3), "Harran GGM", "أخذوه من البيت ليلًا"
    caseworker = stage.enter("caseworker", language, width)
    caseworker.go("/cases/new")
    caseworker.page.locator("#arrival summary").click()
    caseworker.fill(channel="outreach", paper_on=day, paper_at="9:05", paper_where=centre)
    caseworker.fill(name_latin={"ar": "HALA ZAYN", "tr": "SUHA NASR"}[language], issue="B03", urgency="U0")
    caseworker.page.locator("button[name=save]").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    assert re.search(r"/cases/[0-9a-f-]{36}$", caseworker.page.url), caseworker.text[:300]
    assert centre in caseworker.text
    assert {"ar": "٠٩:٠٥", "tr": "09:05"}[language] in caseworker.text
    caseworker.go(f"{caseworker.page.url.removeprefix(caseworker.url)}/conversation")
    caseworker.fill(text=f"31.10.2026 21:41 - سلمى: {told}\n31.10.2026 21:42 - نحن: <Medya dahil edilmedi>\n")
    caseworker.page.locator("button[name=search]").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    caseworker.fill(**{"people-0-role": "other", "people-1-role": "us"})
    caseworker.page.locator("button[name=save]").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    assert told not in caseworker.page.content()  # in the case a line; the words are a page of their own
    caseworker.press("/conversation/")
    assert told in caseworker.text


def test_three_cases_of_a_sheet_one_with_something_to_mend(stage: Stage) -> None:
    """What the columns are, everything looked at before it comes in, the row that is wrong named."""
    sheet = workbook(
        ["S-1", "أيهم الترك", "نزار", "1978", "0532 700 11 22", "Hatay", "06.05.2021", "açık", None],
        ["S-2", "Lamis Sayegh", "Adnan", "1990", "0533 700 11 22", "Gaziantep", "07.05.2021", "açık", None],
        ["S-3", "Hani Bitar", "Adnan", "1985", "0534 700 11 22", "Halep", "08.05.2021", "açık", None],
    )
    coordinator = stage.enter("coordinator", "tr", 1280)
    coordinator.go("/cases/import")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    payload = FilePayload(name="liste.xlsx", mimeType=kind, buffer=sheet.getvalue())
    coordinator.page.locator("[name=file]").set_input_files(payload)
    coordinator.send("file")
    assert coordinator.page.locator("[name=columns-1-field]").input_value() == "name"
    coordinator.fill(issue="A02", restrict="no", **{"columns-8-field": "keep"})
    coordinator.send("issue")
    run = coordinator.page.locator("main form[action$='/run'] button")
    run.wait_for(timeout=60_000)  # the page goes on by itself
    coordinator.look()
    assert "Halep" in coordinator.page.locator("#faulty").inner_text()
    run.click()
    coordinator.page.locator("main details a[href^='/cases/']").first.wait_for(
        state="attached", timeout=60_000
    )
    coordinator.look()
    coordinator.page.locator("main details summary").first.click()
    assert coordinator.page.locator("main details a[href^='/cases/']").count() == 2
    coordinator.page.locator("main details a[href^='/cases/']").last.click()
    coordinator.page.wait_for_load_state()
    coordinator.look()
    assert "S-" in coordinator.text
