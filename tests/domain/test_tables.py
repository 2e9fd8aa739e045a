from pathlib import Path

import pytest

from domain.tables import Label, TableError, day_of, label_of, read_rows


def test_remarks_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("# a remark\ncode\ten\n\nA\tone \n", encoding="utf-8")
    assert read_rows(path, ("code", "en")) == [{"code": "A", "en": "one"}]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "line 1: the table is empty"),
        ("code\ten\nA\tone\n", "line 1: column tr is missing"),
        ("code\ttr\n\nA\tbir\textra\n", "line 3: 3 cells where the header has 2"),
        ("code\ttr\nA\t \n", "line 2: column tr is empty"),
    ],
)
def test_a_bad_table_names_file_line_and_cause(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "list.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=f"^list.tsv, {why}$"):
        read_rows(path, ("tr",))


def test_a_label_speaks_three_languages() -> None:
    label = label_of({"x_en": "custody", "x_tr": "velayet", "x_ar": "الحضانة"}, "x_")
    assert [label.of(language) for language in ("en", "tr", "ar")] == ["custody", "velayet", "الحضانة"]
    with pytest.raises(ValueError, match="'de'"):
        Label("a", "b", "c").of("de")


def test_an_empty_cell_is_no_day() -> None:
    assert day_of("") is None
    assert str(day_of("2014-10-22")) == "2014-10-22"
    with pytest.raises(ValueError, match="22"):
        day_of("22.10.2014")
