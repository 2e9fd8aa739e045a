"""Drafts as lawyers meet them: written, looked at by a colleague, approved as they stand, filed."""

import re
from uuid import UUID

import pytest

from core.store.base import db
from tests.cases.papers import paper_in
from tests.documents.corpus import page_pdf, saved
from tests.support.world import Browser, World

TEXT, REMARK = "نطلب وقف التنفيذ", "أضف تاريخ التبليغ"


def case_of(world: World, urgency: str = "U1") -> str:
    """A case on which a lawyer works."""
    case_id = world.record(urgency=urgency)
    with world.app.app_context():
        world.cast.assign(case_id)
        db.session.rollback()
    return f"/cases/{case_id}"


def begun(world: World, case: str, title: str = "عريضة") -> str:
    answer = world.browser("lawyer").fill(f"{case}/legal-drafts/new", title=title, text=TEXT)
    assert answer.status_code == 303
    return str(answer.location)


def hidden(browser: Browser, *names: str) -> dict[str, str]:
    return {name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', browser.page)[0] for name in names}


def ask(world: World, draft: str, by: str = "lawyer", of: str = "other_lawyer") -> None:
    browser = world.browser(by)
    browser.get(f"{draft}/ask")
    answer = browser.post(f"{draft}/ask", version=browser.version, lawyer=str(world.cast[of].person_id))
    assert answer.status_code == 303, browser.errors


def accept(world: World, name: str = "other_lawyer") -> Browser:
    """Let the lawyer who was asked take the newest offer from their desk."""
    browser = world.browser(name)
    browser.get("/desk")
    offers = re.findall(r'href="(/assignments/[0-9a-f-]{36})"', browser.page)
    for offer in offers:
        browser.get(offer)
        if "review a draft" in browser.page:
            assert browser.post(f"{offer}/accept", review="1", **hidden(browser, "read")).status_code == 303
    return browser


def judge(browser: Browser, draft: str, verdict: str, comments: str = "", **other: str) -> int:
    browser.get(draft)
    carried = hidden(browser, "version", "digest") | other
    return browser.post(f"{draft}/judge", verdict=verdict, comments=comments, **carried).status_code


def file(browser: Browser, draft: str, **fields: object) -> int:
    browser.get(f"{draft}/file")
    given = {"version": browser.version, "day": ["1", "11", "2026"], "where": "İdare Mahkemesi", **fields}
    return browser.post(f"{draft}/file", **given).status_code


def test_from_the_first_word_to_the_court(world: World) -> None:
    case = case_of(world)
    draft = begun(world, case)
    lawyer = world.browser("lawyer")
    ask(world, draft)
    lawyer.get(draft)
    assert "has not answered yet" in lawyer.text
    other = world.browser("other_lawyer")
    assert other.get(draft).status_code == 404
    other = accept(world)
    other.get("/desk")
    assert "Drafts to review" in other.text
    assert draft in other.page
    assert judge(other, draft, "commented") == 422
    assert "Write what should be changed." in other.errors[0]
    assert judge(other, draft, "commented", REMARK) == 303
    lawyer.get("/desk")
    assert "A draft came back to you" in lawyer.text
    lawyer.get(f"{draft}/write")
    assert (
        lawyer.post(f"{draft}/write", version=lawyer.version, title="عريضة", text=f"{TEXT}.").status_code
        == 303
    )
    assert other.get(draft).status_code == 404  # what they were asked is said
    ask(world, draft)
    other = accept(world)
    other.get(draft)
    read = hidden(other, "version", "digest")
    lawyer.get(f"{draft}/write")
    assert (
        lawyer.post(f"{draft}/write", version=lawyer.version, title="عريضة", text=f"{TEXT}!").status_code
        == 303
    )
    # What the colleague has on the screen is another version by now.
    other.post(f"{draft}/judge", verdict="approved", **read)
    other.get(draft)
    assert "Approved as it stands here" not in other.text
    assert judge(other, draft, "approved") == 303
    lawyer.get(draft)
    assert "Approved as it stands here" in lawyer.text
    assert file(lawyer, draft, where="") == 422
    assert file(lawyer, draft, line="قُدّمت العريضة") == 422
    assert "Write how it can be proved" in lawyer.text
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    caseworker = world.browser("caseworker")
    caseworker.get(case)
    assert "قُدّمت العريضة" in caseworker.text
    assert "İdare Mahkemesi" in caseworker.text
    assert "UYAP 5/7" in caseworker.text
    assert TEXT not in caseworker.text
    for line in (lawyer, other):
        line.get("/desk")
        assert draft not in line.page


def test_a_change_takes_the_approval_away_and_the_page_says_so(world: World) -> None:
    draft = begun(world, case_of(world))
    ask(world, draft)
    assert judge(accept(world), draft, "approved") == 303
    lawyer = world.browser("lawyer")
    lawyer.get(f"{draft}/write")
    assert "takes the approval away" in lawyer.text
    lawyer.post(f"{draft}/write", version=lawyer.version, title="x", text="y")
    lawyer.get(draft)
    assert "The approval holds no more" in lawyer.text
    assert "Approved as it stands here" not in lawyer.text
    assert file(lawyer, draft) == 422  # a review had begun: it says why
    assert file(lawyer, draft, reason="انتهت المهلة اليوم") == 303


def test_nobody_else_finds_a_draft_or_that_there_is_one(world: World) -> None:
    case = case_of(world)
    draft = begun(world, case)
    for name in ("caseworker", "coordinator", "other_lawyer", "manager"):
        browser = world.browser(name)
        if browser.get(case).status_code == 200:
            assert "legal-drafts" not in browser.page
        for page in (draft, f"{draft}/write", f"{draft}/ask", f"{draft}/file", f"{case}/legal-drafts/new"):
            assert browser.get(page).status_code == 404
        browser.get("/account")  # for the token against forgery
        for act in ("say", "judge", "withdraw", "seen", "keep"):
            assert browser.post(f"{draft}/{act}", remark="x").status_code == 404


def test_who_wrote_it_is_not_asked_and_does_not_approve(world: World) -> None:
    draft = begun(world, case_of(world))
    lawyer = world.browser("lawyer")
    lawyer.get(f"{draft}/ask")
    assert str(world.cast["lawyer"].person_id) not in lawyer.page
    ask(world, draft)
    other = accept(world)
    other.get(f"{draft}/write")
    sent = other.post(f"{draft}/write", version=other.version, title="x", text="mine")
    assert (sent.status_code, sent.location) == (303, "/desk")
    other.get("/desk")
    assert "You are off this case now" in other.text
    assert other.get(draft).status_code == 404
    lawyer.get(f"{draft}/ask")
    assert str(world.cast["other_lawyer"].person_id) not in lawyer.page


def test_filed_in_the_night_without_an_approval_a_second_look_is_owed(world: World) -> None:
    draft = begun(world, case_of(world, "U0"))
    lawyer = world.browser("lawyer")
    assert file(lawyer, draft) == 422
    assert "before another lawyer has approved it" in lawyer.errors[0]
    assert file(lawyer, draft, reason="الترحيل غدًا") == 303
    lawyer.get("/desk")
    assert draft in lawyer.page  # nobody is named: it stands with whoever filed it
    lawyer.get(draft)
    assert "Nobody is named for it yet" in lawyer.text
    ask(world, draft)
    other = accept(world)
    other.get(draft)
    assert "second look at what was filed" in other.text
    assert judge(other, draft, "commented", "التاريخ خطأ") == 303
    lawyer.get(draft)
    assert "found something to change" in lawyer.text
    assert lawyer.post(f"{draft}/seen", version=lawyer.version).status_code == 303
    lawyer.get("/desk")
    assert draft not in lawyer.page
    assert lawyer.get(f"{draft}/write").status_code == 200
    answer = lawyer.post(f"{draft}/write", version=lawyer.version, title="x", text="after")
    assert answer.status_code == 422  # filed is filed


def test_two_who_write_at_once_see_both(world: World) -> None:
    draft = begun(world, case_of(world))
    first, second = world.browser("lawyer"), world.browser("lawyer")
    for browser in (first, second):
        browser.get(f"{draft}/write")
    assert first.post(f"{draft}/write", version=first.version, title="x", text="theirs").status_code == 303
    assert second.post(f"{draft}/write", version=second.version, title="x", text="mine").status_code == 409
    assert "theirs" in second.text
    assert "mine" in second.text
    assert second.post(f"{draft}/write", version=second.version, title="x", text="both").status_code == 303
    first.get(draft)
    for text in ("theirs", "both", TEXT):
        assert text in first.text


def test_who_saves_adds_a_paragraph_and_saves_the_same_page_again_sees_both(world: World) -> None:
    draft, browser = begun(world, case_of(world)), world.browser("lawyer")
    browser.get(f"{draft}/write")
    page = {**hidden(browser, "version", "token"), "title": "x"}
    assert browser.post(f"{draft}/write", text="first", **page).status_code == 303
    browser.get(draft)
    assert browser.post(f"{draft}/write", text="first and a paragraph", **page).status_code == 409
    assert "This was sent before with other words, and those stand" in browser.text
    assert "Somebody wrote another version" not in browser.text
    assert re.findall(r">\s*first\s*<", browser.page)
    assert ">first and a paragraph</textarea>" in re.sub(r">\s+", ">", browser.page)
    page |= hidden(browser, "version", "token")
    assert browser.post(f"{draft}/write", text="first and a paragraph", **page).status_code == 303
    browser.get(draft)
    assert browser.text.count("first and a paragraph") == 1


def test_who_declines_is_told_of_and_whoever_asked_asks_again(world: World) -> None:
    draft = begun(world, case_of(world))
    ask(world, draft)
    other = world.browser("other_lawyer")
    other.get("/desk")
    [offer] = [
        one for one in set(re.findall(r'href="(/assignments/[0-9a-f-]{36})"', other.page))
        if "review a draft" in (other.get(one), other.page)[1]
    ]  # fmt: skip  # one list
    assert other.fill(f"{offer}/decline", code="load", reason="لا وقت لدي").status_code in {303, 422}
    lawyer = world.browser("lawyer")
    lawyer.get("/desk")
    if "Nobody looks at this draft any more" not in lawyer.text:
        code = re.findall(r'<option value="([a-z_]+)"', (other.get(f"{offer}/decline"), other.page)[1])[0]
        assert other.post(f"{offer}/decline", code=code, reason="لا وقت لدي").status_code == 303
        lawyer.get("/desk")
    assert "Nobody looks at this draft any more" in lawyer.text
    lawyer.get(draft)
    assert "لا وقت لدي" in lawyer.text
    ask(world, draft)
    accept(world)
    lawyer.get(draft)
    assert "Another lawyer looks at this draft" in lawyer.text
    lawyer.post(f"{draft}/withdraw", **hidden(lawyer, "version"))
    lawyer.get("/desk")
    assert draft not in lawyer.page


def test_a_reviewer_does_not_lead_the_case(world: World) -> None:
    case = case_of(world)
    draft = begun(world, case)
    ask(world, draft)
    accept(world)
    caseworker = world.browser("caseworker")
    caseworker.get(case)
    assert "Lawyer who reviews drafts" in caseworker.text
    lawyer = world.browser("lawyer")
    assert lawyer.fill(f"{case}/step-off", reason="انتهى", power="no", notes="leave").status_code == 303
    caseworker.get(case)
    assert "No lawyer yet" in caseworker.text


def test_a_reviewer_is_offered_nothing_that_they_would_not_find(world: World) -> None:
    case = case_of(world)
    with world.app.app_context():
        paper = paper_in(world.cast["caseworker"], UUID(case.rpartition("/")[2]), saved(page_pdf()))
        db.session.rollback()
    draft, document = begun(world, case), f"{case}/documents/{paper}"
    ask(world, draft)
    other = accept(world)
    for page in (case, draft, document, f"{case}/documents", f"{case}/parties"):
        assert other.get(page).status_code == 200, page
        led = set(re.findall(rf'(?:href|action)="({case}[^"#?]*)', other.page))
        assert led
        for address in led:
            assert other.get(address).status_code in {200, 405}, (page, address)
    for address in (
        f"{case}/legal-drafts/new",
        f"{case}/lawyer-notes",
        begun(world, case),
        f"{case}/edit",
        f"{draft}/ask",
        f"{draft}/file",
        f"{case}/export/1",
        f"{document}/redact",
    ):
        assert other.get(address).status_code == 404


def test_a_paper_that_was_replaced_neither_drops_out_nor_goes_unseen(world: World) -> None:
    case = case_of(world)
    case_id = UUID(case.rpartition("/")[2])
    with world.app.app_context():
        old = paper_in(world.cast["caseworker"], case_id)
        db.session.rollback()
    lawyer = world.browser("lawyer")
    answer = lawyer.fill(f"{case}/legal-drafts/new", title="عريضة", text=TEXT, document=str(old))
    draft = str(answer.location)
    ask(world, draft)
    other = accept(world)
    assert judge(other, draft, "approved") == 303
    with world.app.app_context():
        new = paper_in(world.cast["caseworker"], case_id, replaces=old)
        db.session.rollback()
    for page in (draft, f"{draft}/file", f"{draft}/write"):
        lawyer.get(page)
        assert "has a newer version since" in lawyer.text, page
        assert f'/documents/{new}"' in lawyer.page
    assert re.search(rf'<option[^>]*selected[^>]*value="{old}"|<option value="{old}" selected', lawyer.page)
    assert "older version" in lawyer.text
    answer = lawyer.post(
        f"{draft}/write", version=lawyer.version, title="عريضة", text="أصح", document=str(old)
    )
    assert answer.status_code == 303
    ask(world, draft)
    other = accept(world)
    other.get(draft)  # as they approve
    assert "has a newer version since" in other.text
    lawyer.get(f"{draft}/write")
    lawyer.post(f"{draft}/write", version=lawyer.version, title="عريضة", text="أصح", document=str(new))
    lawyer.get(draft)
    assert "has a newer version since" not in lawyer.text


def test_a_filing_that_was_recorded_wrongly_is_put_right(world: World) -> None:
    case = case_of(world)
    draft, lawyer = begun(world, case), world.browser("lawyer")
    assert file(lawyer, draft, line="قُدّمت العريضة", proof="UYAP 5/7") == 303
    correct = f"{draft}/correct"
    right = {"how": "otherwise", "day": ["2", "11", "2026"], "where": "Bölge İdare"}
    assert lawyer.get(correct).status_code == 200
    version = lawyer.version
    assert lawyer.post(correct, version=version, **right, reason="").status_code == 422
    assert lawyer.post(correct, version=version, **right, reason="المحكمة خطأ").status_code == 303
    lawyer.get(draft)
    for said in ("Bölge İdare", "2 November 2026", "المحكمة خطأ", "İdare Mahkemesi"):
        assert said in lawyer.text  # as it was, and as it is
    caseworker = world.browser("caseworker")
    caseworker.get(case)
    assert "A later line corrects it" in caseworker.text
    assert "Bölge İdare" in caseworker.text
    assert "المحكمة خطأ" not in caseworker.text  # why is the lawyers'
    lawyer.get(correct)
    never = {**right, "how": "never", "reason": "قُدّمت مسودة أخرى"}
    assert lawyer.post(correct, version=lawyer.version, **never).status_code == 303
    caseworker.get(case)
    assert "It was not filed" in caseworker.text
    lawyer.get(draft)
    assert "قُدّمت مسودة أخرى" in lawyer.text
    assert lawyer.get(f"{draft}/file").status_code == 200
    assert file(lawyer, draft) == 303  # it goes on as before
    assert world.browser("caseworker").get(correct).status_code == 404


def test_taking_a_filing_back_escapes_no_second_look(world: World) -> None:
    draft, lawyer = begun(world, case_of(world, "U0")), world.browser("lawyer")
    assert file(lawyer, draft, reason="الترحيل غدًا") == 303
    never = {"how": "never", "day": ["1", "11", "2026"], "where": "x", "reason": "لم تُقدَّم"}
    lawyer.get(f"{draft}/correct")
    assert lawyer.post(f"{draft}/correct", version=lawyer.version, **never).status_code == 422
    assert "second look" in lawyer.errors[0]
    ask(world, draft)
    assert judge(accept(world), draft, "commented", "لم تُقدَّم هذه") == 303
    lawyer.get(f"{draft}/correct")
    assert lawyer.post(f"{draft}/correct", version=lawyer.version, **never).status_code == 303
    assert file(lawyer, draft, reason="") == 422  # and it is owed again


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_pages_say_what_they_are(world: World, language: str) -> None:
    case = case_of(world)
    empty = world.browser("lawyer", language)
    empty.get(case)
    assert {"ar": "مسودات المحامين", "tr": "Avukatların taslakları"}[language] in empty.text
    draft = begun(world, case)
    for page in (draft, f"{draft}/write", f"{draft}/ask", f"{draft}/file"):
        assert empty.get(page).status_code == 200
