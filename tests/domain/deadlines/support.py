"""The law of the installation, a question in one line, and tables that a test has changed."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from domain.deadlines.engine import Deadline, answer
from domain.deadlines.law import Law
from domain.deadlines.questions import Question
from domain.deadlines.steps import Refusal
from domain.deadlines.words import Words

ROOT = Path(__file__).parents[3]
TABLES = ROOT / "config" / "law" / "deadlines"
EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))
LAW = Law.load(TABLES)
WORDS = Words.load(TABLES)
LANGUAGES = ("ar", "tr", "en")


def ask(rule: str, served_on: str | None, law: Law = LAW, **facts: object) -> Deadline:
    return answer(law, Question.parse({"rule": rule, "served_on": served_on, "facts": facts}))


def dates(rule: str, served_on: str | None, law: Law = LAW, **facts: object) -> tuple[str, str, str]:
    """Due, safe and latest."""
    found = ask(rule, served_on, law, **facts)
    return found.due.isoformat(), found.safe.isoformat(), found.latest.isoformat()


def codes(found: Deadline) -> list[str]:
    return [step.code for step in found.steps]


def reason(rule: str, served_on: str | None, law: Law = LAW, **facts: object) -> str:
    """The code of the refusal. Fails where there is an answer; every refusal has words."""
    with pytest.raises(Refusal) as caught:
        ask(rule, served_on, law, **facts)
    assert all(WORDS.reason(caught.value, language) for language in LANGUAGES)
    return caught.value.code


def tables(folder: Path, **changes: tuple[str, str]) -> Path:
    """A copy of the tables in which a text of a file, named without .tsv, is replaced by another."""
    copy = folder / "tables"
    shutil.copytree(TABLES, copy)
    for name, (old, new) in changes.items():
        path = copy / f"{name}.tsv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
    return copy


def day(text: str) -> date:
    return date.fromisoformat(text)
