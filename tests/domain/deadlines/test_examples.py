"""The worked examples, by the engine and by the command."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from commands.main import main
from tests.domain.deadlines.support import EXAMPLES, LAW, dates, day

CASES = EXAMPLES["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_engine_agrees_with_every_worked_example(case: dict[str, Any]) -> None:
    wanted = [case[name] for name in ("due", "safe", "latest")]
    found = dates(case["rule"], case["served_on"], **case["facts"])
    assert [date[: len("2026-11-30T10:00")] for date in found] == wanted


def test_a_batch_answers_in_the_order_of_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.main.harden", lambda: None)
    path = Path(__file__).parent / "examples.json"
    result = CliRunner().invoke(main, ["law", "due", "--batch", str(path), "--lang", "tr"])
    answers = json.loads(result.stdout_bytes)
    assert [{name: answer[name] for name in ("id", "due", "safe", "latest")} for answer in answers] == [
        {name: case[name] for name in ("id", "due", "safe", "latest")} for case in CASES
    ]
    assert all(set(answer) == {"id", "due", "safe", "latest", "steps"} for answer in answers)
    assert "1. gün: 3 Kasım 2026 Salı. 7. gün: 9 Kasım 2026 Pazartesi." in answers[0]["steps"][3]


def test_the_calendar_agrees_with_the_holidays_of_the_examples() -> None:
    years = [LAW.calendar.holidays_of(year) for year in (2026, 2027)]
    assert sorted(found for year in years for found in year.full) == list(map(day, EXAMPLES["holidays_used"]))
    assert sorted(found for year in years for found in year.half) == list(map(day, EXAMPLES["half_days"]))
