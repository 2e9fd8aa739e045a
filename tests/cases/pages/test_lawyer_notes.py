"""Notes for the lawyers of a case, on their page; nobody else finds even the link."""

import re
from uuid import UUID, uuid4

import pytest

from cases.note_models import LawyerNote
from cases.service import assignment, lawyer_notes
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_legal_drafts import accept, ask, begun
from tests.support.world import World


@pytest.fixture
def case(world: World) -> str:
    """A case on which a lawyer works."""
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
        db.session.rollback()
    return f"/cases/{case_id}"


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_written_read_and_seen_by_nobody_else(world: World, case: str, language: str) -> None:
    browser, page = world.browser("lawyer", language), f"{case}/lawyer-notes"
    browser.get(page)
    assert browser.post(page, text=" ").status_code == 422
    answer = browser.post(page, text="رواية سرّية")
    assert answer.status_code == 303
    browser.get(page)
    private = {
        "en": "Only the lawyers of this case read this",
        "ar": "لا يقرأ هذا إلا محامو هذا الملف",
        "tr": "Bunu yalnız bu dosyanın avukatları okur",
    }
    assert private[language] in browser.text
    assert "رواية سرّية" in browser.text
    browser.get(case)
    assert "رواية سرّية" in browser.text
    assert page in browser.page
    for other in ("caseworker", "coordinator"):
        them = world.browser(other, language)
        them.get(case)
        assert page not in them.page
        assert "رواية سرّية" not in them.page
        assert them.get(page).status_code == 404


def test_a_lawyer_who_is_not_on_the_case_finds_no_page(world: World) -> None:
    case_id = world.record()
    with world.app.app_context(), transaction():
        cast = world.cast
        version = 1
        assignment.offer(cast["coordinator"], case_id, version, cast["lawyer"].person_id)
    assert isinstance(case_id, UUID)
    assert world.browser("lawyer").get(f"/cases/{case_id}/lawyer-notes").status_code == 404


def test_older_notes_stand_on_further_pages(world: World, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lawyer_notes, "SHOWN", 2)
    case_id, actor = UUID(case.rpartition("/")[2]), world.cast["lawyer"]
    with world.app.app_context():
        for number in range(3):
            with transaction():
                lawyer_notes.write(actor, case_id, f"ملاحظة رقم {number}", uuid4())
    browser = world.browser("lawyer")
    browser.get(f"{case}/lawyer-notes")
    assert "ملاحظة رقم 0" not in browser.page
    onward = re.findall(r'href="([^"]+before=[^"]+)"', browser.page)[0]
    browser.get(onward)
    assert "ملاحظة رقم 0" in browser.page
    assert browser.get(f"{case}/lawyer-notes?before={uuid4()}").status_code == 404
    assert browser.get(f"{case}/lawyer-notes?before=nonsense").status_code == 404
    browser.get(f"{case}/step-off")
    assert "You alone have their key" in browser.text
    assert browser.post(f"{case}/step-off", reason="Sağlık", power="no").location == case  # stays by default
    browser.get(case)
    assert "Giving the case up" in browser.text


def test_a_note_in_the_wrong_case_is_taken_out_and_why_stays(world: World, case: str) -> None:
    browser, page = world.browser("lawyer"), f"{case}/lawyer-notes"
    browser.get(page)
    browser.post(page, text="رواية شخص آخر")
    browser.get(page)
    [out] = re.findall(rf'href="({page}/[0-9a-f-]{{36}}/out)"', browser.page)
    note_id = UUID(out.split("/")[-2])
    with world.app.app_context():
        before = db.session.get_one(LawyerNote, note_id).sealed
        db.session.rollback()
    browser.get(out)
    assert "رواية شخص آخر" in browser.text
    assert browser.post(out, reason="").status_code == 422
    for _click in range(2):
        assert browser.post(out, reason="يخص ملفًا آخر").location == page
    for shown in (page, case):
        browser.get(shown)
        assert "رواية شخص آخر" not in browser.text
        assert "يخص ملفًا آخر" in browser.text
        assert "Its text was taken out for good." in browser.text
    assert out not in (browser.get(page), browser.page)[1]
    with world.app.app_context():
        row = db.session.get_one(LawyerNote, note_id)
        assert row.sealed != before
        assert row.version == 2
        db.session.rollback()
    for other in ("caseworker", "coordinator", "other_lawyer"):
        assert world.browser(other).get(out).status_code == 404


def test_who_is_there_to_review_finds_no_note(world: World, case: str) -> None:
    lawyer, page = world.browser("lawyer"), f"{case}/lawyer-notes"
    lawyer.get(page)
    lawyer.post(page, text="للمحامين")
    ask(world, begun(world, case))
    other = accept(world)
    other.get(case)
    assert "للمحامين" not in other.text
    lawyer.get(page)
    [out] = re.findall(rf'href="({page}/[0-9a-f-]{{36}}/out)"', lawyer.page)
    for address in (page, out):
        assert other.get(address).status_code == 404
    other.get("/desk")  # for the token against forgery
    for address in (page, out):
        assert other.post(address, text="x", reason="x").status_code == 404


def test_who_leaves_at_once_although_nobody_else_reads_them_says_so(world: World, case: str) -> None:
    browser = world.browser("lawyer")
    browser.get(f"{case}/step-off")
    assert "lawyers’ notes" not in browser.text  # nothing is written
    assert "Without one you lose it at once" in browser.text
    browser.get(f"{case}/lawyer-notes")
    browser.post(f"{case}/lawyer-notes", text="سرّ")
    browser.get(f"{case}/step-off")
    assert "Without one you lose it at once" not in browser.text
    assert "as you choose below" in browser.text
    answer = browser.post(f"{case}/step-off", reason="Sağlık", power="no", notes="leave")
    assert answer.location.endswith("/desk")
    assert browser.get(case).status_code == 404
