"""What a person is asked about being told, reads of it word for word, and what colleagues see of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.outgoing.message import NotCarriedError
from core.outgoing.ways import ways_to_people
from domain.intake.telling import Never, Now, Why
from intake import tasks
from intake.service import telling
from tests.intake.stage import (
    ANSWERS,
    REACH,
    ask,
    come_back,
    open_door,
    phone,
    requests_on,
    take_on,
    token,
    write,
)
from tests.support.mailing import Letterbox
from tests.support.world import World

MAIL = "gizli.kisi@posta.example"
CHOICE: dict[str, Any] = {
    "notice": "mail",
    "notice_mail": MAIL,
    "notice_parts": ["morning", "afternoon", "evening"],
    "notice_days": "all",
}
WORDS = {
    "ar": ("لديك شيء جديد. أنت تعرف أين تجده.", "عندما يصل الجواب نُعلمك بالبريد الإلكتروني."),
    "tr": ("Sizin için yeni bir şey var.", "Yanıt geldiğinde size e-postayla haber veririz."),
}


@pytest.fixture
def desk(world: World) -> Iterator[World]:
    open_door(world)
    post = Letterbox(world.app)
    before, world.app.extensions["himaya.ways"] = world.app.extensions["himaya.ways"], {"mail": post}
    yield world
    world.app.extensions["himaya.ways"] = before


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_the_choice_is_asked_shown_word_for_word_kept_and_stopped(desk: World, language: str) -> None:
    first = write(phone(desk), language)
    first.get(f"/m/{language}/7")
    exact, told = WORDS[language]
    assert exact in first.text
    assert 'name="notice_phone"' not in first.page  # no gateway is set: SMS is not offered
    assert MAIL in write(phone(desk), language, page_7=CHOICE).page  # once more before it is sent
    code = ask(desk, language, page_7=CHOICE)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    take_on(colleague, page)
    assert "The person is told by e-mail, at safe times, that an answer is there." in colleague.text
    assert MAIL not in colleague.page
    assert colleague.post(page, token=token(colleague), text="cevap").status_code == 303
    colleague.get(page)
    assert "A notice waits for a safe time." in colleague.text
    back = come_back(desk, code, language)
    assert told in back.text
    colleague.get(page)
    assert "A notice waits" not in colleague.text  # read meanwhile
    back.get(f"/n/{language}/reach")
    assert MAIL in back.page
    stopped = {**REACH, "notice": ""}
    assert back.post(f"/n/{language}/reach", token=token(back), **stopped).status_code == 303
    back.get(f"/n/{language}/reach")
    assert MAIL not in back.page
    colleague.get(page)
    assert "they look by themselves" in colleague.text
    with desk.app.app_context():
        tasks.tell_people()
        assert ways_to_people()["mail"].taken == []  # type: ignore[attr-defined] # the letterbox of this test


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"notice_mail": ""}, "Adresi yazın"),
        ({"notice_mail": "nobody"}, "e-posta adresi"),
        ({"notice_parts": []}, "En az bir zaman seçin"),
        ({"notice": "sms", "notice_phone": "12"}, "bütün rakamlarıyla"),
        ({"notice": "sms", "notice_phone": "0532 000 00 07"}, "izin vermediniz"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_what_was_typed_stays(
    desk: World, changes: dict[str, Any], error: str
) -> None:
    desk.app.extensions["himaya.ways"]["sms"] = Letterbox(desk.app)
    browser = write(phone(desk), "tr")
    wrong = {"code_word": "incir", **CHOICE, **changes}
    assert browser.fill("/m/tr/7", **wrong).status_code == 422
    assert any(error in said for said in browser.errors), browser.errors
    assert "incir" in browser.page


def test_whoever_wants_to_be_called_is_asked_for_no_message(desk: World) -> None:
    browser = write(phone(desk), "tr", page_5={"way": "call"})
    browser.get("/m/tr/7")
    assert 'name="notice"' not in browser.page
    assert browser.fill("/m/tr/7", **CHOICE).status_code == 422
    assert any("Kod olmadan" in said for said in browser.errors)
    chose = write(phone(desk), "tr", page_7=CHOICE)
    assert MAIL in chose.page
    chose.fill("/m/tr/5", **ANSWERS[5] | {"way": "call"})
    chose.get("/m/tr/8")
    assert MAIL not in chose.page


def test_no_message_goes_to_a_number_that_takes_none_after_all(desk: World) -> None:
    desk.app.extensions["himaya.ways"]["sms"] = Letterbox(desk.app)
    to_it = {**CHOICE, "notice": "sms", "notice_mail": "", "notice_phone": "0532 000 00 07"}
    browser = write(phone(desk), "tr", page_6={"channels": ["call", "sms"]}, page_7=to_it)
    assert "kısa mesajla (SMS) haber veririz" in browser.text
    assert browser.fill("/m/tr/6", **ANSWERS[6]).location == "/m/tr/7"
    browser.get("/m/tr/8")  # asked about anew
    assert 'name="notice"' in browser.get("/m/tr/7").text
    assert "0532 000 00 07" not in browser.page
    browser.fill("/m/tr/7", **ANSWERS[7])
    browser.get("/m/tr/8")
    assert "kısa mesajla (SMS) haber veririz" not in browser.text


def test_where_nothing_is_set_nothing_is_asked(desk: World) -> None:
    desk.app.extensions["himaya.ways"] = {}
    browser = write(phone(desk), "tr")
    browser.get("/m/tr/7")
    assert 'name="notice' not in browser.page
    assert browser.fill("/m/tr/7", **{**ANSWERS[7], "notice": "mail", "notice_mail": MAIL}).status_code == 422


def test_whoever_could_not_be_told_reads_so_on_their_own_page_until_they_can(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "may", lambda *_: Now())  # at whatever hour this runs
    code = ask(desk, "tr", page_7=CHOICE)
    post: Letterbox = desk.app.extensions["himaya.ways"]["mail"]
    page = requests_on(colleague := desk.browser("caseworker"))[-1]

    def answered(*answers: NotCarriedError) -> None:
        take_on(colleague, page)
        colleague.post(page, token=token(colleague), text="cevap")
        post.answers = list(answers)
        with desk.app.app_context():
            tasks.tell_people()
        colleague.get(page)

    failed = "İstediğiniz haber mesajını size ulaştıramadık"
    assert failed not in come_back(desk, code, "tr").text
    answered(NotCarriedError(final=True))
    assert "could not be delivered. The person does not know" in colleague.text
    for _ in range(2):  # to have read it once makes no number right
        assert failed in come_back(desk, code, "tr").text
    colleague.get(page)
    assert "Their own page says so and asks for another number" in colleague.text
    answered()
    assert len(post.taken) == 1
    assert failed not in come_back(desk, code, "tr").text


def test_nobody_is_promised_a_message_that_their_file_does_not_allow(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ask(desk, "tr", page_7=CHOICE)
    assert WORDS["tr"][1] in come_back(desk, code, "tr").text
    monkeypatch.setattr(telling, "may", lambda *_: Never(Why.REFUSED))
    assert WORDS["tr"][1] not in come_back(desk, code, "tr").text
