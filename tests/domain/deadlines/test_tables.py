"""The tables: what a bad one says, and that words and code fit together."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from domain.deadlines import holidays_package
from domain.deadlines.law import Law
from domain.deadlines.steps import Refusal
from domain.deadlines.targets import internal_target
from domain.deadlines.words import Level, Words
from domain.tables import TableError
from tests.domain.deadlines.support import LAW, ROOT, TABLES, WORDS, ask, codes, day, tables

HEAD = "DEP_SUIT\t2019-12-24\t\t7\tday\tservice\tyes"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (HEAD.replace("7\tday", "-7\tday"), "no period"),
        (HEAD.replace("7\tday", "0\tday"), "length"),
        (HEAD.replace("7\tday", "7\tnone"), "length"),
        (HEAD.replace("7\tday", "7\tfortnight"), "fortnight"),
        (HEAD.replace("7\tday", "7\tweek"), "days only"),
        (HEAD.replace("2019-12-24", "2019-13-24"), "month"),
        (HEAD.replace("2019-12-24", "2019-12-23"), "two versions"),
        (HEAD.replace("2019-12-24", ""), "two versions"),
        (HEAD.replace("service\tyes", "whim\tyes"), "whim"),
        (HEAD.replace("service\tyes", "service\tperhaps"), "perhaps"),
    ],
)
def test_a_bad_rule_is_named_with_its_line(tmp_path: Path, new: str, why: str) -> None:
    with pytest.raises(TableError, match=rf"rules\.tsv, line \d+: .*{why}"):
        Law.load(tables(tmp_path, rules=(HEAD, new)))


def test_a_rule_that_names_no_rule_is_refused(tmp_path: Path) -> None:
    change = ("iyuk_contested\t\tADM60", "iyuk_contested\t\tADM61")
    with pytest.raises(TableError, match="ADM61, which is no rule"):
        Law.load(tables(tmp_path, rules=change))


def test_a_signed_rule_says_nothing_of_lawyers(tmp_path: Path) -> None:
    old = next(
        row for row in (TABLES / "rules.tsv").read_text("utf-8").splitlines() if row.startswith("LA_OBJ")
    )
    signed = Law.load(tables(tmp_path, rules=(old, old[:-1] + "A lawyer\t2026-11-01")))
    assert "rule_unconfirmed" in codes(ask("LA_OBJ", "2026-11-02"))
    assert "rule_unconfirmed" not in codes(ask("LA_OBJ", "2026-11-02", signed))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("feasts", ("2001-12-16", "2002-12-16")),
        ("feasts", ("2001-12-16", "soon")),
        ("feasts", ("2002\t", "2003\t")),
        ("feasts", ("2001\t", "-2001\t")),
        ("feasts", ("2026-11-24", "2026-11-31")),
        ("holidays", ("04-23", "04-31")),
        ("holidays", ("\tfeast\t3", "\tfeast\tthree")),
        ("holidays", ("04-23", "feast")),
        ("holiday_changes", ("# Days", "2026-11-31\tfull\tother\tcircular\n# Days")),
        ("holiday_changes", ("# Days", "2026-11-30\toften\tother\tcircular\n# Days")),
        ("holiday_changes", ("# Days", "2026-11-30\tfull\tnowruz\tcircular\n# Days")),
        ("holiday_changes", ("# Days", "2126-11-30\tfull\tother\tcircular\n# Days")),
        ("closed_offices", ("# Days", "tomorrow\tcircular\n# Days")),
    ],
)
def test_a_bad_day_stops_the_calendar(tmp_path: Path, name: str, change: tuple[str, str]) -> None:
    with pytest.raises(TableError, match=rf"{name}\.tsv, line \d+"):
        Law.load(tables(tmp_path, **{name: change}))


def test_an_administrator_may_change_single_days(tmp_path: Path) -> None:
    rows = (
        "2026-11-09\tfull\tother\tdecree\n"
        "2026-10-28\tnone\trepublic\tdecree\n"
        "2026-11-10\thalf\tother\tdecree\n# Days"
    )
    calendar = Law.load(tables(tmp_path, holiday_changes=("# Days", rows))).calendar
    assert calendar.holiday(day("2026-11-09")) == "other"
    assert calendar.half_day(day("2026-10-28")) is None
    assert calendar.half_day(day("2026-11-10")) == "other"
    assert calendar.next_open(day("2026-11-09")) == day("2026-11-10")


def test_the_table_of_holidays_agrees_with_the_package_in_every_year() -> None:
    assert LAW.calendar.years == range(2001, 2101)
    assert [year for year in LAW.calendar.years if holidays_package.differences(LAW.calendar, year)] == []


def test_a_holiday_that_only_the_package_or_only_the_table_has_is_told(tmp_path: Path) -> None:
    change = ("2026-03-20", "2026-03-21")
    moved = holidays_package.differences(Law.load(tables(tmp_path, feasts=change)).calendar, 2026)
    assert set(moved) == {day("2026-03-19"), day("2026-03-23")}
    assert "Ramazan" in moved[day("2026-03-19")]
    assert moved[day("2026-03-23")] == ""


def test_a_feast_that_leaves_the_table_ends_with_it(tmp_path: Path) -> None:
    rows = (TABLES / "feasts.tsv").read_text("utf-8").splitlines()
    folder = tables(tmp_path)
    kept = [row for row in rows if row.startswith(("year", "2006"))]
    (folder / "feasts.tsv").write_text("\n".join(kept), "utf-8")
    calendar = Law.load(folder).calendar
    assert calendar.years == range(2006, 2007)
    assert calendar.holiday(day("2006-12-31")) == "sacrifice"


def test_a_half_day_on_a_weekend_is_none() -> None:
    assert date(2027, 5, 15).weekday() == 5
    assert LAW.calendar.half_day(date(2027, 5, 15)) is None


def said_by_the_code() -> dict[str, set[str]]:
    """Every code that the engine says or refuses with, and the names of its parameters."""
    said: dict[str, set[str]] = {}
    for path in (ROOT / "domain" / "deadlines").glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in {"say", "Refusal", "_rescue"}:
                for part in ast.walk(call.args[0]):
                    if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z][a-z_]+[a-z]", str(part.value)):
                        said.setdefault(str(part.value), set()).update(
                            keyword.arg for keyword in call.keywords if keyword.arg
                        )
    return said


def test_every_code_has_a_sentence_with_no_other_placeholders() -> None:
    for code, params in said_by_the_code().items():
        text = WORDS.sentences[code].text.en
        wanted = set(re.findall(r"\{(\w+)\}", text))
        assert wanted <= params | {"to"}, code


def test_every_rule_has_a_name_and_every_effect_a_sentence() -> None:
    for code in LAW.rules.codes:
        for language in ("ar", "tr", "en"):
            assert WORDS.name("trigger", code, language)
            assert WORDS.name("forum", code, language)
        for rule in LAW.rules.versions(code):
            assert {rule.effect, rule.filing} - {""} <= set(WORDS.sentences)


def test_no_code_of_a_rule_is_said() -> None:
    """Rules are named in the reader's language; codes are for tables."""
    asked = [
        ask("DEP_SUIT", "2026-11-02"),
        ask("SIL10", "2026-11-02"),
        ask("UP11", "2026-11-02", request_on="2026-11-20"),
        ask("BREACH", "2026-11-27T10:00"),
    ]
    refused = []
    for code, served_on, facts in (
        ("DEP_SUIT", "2013-11-02", {}),
        ("DET_OBJ", "2026-11-02", {}),
        ("UP11", "2026-11-02", {}),
        ("BREACH", "2026-11-02", {"uets": True}),
        ("BIRTH", "2026-11-02", {"uets": True}),
        ("SIL10", "2026-11-02", {"then": "BIRTH"}),
        ("UP11", "2026-11-02", {"then": "CRIM_IST", "request_on": "2026-11-03"}),
    ):
        with pytest.raises(Refusal) as caught:
            ask(code, served_on, **facts)
        refused.append(caught.value)
    for language in ("ar", "tr", "en"):
        said = [text for found in asked for text in WORDS.account(found.steps, language)]
        said += [WORDS.reason(one, language) for one in refused]
        for text in said:
            assert not [code for code in LAW.rules.codes if re.search(rf"\b{code}\b", text)], text


