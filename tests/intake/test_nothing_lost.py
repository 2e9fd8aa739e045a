"""What was typed is not lost, and nobody is told that something reaches a person whom it does not reach."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import update

from core import clock
from core.store.base import db
from core.store.transaction import transaction
from intake.models import RequestVisit
from intake.service import visiting
from tests.intake.papers import photo, upload
from tests.intake.stage import (
    REACH,
    ask,
    come_back,
    open_door,
    phone,
    requests_on,
    send,
    token,
    write,
)
from tests.support.world import Browser, World

LONG = "كتبتُ هذا طويلًا ثم انقطعتُ"


def boxes(**later: int) -> list[str]:
    """Today, or so much later, as three boxes of a form."""
    day = clock.today() + dt.timedelta(**later)
    return [str(day.day), str(day.month), str(day.year)]


@pytest.fixture
def desk(world: World) -> World:
    open_door(world)
    return world


def test_a_visit_that_ended_while_somebody_wrote_keeps_the_words(desk: World) -> None:
    code = ask(desk)
    back = come_back(desk, code)
    form = token(back)
    other = phone(desk)
    other.client = back.client
    other.get("/n/ar/all")
    other.post("/n/ar/off")  # in another tab
    ended = back.post("/n/ar/all", token=form, text=LONG)
    assert ended.status_code == 200
    assert LONG in back.text
    again = back.post("/n/ar", code=code, **kept(back))
    assert again.status_code == 200
    assert back.page.count(LONG) == 1  # in the field, not sent
    assert "لم يصل ما كتبته" in back.text
    assert back.post("/n/ar/all", token=token(back), text=LONG).status_code == 303
    assert LONG in come_back(desk, code).text


def test_a_complaint_is_never_put_to_those_whom_it_is_about(desk: World) -> None:
    back = idle(desk, code := ask(desk), "else", text=LONG)
    back.post("/n/ar", code="1" * 24, **kept(back))  # a wrong digit first
    assert back.post("/n/ar", code=code, **kept(back)).status_code == 200
    assert back.page.count(LONG) == 1
    assert 'action="/n/ar/else"' in back.page
    assert 'action="/n/ar/all"' not in back.page
    assert back.post("/n/ar/else", token=token(back), text=LONG).location == "/n/ar/else"
    assert LONG not in come_back(desk, code).text


def test_what_had_arrived_before_the_line_broke_is_not_sent_twice(desk: World) -> None:
    code = ask(desk)
    chosen = {**REACH, "phone": "0532 000 00 77", "whose": "own"}
    for page, fields in (("all", {"text": LONG}), ("else", {"text": LONG}), ("reach", chosen)):
        back = come_back(desk, code)
        back.get(f"/n/ar/{page}")
        sent = {"token": token(back), **fields}
        assert back.post(f"/n/ar/{page}", **sent).status_code == 303, back.errors
        end_visits(desk)
        assert back.post(f"/n/ar/{page}", **sent).status_code == 200
        assert "لا نعرف هل وصل ما أرسلته" in back.text
        assert "لم يُرسل شيء" not in back.text
        assert back.post("/n/ar", code=code, **kept(back)).status_code == 200
        assert "كان قد وصل من المرة الأولى" in back.text
        assert not re.search(r"<textarea[^>]*>[^<]*\S[^<]*</textarea>", back.page)  # nothing to send again
        back.get(f"/n/ar/{page}")
        assert back.page.count(LONG) == (page != "reach")
    back = come_back(desk, code)
    assert back.text.count("غيّرت طريقة تواصلنا معك") == 1
    back.get("/n/ar/reach")
    assert back.page.count("0532 000 00 77") == 1


def test_what_was_added_on_the_same_page_after_the_line_broke_comes_back(desk: World) -> None:
    code, more = ask(desk), f"{LONG} ثم جاؤوا مرة أخرى"
    back = come_back(desk, code)
    sent = {"token": token(back), "text": LONG}
    assert back.post("/n/ar/all", **sent).status_code == 303
    end_visits(desk)
    assert back.post("/n/ar/all", **{**sent, "text": more}).status_code == 200
    assert back.post("/n/ar", code=code, **kept(back)).status_code == 200
    assert "لم يصل ما كتبته" in back.text
    assert more in back.page
    assert back.post("/n/ar/all", token=token(back), text=more).status_code == 303
    assert more in come_back(desk, code).text


def test_who_is_not_in_any_more_hears_with_the_code_what_did_not_arrive(desk: World) -> None:
    back = idle(desk, code := ask(desk), "back")
    assert "تأكّد هل سُحب طلبك" in back.text
    assert back.post("/n/ar", code=code, **kept(back)).location == "/n/ar/back"

    chosen = {**REACH, "phone": "0532 000 00 99", "channels": ["sms"], "message_ok": "yes"}
    back = idle(desk, code, "reach", **chosen)
    assert "لا نعرف هل وصل ما أرسلته" in back.text
    assert back.post("/n/ar", code=code, **kept(back)).status_code == 200
    assert "لم يصل التغيير" in back.text
    assert 'value="0532 000 00 99"' in back.page
    assert re.findall(r'checked[^>]* value="(\w+)"', back.page)[:3] == ["own", "sms", "yes"]
    back.get("/n/ar/reach")
    assert "0532 000 00 99" not in back.page  # it was never saved

    back = idle(desk, code, "all", text="", files=upload(photo()))
    assert back.post("/n/ar", code=code, **kept(back)).status_code == 200
    assert "اخترها من جديد" in back.text
    back.get("/n/ar/all")
    assert "اخترها من جديد" not in back.text


def idle(desk: World, code: str, page: str, **fields: Any) -> Browser:
    """A telephone whose visit ended while a page was open, and then its form was sent."""
    back = come_back(desk, code)
    back.get(f"/n/ar/{page}")
    carried = {} if page == "back" else {"token": token(back)}
    end_visits(desk)
    assert back.post(f"/n/ar/{page}", **carried, **fields).status_code == 200
    return back


def end_visits(desk: World) -> None:
    """Twenty minutes pass in which nobody does anything."""
    with desk.app.app_context(), transaction():
        db.session.execute(update(RequestVisit).values(seen_at=clock.now() - 2 * visiting.IDLE))


def kept(browser: Browser) -> dict[str, list[str]]:
    """What the page of the code carries on."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<textarea name="([\w-]+)" hidden>([^<]*)</textarea>', browser.page):
        found.setdefault(name, []).append(value)
    return found


