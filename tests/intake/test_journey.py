"""From the first question to the case: what somebody on a telephone sees, and what the desk sees."""

from __future__ import annotations

import html
import re

import pytest

from core.store.base import db
from intake.forms.pages import STEPS
from intake.service import visiting
from tests.awareness.stage import add, address_of, publish
from tests.intake.stage import (
    ANSWERS,
    LAST,
    REACH,
    ask,
    come_back,
    open_door,
    phone,
    requests_on,
    send,
    take_on,
    token,
    write,
)
from tests.support.world import Browser, World

TOLD = ANSWERS[3]["text"]


@pytest.fixture(scope="module")
def desk(world: World) -> World:
    open_door(world)
    return world


def test_who_asks_gets_a_code_and_reads_the_answer_with_it(desk: World) -> None:
    code = ask(desk)
    assert re.fullmatch(r"(\d{4} ){5}\d{4}", code)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    assert TOLD in colleague.get(page).text
    assert "زيتون" not in colleague.page  # the word is for whoever replaces a code
    colleague.post(f"{page}/claim", version=colleague.version)
    colleague.get(page)
    answer = colleague.post(page, token=token(colleague), text="لديك سبعة أيام. تعال غدًا.")
    assert answer.status_code == 303
    back = come_back(desk, code)
    assert TOLD in back.text
    assert "لديك سبعة أيام" in back.text
    assert back.post("/n/ar/all", token=token(back), text="سأحضر").status_code == 303
    colleague.get(page)
    assert "سأحضر" in colleague.text
    assert "Read on" in colleague.text  # the answer was seen by the person


def test_digits_of_any_script_with_whatever_stands_between_open_it(desk: World) -> None:
    code = ask(desk)
    arabic = code.translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)}).replace(" ", "-")
    assert TOLD in come_back(desk, arabic).text


def test_a_wrong_digit_and_a_code_of_nobody_get_the_same_answer(desk: World) -> None:
    code = ask(desk)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    said = set()
    for typed in (wrong, "1234", "نص", "0000 0000 0000 0000 0000 0098"):
        browser = phone(desk)
        assert browser.fill("/n/ar", code=typed).status_code == 422
        said.add(re.sub(r'value="[^"]*"|nonce-\S+', "", browser.page))
        assert "/n/ar/all" not in browser.page
    assert len(said) == 1


def test_after_many_wrong_codes_of_one_address_a_sum_is_asked_and_nobody_is_refused(desk: World) -> None:
    """Thousands of telephones may share an address. What was not answered costs no derivation."""
    code, shared = ask(desk), phone(desk)
    tried = [shared.fill("/n/en", code="1234").status_code for _ in range(20)]
    assert set(tried) == {422}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visiting, "derive", None)
        assert shared.post("/n/en", code=code).status_code == 422
        assert "Write a number." in shared.errors[0]
        assert shared.post("/n/en", code=code, token=token(shared), sum="1").status_code == 422
    elsewhere = phone(desk)
    elsewhere.get("/n/en")
    assert "How much are" not in elsewhere.text
    asked = token(shared)
    for _ in range(3):
        shared.post("/n/en", code="1234", token=asked, sum=_sum(shared))
        assert "This code does not open" in shared.errors[0]
    shared.post("/n/en", code=code, token=asked, sum=_sum(shared))
    assert "Here is a new question. Answer this one." in shared.errors[0]
    assert token(shared) != asked
    assert shared.post("/n/en", code=code, token=token(shared), sum=_sum(shared)).location == "/n/en/all"


def _sum(browser: Browser) -> int:
    """What the question on the page asks for."""
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    found = re.search(r"How much are (\w+) and (\w+) together", browser.text)
    assert found
    return sum(1 + words.index(word) for word in found.groups())


def test_the_form_goes_on_where_it_was_left_and_keeps_what_was_typed(desk: World) -> None:
    browser = phone(desk)
    browser.fill("/m/ar/1", **ANSWERS[1])
    assert browser.get("/m/ar/5").location == "/m/ar/2"  # nothing is skipped
    assert browser.post("/m/ar/2", detained="no").status_code == 422
    assert re.search(r'value="no"[^>]*checked|checked[^>]*value="no"', browser.page)
    write(browser)
    browser.get("/m/tr/3")
    assert TOLD in browser.text  # in another language, from the same draft
    assert "Türkçe" in browser.text


