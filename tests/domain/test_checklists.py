"""What is usually done: the table that comes with the product, and tables that are wrong."""

import datetime as dt
from pathlib import Path

import pytest

from core.reference import checklists, reference
from domain.checklists import EVERY, Checklists
from domain.tables import LANGUAGES, TableError

HEAD = "code\tissue\tvalid_from\tvalid_to\ten\ttr\tar\tbasis\tsource\treviewed_by\treviewed_on\n"
ROW = "a\tB01\t2026-01-01\t2026-12-31\tone\tbir\tواحد\t\tK\t\t\n"
DAY = dt.date(2026, 12, 1)


def table(tmp_path: Path, *rows: str) -> Checklists:
    path = tmp_path / "checklists.tsv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return Checklists.load(path, reference().taxonomy)


def test_every_issue_has_lines_of_its_own_group_and_of_every_case() -> None:
    for issue in reference().taxonomy.leaves.values():
        found = checklists().of(issue.code, DAY)
        assert {line.issue for line in found} >= {issue.group, EVERY}, issue.code
        assert len(found) >= 5
    for urgent in ("B01", "B03", "B07", "L01", "M01"):
        assert len([line for line in checklists().of(urgent, DAY) if line.issue == urgent]) >= 5
    for line in checklists().lines.values():
        assert all(line.label.of(language) for language in LANGUAGES)
        assert line.source


def test_an_issue_nobody_knows_has_what_every_case_has() -> None:
    assert {line.issue for line in checklists().of("ZZ9", DAY)} == {EVERY}
    assert {line.issue for line in checklists().of("B", DAY)} == {"B", EVERY}


def test_a_line_is_shown_while_it_holds(tmp_path: Path) -> None:
    found = table(tmp_path, ROW, ROW.replace("a\t", "b\t", 1).replace("2026-12-31", ""))
    shown = [[line.code for line in found.of("B01", dt.date(year, 1, 1))] for year in (2025, 2026, 2027)]
    assert shown == [[], ["a", "b"], ["b"]]


@pytest.mark.parametrize("rows", [(ROW, ROW), (ROW.replace("B01", "X99"),)])
def test_a_bad_table_is_refused(tmp_path: Path, rows: tuple[str, ...]) -> None:
    with pytest.raises(TableError):
        table(tmp_path, *rows)