def test_a_second_answer_that_ends_a_request_is_not_dropped_in_silence(desk: World) -> None:
    code = ask(desk)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    colleague.post(f"{page}/claim", version=colleague.version)
    colleague.get(f"{page}/decline")
    version, first = colleague.version, token(colleague)
    for _twice in range(2):
        sent = colleague.post(f"{page}/decline", version=version, token=first, text="اذهب إلى النقابة")
        assert sent.status_code == 303
    colleague.get("/requests")
    other = colleague.post(
        f"{page}/decline", version=version, token="0b0f2c5e-0000-4000-8000-000000000001", text="شيء آخر"
    )
    assert other.location == f"{page}/decline"
    assert "This time nothing was done" in (colleague.get("/requests"), colleague.text)[1]
    assert "شيء آخر" not in come_back(desk, code).text


def test_who_has_no_code_is_not_said_to_read_an_answer(desk: World) -> None:
    assert send(write(phone(desk), page_5={"way": "call", "phone": "0532 765 43 21"})) == ""
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    colleague.post(f"{page}/claim", version=colleague.version)
    colleague.get(f"{page}/decline")
    sent = {"version": colleague.version, "token": token(colleague), "text": ""}
    assert colleague.post(f"{page}/decline", **sent).status_code == 422
    assert "Note first when you called them" in colleague.text
    colleague.get(f"{page}/call")
    called = {"token": token(colleague), "at": "00:00", "reached": "no"}
    assert colleague.post(f"{page}/call", **called, on=boxes(days=1)).status_code == 422
    for _twice in range(2):
        assert colleague.post(f"{page}/call", **called, on=boxes()).location == page
    colleague.get(page)
    assert colleague.text.count("Called, and did not reach the person") == 1
    assert colleague.post(f"{page}/decline", **sent).status_code == 303, colleague.errors
    colleague.get("/requests")
    assert "Nothing was sent" in colleague.text


@pytest.mark.parametrize("number", ["12", "abc", "0532 765 43 2"])
def test_whoever_wants_a_call_leaves_a_number_that_can_be_called(desk: World, number: str) -> None:
    browser = write(phone(desk))
    fields = {"way": "call", "phone": number, "whose": "own", "message_ok": "no", "code_word": ""}
    assert browser.fill("/m/ar/5", **fields).status_code == 422
    assert "لا يمكن الاتصال بهذا الرقم" in browser.text


def test_a_complaint_whose_code_was_replaced_says_that_nobody_reads_an_answer(desk: World) -> None:
    code = ask(desk)
    back = come_back(desk, code)
    back.get("/n/ar/else")
    back.post("/n/ar/else", token=token(back), text="طلبوا مالًا")
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    lead = desk.browser("coordinator")
    lead.get("/complaints")
    address = re.findall(r'href="(/complaints/[0-9a-f-]+)"', lead.page)[0]
    lead.get(address)
    assert "Nobody reads an answer here" not in lead.text
    colleague.get(f"{page}/code")
    colleague.post(f"{page}/code", version=colleague.version, how="word")
    lead.get(address)
    assert "Nobody reads an answer here" in lead.text
    assert "comes back with the code" not in lead.text
    assert lead.post(f"{address}/share", person="").status_code == 422
    assert f'action="{address}"' in lead.page  # an answer that is typed now arrives


def test_the_desk_says_that_it_became_urgent_and_whoever_is_on_duty_hears(desk: World) -> None:
    ask(desk)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    before = colleague.version
    for _twice in range(2):
        changed = colleague.post(f"{page}/weigh", version=before, urgency="U0")
        assert changed.location == page, colleague.errors
    lead = desk.browser("coordinator")
    assert page in (lead.get("/desk"), lead.page)[1]
    assert "Same day" in (colleague.get(page), colleague.text)[1]
    assert colleague.post(f"{page}/weigh", version=before, urgency="U9").status_code == 422