def test_five_times_sent_is_one_request(desk: World) -> None:
    before = len(requests_on(colleague := desk.browser("caseworker")))
    browser = write(phone(desk))
    form = token(browser)
    code = send(browser)
    for _ in range(4):
        browser.post(f"/m/ar/{LAST}", token=form)
        assert browser.get("/m/ar/end").status_code == 200
        assert " ".join(browser.codes) == code
    assert len(requests_on(colleague)) == before + 1


def test_what_no_person_writes_so_fast_is_kept_and_not_sent(desk: World) -> None:
    before = len(requests_on(colleague := desk.browser("caseworker")))
    browser = write(phone(desk))
    assert browser.post(f"/m/ar/{LAST}", token=token(browser)).status_code == 422
    assert "عشر ثوانٍ" in browser.errors[0]
    assert TOLD in browser.text
    assert len(requests_on(colleague)) == before


def test_who_is_held_comes_first_and_reads_whom_to_call_tonight(desk: World) -> None:
    ask(desk)
    browser = write(phone(desk), page_2={"detained": "yes"}, page_3={"text": "أخي عند الشرطة", "subject": ""})
    assert "أرقام الليل" in browser.text
    send(browser)
    assert "أرقام الليل" in browser.text
    first = requests_on(colleague := desk.browser("coordinator"))[0]
    assert "أخي عند الشرطة" in colleague.get(first).text
    assert "U0" in colleague.text


@pytest.mark.parametrize(
    ("language", "today", "signs"),
    [
        ("ar", "ورقة عليها تاريخ: ما يُفعل اليوم", "لا توقّع على ما لا تفهمه"),
        ("tr", "Tarihli bir kâğıt: bugün yapılacaklar", "Anlamadığınız hiçbir şeyi imzalamayın"),
        ("en", "A paper with a date: what to do today", "Sign nothing that you do not understand"),
    ],
)
def test_who_has_a_paper_with_a_date_reads_what_to_do_today(
    desk: World, language: str, today: str, signs: str
) -> None:
    browser = phone(desk)
    browser.fill(f"/m/{language}/1", **ANSWERS[1])
    for deadline, told in (("no", False), ("unsure", True), ("yes", True)):
        browser.fill(f"/m/{language}/2", **ANSWERS[2] | {"deadline": deadline})
        browser.get(f"/m/{language}/3")
        assert (today in browser.text, signs in browser.text) == (told, told)
        assert ("Baro, adli yardım bürosu" in browser.text) == (told and language != "tr")
    write(browser)
    browser.get(f"/m/{language}/{LAST}")
    assert today in browser.text


def test_who_wants_to_be_called_gets_no_code_and_has_to_leave_a_number(desk: World) -> None:
    browser = write(phone(desk))
    browser.fill("/m/ar/5", **{**ANSWERS[5], "way": "call", "phone": ""})
    assert "اكتب الرقم" in browser.errors[0]
    write(browser, page_5={"way": "call"})
    browser.get("/m/ar/6")
    assert "يبقى الاتصال مختارًا" in browser.text
    browser.get(f"/m/ar/{LAST}")
    assert send(browser) == ""
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    assert "This person has no code" in colleague.text
    assert "Wants to be called, and has no code" in colleague.text
    colleague.get(f"{page}/code")
    colleague.post(f"{page}/code", version=colleague.version, how="in_person")
    colleague.get(page)
    assert "has no code" not in colleague.text


def test_before_it_is_sent_every_answer_stands_there_with_a_way_back(desk: World) -> None:
    browser = write(phone(desk), page_3={"subject": "B"})
    for said in (
        "أنا", "وصلني قرار ترحيل", "سلمى", "صاحب البيت", "0532 000 00 07", "صباحًا", "المدرسة", "زيتون",
        "غازي عنتاب", "أعود إلى هنا", "ولا ينظر فيه غيري",
    ):  # fmt: skip # one list
        assert said in browser.text, said
    asked = [name for kind in STEPS for name in kind.names]
    assert browser.page.count("<dt>") == len(asked)  # here each question was answered
    for number in range(1, LAST):
        assert f'href="/m/ar/{number}"' in browser.page


