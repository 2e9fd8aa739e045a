"""Signed changes: read as strictly as the files, and no answer about an earlier day is another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines.changes import Change, key_of
from domain.deadlines.engine import answer
from domain.deadlines.law import Law
from domain.deadlines.questions import Question
from domain.deadlines.rules import LENGTHS
from domain.deadlines.words import KINDS
from domain.tables import Row, TableError
from tests.domain.deadlines.support import LANGUAGES, LAW, TABLES, WORDS, codes, dates, reason
from tests.domain.deadlines.support import ask as asked
from tests.domain.deadlines.test_properties import COUNTED

# A rule whose document prints the day is one of days, whatever is changed.
SIMPLE = [code for code in COUNTED if not LAW.rules.versions(code)[0].then and code not in LAW.beside.printed]
SIGNED = {"reviewed_by": "A lawyer", "reviewed_on": "2026-11-26"}


def row(table: str, **key: str) -> Row:
    return next(row for row in LAW.tables[table] if all(row[name] == said for name, said in key.items()))


def version(code: str, first: str, **cells: Any) -> Change:
    newest = LAW.rules.versions(code)[0].valid_from
    base = row("rules", code=code, valid_from=newest.isoformat() if newest else "")
    return Change("rules", base | {"valid_from": first} | SIGNED | cells)


def single(day: str, kind: str) -> Change:
    return Change("holiday_changes", {"day": day, "kind": kind, "holiday": "other", "source": "x"})


@given(
    st.sampled_from(SIMPLE),
    st.dates(dt.date(2018, 1, 1), dt.date(2040, 1, 1)),
    st.integers(1, 400),
    st.integers(1, 90),
    st.sampled_from(sorted(LENGTHS)),
)
def test_a_new_version_changes_no_answer_about_an_earlier_day(
    code: str, first: dt.date, before: int, length: int, unit: str
) -> None:
    law = LAW.with_changes([version(code, first.isoformat(), n=str(length), unit=unit, stops="")])
    served = max(first - dt.timedelta(days=before), dt.date(2002, 1, 1))
    for rule in (code, "ADM60"):
        if rule == "ADM60" and code == "ADM60":
            continue
        question = Question(rule, served)
        try:
            old = answer(LAW, question)
        except Exception as refused:  # noqa: BLE001 - whatever it refuses, it still refuses
            with pytest.raises(type(refused)):
                answer(law, question)
            continue
        new = answer(law, question)
        assert (new.due, new.safe, new.latest) == (old.due, old.safe, old.latest)
    assert law.rules.on(code, first).period.n == length
    assert law.rules.on(code, first).confirmed


def test_a_new_version_ends_the_one_before_and_ends_before_the_next() -> None:
    law = LAW.with_changes(
        [version("DEP_SUIT", "2027-03-01", n="10"), version("DEP_SUIT", "2026-12-01", n="9")]
    )
    held = [(one.valid_from, one.valid_to, one.period.n) for one in law.rules.versions("DEP_SUIT")]
    assert held == [
        (dt.date(2027, 3, 1), None, 10),
        (dt.date(2026, 12, 1), dt.date(2027, 2, 28), 9),
        (dt.date(2019, 12, 24), dt.date(2026, 11, 30), 7),
        (dt.date(2014, 4, 11), dt.date(2019, 12, 23), 15),
    ]
    assert dates("DEP_SUIT", "2026-11-30", law) == dates("DEP_SUIT", "2026-11-30")
    assert dates("DEP_SUIT", "2026-12-01", law)[1] == "2026-12-10"
    assert LAW.rules.versions("DEP_SUIT")[0].valid_to is None  # the files stand as they stood
    again = law.with_changes([version("DEP_SUIT", "2026-12-01", n="8")])
    assert [one.period.n for one in again.rules.versions("DEP_SUIT")] == [10, 8, 7, 15]


def test_a_rule_that_is_repealed_gives_no_date_from_then_on() -> None:
    until = version("LA_OBJ", "2026-11-01", valid_to="2026-12-31")
    law = LAW.with_changes([until])
    assert dates("LA_OBJ", "2026-12-31", law) == dates("LA_OBJ", "2026-12-31")
    assert reason("LA_OBJ", "2027-01-01", law) == "not_in_force"
    again = law.with_changes([version("LA_OBJ", "2027-03-01", n="3", unit="day")])
    assert reason("LA_OBJ", "2027-01-01", again) == "not_in_force"
    assert dates("LA_OBJ", "2027-03-01", again)[1] == "2027-03-04"
    earlier = again.with_changes([version("LA_OBJ", "2026-11-01", valid_to="2026-12-15")])
    assert reason("LA_OBJ", "2026-12-16", earlier) == "not_in_force"
    never = version("LA_OBJ", "2026-11-01", valid_to="2027-06-30")  # the next version begins before that
    assert dates("LA_OBJ", "2027-03-01", again.with_changes([never])) == dates("LA_OBJ", "2027-03-01", again)


def test_hours_are_counted_by_the_version_in_force() -> None:
    law = LAW.with_changes([version("BREACH", "2027-01-01", n="48")])
    assert ask_moment(law, "2026-12-31T10:00") == "2027-01-03T10:00"
    assert ask_moment(law, "2027-01-01T10:00") == "2027-01-03T10:00"


def ask_moment(law: Law, moment: str) -> str:
    found = asked("BREACH", moment, law).due
    assert isinstance(found, dt.datetime)
    return found.isoformat(timespec="minutes")


def test_the_basis_is_that_of_the_version_that_counts() -> None:
    law = LAW.with_changes([version("DEP_SUIT", "2027-01-01", n="10", basis="YUKK m. 99")])
    assert asked("DEP_SUIT", "2026-12-31", law).basis == "YUKK m. 53/3; 7196 s. K."
    assert asked("DEP_SUIT", "2027-01-01", law).basis == "YUKK m. 99"


def test_a_sign_off_counts_while_the_files_say_the_same() -> None:
    cells = row("rules", code="LA_OBJ")
    signed = LAW.with_changes([Change("rules", cells | SIGNED, sign_off=True)])
    assert "rule_unconfirmed" in codes(asked("LA_OBJ", "2026-11-02"))
    assert "rule_unconfirmed" not in codes(asked("LA_OBJ", "2026-11-02", signed))
    assert dates("LA_OBJ", "2026-11-02", signed) == dates("LA_OBJ", "2026-11-02")
    stale = LAW.with_changes([Change("rules", cells | SIGNED | {"n": "9"}, sign_off=True)])
    assert stale.rules.versions("LA_OBJ") == LAW.rules.versions("LA_OBJ")


def test_courts_feasts_and_single_days() -> None:
    court = row("courts", code="ADM-01")
    year = row("feasts", year="2027")
    law = LAW.with_changes(
        [
            Change("courts", court | SIGNED),
            Change("feasts", year | {"confirmed_by": "x", "confirmed_on": "2026-11-26"}),
            Change(
                "holiday_changes", {"day": "2026-11-09", "kind": "full", "holiday": "other", "source": "x"}
            ),
            Change("closed_offices", {"day": "2026-11-10", "source": "x"}),
        ]
    )
    assert LAW.courts.has_recess("ADM-01", dt.date(2026, 8, 1)) is None
    assert law.courts.has_recess("ADM-01", dt.date(2026, 8, 1)) is True
    assert 2027 in law.calendar.confirmed - LAW.calendar.confirmed
    assert dates("DEP_SUIT", "2026-11-02")[1] == "2026-11-09"
    assert dates("DEP_SUIT", "2026-11-02", law)[1] == "2026-11-10"
    undone = law.with_changes([single("2026-11-09", "none")])
    assert dates("DEP_SUIT", "2026-11-02", undone)[1] == "2026-11-09"
    moved = LAW.with_changes([Change("feasts", year | {"ramadan": "2027-03-10"})])
    assert moved.calendar.holiday(dt.date(2027, 3, 12)) == "ramadan"


def test_a_rule_that_no_file_has_brings_its_names() -> None:
    names = {f"{kind}_{language}": f"{kind} {language}" for kind in KINDS for language in LANGUAGES}
    row_ = row("rules", code="ADM60") | {"code": "NEW9", "n": "9", "stops": ""}
    change = Change("rules", row_ | names | SIGNED)
    law, words = LAW.with_changes([change]), WORDS.naming([change.cells, row("rules", code="LA_OBJ")])
    assert dates("NEW9", "2026-11-02", law)[1] == "2026-11-11"
    found = asked("NEW9", "2026-11-02", law)
    for language in LANGUAGES:
        account = " ".join(words.account(found.steps, language))
        assert all(f"{kind} {language}" in account for kind in KINDS)
    assert words.knows("NEW9")
    assert not WORDS.knows("NEW9")
    assert words.name("trigger", "LA_OBJ", "tr") == WORDS.name("trigger", "LA_OBJ", "tr")
    nameless = WORDS.naming([change.cells | {"forum_ar": ""}])
    assert not nameless.knows("NEW9")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (version("DEP_SUIT", "2026-13-01"), "month"),
        (version("DEP_SUIT", "2026-12-01", unit="fortnight"), "fortnight"),
        (version("DEP_SUIT", "2026-12-01", basis=""), "basis is empty"),
        (version("DEP_SUIT", "2026-12-01", n="0"), "length"),
        (version("DEP_SUIT", "2026-12-01", valid_to="2026-11-30"), "end before it begins"),
        (version("DEP_SUIT", "2026-12-01", unit="week"), "days only"),
        (Change("feasts", row("feasts", year="2027") | {"ramadan": "2028-03-09"}), "does not begin in 2027"),
        (Change("feasts", row("feasts", year="2027") | {"year": "2300"}), "does not follow"),
        (Change("courts", row("courts", code="ADM-01") | {"has_recess": "maybe"}), "has_recess"),
        (Change("closed_offices", {"day": "2026-02-30", "source": "x"}), "is no date"),
        (
            Change("holiday_changes", {"day": "2026-12-01", "kind": "x", "holiday": "other", "source": "x"}),
            "kind",
        ),
    ],
)
def test_a_bad_change_is_refused_as_a_bad_file_is(change: Change, why: str) -> None:
    with pytest.raises(TableError, match=why):
        LAW.with_changes([change])


def test_no_change_is_the_files() -> None:
    again = LAW.with_changes([])
    assert again.tables == Law.load(TABLES).tables
    assert {key_of("rules", one) for one in again.tables["rules"]} >= {"DEP_SUIT 2019-12-24", "ADM60"}
