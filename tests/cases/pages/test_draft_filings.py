"""What was recorded of the filing of a draft and what the timeline says of it, where either was wrong."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest

from accounts.models import Person
from cases.models import Case
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_legal_drafts import begun, case_of, file
from tests.cases.pages.test_lines import PETITION, stepped_on
from tests.support.world import Browser, World

NEVER = {"how": "never", "day": ["", "", ""], "where": "", "reason": "قُدّمت مسودة أخرى"}


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
    assert correct(lawyer, draft, **NEVER) == 303
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
        caseworker.post(way, **PETITION, text="لم تُقدَّم", token=str(uuid4()))
    caseworker.get(case)
    assert "A later line corrects it" not in caseworker.text
    assert lawyer.post(f"{line[:-1]}2", text="لم تُقدَّم", token=str(uuid4())).status_code == 303
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


def test_a_draft_that_was_not_filed_corrects_the_line_that_stands_now(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    line = line_of(lawyer, case)
    assert lawyer.post(line, **PETITION, text="اليوم خطأ", token=str(uuid4())).status_code == 303
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
    said = dict(zip(("what", "proof", "number", "text"), typed, strict=True))
    lawyer.get(lawyer.post(line, **{**PETITION, **said}, token=str(uuid4())).location or line)
    for words in typed:
        assert words in lawyer.text, words
    right = {"how": "otherwise", "day": ["2", "11", "2026"], "where": "Bölge İdare", "reason": "اليوم خطأ"}
    answer = lawyer.post(f"{draft}/correct", version=version, **right)
    lawyer.get(answer.location or f"{draft}/correct")
    for words in ("Bölge İdare", "اليوم خطأ"):
        assert words in lawyer.text, words
