"""Tasks, appointments, duties to sign and originals: on the page of a case and on desks, in ar and tr."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest

from cases.service import files, keys, originals, signing, todo
from cases.service.reach import find
from core import clock
from core.access.permissions import Permission
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_documents import bring
from tests.cases.pages.test_lists import statements
from tests.cases.pages.test_reminders import events, make
from tests.documents.corpus import page_pdf, saved
from tests.intake.papers import upload
from tests.support.cast import record_of
from tests.support.world import Browser, World, as_written


def boxes(day: dt.date, *, arabic: bool = False) -> list[str]:
    """A day as the three boxes carry it."""
    parts = [str(day.day), str(day.month), str(day.year)]
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    return [part.translate(digits) for part in parts] if arabic else parts


def token(browser: Browser) -> str:
    """The last form on the page."""
    return str(re.findall(r'name="token"[^>]*value="([^"]+)"', browser.page)[-1])


def send(browser: Browser, path: str, **fields: object) -> str:
    """Open a form, send it twice as a double click does, and give where it led."""
    browser.get(path)
    sent = {"token": token(browser), **fields}
    if 'name="version"' in browser.page:
        sent["version"] = browser.version
    answers = [browser.post(path, **sent) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303], (path, browser.errors)
    return str(answers[0].location)


def items_of(browser: Browser, case: str) -> list[str]:
    browser.get(case)
    return list(dict.fromkeys(re.findall(rf'href="({case}/todo/[0-9a-f-]{{36}})"', browser.page)))


def today(ahead: int = 0) -> dt.date:
    return clock.today() + dt.timedelta(days=ahead)


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_task_goes_from_the_case_to_a_desk_and_back(world: World, language: str) -> None:
    case = f"/cases/{world.record()}"
    browser, colleague = world.browser("caseworker", language), world.browser("coordinator", language)
    me, other = (str(world.cast[name].person_id) for name in ("caseworker", "coordinator"))
    new = as_written(world, f"{case}/todo/new/task")
    assert new in (browser.get(case), browser.page)[1]
    assert f'value="{me}"' in browser.page
    assert browser.post(new, title="", owner=me, day=["3", "", ""], token=str(uuid4())).status_code == 422
    assert len(browser.errors) == 2
    arabic = {"title": "اتصال بالمحكمة", "owner": other, "day": boxes(today(-1), arabic=True)}
    assert send(browser, new, **arabic) == case
    [one] = items_of(browser, case)
    assert "اتصال بالمحكمة" in browser.text
    desk = re.findall(r'id="todo".*?</section>', (colleague.get("/desk"), colleague.page)[1], re.DOTALL)[0]
    assert one in desk
    assert "اتصال بالمحكمة" in desk
    assert one not in (browser.get("/desk"), browser.page)[1]
    send(browser, f"{one}/change", title="اتصال ثانٍ", owner=me, day=["", "", ""])
    assert one in (browser.get("/desk"), browser.page)[1]
    send(browser, f"{one}/end", how="done", word="ردّوا")
    assert one not in (browser.get("/desk"), browser.page)[1]
    assert "ردّوا" in (browser.get(one), browser.text)[1]
    again = {"version": browser.version, "token": token(browser)}
    for _click in range(2):
        assert browser.post(f"{one}/again", **again).status_code == 303
    assert one in (browser.get("/desk"), browser.page)[1]
    browser.get(case)
    assert browser.text.count("ردّوا") == 1  # in the timeline, once


def test_a_task_is_added_in_place(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    browser.get(case)
    sent = {"csrf_token": browser.csrf, "title": "Ask for the file", "owner": "", "token": str(uuid4())}
    there = {
        "base_url": "https://localhost",
        "headers": {"HX-Request": "true", "Referer": "https://localhost/"},
    }
    answer = browser.client.post(f"{case}/todo/new/task", data={**sent, "title": ""}, **there)
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<section class="section" id="tasks"')
    answer = browser.client.post(f"{case}/todo/new/task", data=sent, **there)
    assert "Ask for the file" in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_hearing_is_asked_about_and_leads_to_the_next(world: World, language: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    me = str(world.cast["caseworker"].person_id)
    new = f"{case}/todo/new/hearing"
    browser.get(new)
    assert browser.post(new, title="x", where="y", at="25:00", day=["", "", ""]).status_code == 422
    assert len(browser.errors) == 2
    told = {"title": "الجلسة الأولى", "where": "4. İdare Mahkemesi", "authority": "administrative_court"}
    send(browser, new, **told, at="١٤:٣٠", day=boxes(today(-1)), owner=me, bring="Kimlik")
    [one] = items_of(browser, case)
    assert f"{one}/end" in (browser.get("/desk"), browser.page)[1]
    send(
        browser, f"{one}/end", came="postponed", text="القاضي غائب", next_on=boxes(today(30)), next_at="9.15"
    )
    after = [path for path in items_of(browser, case) if path != one]
    assert len(after) == 1
    browser.get(after[0])
    assert "4. İdare Mahkemesi" in browser.text
    assert {"ar": "٠٩:١٥", "tr": "09:15"}[language] in browser.text
    assert f"{one}/end" not in (browser.get("/desk"), browser.page)[1]
    assert after[0] in browser.page


def days_of(world: World, case_id: UUID) -> tuple[str, dt.date | None, list[bool]]:
    with world.app.app_context():
        with transaction():
            found = files.open_case(world.cast["coordinator"], case_id).items
            [one] = [one for one in found if one.kind == "signature"]
        db.session.rollback()
    return one.state, one.due_on, [mark["kept"] for mark in one.data["marks"]]


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_duty_to_sign_missed_twice_warns_lawyer_and_coordinator(world: World, language: str) -> None:
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
    case, browser = f"/cases/{case_id}", world.browser("caseworker", language)
    new, me = f"{case}/todo/new/signature", str(world.cast["caseworker"].person_id)
    duty = {"where": "İl Göç İdaresi", "owner": me, "first": boxes(today(-3))}
    browser.get(new)
    assert browser.post(new, **duty, how="every", days="0").status_code == 422
    assert browser.post(new, **duty, how="weekdays").status_code == 422
    assert browser.post(new, **duty, how="weekly", last=boxes(today(-9))).status_code == 422
    send(browser, new, **duty, how="every", days="١")
    assert days_of(world, case_id) == ("open", today(), [])
    [one] = items_of(browser, case)
    browser.get(one)
    assert browser.page.count("<li>", browser.page.index('id="coming"')) >= 5
    with world.app.app_context():
        actor, item = world.cast["caseworker"], UUID(one.rpartition("/")[2])
        with clock.at(clock.now() + dt.timedelta(days=1)), transaction():
            signing.mark(actor, case_id, item, 1, UUID(int=1), kept=False, note="hasta")
        db.session.rollback()
    assert days_of(world, case_id) == ("open", today(1), [False])
    assert one not in (world.browser("lawyer", language).get("/desk")).text
    with world.app.app_context():
        for _click in range(2):
            with clock.at(clock.now() + dt.timedelta(days=1)), transaction():
                signing.mark(actor, case_id, item, 2, UUID(int=2), kept=False, note="gidemedi")
            db.session.rollback()
    words = {"ar": "لم يُلتزم بواجب التوقيع مرتين", "tr": "İmza yükümlülüğü iki kez"}[language]
    for name in ("lawyer", "coordinator"):
        desk = world.browser(name, language)
        found = re.findall(rf'href="{case}/todo/[0-9a-f-]+">([^<]*)', desk.get("/desk").text)
        assert [one for one in found if words in one] == found != [], name
        assert len(found) == 1, name
    browser.get(one)
    assert "gidemedi" in browser.text
    again = {"version": browser.version, "token": token(browser)}
    for _click in range(2):
        assert browser.post(f"{one}/again", **again).status_code == 303
    assert days_of(world, case_id) == ("open", today(1), [False])


def original(browser: Browser, case: str, place: str = "Dolap 3") -> str:
    paper = {"title": "Nüfus cüzdanı", "giver": "سلمى", "place": place}
    return send(browser, f"{case}/todo/new/original", **paper, received_on=boxes(today(-2)))


def test_an_original_is_received_kept_and_given_back(world: World) -> None:
    case_id = world.record()
    case, browser = f"/cases/{case_id}", world.browser("caseworker")
    one = original(browser, case, "Kasa 7")
    answer = browser.get(f"{one}/receipt/ar.pdf")
    assert answer.data.startswith(b"%PDF")
    coordinator = world.browser("coordinator")
    coordinator.get("/originals")
    assert "Kasa 7" in coordinator.text
    assert coordinator.get("/originals?after=x").status_code == 404
    assert coordinator.get(f"/originals?after=999999,{uuid4()}").status_code == 200
    assert browser.get("/originals").status_code == 404
    back = {"to": "سلمى", "how": "none", "returned_on": boxes(today(-5))}
    browser.get(f"{one}/end")
    for wrong in ({}, {"returned_on": boxes(today())}):
        assert (
            browser.post(f"{one}/end", version="1", token=str(uuid4()), **{**back, **wrong}).status_code
            == 422
        )
    assert held(world, case_id) == ["Nüfus cüzdanı"]
    send(browser, f"{one}/end", **{**back, "how": "thumbprint", "returned_on": boxes(today())})
    assert held(world, case_id) == []
    assert "Kasa 7" not in (coordinator.get("/originals"), coordinator.text)[1]


def held(world: World, case_id: UUID) -> list[str]:
    with world.app.app_context():
        with transaction():
            actor = world.cast["coordinator"]
            case = find(actor, Permission.CASE_READ, case_id)
            key = keys.case_key(actor, case)
            found = [one.data["title"] for one in originals.unreturned(case, key)]
        db.session.rollback()
    return found


def test_a_desk_costs_the_same_however_much_is_to_do(world: World) -> None:
    case, browser = f"/cases/{world.record('colleague')}", world.browser("colleague")

    def cost() -> int:
        browser.get("/desk")
        with statements(world) as said:
            browser.get("/desk")
        return len(said)

    me = str(world.cast["colleague"].person_id)
    send(browser, f"{case}/todo/new/task", title="one", owner=me)
    few = cost()
    for number in range(9):
        send(browser, f"{case}/todo/new/task", title=f"more {number}", owner=me)
    assert cost() == few <= 25


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_what_is_usually_done_becomes_a_task_or_is_ticked(world: World, language: str) -> None:
    with world.app.app_context():
        record = {**record_of(), "issue": "B01"}
    case = f"/cases/{world.record(record=record, urgency='U0')}"
    browser = world.browser("caseworker", language)
    assert f"{case}/checklist" in (browser.get(case), browser.page)[1]
    browser.get(f"{case}/checklist")
    for words in ({"ar": "مهلة", "tr": "süre"}[language], "YUKK m. 53/3"):
        assert words in browser.text
    for _click in range(2):
        assert browser.post(f"{case}/checklist/B01.suit/task").location == f"{case}/checklist"
    assert browser.post(f"{case}/checklist/L01.order/task").status_code == 404
    [task] = items_of(browser, case)
    browser.get("/desk")
    assert task in browser.page
    line = f"{case}/checklist/B01.notify"
    browser.get(line)
    assert browser.post(line, how="done", word="").status_code == 422
    assert [browser.post(line, how="done", word="KEP 12").status_code for _click in range(2)] == [303, 303]
    assert browser.get(line).location in (browser.get(f"{case}/checklist"), browser.page)[1]
    assert "KEP 12" in browser.text
    assert (browser.get(case), browser.text.count("KEP 12"))[1] == 1
    send(browser, f"{task}/change", day=boxes(today(3)), owner="", more="UYAP")
    assert "UYAP" in (browser.get(task), browser.text)[1]


def test_a_calendar_says_that_something_is_to_do_and_no_more(world: World) -> None:
    case, browser = f"/cases/{world.record('colleague')}", world.browser("colleague")
    me = str(world.cast["colleague"].person_id)
    where = {"title": "Muayene", "where": "Hastane", "at": "9:00"}
    send(browser, f"{case}/todo/new/appointment", **where, owner=me, day=boxes(today(40)))
    found = events(Browser(world.app.test_client()).get(make(browser)).text)
    assert "Himaya: task or appointment" in {str(one["summary"]) for one in found}
    assert today(40) in {one.decoded("dtstart") for one in found}
    assert not {"Muayene", "Hastane", "9:00"} & set(" ".join(map(str, found)).split())


def test_everything_that_is_to_do_comes_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = world.browser("other_lawyer")
    monkeypatch.setattr("cases.routes.todo.PAGE", 2)
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id, "other_lawyer")
        me = world.cast["other_lawyer"]
        for number, ahead in enumerate((3, None, -1, None, 3)):
            on = None if ahead is None else today(ahead)
            data = {"title": f"number {number}", "more": ""}
            with transaction():
                todo.add(me, case_id, "task", data, uuid4(), owner_id=me.person_id, on=on)
        db.session.rollback()
    seen, page = [], "/todo"
    for _page in range(3):
        assert browser.get(page).status_code == 200
        seen += re.findall(r"number \d", browser.text)
        page = "".join(re.findall(r'href="([^"]*)" rel="next"', browser.page)[:1])
    assert page == ""
    assert seen[0] == "number 2"
    assert {*seen[1:3]} == {"number 0", "number 4"}
    assert len(seen) == 5
    assert browser.get("/todo?after=nonsense").status_code == 200


def test_the_original_of_a_document_is_taken_in_from_its_page(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    [paper] = bring(browser, case, upload(saved(page_pdf("karar")), "Karar 12.pdf"))
    browser.get(paper)
    new = as_written(world, f"{case}/todo/new/original")
    [taking] = re.findall(rf'href="({new}\?document=[0-9a-f-]+)"', browser.page)
    browser.get(taking)
    assert 'value="Karar 12"' in browser.page
    received = {"title": "Karar 12", "giver": "Selma", "place": "Dolap 3", "received_on": boxes(today())}
    one = browser.post(taking, **received, token=token(browser)).location
    assert one in (browser.get(paper), browser.page)[1]
    assert "Dolap 3" in browser.text
    assert taking not in browser.page
    assert f'href="{paper}"' in (browser.get(one), browser.page)[1]
    assert browser.get(f"{case}/todo/new/original?document={uuid4()}").status_code == 404


def test_whoever_takes_up_a_line_as_the_second_reads_whose_task_it_is(world: World) -> None:
    case = f"/cases/{world.record()}"
    browser, colleague = world.browser("caseworker"), world.browser("coordinator")
    for each in (browser, colleague):
        each.get(f"{case}/checklist")
    browser.post(f"{case}/checklist/all.papers/task")
    answer = colleague.post(f"{case}/checklist/all.papers/task")
    assert re.fullmatch(rf"{case}/todo/[0-9a-f-]{{36}}", answer.location)
    colleague.get(answer.location)
    assert "It is a task already, on the desk of \u2068Kişi caseworker\u2069." in colleague.text
    assert "on your desk" not in colleague.text
    said = colleague.post(f"{case}/checklist/all.papers", how="done", word="Dosyada duruyor")
    colleague.get(said.location)
    assert "Dosyada duruyor</p>" in colleague.page
