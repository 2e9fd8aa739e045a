"""What was recorded of the filing of a draft and what the timeline says of it, where either was wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from accounts.models import Absence, Person
from accounts.service import work
from cases.models import Case
from cases.service import members
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_legal_drafts import TEXT, accept, ask, begun, case_of, file, hidden, judge
from tests.cases.pages.test_lines import PETITION, stepped_on
from tests.support.clock import FrozenClock
from tests.support.world import Browser, World

NEVER = {"how": "never", "day": ["", "", ""], "where": "", "reason": "قُدّمت مسودة أخرى"}


@pytest.fixture(autouse=True)
def _colleague_is_back(world: World) -> Iterator[None]:
    """Whoever left or is away in one test is here in the next."""
    yield
    with world.app.app_context(), transaction():
        db.session.get_one(Person, world.cast["other_lawyer"].person_id).state = "active"
        db.session.execute(delete(Absence))


def correct(browser: Browser, draft: str, **said: object) -> int:
    browser.get(f"{draft}/correct")
    return browser.post(f"{draft}/correct", version=browser.version, **said).status_code


def line_of(browser: Browser, case: str) -> str:
    """The one line of the timeline that can be corrected, as its page to correct it otherwise."""
    browser.get(case)
    [found] = set(re.findall(rf'href="({case}/timeline/[0-9a-f-]{{36}}/correct/1)"', browser.page))
    return str(found)


def id_of(case: str) -> UUID:
    return UUID(case.rpartition("/")[2])


@pytest.mark.parametrize("closed", [False, True])
def test_a_draft_that_was_not_filed_stands_with_whoever_filed_it(world: World, closed: bool) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    if closed:
        with world.app.app_context(), transaction():
            db.session.get_one(Case, id_of(case)).state = "closed"
    assert correct(lawyer, draft, how="otherwise", day=["", "", ""], where="", reason="x") == 422
    assert len(lawyer.errors) == 2  # day and place of what was filed
    assert "A deadline that was marked as met by it" in lawyer.text
    assert ("a coordinator has to reopen it" in lawyer.text) is closed
    unread = {"day": ["99", "", ""], "where": "x" * 500}  # what says nothing then stops nothing
    assert correct(lawyer, draft, **NEVER | unread) == 303
    lawyer.get(draft)
    assert ("a coordinator has to reopen it" in lawyer.text) is closed
    lawyer.get("/desk")
    assert draft in lawyer.page


def test_a_line_that_was_corrected_by_itself_brings_the_draft_back(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    line = line_of(lawyer, case)
    caseworker = world.browser("caseworker")
    for way in (line, f"{line[:-1]}2"):  # nobody who may not move the draft corrects the line
        caseworker.get(way)
        assert "Ask one of them" in caseworker.text
        caseworker.post(way, **PETITION, wrong="لم تُقدَّم", token=str(uuid4()))
    caseworker.get(case)
    assert "A later line corrects it" not in caseworker.text
    assert lawyer.post(f"{line[:-1]}2", wrong="لم تُقدَّم", token=str(uuid4())).status_code == 303
    assert stepped_on(world, id_of(case)) is None
    lawyer.get("/desk")
    assert draft in lawyer.page
    lawyer.get(draft)
    assert "The timeline says since that nothing was filed" in lawyer.text
    lawyer.get(f"{draft}/correct")
    assert "is corrected too" not in lawyer.text
    right = {"how": "otherwise", "day": ["2", "11", "2026"], "where": "Bölge İdare", "reason": "اليوم خطأ"}
    assert correct(lawyer, draft, **right) == 303
    assert stepped_on(world, id_of(case)) == dt.date(2026, 11, 2)  # the first legal step is not lost
    lawyer.get("/desk")
    assert draft not in lawyer.page


def test_a_filing_taken_out_of_the_timeline_brings_the_draft_back(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="عريضة موكّل آخر", proof="UYAP 5/7") == 303
    out = line_of(lawyer, case).replace("/correct/1", "/out")
    lawyer.get(out)
    sent = {"version": lawyer.version, "token": str(uuid4()), "reason": "ملف آخر"}
    assert lawyer.post(out, **sent).status_code == 303
    assert "عريضة موكّل آخر" not in (lawyer.get(case), lawyer.text)[1]
    assert stepped_on(world, id_of(case)) is None
    lawyer.get("/desk")
    assert draft in lawyer.page
    lawyer.get(draft)
    assert "The timeline says since that nothing was filed" in lawyer.text
    assert correct(lawyer, draft, **NEVER) == 303


def test_a_draft_that_was_not_filed_corrects_the_line_that_stands_now(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    line = line_of(lawyer, case)
    assert lawyer.post(line, **PETITION, wrong="اليوم خطأ", token=str(uuid4())).status_code == 303
    lawyer.get(draft)
    assert "that tells of this filing was corrected since" in lawyer.text
    assert correct(lawyer, draft, **NEVER) == 303
    lawyer.get(case)
    assert "It was not filed" in lawyer.text
    assert "/correct/1" not in lawyer.page  # no filing stands
    assert stepped_on(world, id_of(case)) is None


def test_where_nobody_can_look_a_second_time_the_look_ends_with_a_reason(world: World) -> None:
    draft, lawyer = begun(world, case_of(world, "U0")), world.browser("lawyer")
    assert file(lawyer, draft, reason="الترحيل غدًا") == 303
    lawyer.get(f"{draft}/correct")
    assert "Nobody can be asked" not in lawyer.text
    assert correct(lawyer, draft, **NEVER) == 422
    with world.app.app_context(), transaction():
        db.session.get_one(Person, world.cast["other_lawyer"].person_id).state = "departed"
    lawyer.get(f"{draft}/correct")
    assert "Nobody can be asked for the second look" in lawyer.text
    assert correct(lawyer, draft, **NEVER) == 303
    lawyer.get(draft)
    assert "قُدّمت مسودة أخرى" in lawyer.text
    assert "second look at what was filed is owed" not in lawyer.text


def test_of_two_corrections_the_later_comes_back_whole(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    line = line_of(lawyer, case)
    lawyer.get(f"{draft}/correct")
    version = lawyer.version
    assert correct(lawyer, draft, **NEVER) == 303  # in another window, and with it the line
    typed = ("İstinaf dilekçesi", "Barkod 991", "4455/9", "الرقم خطأ")
    said = dict(zip(("what", "proof", "number", "wrong"), typed, strict=True))
    lawyer.get(lawyer.post(line, **{**PETITION, **said}, token=str(uuid4())).location or line)
    for words in typed:
        assert words in lawyer.text, words
    right = {"how": "otherwise", "day": ["2", "11", "2026"], "where": "Bölge İdare", "reason": "اليوم خطأ"}
    answer = lawyer.post(f"{draft}/correct", version=version, **right)
    lawyer.get(answer.location or f"{draft}/correct")
    for words in ("Bölge İdare", "اليوم خطأ"):
        assert words in lawyer.text, words


def second_lawyer(world: World, case: str) -> Browser:
    """Another lawyer who takes the case too; nobody has given them its keys yet."""
    with world.app.app_context():
        with transaction():
            db.session.get_one(Case, id_of(case)).state = "open"
        world.cast.assign(id_of(case), "other_lawyer")
        db.session.rollback()
    return world.browser("other_lawyer")


def gives_keys(lawyer: Browser, draft: str) -> None:
    lawyer.get(draft)
    assert lawyer.post(f"{draft}/say", remark="x").status_code == 303


def not_filed(browser: Browser, line: str, token: str = "") -> int:
    browser.get(f"{line[:-1]}2")
    return browser.post(f"{line[:-1]}2", wrong="لم تُقدَّم", token=token or str(uuid4())).status_code


def on_desk(browser: Browser, draft: str) -> bool:
    browser.get("/desk")
    return draft in browser.page


def decline(browser: Browser, code: str) -> None:
    browser.get("/desk")
    offer = re.findall(r'href="(/assignments/[0-9a-f-]{36})"', browser.page)[0]
    browser.get(f"{offer}/decline")
    assert browser.post(f"{offer}/decline", code=code, reason="x").status_code == 303


@pytest.mark.parametrize("why", ["declined", "away"])
def test_nobody_looks_a_second_time_who_declined_or_is_away(world: World, why: str) -> None:
    draft, lawyer = begun(world, case_of(world, "U0")), world.browser("lawyer")
    other = world.cast["other_lawyer"]
    named = {"second": str(other.person_id)} if why == "declined" else {}
    assert file(lawyer, draft, reason="الترحيل غدًا", **named) == 303
    assert correct(lawyer, draft, **NEVER) == 422
    if why == "declined":
        decline(world.browser("other_lawyer"), "workload")
    else:
        for days in (1, 60):  # who is back tomorrow can look
            with world.app.app_context(), transaction():
                first = clock.today() + dt.timedelta(days=1 if days > 1 else 0)
                work.be_away(other, uuid4(), first, first + dt.timedelta(days=days - 1))
            if days == 1:
                assert correct(lawyer, draft, **NEVER) == 422
    lawyer.get(f"{draft}/correct")
    assert "or they declined or are away" in lawyer.text
    assert correct(lawyer, draft, **NEVER) == 303


@pytest.mark.parametrize("code", ["workload", "conflict"])
def test_a_no_to_another_draft_spares_no_second_look_but_one_to_the_case_does(
    world: World, clock: FrozenClock, code: str
) -> None:
    case = case_of(world, "U0")
    draft, another = begun(world, case), begun(world, case, "أخرى")
    lawyer, other = world.browser("lawyer"), world.browser("other_lawyer")
    assert file(lawyer, draft, reason="الترحيل غدًا") == 303
    clock.advance(minutes=1)
    ask(world, draft)
    ask(world, another)  # both with one offer
    clock.advance(minutes=1)
    lawyer.get(draft)
    assert lawyer.post(f"{draft}/end-review", **hidden(lawyer, "version", "token")).status_code == 303
    clock.advance(minutes=1)
    decline(other, code)
    assert correct(lawyer, draft, **NEVER) == (303 if code == "conflict" else 422)
    if code != "conflict":
        clock.advance(minutes=1)
        ask(world, draft)
        assert correct(lawyer, draft, **NEVER) == 422
        decline(other, code)
        assert correct(lawyer, draft, **NEVER) == 303


def test_the_second_lawyer_of_a_case_takes_the_look_and_does_not_spare_it(world: World) -> None:
    case = case_of(world, "U0")
    draft, lawyer = begun(world, case), world.browser("lawyer")
    other = second_lawyer(world, case)
    gives_keys(lawyer, draft)
    assert file(lawyer, draft, reason="الترحيل غدًا") == 303
    other.get(f"{draft}/correct")
    assert "Nobody can be asked" not in other.text
    assert correct(other, draft, **NEVER) == 422
    ask(world, draft, by="other_lawyer", of="other_lawyer")  # nobody needs to come and ask them
    assert judge(other, draft, "commented", "لم تُقدَّم") == 303
    assert on_desk(lawyer, draft)  # what was found reaches whoever filed
    assert not on_desk(other, draft)
    assert correct(other, draft, **NEVER) == 303


def test_what_is_found_right_comes_back_where_its_line_was_corrected_meanwhile(world: World) -> None:
    case = case_of(world, "U0")
    draft, lawyer = begun(world, case), world.browser("lawyer")
    looks = str(world.cast["other_lawyer"].person_id)
    proved = {"line": "قُدّمت العريضة", "proof": "UYAP 5/7", "second": looks}
    assert file(lawyer, draft, reason="الترحيل غدًا", **proved) == 303
    reviewer = accept(world)
    assert not_filed(lawyer, line_of(lawyer, case)) == 303
    assert judge(reviewer, draft, "approved") == 303
    assert on_desk(lawyer, draft)
    lawyer.get(draft)
    assert lawyer.post(f"{draft}/seen", **hidden(lawyer, "version")).status_code == 303
    assert not on_desk(lawyer, draft)


def test_who_cannot_open_the_drafts_yet_asks_a_lawyer_who_can(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    line = line_of(lawyer, case)
    other = second_lawyer(world, case)
    not_filed(other, line)
    other.get(line)
    assert "A draft that you cannot open yet may hang on this line" in other.text
    other.get(case)
    assert "A later line corrects it" not in other.text
    gives_keys(lawyer, draft)
    token = str(uuid4())
    assert not_filed(other, line, token) == 303
    assert on_desk(lawyer, draft)
    lawyer.get(draft)
    assert lawyer.post(f"{draft}/seen", **hidden(lawyer, "version")).status_code == 303
    assert other.post(f"{line[:-1]}2", wrong="لم تُقدَّم", token=token).status_code == 303  # sent again
    assert not on_desk(lawyer, draft)


def test_a_line_stays_a_lawyers_though_its_author_is_back_to_review_alone(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    line = line_of(lawyer, case)
    other = second_lawyer(world, case)
    gives_keys(lawyer, draft)
    with world.app.app_context():
        with transaction():
            members.step_off(world.cast["lawyer"], id_of(case), "x")
        db.session.rollback()
    other.get("/desk")
    begun_ = other.fill(f"{case}/legal-drafts/new", title="أخرى", text=TEXT)
    ask(world, str(begun_.location), by="other_lawyer", of="lawyer")
    accept(world, "lawyer")
    caseworker = world.browser("caseworker")
    not_filed(caseworker, line)
    caseworker.get(case)
    assert "A later line corrects it" not in caseworker.text
    assert not_filed(other, line) == 303
    assert on_desk(other, draft)


def test_a_draft_that_was_filed_after_all_counts_from_its_day_though_another_step_is_later(
    world: World,
) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    line = line_of(lawyer, case)
    lawyer.get(f"{case}/timeline/new/filing")
    assert lawyer.post(f"{case}/timeline/new/filing", **PETITION, token=str(uuid4())).status_code == 303
    assert not_filed(lawyer, line) == 303
    assert stepped_on(world, id_of(case)) == dt.date(2026, 11, 3)
    right = {"how": "otherwise", "day": ["2", "11", "2026"], "where": "Bölge İdare", "reason": "اليوم خطأ"}
    assert correct(lawyer, draft, **right) == 303
    assert stepped_on(world, id_of(case)) == dt.date(2026, 11, 2)


def test_what_came_back_before_a_case_was_closed_is_read_and_gone(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    ask(world, draft)
    assert judge(accept(world), draft, "commented", "x") == 303
    lawyer.get(draft)
    assert lawyer.post(f"{draft}/seen", **hidden(lawyer, "version")).status_code == 303
    assert on_desk(lawyer, draft)  # it goes on
    with world.app.app_context(), transaction():
        db.session.get_one(Case, id_of(case)).state = "closed"
    lawyer.get(draft)
    assert "I have read it" in lawyer.text
    assert lawyer.post(f"{draft}/seen", **hidden(lawyer, "version")).status_code == 303
    assert not on_desk(lawyer, draft)
