"""What one event starts besides, and our own targets where the law sets no limit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.deadlines import engine, targets
from domain.deadlines.changes import Change
from domain.deadlines.law import Law
from domain.deadlines.questions import Question
from domain.deadlines.steps import Refusal
from domain.tables import TableError
from tests.domain.deadlines.support import LAW, WORDS, ask, codes, dates, day, tables


def asked(rule: str, served_on: str, **facts: object) -> Question:
    return Question.parse({"rule": rule, "served_on": served_on, "facts": facts})


@pytest.mark.parametrize(
    ("table", "change", "why"),
    [
        ("companions", ("IP_COMM\tIP_COURT30", "IP_COMM\tIP_COURT31"), "two rules"),
        ("companions", ("IP_COMM\tIP_COURT30", "IP_COMM\tIP_COMM"), "two rules"),
        ("companions", ("IP_COURT30\tyes", "IP_COURT30\tperhaps"), "yes or no"),
        ("targets", ("DET_OBJ\t1", "DEP_SUIT\t1"), "without a limit"),
        ("targets", ("DET_OBJ\t1", "NOTHING\t1"), "without a limit"),
        ("targets", ("DET_OBJ\t1", "DET_OBJ\t0"), "numbers of days"),
        ("targets", ("DET_OBJ\t1", "DET_OBJ\tsoon"), "numbers of days"),
        ("printed", ("LEAVE\t30", "NOTHING\t30"), "a rule of days"),
        ("printed", ("LEAVE\t30", "LA_OBJ\t30"), "a rule of days"),
        ("printed", ("LEAVE\t30", "LEAVE\t0"), "a number of days"),
        ("urgent", ("O6284\t", "O6285\t"), "a rule that exists"),
        ("outer", ("KVKK_BOARD\t60", "NOTHING\t60"), "a rule with a length"),
        ("outer", ("60\tday\trequest_on", "60\tday\tserved_on"), "a day that is asked for"),
    ],
)
def test_a_bad_row_is_named_with_its_line(
    tmp_path: Path, table: str, change: tuple[str, str], why: str
) -> None:
    with pytest.raises(TableError, match=rf"{table}\.tsv, line \d+: .*{why}"):
        Law.load(tables(tmp_path, **{table: change}))


def test_an_objection_to_detention_has_a_target_and_no_limit() -> None:
    question = asked("DET_OBJ", "2026-11-06")  # a Friday: detention does not wait for Monday
    found = targets.answer(LAW, question)
    assert found.safe == found.due == found.latest == day("2026-11-07")
    assert found.basis == "YUKK m. 57/6"
    assert codes(found)[0] == "rule_no_limit"
    again = targets.answer(LAW, question, again=True)
    assert (again.safe, "target_again" in codes(again)) == (day("2026-12-06"), True)
    for language in ("ar", "tr", "en"):
        assert all(WORDS.account(found.steps, language))
        assert all(WORDS.account(again.steps, language))
    with pytest.raises(Refusal):  # what is asked of the law itself is still answered so
        engine.answer(LAW, question)
    with pytest.raises(Refusal):
        targets.answer(LAW, asked("DET_OBJ", "2100-12-31"))


@pytest.mark.parametrize(
    ("printed", "expected", "step"),
    [
        (None, ("2026-11-17", "2026-11-17", "2026-11-17"), ""),  # the least of 15 days
        ("2026-11-17", ("2026-11-17", "2026-11-17", "2026-11-17"), "printed"),
        ("2026-11-29", ("2026-11-29", "2026-11-29", "2026-11-29"), "printed"),  # a Sunday: nothing moves
        ("2026-12-02", ("2026-12-02", "2026-12-02", "2026-12-02"), "printed"),
        ("2026-12-03", ("2026-12-03", "2026-12-02", "2026-12-03"), "printed_late"),
        ("2026-11-10", ("2026-11-10", "2026-11-10", "2026-11-17"), "printed_early"),
    ],
)
def test_the_last_day_that_an_invitation_to_leave_prints_counts(
    printed: str | None, expected: tuple[str, str, str], step: str
) -> None:
    assert dates("LEAVE", "2026-11-02", printed_on=printed) == expected
    found = ask("LEAVE", "2026-11-02", printed_on=printed)
    assert [code for code in codes(found) if code.startswith("printed")] == ([step] if step else [])
    for language in ("ar", "tr", "en"):
        assert all(WORDS.account(found.steps, language))


def test_a_printed_day_changes_nothing_for_other_rules() -> None:
    found = ask("DEP_SUIT", "2026-11-02", printed_on="2026-11-30")
    assert (found.safe, "unused" in codes(found)) == (day("2026-11-09"), True)


def test_a_signed_rule_says_nothing_of_lawyers() -> None:
    rows = [
        row | {"reviewed_by": "A lawyer", "reviewed_on": "2026-11-01"} if row["code"] == "DET_OBJ" else row
        for row in LAW.tables["rules"]
    ]
    signed = Law.of(LAW.folder, {**LAW.tables, "rules": rows})
    question = asked("DET_OBJ", "2026-11-02")
    assert "rule_unconfirmed" in codes(targets.answer(LAW, question))
    assert "rule_unconfirmed" not in codes(targets.answer(signed, question))


def test_the_version_of_the_day_decides() -> None:
    rows = [dict(row) for row in LAW.tables["rules"] if row["code"] != "DET_OBJ"]
    old = next(dict(row) for row in LAW.tables["rules"] if row["code"] == "DET_OBJ")
    new = old | {"valid_from": "2026-10-01", "basis": "YUKK m. 57/A"}
    ended = old | {"valid_to": "2026-09-30"}
    law = Law.of(LAW.folder, {**LAW.tables, "rules": [*rows, new, ended]})
    assert targets.answer(law, asked("DET_OBJ", "2026-09-01")).basis == "YUKK m. 57/6"
    assert targets.answer(law, asked("DET_OBJ", "2026-11-01")).basis == "YUKK m. 57/A"
    repealed = Law.of(LAW.folder, {**LAW.tables, "rules": [*rows, ended]})
    with pytest.raises(Refusal):
        targets.answer(repealed, asked("DET_OBJ", "2026-11-01"))


def test_what_has_a_limit_is_answered_by_the_law() -> None:
    question = asked("DEP_SUIT", "2026-11-02", service="hand")
    assert targets.answer(LAW, question) == engine.answer(LAW, question)
    assert targets.answer(LAW, replace(question), again=True) == engine.answer(LAW, question)


def test_every_companion_is_told_in_words() -> None:
    for ones in LAW.beside.companions.values():
        for one in ones:
            assert all(WORDS.name("trigger", one.code, language) for language in ("ar", "tr", "en"))


@pytest.mark.parametrize(
    ("rule", "served", "facts", "expected", "step"),
    [
        ("KVKK_BOARD", "2026-11-02", {"request_on": "2026-09-10"}, "2026-11-09", "outer_counts"),
        ("KVKK_BOARD", "2026-11-02", {"request_on": "2026-10-25"}, "2026-12-02", "outer_later"),
        ("KVKK_BOARD", "2026-11-02", {}, "2026-12-02", "outer_unknown"),
        ("FR13", "2026-11-02", {"act_on": "2022-03-01"}, "2027-03-01", "outer_counts"),
        ("FR13", "2026-11-02", {"act_on": "2026-10-01"}, "2027-11-02", "outer_later"),
    ],
)
def test_a_furthest_end_counts_where_it_is_the_earlier(
    rule: str, served: str, facts: dict[str, Any], expected: str, step: str
) -> None:
    found = ask(rule, served, **facts)
    assert found.safe == found.due == day(expected)
    assert (found.latest == day(expected), step in codes(found)) == (True, True)
    assert "unused" not in codes(found)
    assert "unused" in codes(ask("ADM60", served, **facts or {"act_on": "2026-10-01"}))
    for language in ("ar", "tr", "en"):
        assert all(WORDS.account(found.steps, language))
    with pytest.raises(Refusal) as refused:
        ask("KVKK_BOARD", served, request_on="2026-11-03")
    assert refused.value.code == "outer_order"


def test_working_days_name_what_they_skip_and_the_half_day_that_they_count() -> None:
    found = ask("ADDR", "2026-05-08")
    told = [(step.code, str(step.params["day"])[8:]) for step in found.steps if "holiday" in step.params]
    holidays = ["19", "27", "28", "29"]
    assert told == [
        ("closed_holiday", "19"),
        ("half_day", "26"),
        *(("closed_holiday", n) for n in holidays[1:]),
    ]
    account = {language: " ".join(WORDS.account(found.steps, language)) for language in ("ar", "tr", "en")}
    assert "Kurban Bayramı arifesi" in account["tr"]
    assert "وقفة عيد الأضحى" in account["ar"]
    leave = LAW.with_changes([Change("closed_offices", {"day": "2026-05-25", "source": "2026/7"})])
    assert "closed_office" in codes(engine.answer(leave, asked("ADDR", "2026-05-08")))
