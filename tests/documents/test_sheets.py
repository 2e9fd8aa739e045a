"""Sheets as somebody brings them: read where they are what they seem, refused in words where they are not."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from core.documents import sheets, unfold
from core.documents.sheets import NotRead, Sheet

ROWS: list[list[object]] = [
    ["Ad", "Doğum", "No"],
    ["سلمى", dt.datetime(1991, 3, 12), 117],  # noqa: DTZ001 - a sheet knows no zone
    [None, "12.5.1990", 2.5],
]


def packed(rows: list[list[object]] = ROWS, **more: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for place, (name, content) in enumerate({"Sheet": rows, **more}.items()):
        sheet = book.active if place == 0 else book.create_sheet(name)
        for row in content:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, **parts: bytes) -> bytes:
    """A workbook in which some parts are others."""
    out = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fresh:
        for name in old.namelist():
            if name not in parts:
                fresh.writestr(name, old.read(name))
        for name, text in parts.items():
            fresh.writestr(name, text)
    return out.getvalue()


def unfolded(content: bytes) -> list[Sheet]:
    """The same in this process, where it is measured."""
    return [Sheet(one["name"], one["rows"]) for one in unfold.unfold(content)]


def refused(content: bytes) -> str:
    with pytest.raises(NotRead) as caught:
        sheets.read(content)
    assert caught.value.field == "file"
    return str(caught.value.message)


SHOWN: list[list[sheets.Value]] = [
    ["Ad", "Doğum", "No"],
    ["سلمى", "1991-03-12", 117],
    [None, "12.5.1990", 2.5],
]


def test_a_workbook() -> None:
    more: list[list[object]] = [["=1+1", True, dt.time(13, 5)], [], [None, "x"], [None]]
    found = sheets.read(packed(ROWS, Liste=more, Leer=[]))
    assert found == [Sheet("Sheet", SHOWN), Sheet("Liste", [[None, "TRUE", "13:05:00"], [], [None, "x"]])]
    assert "سلمى" not in repr(found)
    assert unfolded(packed(ROWS, Liste=more, Leer=[])) == found


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_separated_values(mark: str) -> None:
    text = f'Ad{mark}Doğum\r\n"سلمى\nالخطيب"{mark}12.03.1991\r\n'
    wanted = [Sheet("", [["Ad", "Doğum"], ["سلمى\nالخطيب", "12.03.1991"]])]
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert unfolded(text.encode(encoding)) == wanted
    assert sheets.read(text.encode()) == wanted


def test_letters_of_windows() -> None:
    turkish, arabic = "Adı;Soyadı\nŞükrü;Çağlıoğlu", "الاسم;الهاتف\nسلمى الخطيب;0532"
    assert unfolded(turkish.encode("windows-1254"))[0].rows[1] == ["Şükrü", "Çağlıoğlu"]
    assert unfolded(arabic.encode("windows-1256"))[0].rows == [
        ["الاسم", "الهاتف"],
        ["سلمى الخطيب", "0532"],
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old kind"),
        (b"", "nothing"),
        (b" \r\n;;", "nothing"),
        (b"\x89PNG\r\n\x1a\n\0\0", "could not be read"),
        (packed()[:-60], "could not be read"),
        (b"PK\x03\x04 and nothing else", "could not be read"),
        (changed(packed(), **{"xl/vbaProject.bin": b"x"}), "macros"),
        (changed(packed(), **{"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "could not"),
        (changed(packed(), **{"xl/workbook.xml": "<a/>".encode("utf-16")}), "could not be read"),
        (packed([["x"]] * 2_002), "at most"),
        (packed([["x"] * 61]), "at most"),
        (packed([["y" * 30_000]] * 300), "unfolds"),
        (changed(packed(), **{"xl/sharedStrings.xml": b" " * 25_000_000}), "unfolds"),
        (bytes(sheets.LARGEST + 1), "2 MB"),
    ],
)
def test_what_is_no_list_of_cases_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in refused(content)
    if words != "2 MB":
        with pytest.raises(Exception, match=r".*"):  # whatever a library trips over is damage
            unfold.unfold(content)


def test_numbers_that_are_none_stay_words() -> None:
    assert [unfold.plain(one) for one in (float("inf"), 1.5, dt.datetime(2020, 1, 2, 3, 4))] == [  # noqa: DTZ001 - a sheet knows no zone
        "inf", 1.5, "2020-01-02 03:04:00",
    ]  # fmt: skip # one list


def test_a_size_that_lies_is_counted() -> None:
    """A part that says it is small and unfolds into more is damage, not memory."""
    content = bytearray(changed(packed(), **{"xl/sharedStrings.xml": b" " * 30_000_000}))
    true_size, told = (30_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert true_size in content
    assert refused(bytes(content.replace(true_size, told)))


def test_empty_rows_without_end_are_refused() -> None:
    with pytest.raises(unfold.Refused) as caught:
        unfold.Allowance().bounded([None] for _ in range(30_000))
    assert caught.value.status == unfold.TOO_MANY


def test_nothing_is_written_and_what_takes_too_long_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(9)")
    monkeypatch.setattr(sheets, "_UNFOLD", slow)
    monkeypatch.setattr(sheets, "_WAIT_SECONDS", 0.2)
    assert "unfolds" in refused(b"a")
    with sheets._TURNS:
        assert "Another file" in refused(b"a")
    writing = tmp_path / "writing.py"
    source = Path(unfold.__file__).read_text(encoding="utf-8")
    attempt = f"    open({str(tmp_path / 'x')!r}, 'wb', 0).write(b'x')\n"
    writing.write_text(source.replace("    try:\n        found = ", f"{attempt}    try:\n        found = "))
    monkeypatch.setattr(sheets, "_UNFOLD", writing)
    monkeypatch.setattr(sheets, "_WAIT_SECONDS", 20)
    assert refused(b"a;b")
    assert not (tmp_path / "x").read_bytes()
