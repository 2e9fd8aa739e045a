"""`himaya law`: what the law says about a date. No application, no database: rules and a calendar."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import date

    from domain.deadlines.engine import Deadline
    from domain.deadlines.law import Law
    from domain.deadlines.words import Words

Command = Callable[..., None]

TABLES = Path(__file__).resolve().parent.parent / "config" / "law" / "deadlines"
MARKS = {"warning": "! ", "alarm": "!! "}
ANSWERS = {"true": True, "yes": True, "false": False, "no": False, "null": None, "unknown": None}
YES_NO_FACTS = {"court_recess", "detained", "remedy_stated", "urgent_civil"}


def _yes_no(option: str, text: str) -> Callable[[Command], Command]:
    """An option for a fact that holds, does not hold or is not known; without a value it holds."""
    return click.option(option, type=click.Choice(list(ANSWERS)), is_flag=False, flag_value="true", help=text)


@click.group("law")
def group() -> None:
    """What the law says about a date."""


@group.command()
@click.option("--rule", help="The rule, such as DEP_SUIT (config/law/deadlines/rules.tsv).")
@click.option("--served-on", help="Day of service or of the event, 2026-11-02; hour rules: 2026-11-02T10:00.")
@click.option("--service", type=click.Choice(["hand", "uets"]), help="uets: served-on is the arrival.")
@_yes_no("--court-recess", "Has this court a judicial recess? (unknown)")
@click.option("--court", help="A court of config/law/deadlines/courts.tsv, in place of court-recess.")
@_yes_no("--detained", "Is somebody detained in this file?")
@_yes_no("--remedy-stated", "Does the act state remedy and time limit? (true)")
@_yes_no("--urgent-civil", "Is the matter heard in the recess (HMK 103)?")
@click.option("--request-on", help="Day of the request (UP11: to the higher authority; KVKK_BOARD).")
@click.option("--act-on", help="Day of the act itself, where it became known later (FR13).")
@click.option("--reply-served-on", help="Day on which its refusal was served.")
@click.option("--then", help="Rule that follows silence, or that the request stops (ADM60).")
@click.option("--read-on", help="Day on which the e-notification was actually read.")
@click.option("--document-on", help="Date on the document, when service is unknown.")
@click.option("--apprehended-on", help="Day of apprehension, likewise.")
@click.option("--printed-on", help="Last day as the document itself prints it (LEAVE).")
@click.option("--batch", type=click.File("rb"), help="Many questions in JSON, with - from standard input.")
@click.option("--lang", type=click.Choice(["ar", "tr", "en"]), default="en", help="Language of the steps.")
def due(rule: str | None, batch: IO[bytes] | None, lang: str, **given: str | None) -> None:
    """Count a deadline: due, safe and latest date, with every step.

    With --batch: a JSON list (or an object with a list "cases") of {"id", "rule", "served_on", "facts"} in; a
    list in the same order of {"id", "due", "safe", "latest", "steps"} out, or nulls and "refused".
    """
    if (rule is None) == (batch is None):
        raise click.UsageError("Give either --rule or --batch.")
    if batch is not None:
        cases = _cases(batch.read())
        law, words = _tables()
        answers = [_entry(case, law, words, lang) for case in cases]
        click.echo(json.dumps(answers, ensure_ascii=False, indent=1).encode(errors="replace"))
        return
    facts: dict[str, object] = {
        name: ANSWERS[value] if name in YES_NO_FACTS else value
        for name, value in given.items()
        if value is not None
    }
    law, words = _tables()
    entry = {"rule": rule, "served_on": facts.pop("served_on", None), "facts": facts}
    click.echo("\n".join(_page(entry, law, words, lang)).encode())


@group.command("holidays")
@click.argument("years", type=int, nargs=-1, required=True)
def compare_holidays(years: tuple[int, ...]) -> None:
    """Compare the table of holidays with the package `holidays` before you confirm a year."""
    from domain.deadlines.holidays_package import differences
    from domain.deadlines.steps import Refusal

    law, words = _tables()
    agree = True
    for year in years:
        try:
            differ = differences(law.calendar, year)
        except Refusal as refusal:
            raise click.ClickException(words.reason(refusal, "en")) from None
        agree = agree and not differ
        confirmed = "confirmed" if year in law.calendar.confirmed else "not confirmed"
        click.echo(f"{year}  {confirmed}, {'differs from' if differ else 'agrees with'} the package")
        for day, name in differ.items():
            click.echo(f"  {day}  in the package: {name or 'a working day'}".encode())
    if not agree:
        raise click.ClickException("Look the days up, then write feasts.tsv or holiday_changes.tsv.")


def _tables() -> tuple["Law", "Words"]:
    from domain.deadlines.law import Law
    from domain.deadlines.words import Words
    from domain.tables import TableError

    try:
        return Law.load(TABLES), Words.load(TABLES)
    except (OSError, TableError) as error:
        raise click.ClickException(f"The rules can't be read. {error}") from None


def _cases(text: bytes) -> list[object]:
    """The questions of a batch."""
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested without end
        raise click.ClickException("The file is no JSON in UTF-8. Nothing was counted.") from None
    cases = document.get("cases") if isinstance(document, dict) else document
    if not isinstance(cases, list):
        raise click.ClickException('The file holds no list, and no object with a list "cases".')
    return cases


def _entry(case: object, law: "Law", words: "Words", lang: str) -> dict[str, object]:
    """One answer of a batch."""
    from domain.deadlines.engine import answer
    from domain.deadlines.questions import Question
    from domain.deadlines.steps import Refusal

    entry: dict[str, object] = {"id": case.get("id") if isinstance(case, dict) else None}
    try:
        found = answer(law, Question.parse(case))
    except Refusal as refusal:
        nothing = {"due": None, "safe": None, "latest": None, "steps": None}
        return entry | nothing | {"refused": words.reason(refusal, lang)}
    dates = {name: _iso(day) for name, day in _dates(found)}
    return entry | dates | {"steps": words.account(found.steps, lang)}


def _page(case: dict[str, object], law: "Law", words: "Words", lang: str) -> list[str]:
    """One answer as lines of text. Raises `click.ClickException` with the reason where there is none."""
    from domain.deadlines.engine import answer
    from domain.deadlines.questions import Question
    from domain.deadlines.steps import Refusal

    try:
        found = answer(law, Question.parse(case))
    except Refusal as refusal:
        raise click.ClickException(words.reason(refusal, lang)) from None
    lines = [
        f"{name:<6} {_iso(day)}  {words.sentence(f'answer_{name}', {'day': day}, lang)}"
        for name, day in _dates(found)
    ]
    texts = [MARKS.get(level, "") + text for level, text in words.told(found.steps, lang)]
    return [*lines, "", *(f"{number}. {text}" for number, text in enumerate(texts, start=1))]


def _dates(found: "Deadline") -> list[tuple[str, "date"]]:
    return [("due", found.due), ("safe", found.safe), ("latest", found.latest)]


def _iso(day: "date") -> str:
    from datetime import datetime

    return day.isoformat(timespec="minutes") if isinstance(day, datetime) else day.isoformat()
