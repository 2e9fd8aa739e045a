import pytest

from domain.disclosure import Explanation, Figure, OtherRow, ProtectedTable, Quarter
from domain.disclosure_output import HXL_TAGS, to_csv

TABLE = ProtectedTable(
    dimension="province",
    quarter=Quarter(2026, 3),
    rows=(Figure("27", 41), Figure("31", 12)),
    other=OtherRow(9, 80),
    total=62,
    late=None,
    refused=7,
    explanations=(Explanation.SMALL_ROWS_MERGED, Explanation.LATE_WITHHELD),
)


def test_every_figure_is_a_line() -> None:
    assert to_csv(TABLE, name="t1", release="r1").decode() == (
        "quarter,province,value,table,release,status\n"
        "2026-Q3,27,41,t1,r1,shown\n"
        "2026-Q3,31,12,t1,r1,shown\n"
        "2026-Q3,_O,9,t1,r1,merged\n"
        "2026-Q3,_T,62,t1,r1,total\n"
        "2026-Q3,_LATE,*,t1,r1,withheld\n"
        "2026-Q3,_REFUSED,7,t1,r1,refused\n"
    )


def test_a_refused_table_has_no_figure() -> None:
    nothing = ProtectedTable("sex", Quarter(2026, 3), (), None, None, None, None, (Explanation.TOO_FEW,))
    lines = to_csv(nothing, name="t1", release="r1").decode().splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["*", "*", "*"]


@pytest.mark.parametrize("dimension", ["issue_group", "province", "sex", "age_band"])
def test_the_second_row_tags_each_column(dimension: str) -> None:
    table = ProtectedTable(dimension, Quarter(2026, 3), (), None, 20, None, None, ())
    header, tags, *_ = to_csv(table, name="t", release="r", hxl=True).decode().splitlines()
    assert [HXL_TAGS[column] for column in header.split(",")] == tags.split(",")
    assert all(tag.startswith("#") for tag in tags.split(","))


@pytest.mark.parametrize("identifier", ["=1+1", "@x", "-1", "", " x"])
def test_no_identifier_can_act_as_a_formula(identifier: str) -> None:
    with pytest.raises(ValueError, match="begins with a letter or digit"):
        to_csv(TABLE, name=identifier, release="r")
    with pytest.raises(ValueError, match="begins with a letter or digit"):
        to_csv(TABLE, name="t", release=identifier)
