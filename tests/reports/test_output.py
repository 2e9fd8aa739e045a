"""Workbooks and CSV files as a reader's program opens them."""

import csv
import io
import tempfile
import zipfile
from uuid import UUID

import openpyxl
import pytest
from flask import Flask

from domain.disclosure import Explanation, Figure, OtherRow, ProtectedTable
from domain.quarters import Quarter
from reports import output, routes, words
from reports.output import Sheet
from reports.service.releases import Stamp

STAMP = Stamp(UUID(int=5), "ab" * 16, "=HYPERLINK(1)")
TABLE = ProtectedTable(
    "province",
    Quarter(2026, 2),
    (Figure("34", 40), Figure("27", 12)),
    OtherRow(9, 80),
    61,
    None,
    6,
    (Explanation.SMALL_ROWS_MERGED, Explanation.LATE_WITHHELD),
)
EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "http://example.org", "{=1}", "محمد", "🙂", "12"]


def sheet(text: str = "plain", *, rtl: bool = False) -> Sheet:
    return Sheet(
        text, "Figures", "Notes", (text, text), [(text, 7), (text, text)], (text, 14), [(text, text)], rtl
    )


def rendered(app: Flask, language: str, table: ProtectedTable = TABLE) -> bytes:
    with app.test_request_context("/", headers={"Cookie": f"language={language}"}):
        return output.workbook(words.sheet(table, STAMP))


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_formula_a_link_or_a_number(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(output.workbook(sheet(text))))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [7, 14]
    assert not any(cell.hyperlink for cell in cells)


def test_the_raw_file_holds_no_formula_and_nothing_hidden() -> None:
    with zipfile.ZipFile(io.BytesIO(output.workbook(sheet("=1")))) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
    assert b"<f>" not in everything
    assert b"<f " not in everything
    assert b"hidden" not in everything
    assert not [name for name in names if "pivot" in name or "external" in name or "vba" in name]
    assert len([name for name in names if name.startswith("xl/worksheets/sheet")]) == 2


def test_the_same_table_gives_the_same_bytes() -> None:
    assert output.workbook(sheet()) == output.workbook(sheet())
    assert output.workbook(sheet()) != output.workbook(sheet("other"))


def test_no_temporary_file_holds_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a temporary file was asked for")

    for name in ("mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert output.workbook(sheet()).startswith(b"PK")


@pytest.mark.parametrize(("language", "rtl"), [("ar", True), ("tr", False), ("en", False)])
def test_direction_follows_the_language(sqlite_app: Flask, language: str, rtl: bool) -> None:
    book = openpyxl.load_workbook(io.BytesIO(rendered(sqlite_app, language)))
    assert [bool(page.sheet_view.rightToLeft) for page in book] == [rtl, rtl]


def test_a_workbook_says_what_it_is(sqlite_app: Flask) -> None:
    book = openpyxl.load_workbook(io.BytesIO(rendered(sqlite_app, "en")))
    figures, notes = book
    rows = [[cell.value for cell in row] for row in figures.iter_rows(min_row=3)]
    assert rows == [
        ["Province", "Cases"],
        ["Istanbul", 40],
        ["Gaziantep", 12],
        ["Other, counted together", 9],
        ["Total", 61],
    ]
    said = {row[0].value: row[1].value for row in notes.iter_rows()}
    assert said["Source"] == "Cases seen by the organisation, not a prevalence estimate."
    assert said["Period"] == "Weeks whose Thursday lies in April to June 2026."
    assert "“Other”" in said["Rule"]
    assert "differ in that row by at least 4" in said["Guarantee"]
    assert said["Release"] == str(STAMP.release_id)
    assert said["Recorded too late for their own quarter"] == "Fewer than 5, or none"
    assert said["Refused statistics, in no row and not in the total"] == "6"


@pytest.mark.parametrize(
    ("explanation", "words_"),
    [
        (Explanation.TOO_FEW, "No figure is shown"),
        (Explanation.ONLY_TOTAL, "Only the total is shown"),
    ],
)
def test_a_withheld_table_says_so(sqlite_app: Flask, explanation: Explanation, words_: str) -> None:
    total = 9 if explanation is Explanation.ONLY_TOTAL else None
    table = ProtectedTable("sex", Quarter(2026, 2), (), None, total, None, None, (explanation,))
    figures, notes = openpyxl.load_workbook(io.BytesIO(rendered(sqlite_app, "en", table)))
    assert figures["B4"].value == (total or "Not shown")
    assert words_ in dict(row for row in notes.iter_rows(values_only=True))["Rule"]


def test_csv_is_ascii_with_a_row_of_tags_and_no_formula() -> None:
    content = routes._csv(TABLE, STAMP)
    content.decode("ascii")
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert rows[0] == ["quarter", "province", "value", "table", "release", "status"]
    assert rows[1][1].startswith("#adm1")
    assert ["2026-Q2", "_T", "61", "province", f"{STAMP.release_id}.{STAMP.seal}", "total"] in rows
    assert ["2026-Q2", "_LATE", "*", "province", f"{STAMP.release_id}.{STAMP.seal}", "withheld"] in rows
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r"]


def test_quarters_are_named_by_their_months(sqlite_app: Flask) -> None:
    named = {}
    for language in ("ar", "tr", "en"):
        with sqlite_app.test_request_context("/", headers={"Cookie": f"language={language}"}):
            named[language] = words.quarter_label("2026-Q4")
    assert named["en"] == "October to December 2026"
    assert "Ekim" in named["tr"]
    assert "تشرين الأول" in named["ar"]
    assert "٢٠٢٦" in named["ar"]