def test_taken_back_is_gone_for_both_sides(desk: World) -> None:
    code = ask(desk, page_3={"text": "سأسحب هذا"})
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    assert "سأسحب هذا" in colleague.get(page).text
    colleague.post(f"{page}/claim", version=colleague.version)
    before, after = (_signed_out(desk.browser("caseworker"), f"{page}/accept") for _time in range(2))
    before.post(f"{page}/accept", csrf_token=before.csrf, narrative="سأسحب هذا")
    assert "A case from a request" in (colleague.get("/desk"), colleague.text)[1]
    back = come_back(desk, code)
    back.get("/n/ar/back")
    assert "حُذف ما كتبته" in back.post("/n/ar/back").text
    after.post(f"{page}/accept", csrf_token=after.csrf, narrative="سأسحب هذا")
    assert "was not done" in (after.get("/sign-in"), after.text)[1]
    assert "A case from a request" not in (colleague.get("/desk"), colleague.text)[1]
    assert back.get("/n/ar/all").location == "/n/ar"
    again = phone(desk)
    assert again.fill("/n/ar", code=code).status_code == 422
    assert page not in requests_on(colleague)
    assert colleague.get(page).status_code == 422
    assert "سأسحب هذا" not in colleague.page


def _signed_out(browser: Browser, page: str) -> Browser:
    """Whose session ended while a form was open."""
    browser.get(page)
    form = browser.csrf
    browser.post("/sign-out")
    browser.csrf = form
    return browser


def test_two_people_at_one_request(desk: World) -> None:
    ask(desk)
    page = requests_on(one := desk.browser("caseworker"))[-1]
    one.get(page)
    other = desk.browser("coordinator")
    other.get(page)
    assert one.post(f"{page}/claim", version=one.version).status_code == 303
    assert other.post(f"{page}/claim", version=other.version).status_code == 409
    other.fill(f"{page}/decline", token="0" * 32, version="2", text="لا")
    assert "A colleague works on this request" in other.errors[0]


def test_from_the_request_to_the_case_and_the_conversation_goes_on_there(desk: World) -> None:
    code = ask(desk)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    colleague.post(f"{page}/claim", version=colleague.version)
    colleague.get(f"{page}/accept")
    assert TOLD in colleague.page
    assert 'value="سلمى"' in colleague.page
    fields = {"issue": "B01", "urgency": "U0", "name_ar": "سلمى", "narrative": TOLD, "province": "27"}
    accepted = colleague.post(f"{page}/accept", token=token(colleague), anyway="1", **fields)
    assert accepted.status_code == 303, colleague.errors
    case = accepted.location
    again = colleague.post(f"{page}/accept", token=token(colleague), anyway="1", **fields)
    assert again.location.startswith(f"{case}/conversations/")  # twice opens one
    colleague.get(case)
    talk = re.findall(r'href="(/cases/[0-9a-f-]+/conversations/[0-9a-f-]+)"', colleague.page)[0]
    colleague.get(talk)
    assert TOLD in colleague.text
    assert colleague.post(f"{talk}/say", token=token(colleague), text="فتحنا لك ملفًا").status_code == 303
    back = come_back(desk, code)
    assert "فتحنا لك ملفًا" in back.text
    assert "بدأنا العمل عليه" in back.text
    back.get("/n/ar/back")
    assert "اكتب لنا" in back.post("/n/ar/back").text  # a case is not withdrawn by a click
    stranger = desk.browser("lawyer")
    assert stranger.get(talk).status_code == 404


def test_a_lost_code_is_replaced_and_the_old_one_ends_at_once(desk: World) -> None:
    code = ask(desk)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    open_elsewhere = come_back(desk, code)
    colleague.get(f"{page}/code")
    assert "زيتون" in colleague.text
    given = colleague.post(f"{page}/code", version=colleague.version, how="word")
    assert given.status_code == 200
    fresh = " ".join(colleague.codes)
    assert open_elsewhere.get("/n/ar/all").location == "/n/ar"
    assert phone(desk).fill("/n/ar", code=code).status_code == 422
    back = come_back(desk, fresh)
    assert TOLD in back.text
    assert "لديك رمز جديد" in back.text


