"""A sheet of cases: brought, read, looked at, carried out, asked about, taken back."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from cases.import_models import CaseImport, CaseImportRow
from cases.models import Case, CaseGrant, Entry, Fact, MatchToken
from cases.service import files, timeline
from cases.service.importing import store
from cases.service.integrity import rolled_back
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import found, record_of
from tests.support.clock import FrozenClock
from tests.support.world import HOME, Browser, World

HEADINGS = [
    "Dosya No",
    "Adı Soyadı",
    "Baba Adı",
    "Doğum Tarihi",
    "Cep Telefonu",
    "İl",
    "Açılış",
    "Durum",
    "Renk",
]
AHMAD = ["K-1", "أحمد الدرويش", "سامي", "12.03.1980", "0532 111 22 33", "Hatay", "06.05.2021", "açık", "mavi"]
RANA = ["K-2", "Rana Kabbani", "Halit", "1991", "05331112233", "34", "2022-01-02", "açık", None]
TWIN = ["K-3", "رنا القباني", "خالد", "1991", "0533 111 22 33", "استانبول", "01.02.2022", "açık", None]
WRONG = ["K-4", "Selma Hatip", "Ali", "03/04/1990", "0534 111 22 33", "Halep", "06.05.2021", "açık", None]
CLOSED = ["K-5", "Bekir Sıdkı", "Ali", "1970", "0535 111 22 33", "Adana", "06.05.2019", "kapandı", None]
KNOWN = ["K-6", "محمد الأحمد", "خالد", "1987", "", "", "06.05.2021", "açık", None]
CHOSEN = {
    "issue": "A02",
    "urgency": "",
    "restrict": "no",
    "slashes": "ask",
    "lenient": "no",
    "closed": "skip",
}
FIELDS = ["old_number", "name", "father", "birth", "phone", "province", "opened", "state", "keep"]


def workbook(*rows: Iterable[object]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in [["Derneğimizin dosyaları"], HEADINGS, *rows]:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def bring(browser: Browser, *rows: Iterable[object], name: str = "liste.xlsx") -> str:
    """Bring a sheet; gives its address."""
    answer = browser.fill("/cases/import", file=(workbook(*rows), name))
    assert answer.status_code == 303, browser.text
    return str(answer.location).removesuffix("/columns")


def settled(browser: Browser, at: str, **changes: str) -> None:
    """Say what the columns are, and let the dry run come to its end."""
    columns = {f"columns-{place}-field": code for place, code in enumerate(FIELDS)}
    answer = browser.fill(f"{at}/columns", sheet="0", heading="2", **(CHOSEN | columns | changes))
    assert answer.location == f"{at}/steps", browser.text
    through(browser, at)


def through(browser: Browser, at: str) -> None:
    """As the page that continues by itself does."""
    for _ in range(50):
        if browser.get(f"{at}/steps").status_code == 303:
            browser.get(at)
            return
    raise AssertionError(browser.text)


def states(world: World, at: str) -> dict[int, str]:
    with world.app.app_context():
        rows = select(CaseImportRow.number, CaseImportRow.state).where(
            CaseImportRow.import_id == import_of(at)
        )
        return {row.number: row.state for row in db.session.execute(rows)}


def import_of(at: str) -> UUID:
    return UUID(at.rpartition("/")[2])


def case_of(world: World, at: str, number: int) -> UUID:
    with world.app.app_context():
        row = db.session.get_one(CaseImportRow, (import_of(at), number))
        assert row.case_id is not None
        return row.case_id


@pytest.fixture
def house(app: Flask) -> World:
    """An organisation of its own on either database."""
    with app.app_context():
        cast = found(app)
        db.session.rollback()
    return World(app, cast)


def test_from_the_sheet_to_the_cases_and_back(house: World) -> None:
    known = house.record()  # محمد الأحمد is here already
    browser = house.browser("coordinator", "en")
    at = bring(browser, AHMAD, RANA, TWIN, WRONG, CLOSED, [], KNOWN)
    browser.get(f"{at}/columns")
    assert "Adı Soyadı" in browser.text
    assert "أحمد الدرويش · Rana Kabbani" in browser.text  # samples
    guessed = re.findall(r'name="columns-\d+-field".*?</select>', browser.page, re.DOTALL)
    assert [re.findall(r'selected value="(\w*)"', one) for one in guessed][1] == ["name"]
    settled(browser, at, caseworker=str(house.cast["caseworker"].person_id))
    assert states(house, at) == {3: "ready", 4: "ready", 5: "alike", 6: "faulty", 7: "left_out", 9: "alike"}
    assert "Nothing has come in yet." in browser.text
    assert "This may be two different days." in browser.text
    assert "Halep" in browser.text
    with house.app.app_context():
        assert db.session.scalars(select(Case.id)).all() == [known]
    assert browser.post(f"{at}/run").location == f"{at}/steps"
    through(browser, at)
    assert states(house, at)[3] == states(house, at)[4] == "imported"
    assert "Waits for answers" in browser.text

    ahmad = case_of(house, at, 3)
    colleague = house.browser("caseworker")
    colleague.get(f"/cases/{ahmad}")
    for words in ("أحمد الدرويش", "K-1", "From a sheet", "06.05.2021", "mavi", "Hatay"):
        assert words in colleague.text, words
    assert "Renk" in colleague.text
    colleague.fill("/cases/search", q="K-1")
    assert "أحمد الدرويش" in colleague.text

    # The twin is of the same person as a row that came in: it becomes a note there.
    rana = case_of(house, at, 4)
    browser.get(f"{at}/rows/5")
    assert "Rana Kabbani" in browser.text
    answer = browser.post(f"{at}/rows/5", answer=f"same-{rana.hex}")
    assert answer.location == f"{at}/rows/9"
    browser.get(f"/cases/{rana}")
    assert "رنا القباني" in browser.text
    # And the last one is somebody else than whom we know.
    browser.get(f"{at}/rows/9")
    assert browser.post(f"{at}/rows/9", answer="").status_code == 422
    assert browser.post(f"{at}/rows/9", answer="apart").location == f"{at}/steps"
    through(browser, at)
    assert states(house, at) == {
        3: "imported", 4: "imported", 5: "linked", 6: "faulty", 7: "left_out", 9: "imported"
    }  # fmt: skip # one for each row
    with house.app.app_context():
        row = db.session.get_one(CaseImport, import_of(at))
        assert (row.state, row.sealed, row.plan) == ("done", None, None)
    browser.get(f"/cases/{case_of(house, at, 9)}/same")
    assert "No other file looks like this person" in browser.text

    taken_back(house, browser, at, gone=[ahmad, case_of(house, at, 9)], stays=rana)


def taken_back(house: World, browser: Browser, at: str, *, gone: list[UUID], stays: UUID) -> None:
    """What nobody has touched goes with every key; a file that got a note since stays."""
    ahmad, rana = gone[0], stays
    with house.app.app_context():
        counted = len(db.session.scalars(select(Fact.id)).all())
        db.session.rollback()
    browser.get(f"{at}/take-back")
    assert "Files that came from it: 3." in browser.text
    assert browser.post(f"{at}/take-back").location == f"{at}/steps"
    assert browser.post(f"{at}/take-back").location == f"{at}/steps"
    through(browser, at)
    assert "Files erased: 2." in browser.text
    assert "Stays, because somebody has worked on it" in browser.text
    assert browser.get(f"/cases/{ahmad}").status_code == 404
    assert browser.get(f"/cases/{rana}").status_code == 200
    browser.get("/cases")
    assert "أحمد الدرويش" not in browser.text
    browser.fill("/cases/search", q="أحمد الدرويش")
    assert "K-1" not in browser.text
    with house.app.app_context():
        for table in (Entry, CaseGrant, MatchToken):
            assert db.session.scalars(select(table.case_id).where(table.case_id.in_(gone))).all() == []
        assert {one.record for one in db.session.scalars(select(Case).where(Case.id.in_(gone)))} == {b""}
        assert len(db.session.scalars(select(Fact.id)).all()) == counted - 2
        assert rolled_back(house.cast.organisation_id) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "ملفات من جدول"), ("tr", "Tablodan dosyalar"), ("en", "Cases from a sheet")],
)
def test_every_page_in_every_language(world: World, language: str, words: str) -> None:
    browser = world.browser("coordinator", language)
    at = bring(browser, AHMAD, WRONG, TWIN, RANA)
    settled(browser, at)
    assert browser.title.startswith(words) is False
    (asked,) = [number for number, state in states(world, at).items() if state == "alike"]
    for page in ("/cases/import", at, f"{at}/columns", f"{at}/rows/{asked}"):
        assert browser.get(page).status_code == 200, page
        assert not re.search(r"%\(|{{", browser.page)
    browser.get("/cases/import")
    assert words in browser.text
    assert browser.post(f"{at}/drop").status_code == 303
    assert browser.get(f"{at}/columns").status_code == 423


def test_what_is_wrong_with_a_form_is_said_and_stays(world: World) -> None:
    browser = world.browser("coordinator")
    assert browser.fill("/cases/import").status_code == 422
    assert "Choose a file" in browser.text
    assert browser.fill("/cases/import", file=(io.BytesIO(b"\xd0\xcf\x11\xe0"), "a.xls")).status_code == 422
    assert "old kind" in browser.text
    at = bring(browser, AHMAD)
    columns = {"columns-0-field": "father", "columns-1-field": "father"}
    sent = browser.fill(f"{at}/columns", sheet="0", heading="2", **(CHOSEN | {"restrict": "yes"}), **columns)
    assert sent.status_code == 422
    for words in (
        "Say which column holds the name.",
        "Two columns are “Father’s given name”.",
        "Choose a colleague",
    ):
        assert words in browser.text
    for made_up in ({"sheet": "7"}, {"sheet": "-1"}, {"heading": "99"}, {"heading": "x"}):
        assert browser.post(f"{at}/columns", **({"sheet": "0", "heading": "2"} | made_up)).status_code == 404
    browser.get(f"{at}/columns?sheet=9&heading=0")  # what an address says is brought into bounds
    assert "Column A" in browser.text
    with_name = {"columns-1-field": "name"}
    empty = browser.fill(f"{at}/columns", sheet="0", heading="3", **CHOSEN, **with_name)
    assert empty.status_code == 422
    assert "There is no row below the headings." in browser.text


def test_only_whoever_brought_it_opens_it(house: World) -> None:
    with house.app.app_context():
        house.cast.join("other_coordinator", *house.cast["coordinator"].roles)
        house.cast.hand_over()
    browser, other = house.browser("coordinator"), house.browser("other_coordinator")
    at = bring(browser, AHMAD)
    settled(browser, at)
    other.get(at)
    assert "Only whoever brought this sheet can read its rows" in other.text
    assert "أحمد" not in other.page
    for page in (f"{at}/columns", f"{at}/rows/3"):
        assert other.get(page).status_code == 404
    assert other.post(f"{at}/run").status_code == 404
    assert other.post(f"{at}/drop").status_code == 404
    browser.post(f"{at}/run")
    through(browser, at)
    # What came in is anybody's of their role to take back.
    other.get(f"{at}/take-back")
    other.post(f"{at}/take-back")
    through(other, at)
    assert "Files erased: 1." in other.text


def test_cases_of_families_open_to_two_people_alone(house: World) -> None:
    browser = house.browser("coordinator")
    at = bring(browser, AHMAD)
    settled(browser, at, issue="L01", restrict="yes", caseworker=str(house.cast["caseworker"].person_id))
    browser.post(f"{at}/run")
    through(browser, at)
    case_id = case_of(house, at, 3)
    with house.app.app_context():
        assert db.session.get_one(Case, case_id).restricted
    assert house.browser("caseworker").get(f"/cases/{case_id}").status_code == 200
    assert house.browser("colleague").get(f"/cases/{case_id}").status_code == 404


def test_a_possible_conflict_waits_and_keeps_first_contact_alone(house: World) -> None:
    landlord = {"id": str(UUID(int=5)), "role": "landlord", "name_ar": "أحمد الدرويش", "father": "سامي"}
    record = record_of() | {"parties": [landlord]}
    house.record(record=record)
    browser = house.browser("coordinator")
    at = bring(browser, AHMAD)
    settled(browser, at)
    assert states(house, at) == {3: "ready"}
    browser.post(f"{at}/run")
    through(browser, at)
    assert states(house, at) == {3: "conflict"}
    browser.get(f"{at}/rows/3")
    assert "A conflict of interest is possible." in browser.text
    browser.post(f"{at}/rows/3", answer="first")
    through(browser, at)
    with house.app.app_context():
        case = db.session.get_one(Case, case_of(house, at, 3))
        assert case.state == "conflict_check"
        db.session.rollback()
        with transaction():
            opened = files.open_case(house.cast["coordinator"], case.id)
    assert [entry.kind for entry in opened.entries].count("imported") == 0
    assert opened.record["client"]["name_ar"] == "أحمد الدرويش"


def test_a_file_that_somebody_worked_on_stays_and_after_a_month_all_do(
    house: World, clock: FrozenClock
) -> None:
    browser = house.browser("coordinator")
    at = bring(browser, AHMAD, RANA)
    settled(browser, at)
    browser.post(f"{at}/run")
    through(browser, at)
    with house.app.app_context():
        ahmad = case_of(house, at, 3)
    with house.app.app_context(), transaction():
        timeline.add_note(house.cast["coordinator"], ahmad, "note", "x", UUID(int=9))
    clock.advance(days=31)
    late = house.browser("coordinator")
    late.get(at)
    assert "Take it all back" not in late.text
    assert late.fill(f"{at}/take-back").status_code == 422
    clock.advance(days=-30)
    again = house.browser("coordinator")
    again.fill(f"{at}/take-back")
    through(again, at)
    assert states(house, at) == {3: "stays_worked", 4: "erased"}


def test_a_sheet_goes_after_a_week_and_with_its_account(house: World, clock: FrozenClock) -> None:
    browser = house.browser("coordinator")
    first, second = bring(browser, AHMAD), bring(browser, RANA)
    with house.app.app_context():
        with transaction():
            row = db.session.get_one(CaseImport, import_of(first))
            row.touched_at -= store.KEPT + dt.timedelta(seconds=1)
        with transaction():
            store.purge()
        kept = dict(db.session.execute(select(CaseImport.id, CaseImport.sealed)).all())
        assert kept[import_of(first)] is None
        assert kept[import_of(second)] is not None
        db.session.rollback()
        with transaction():
            store.forget_of(house.cast["coordinator"].person_id)
        assert db.session.scalars(select(CaseImport.sealed)).all() == [None, None]
    assert browser.get(f"{second}/columns").status_code == 423


def test_another_sheet_with_a_form_that_was_sent_is_not_taken_for_the_first(house: World) -> None:
    browser = house.browser("coordinator", "en")
    browser.get("/cases/import")
    (form,) = set(re.findall(r'name="token"[^>]*value="([^"]+)"', browser.page))
    for row, status in ((AHMAD, 303), (RANA, 422)):
        answer = browser.post("/cases/import", token=form, file=(workbook(row), "liste.xlsx"))
        assert answer.status_code == status, browser.text
    assert "This was sent before with other words" in browser.text


def test_nothing_uploaded_touches_a_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", None)
    browser = world.browser("coordinator")
    browser.get("/cases/import")
    rows = [f"K-{number};Ad {number} Soyad;{'x' * 900}" for number in range(1_500)]
    answer = sent(browser, "\n".join(["No;Ad;Açıklama", *rows]).encode())
    assert answer.status_code == 303, answer.text
    assert sent(browser, b"a" * 3_000_000).status_code == 413


def sent(browser: Browser, content: bytes) -> TestResponse:
    """A file as a browser sends it; the client of the tests would write a large one to a disk itself."""
    head = "--x\r\nContent-Disposition: form-data; name="
    body = (
        f'{head}"csrf_token"\r\n\r\n{browser.csrf}\r\n{head}"file"; filename="a.csv"\r\n\r\n'.encode()
        + content
        + b"\r\n--x--\r\n"
    )
    kind, about = "multipart/form-data; boundary=x", {"Referer": f"{HOME}/cases/import"}
    return browser.client.post("/cases/import", data=body, content_type=kind, base_url=HOME, headers=about)
