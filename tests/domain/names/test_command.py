"""`himaya names match`: one pair, a batch, three languages, and clear words for what is no name."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands import names as command
from commands.main import main
from tests.domain.names.support import LANGUAGES

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def process_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.main.harden", lambda: None)


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["names", "match", *arguments], input=given)


def batch(pairs: object) -> list[dict[str, object]]:
    result = run("--batch", "-", given=json.dumps(pairs).encode())
    assert result.exit_code == 0, result.output
    answers: list[dict[str, object]] = json.loads(result.stdout_bytes)
    return answers


def test_one_pair() -> None:
    result = run("محمد الحلبي", "MUHAMMED ELHALEBİ")
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "same (1)"
    assert "محمد and MUHAMMED are spellings of one name." in result.output


def test_the_reasons_speak_three_languages() -> None:
    said = {lang: run("Qasim", "Jasim", "--lang", lang).output.splitlines()[1] for lang in LANGUAGES}
    assert said == {
        "en": "Qasim and Jasim are different names.",
        "ar": "Qasim وJasim اسمان مختلفان.",
        "tr": "Qasim ve Jasim farklı adlar.",
    }


def test_a_batch_is_answered_in_its_order() -> None:
    answers = batch(
        [
            {"a": "Muhammed", "b": "محمد"},
            {"a": "Mehmet", "b": "محمد"},
            {"a": "Qasim", "b": "Jasim"},
            {"a": "", "b": "١٢٣"},
            {"a": "x" * 10_000, "b": "Ali"},
            {"a": "\ud800Ali\u0000", "b": "علي"},
        ]
    )
    assert [each["verdict"] for each in answers] == [
        "same",
        "possible",
        "different",
        "different",
        "different",
        "same",
    ]
    assert all(set(each) == {"score", "verdict", "why"} and each["why"] for each in answers)
    assert answers[3]["why"] == "There is no name to compare."
    assert batch([]) == []


def test_a_batch_of_records() -> None:
    one = {"given": "محمد", "family": "الحلبي", "father": "خالد", "born": "12.05.1990", "number": None}
    same, odd, bare = batch(
        [
            {"a": one, "b": {"name": "Muhammed Elhalebi", "father": "Halit", "born": "1990-05-12", "id": 7}},
            {"a": one | {"phone": "0" * 99, "born": "?"}, "b": one | {"phone": "0532 123 45 67"}},
            {"a": "Muhammed Halebi", "b": one | {"number": "991", "phone": "05321234567"}},
        ]
    )
    assert (same["verdict"], odd["verdict"], bare["verdict"]) == ("same", "same", "same")
    assert "The birth date is the same." in str(same["why"])
    assert "birth" not in str(odd["why"])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("", "Ali"), "needs at least one letter"),
        (("Ali", "٩٩١٢٣"), "needs at least one letter"),
        (("Ali", "\u202e\u0007"), "needs at least one letter"),
        (("x" * 10_000, "Ali"), "at most 200 characters and 12 parts"),
        (("a b " * 10, "Ali"), "at most 200 characters and 12 parts"),
        (("Ali",), "Give two names, or --batch."),
        ((), "Give two names, or --batch."),
        (("A", "B", "C"), "Give two names, or --batch."),
        (("A", "B", "--batch", "-"), "Give two names, or --batch."),
        (("--batch", "/does/not/exist"), "No such file"),
        (("A", "B", "--lang", "xx"), "is not one of"),
    ],
)
def test_what_is_no_pair_of_names_is_refused(arguments: tuple[str, ...], reason: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert reason in result.output


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"{}", "holds no list"),
        (b'"names"', "holds no list"),
        (b"7", "holds no list"),
        (b'[{"a": "A", "b": "B"}, {"a": "A"}]', "Entry 2 is no"),
        (b'[{"a": "A", "b": 7}]', "Entry 1 is no"),
        (b'[{"a": "A", "b": null}]', "Entry 1 is no"),
        (b'[["A", "B"]]', "Entry 1 is no"),
        (b"[7]", "Entry 1 is no"),
        (b'[{"a": {"name": 7}, "b": "B"}]', "Entry 1 is no"),
        (b'[{"a": {"father": ["B"]}, "b": "B"}]', "Entry 1 is no"),
    ],
)
def test_what_is_no_batch_is_refused(text: bytes, reason: str) -> None:
    result = run("--batch", "-", given=text)
    assert result.exit_code == 2
    assert reason in result.output
    assert "Nothing was compared." in result.output
    assert result.stdout == ""


def test_a_batch_with_a_mark_in_front_is_read() -> None:
    assert run("--batch", "-", given=b'\xef\xbb\xbf[{"a": "Ali", "b": "Ali"}]').exit_code == 0


def test_missing_translations_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "TRANSLATIONS", tmp_path)
    result = run("A", "B", "--lang", "tr")
    assert result.exit_code == 1
    assert "make setup" in result.output


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
            max_leaves=6,
        ),
        max_size=3,
    )
)
def test_whatever_is_sent_is_answered_or_refused(value: list[object]) -> None:
    result = run("--batch", "-", given=json.dumps(value).encode())
    assert result.exit_code in {0, 2}
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_long_batch_is_shared_and_stays_in_order() -> None:
    pairs = [{"a": "Ali", "b": "علي" if number % 3 else "Jasim"} for number in range(20_000)]
    answers = _process(json.dumps(pairs).encode())
    assert answers.returncode == 0
    said = [each["verdict"] for each in json.loads(answers.stdout)]
    assert said == ["same" if number % 3 else "different" for number in range(20_000)]
    refused = _process(json.dumps([*pairs, {"a": 7}]).encode())
    assert refused.returncode == 2
    assert b"Entry 20001 is no" in refused.stderr


def _process(given: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "commands.main", "names", "match", "--batch", "-"],
        input=given,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