def test_how_to_be_reached_is_changed_by_the_person(desk: World) -> None:
    code = ask(desk)
    back = come_back(desk, code)
    back.get("/n/ar/reach")
    assert "المدرسة" in back.page
    changed = {**REACH, "phone": "0532 111 11 11", "cover_name": "الصيدلية"}
    assert back.post("/n/ar/reach", token=token(back), **changed).status_code == 303
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    assert "الصيدلية" in colleague.text
    assert "المدرسة" not in colleague.text
    assert "Changed how to be reached" in colleague.text


def test_nothing_of_it_stands_in_a_title_an_address_or_a_cache(desk: World) -> None:
    browser = write(phone(desk))
    assert browser.title == "صفحة"
    answer = browser.get(f"/m/ar/{LAST}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert all(
        "Secure" in one and "HttpOnly" in one and "SameSite=Strict" in one and "Path=/" in one
        for one in answer.headers.getlist("Set-Cookie")
        if one.startswith("__Host-page")
    )


@pytest.mark.parametrize("spoken", ["ar", "ku_kurmanji"])  # of whom we have no page: as they read ours
def test_a_text_to_begin_with_is_in_the_language_of_the_person(desk: World, spoken: str) -> None:
    code = ask(desk, page_4={"language": spoken})
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    take_on(colleague, page)
    colleague.post(page, token=token(colleague), template="sign", text="مع التحية", begin="1")
    begun = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", colleague.page, re.DOTALL)[0])
    assert begun.strip().startswith("لا توقّع على شيء لا تفهمه")
    assert begun.strip().endswith("مع التحية")
    assert "لا توقّع" not in come_back(desk, code).text  # nothing is sent before it was looked at


def test_declined_with_information_to_read(desk: World) -> None:
    with desk.app.app_context():
        topic_id = add(desk.cast)
        publish(desk.cast, topic_id)
        address = address_of(topic_id)
        db.session.rollback()
    code = ask(desk)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    colleague.post(f"{page}/claim", version=colleague.version)
    colleague.get(f"{page}/decline")
    fields = {"token": token(colleague), "version": colleague.version, "text": "هذا ليس من عملنا"}
    assert colleague.post(f"{page}/decline", topic=address, **fields).status_code == 303
    back = come_back(desk, code)
    assert "هذا ليس من عملنا" in back.text
    assert f'href="/info/ar/{address}"' in back.page
    assert "أجبناك" in back.text
    assert page not in requests_on(colleague)


@pytest.mark.parametrize("path", ["/m/{}/19", "/m/{}/whatever", "/n/{}/x/y", "/m/{}/", "/m/{}/off"])
def test_an_address_that_does_not_exist_says_nothing_and_leads_to_the_first_page(
    desk: World, path: str
) -> None:
    for language, title, said in (
        ("ar", "صفحة", "لا توجد صفحة هنا"),
        ("tr", "Sayfa", "Burada bir sayfa yok"),
        ("en", "Page", "There is no page here"),
    ):
        browser = phone(desk)
        browser.get("/language/en")  # whatever was chosen elsewhere
        assert browser.get(path.format(language)).status_code in {404, 405}
        assert browser.title == title
        assert said in browser.text
        assert f'href="/m/{language}"' in browser.page
        assert not re.search("حماية|himaya|/desk", browser.page, re.IGNORECASE)
    assert phone(desk).get("/m").status_code == 404


def test_seen_is_what_was_shown_and_an_answer_leaves_unread_what_came_meanwhile(desk: World) -> None:
    code = ask(desk)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    colleague.post(f"{page}/claim", version=colleague.version)
    colleague.get(page)
    form = token(colleague)
    back = come_back(desk, code)
    back.post("/n/ar/all", token=token(back), text="ثم جاءت ورقة")
    assert colleague.post(page, token=form, text="وصل طلبك").status_code == 303
    assert "New message" in (colleague.get("/requests"), colleague.text)[1]
    colleague.get(page)
    assert "ثم جاءت ورقة" in colleague.text
    assert "New message" not in (colleague.get("/requests"), colleague.text)[1]


def test_what_was_begun_is_deleted_from_the_phone_and_from_us(desk: World) -> None:
    browser = write(phone(desk))
    assert browser.post("/m/ar/off").status_code == 303
    assert browser.get(f"/m/ar/{LAST}").location == "/m/ar/1"
