"""`himaya law`: every field of a question, clear refusals, quick, and never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.law import _entry
from commands.main import main
from domain.deadlines.questions import FACTS
from tests.domain.deadlines.support import LAW, ROOT, tables
from tests.domain.deadlines.support import WORDS as ALL_WORDS


@pytest.fixture(autouse=True)
def process_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.main.harden", lambda: None)


def law(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["law", *arguments], input=given)


def due(rule: str, *arguments: str) -> list[str]:
    """The three dates."""
    result = law("due", "--rule", rule, *arguments)
    assert result.exit_code == 0, result.output
    return [line.split()[1] for line in result.output.splitlines()[:3]]


def batch(*cases: object) -> list[dict[str, object]]:
    result = law("due", "--batch", "-", given=json.dumps(cases).encode())
    assert result.exit_code == 0, result.output
    answers: list[dict[str, object]] = json.loads(result.stdout_bytes)
    return answers


def test_one_question_gives_three_dates_and_its_steps() -> None:
    result = law("due", "--rule", "DEP_SUIT", "--served-on", "2026-11-02")
    assert result.output.splitlines()[:3] == [
        "due    2026-11-09  Last day, recommended reading: Monday 9 November 2026",
        "safe   2026-11-09  Safe date, earliest credible reading: Monday 9 November 2026",
        "latest 2026-11-09  Latest, by a rescue argument, for lawyers only: Monday 9 November 2026",
    ]
    assert "\n4. Day 1 is Tuesday 3 November 2026. Day 7 is Monday 9 November 2026." in result.output
    assert (
        "! No lawyer has signed off this rule in this installation yet: Service of a deportation decision."
        in result.output
    )


def test_every_fact_has_an_option() -> None:
    help_text = law("due", "--help").output
    assert all(f"--{name.replace('_', '-')}" in help_text for name in FACTS)
    assert due("ADM60", "--served-on", "2026-06-01", "--court-recess", "true")[0] == "2026-09-07"
    assert due("ADM60", "--served-on", "2026-06-01", "--court-recess", "unknown")[0] == "2026-07-31"
    assert due("CRIM_IST", "--served-on", "2026-08-05", "--detained")[0] == "2026-08-19"
    assert due("CRIM_IST", "--served-on", "2026-08-05", "--detained", "no")[0] == "2026-09-03"
    assert due("DEP_SUIT", "--served-on", "2026-11-02", "--remedy-stated", "false")[2] == "2027-01-04"
    assert due("HMK_IST", "--served-on", "2026-07-13", "--urgent-civil")[0] == "2026-07-27"
    assert due("IST_ADM", "--served-on", "2026-11-02", "--service", "uets")[0] == "2026-12-07"
    assert due("UP11", "--served-on", "2026-09-07", "--request-on", "2026-09-16")[0] == "2026-12-07"
    reply = ("--request-on", "2026-09-16", "--reply-served-on", "2026-10-05")
    assert due("UP11", "--served-on", "2026-09-07", *reply)[0] == "2026-11-25"
    assert due("SIL10", "--served-on", "2026-09-16", "--then", "TAX30")[0] == "2026-11-16"
    assert due("AYM", "--served-on", "2026-11-06", "--read-on", "2026-11-02")[0] == "2026-12-02"
    assert due("DEP_SUIT", "--document-on", "2026-11-02")[0] == "2026-11-09"
    assert due("DEP_SUIT", "--apprehended-on", "2026-11-02")[0] == "2026-11-09"
    assert due("ADM60", "--served-on", "2026-06-01", "--court", "ADM-06")[0] == "2026-07-31"
    assert due("BREACH", "--served-on", "2026-11-27T10:00")[0] == "2026-11-30T10:00"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--rule", "NOPE", "--served-on", "2026-11-02"), "There is no rule with this code: NOPE."),
        (("--rule", "DEP_SUIT", "--served-on", "2 Nov"), "served_on is no date like 2026-11-02"),
        (("--rule", "DEP_SUIT", "--served-on", "2026-02-30"), "served_on is no date"),
        (("--rule", "DEP_SUIT", "--served-on", "-2026-11-02"), "served_on is no date"),
        (("--rule", "DEP_SUIT", "--served-on", "20261102"), "served_on is no date"),
        (("--rule", "DEP_SUIT", "--served-on", "2026-11-02T10:00+03:00"), "served_on is no date"),
        (("--rule", "DEP_SUIT", "--served-on", "٢٠٢٦-١١-٠٢"), "served_on is no date"),
        (
            ("--rule", "DEP_SUIT", "--served-on", "1999-11-02"),
            "The calendar knows the years 2001 to 2100 only.",
        ),
        (("--rule", "DEP_SUIT", "--served-on", "2013-11-02"), "This rule was not in force on Saturday"),
        (("--rule", "DEP_SUIT"), "No date is known to count from."),
        (("--rule", "UP11", "--served-on", "2026-11-02"), "needs the date of the request"),
        (
            ("--rule", "DET_OBJ", "--served-on", "2026-11-02"),
            "This rule gives no date: Administrative detention order. There is no time limit",
        ),
        (("--rule", "DEP_SUIT\x1b[2J\u202e", "--served-on", "2026-11-02"), "this code: DEP_SUIT[2J."),
        (("--rule", "A" * 500, "--served-on", "2026-11-02"), f"this code: {'A' * 40}…."),
        ((), "Give either --rule or --batch."),
        (("--rule", "DEP_SUIT", "--detained", "perhaps"), "is not one of"),
        (("--batch", "/does/not/exist"), "No such file"),
    ],
)
def test_what_can_not_be_counted_is_refused_with_the_reason(arguments: tuple[str, ...], reason: str) -> None:
    result = law("due", *arguments)
    assert result.exit_code != 0
    assert reason in result.output
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_a_refusal_speaks_the_language_asked_for() -> None:
    assert "Bu kodla bir kural yok: NOPE." in law("due", "--rule", "NOPE", "--lang", "tr").output
    assert "لا توجد قاعدة بهذا الرمز" in law("due", "--rule", "NOPE", "--lang", "ar").output


def test_a_batch_refuses_one_entry_and_answers_the_next() -> None:
    good = {"id": "b", "rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {}, "due": "1999-01-01"}
    refused, answered, bare = batch({"id": "a", "rule": "NOPE"}, good, good | {"facts": None, "id": 7})
    assert refused == {
        "id": "a",
        "due": None,
        "safe": None,
        "latest": None,
        "steps": None,
        "refused": "There is no rule with this code: NOPE.",
    }
    assert (answered["id"], answered["due"], bare["id"], bare["due"]) == ("b", "2026-11-09", 7, "2026-11-09")
    assert "refused" not in answered


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (7, "must be an object"),
        ({}, "must be an object"),
        ({"rule": "DEP_SUIT", "facts": []}, "No date"),
        ({"rule": "DEP_SUIT", "facts": [1]}, "must be an object"),
        ({"rule": 7}, "no rule with this code: 7."),
        ({"rule": "DEP_SUIT", "facts": {"remedy": True}}, "no fact with this name: remedy."),
        ({"rule": "DEP_SUIT", "facts": {"service": "dove"}}, "service can’t be dove."),
        ({"rule": "DEP_SUIT", "facts": {"service": ["uets"]}}, "service can’t be ['uets']."),
        ({"rule": "DEP_SUIT", "facts": {"detained": "no"}}, "detained can’t be no."),
        ({"rule": "DEP_SUIT", "facts": {"then": 7}}, "then can’t be 7."),
        ({"rule": "DEP_SUIT", "served_on": 20261102}, "served_on is no date"),
        ({"rule": "DEP_SUIT", "facts": {"document_on": "yesterday"}}, "document_on is no date"),
    ],
)
def test_a_malformed_entry_is_refused_in_words(case: object, reason: str) -> None:
    [answer] = batch(case)
    assert reason in str(answer["refused"])


def test_dates_may_carry_a_time_and_stand_among_the_facts() -> None:
    timed = {
        "rule": "DEP_SUIT",
        "served_on": "2026-11-02T23:59:59",
        "facts": {"document_on": "2026-11-01T08:00"},
    }
    among = {"rule": "DEP_SUIT", "facts": {"served_on": "2026-11-02"}}
    assert [answer["due"] for answer in batch(timed, among)] == ["2026-11-09", "2026-11-09"]


@pytest.mark.parametrize(
    "text", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"cases": 7}', b"7", b'"cases"', b"{}"]
)
def test_a_file_that_holds_no_questions_is_refused_whole(text: bytes) -> None:
    result = law("due", "--batch", "-", given=text)
    assert result.exit_code == 1
    assert result.output.startswith("Error: The file ")


def test_a_byte_order_mark_is_no_obstacle() -> None:
    result = law("due", "--batch", "-", given=b"\xef\xbb\xbf[]")
    assert json.loads(result.output) == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-11-02", "UP11"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FACTS, "x"]), inner, max_size=4)
    ),
    max_leaves=6,
)
CASE = st.fixed_dictionaries({}, optional={"id": JSON, "rule": JSON, "served_on": JSON, "facts": JSON})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(CASE | JSON)
def test_whatever_stands_in_a_batch_is_answered_or_refused(case: object) -> None:
    answer = _entry(case, LAW, ALL_WORDS, "ar")
    assert answer["due"] or answer["refused"]
    assert json.dumps(answer, ensure_ascii=False)


def test_tables_that_can_not_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tables(tmp_path, rules=("DEP_SUIT\t2019-12-24\t\t7", "DEP_SUIT\t2019-12-24\t\t-7"))
    monkeypatch.setattr("commands.law.TABLES", broken)
    assert "The rules can't be read. rules.tsv, line 2" in law("due", "--rule", "DEP_SUIT").output
    monkeypatch.setattr("commands.law.TABLES", tmp_path / "nowhere")
    assert "The rules can't be read." in law("due", "--rule", "DEP_SUIT").output


def test_an_administrator_sees_what_to_confirm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = law("holidays", "2026", "2027")
    assert (
        result.output
        == "2026  confirmed, agrees with the package\n2027  not confirmed, agrees with the package\n"
    )
    assert "The calendar knows the years 2001 to 2100 only." in law("holidays", "2101").output
    monkeypatch.setattr("commands.law.TABLES", tables(tmp_path, feasts=("2026-05-27", "2026-05-28")))
    differs = law("holidays", "2026")
    assert differs.exit_code == 1
    assert "2026-05-26  in the package: Kurban Bayramı (saat 13.00'ten)" in differs.output
    assert "2026-05-31  in the package: a working day" in differs.output


def test_the_command_loads_no_application_and_no_database() -> None:
    program = (
        "import sys; from commands.main import main\n"
        "try: main(['law', 'due', '--rule', 'DEP_SUIT', '--served-on', '2026-11-02'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'flask', 'sqlalchemy', 'holidays', 'app', 'vault'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert run.stdout.splitlines()[-1] == "[]"
