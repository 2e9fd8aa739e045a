"""The judicial recess: who has it, who has not, and what is only argued."""

from pathlib import Path

import pytest

from domain.deadlines.law import Law
from domain.tables import TableError
from tests.domain.deadlines.support import LAW, ask, codes, dates, reason, tables


@pytest.mark.parametrize(
    ("served_on", "due"),
    [
        ("2026-05-20", "2026-07-20"),  # day 60 is Sunday 19 July and moves to the first day: argued only
        ("2026-05-21", "2026-09-07"),  # day 60 is 20 July, the first day
        ("2026-07-02", "2026-09-07"),  # day 60 is 31 August, the last day
        ("2026-07-03", "2026-09-01"),  # day 60 is 1 September: no extension
    ],
)
def test_both_ends_of_the_recess_belong_to_it(served_on: str, due: str) -> None:
    assert dates("ADM60", served_on, court_recess=True)[0] == due


def test_a_day_that_moves_into_the_recess_is_a_rescue_argument() -> None:
    found = ask("ADM60", "2026-05-20", court_recess=True)
    assert found.latest.isoformat() == "2026-09-07"
    assert "rescue_moved" in codes(found)


def test_an_unknown_court_has_no_recess_but_an_argument() -> None:
    wanted = ("2026-07-31", "2026-07-31", "2026-09-07")
    assert dates("ADM60", "2026-06-01") == dates("ADM60", "2026-06-01", court_recess=None) == wanted
    assert "recess_unknown" in codes(ask("ADM60", "2026-06-01"))


def test_a_period_of_special_law_is_never_extended_but_argued() -> None:
    argued = ("2026-07-28", "2026-07-28", "2026-09-07")
    assert dates("DEP_SUIT", "2026-07-21") == dates("DEP_SUIT", "2026-07-21", court_recess=True) == argued
    assert dates("DEP_SUIT", "2026-07-21", court_recess=False)[2] == "2026-07-28"
    assert dates("IP_COURT30", "2026-07-01") == ("2026-07-31", "2026-07-31", "2026-09-07")
    assert dates("IP_COURT15", "2026-07-13") == ("2026-07-28",) * 3


def test_an_extension_that_ends_on_a_weekend_moves_on() -> None:
    assert dates("ADM60", "2024-06-03", court_recess=True)[0] == "2024-09-09"  # 7 September is a Saturday


def test_criminal_periods_get_three_days_or_start_after_the_recess() -> None:
    assert dates("CRIM_IST", "2026-08-05", detained=True) == ("2026-08-19",) * 3
    assert dates("CRIM_OBJ", "2026-07-10", detained=False) == ("2026-09-03", "2026-07-24", "2026-09-03")
    # Served in the recess, ends after it: no three days, but the argument that it starts on 1 September.
    assert dates("CRIM_IST", "2026-08-25", detained=False) == ("2026-09-08", "2026-09-08", "2026-09-14")
    assert dates("FINE", "2026-08-05") == ("2026-08-19", "2026-08-19", "2026-09-14")
    assert dates("KYOK", "2026-08-05") == ("2026-08-19",) * 3


def test_an_unknown_detention_or_urgency_is_said() -> None:
    detained = ask("CRIM_IST", "2026-08-05")
    assert "recess_detained_unknown" in codes(detained)
    # No extension is counted on what nobody knows, only argued.
    assert dates("CRIM_IST", "2026-08-05") == ("2026-08-19", "2026-08-19", "2026-09-14")
    assert "recess_detained_unknown" not in codes(ask("CRIM_IST", "2026-08-05", detained=False))
    assert dates("CRIM_IST", "2026-08-05", detained=False)[0] == "2026-09-03"
    urgent = ask("HMK_IST", "2026-07-13")
    assert dates("HMK_IST", "2026-07-13") == ("2026-07-27", "2026-07-27", "2026-09-07")
    assert dates("HMK_IST", "2026-07-13", urgent_civil=False)[0] == "2026-09-07"
    assert "recess_urgent_unknown" in codes(urgent)
    assert "recess_urgent_unknown" not in codes(ask("HMK_IST", "2026-07-13", urgent_civil=False))


def test_why_there_is_no_extension_is_said() -> None:
    assert "recess_court" in codes(ask("ADM60", "2026-06-01", court_recess=False))
    assert "recess_urgent" in codes(ask("HMK_IST", "2026-07-13", urgent_civil=True))
    assert "recess_detained" in codes(ask("CRIM_IST", "2026-08-05", detained=True))
    assert "recess_none" in codes(ask("AYM", "2026-07-20"))
    assert "recess_over" in codes(ask("ADM60", "2026-07-03", court_recess=True))
    assert "recess_over" not in codes(ask("ADM60", "2026-08-03", court_recess=True))


SIGNED = ("(from knowledge)\t\t", "(from knowledge)\tA lawyer\t2026-11-01")


def test_a_court_counts_once_somebody_has_signed_it_off(tmp_path: Path) -> None:
    assert dates("ADM60", "2026-06-01", court="ADM-01")[0] == "2026-07-31"
    signed = Law.load(tables(tmp_path, courts=SIGNED))
    assert dates("ADM60", "2026-06-01", signed, court="ADM-01")[0] == "2026-09-07"
    assert dates("ADM60", "2026-06-01", signed, court="ADM-06")[0] == "2026-07-31"
    assert dates("ADM60", "2026-06-01", signed, court="ADM-01", court_recess=False)[0] == "2026-07-31"


def test_a_court_counts_between_its_dates_only(tmp_path: Path) -> None:
    path = tables(tmp_path, courts=SIGNED) / "courts.tsv"
    path.write_text(path.read_text("utf-8").replace("yes\t\t\t", "yes\t2026-06-02\t\t", 1), "utf-8")
    dated = Law.load(path.parent)
    assert dates("ADM60", "2026-06-01", dated, court="ADM-01")[0] == "2026-07-31"
    assert dates("ADM60", "2026-06-02", dated, court="ADM-01")[0] == "2026-09-07"
    assert "ADM-01" in dated.courts.codes


def test_an_unknown_court_code_is_refused() -> None:
    assert reason("ADM60", "2026-06-01", court="ADM-99") == "unknown_court"
    assert reason("ADM60", None, court="ADM-01") == "no_date"


@pytest.mark.parametrize(
    "change",
    [("\tyes\t", "\tperhaps\t"), ("ADM-06", "ADM-01"), ("yes\t\t\t", "yes\tsoon\t\t")],
)
def test_a_bad_row_of_a_court_is_named(tmp_path: Path, change: tuple[str, str]) -> None:
    with pytest.raises(TableError, match=r"courts\.tsv, line"):
        Law.load(tables(tmp_path, courts=change))
    assert LAW.courts.codes
