"""WhatsApp conversations: pasted, read, asked about, stored once, and shown."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cases.models import Entry
from cases.routes.conversations import PART
from core import clock
from core.store.base import db
from tests.cases.conflicting import LANDLORD, matter, party
from tests.support.world import Browser, World

WORDS = "رن عليّ الجيران وقالوا إنهم أخذوه"
ANDROID = (
    "أُرسلت من هاتف أختي\n"
    "31.10.2026 21:40 - Mesajlar ve aramalar uçtan uca şifrelidir.\n"
    f"31.10.2026 21:41 - سلمى: {WORDS}\nمن البيت\n"
    "31.10.2026 21:42 - Hukuk: <Medya dahil edilmedi>\n"
    "1.11.2026 08:05 - Komşu Ali: ben de gördüm\n"
)
WHO = {"people-0-name": "سلمى", "people-1-name": "Hukuk", "people-2-name": "Komşu Ali"}
ROLES = {"people-0-role": "client", "people-1-role": "us", "people-2-role": "other"}


@pytest.fixture
def case(world: World) -> str:
    return f"/cases/{world.record()}"


def store(browser: Browser, case: str, text: str, **more: str) -> str:
    """Store a conversation; gives what the page of the case says then."""
    browser.get(f"{case}/conversation")
    answer = browser.post(f"{case}/conversation", text=text, save="1", **{**WHO, **ROLES, **more})
    assert answer.status_code == 303, browser.errors
    assert answer.location == case
    browser.get(case)
    return browser.text


@pytest.mark.parametrize(
    ("language", "title", "added", "client", "read"),
    [
        ("ar", "محادثة واتساب", "أُضيفت ٤ رسائل إلى سير الملف", "صاحب القضية", "قراءة المحادثة"),
        ("tr", "WhatsApp sohbeti", "4 mesaj zaman çizelgesine eklendi", "Dosya sahibi", "Sohbeti oku"),
    ],
)
def test_a_conversation_is_looked_at_first_then_stored_and_read(
    world: World, case: str, language: str, title: str, added: str, client: str, read: str
) -> None:
    browser = world.browser("caseworker", language)
    assert browser.get(f"{case}/conversation").status_code == 200
    # The first look stores nothing, shows what was found and asks for everybody who writes.
    assert browser.post(f"{case}/conversation", text=ANDROID, search="1").status_code == 200
    assert browser.errors == []
    assert all(f'value="{name}"' in browser.page for name in WHO.values())
    assert "أُرسلت من هاتف أختي" in browser.text
    assert WORDS in browser.text
    assert title not in (browser.get(case), browser.text)[1].replace(f"{title} ekle", "").replace(
        f"إضافة {title}", ""
    )
    assert added in store(browser, case, ANDROID)
    address = re.findall(rf'href="({case}/conversation/[0-9a-f-]+)">{read}', browser.page)
    assert len(address) == 1
    assert WORDS not in browser.page  # in the case folded to a line
    assert browser.get(address[0]).status_code == 200
    for shown in (WORDS, "من البيت", client, "سلمى", "Komşu Ali", "ben de gördüm"):
        assert shown in browser.text
    assert browser.page.index(WORDS) < browser.page.index("ben de gördüm")
    assert "سلمى" not in browser.title


def test_a_later_export_adds_only_what_is_new(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    store(browser, case, ANDROID)
    # Another phone: other names, with the photo, to the second, and one message more.
    iphone = (
        f"[31.10.2026 21:41:07] Selma El Hatib: {WORDS}\nمن البيت\n"
        "[31.10.2026 21:42:59] Ofis: \u200e<eklendi: 0002-PHOTO.jpg>\n"
        "[31.10.2026 21:42:59] Ofis: tamam\n"
    )
    names = {"people-0-name": "Selma El Hatib", "people-1-name": "Ofis", "people-2-name": ""}
    assert "One message is in the timeline now." in store(browser, case, iphone, **names)
    browser.get(f"{case}/conversation")
    again = browser.post(f"{case}/conversation", text=iphone, **{**WHO, **ROLES, **names})
    assert again.status_code == 422
    assert "is in this case already" in " ".join(browser.errors)


def test_two_clicks_store_once(world: World, case: str) -> None:
    browser, token = world.browser("caseworker"), str(uuid4())
    store(browser, case, ANDROID, token=token)
    assert "The conversation is in the timeline." in store(browser, case, ANDROID, token=token)
    assert browser.text.count("Read the conversation") == 1


def test_whoever_is_left_out_is_not_stored(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    store(browser, case, ANDROID, **{"people-2-role": "left_out"})
    [address] = re.findall(rf'href="({case}/conversation/[0-9a-f-]+)"', browser.page)
    browser.get(address)
    assert WORDS in browser.text
    assert "ben de gördüm" not in browser.page
    assert "Komşu Ali" not in browser.page


def test_every_question_has_to_be_answered_and_nothing_typed_is_lost(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    browser.get(f"{case}/conversation")
    for text, why in (
        ("", "Paste the exported text."),
        ("nothing of a conversation", "No message was found"),
        ("x" * 200_001, "Shorten this"),
        ("\n".join(f"1.11.2026 9:41 - Kişi {n}: a" for n in range(21)), "More than 20 people"),
    ):
        assert browser.post(f"{case}/conversation", text=text, search="1").status_code == 422
        assert why in " ".join(browser.errors)
    assert browser.post(f"{case}/conversation", text=ANDROID, save="1").status_code == 422
    assert browser.text.count("Say who this is.") >= 3
    assert WORDS in browser.page
    nonsense = {**WHO, **ROLES, "people-0-role": "x"}
    assert browser.post(f"{case}/conversation", text=ANDROID, **nonsense).status_code == 422


def test_dates_that_can_mean_two_days_are_asked_about(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    year = clock.today().year - 1
    text = f"3/4/{year}, 9:41 - سلمى: bir\n5/4/{year}, 9:41 - Hukuk: iki\n5/4/{year}, 9:42 - Komşu Ali: üç"
    browser.get(f"{case}/conversation")
    assert browser.post(f"{case}/conversation", text=text, **WHO, **ROLES).status_code == 422
    assert "Say which day is meant." in " ".join(browser.errors)
    assert f"3 April {year}" in browser.text
    assert f"4 March {year}" in browser.text
    store(browser, case, text, order="mdy")
    assert f"4 March {year}" in browser.text


def test_a_long_conversation_is_read_in_parts(world: World, case: str) -> None:
    browser, day = world.browser("caseworker"), clock.today() - timedelta(days=40)
    lines = [f"{day:%d.%m.%Y} {n // 60:02}:{n % 60:02} - سلمى: satır-{n:04}-son" for n in range(PART + 1)]
    store(browser, case, "\n".join(lines), **{name: "" for name in (*WHO, *ROLES) if "-0-" not in name})
    [address] = re.findall(rf'href="({case}/conversation/[0-9a-f-]+)"', browser.page)
    browser.get(address)
    assert "satır-0000-son" in browser.page
    assert f"satır-{PART:04}-son" not in browser.page
    browser.get(f"{address}?part=2")
    assert re.findall(r"satır-\d{4}-son", browser.page) == [f"satır-{PART:04}-son"]
    assert browser.get(f"{address}?part=9").status_code == 200
    assert "No more messages" in browser.text
    for part in ("0", "-1", "x", "9" * 30):
        assert browser.get(f"{address}?part={part}").status_code == 200


def test_before_the_check_is_clear_a_case_takes_no_conversation(world: World) -> None:
    with world.app.app_context():
        world.cast.record("colleague", record=matter("سلمى الخطيب", party("opposing", LANDLORD)))
        held = world.cast.record(record=matter(LANDLORD))
    browser = world.browser("caseworker")
    browser.get(f"/cases/{held}/conversation")
    sent = browser.post(f"/cases/{held}/conversation", text=ANDROID, save="1", **WHO, **ROLES)
    assert sent.status_code == 422
    assert "A possible conflict of interest waits" in browser.text
    assert WORDS in browser.page


def test_only_a_conversation_of_the_case_is_read_and_never_as_markup(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    evil = "1.11.2026 9:41 - <b>سلمى</b>: <script>alert(1)</script>"
    names = {"people-0-name": "<b>سلمى</b>", **{name: "" for name in (*WHO, *ROLES) if "-0-" not in name}}
    store(browser, case, evil, **names)
    [address] = re.findall(rf'href="({case}/conversation/[0-9a-f-]+)"', browser.page)
    browser.get(address)
    assert "<script>alert" not in browser.page
    assert "<b>سلمى" not in browser.page
    line = address.rpartition("/")[2]
    assert browser.get(f"/cases/{world.record()}/conversation/{line}").status_code == 404
    assert browser.get(f"{case}/conversation/{UUID(int=7)}").status_code == 404
    assert world.browser("colleague").get(address).status_code == 404
    browser.get(case)
    browser.post(f"{case}/notes", kind="note", text="x")
    with world.app.app_context():
        lines = select(Entry.id).where(Entry.case_id == UUID(case.rpartition("/")[2]))
        other = db.session.scalars(lines.order_by(Entry.written_at)).first()
        db.session.rollback()
    assert browser.get(f"{case}/conversation/{other}").status_code == 404