def test_the_words_keep_digits_and_directions() -> None:
    found = ask("DEP_SUIT", "2026-11-02")
    arabic = WORDS.account(found.steps, "ar")
    assert "تبليغ قرار الترحيل" in arabic[0]
    assert "\u2068YUKK m. 53/3; 7196 s. K.\u2069" in arabic[0]
    assert "٧ أيام" in arabic[0]
    assert "الاثنين ٩ تشرين الثاني ٢٠٢٦" in arabic[3]
    assert "Monday 9 November 2026" in WORDS.account(found.steps, "en")[3]
    hours = WORDS.account(ask("BREACH", "2026-11-27T10:00").steps, "ar")
    assert any("الجمعة ٢٧ تشرين الثاني ٢٠٢٦، ١٠:٠٠" in text for text in hours)
    assert WORDS.level(found.steps[-1]) is Level.WARNING


@pytest.mark.parametrize(
    "change",
    [
        ("{day} is a weekend.", "It is a weekend."),
        ("served\t\t", "served\tloud\t"),
        ("\nserved\t", "\nhappened\t"),
    ],
)
def test_a_bad_sentence_is_named(tmp_path: Path, change: tuple[str, str]) -> None:
    with pytest.raises(TableError, match=r"steps\.tsv, line"):
        Words.load(tables(tmp_path, steps=change))


def test_the_work_is_due_before_the_deadline() -> None:
    monday, safe = day("2026-11-02"), day("2026-11-09")
    assert internal_target(monday, safe, LAW.calendar, same_day=True) == day("2026-11-03")
    assert internal_target(monday, safe, LAW.calendar, same_day=False) == day("2026-11-04")
    assert internal_target(monday, day("2026-11-03"), LAW.calendar, same_day=False) == monday
    assert internal_target(monday, monday, LAW.calendar, same_day=True) == monday
