"""What holds for every rule and every day."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.deadlines.counting import count
from domain.deadlines.engine import answer
from domain.deadlines.questions import Question, day_of
from domain.deadlines.recess import in_recess
from domain.deadlines.rules import LENGTHS, Recess, Roll, Start
from domain.deadlines.steps import Refusal, Unit
from tests.domain.deadlines.support import EXAMPLES, LANGUAGES, LAW, ROOT, WORDS

UNLIMITED: Final = ("DET_OBJ", "TIHEK")
DAYS = st.dates(date(2024, 6, 1), date(2094, 12, 31))
MAYBE = st.sampled_from([None, True, False])
COUNTED = [code for code in LAW.rules.codes if LAW.rules.versions(code)[0].unit in LENGTHS]
ROLLING = [code for code in LAW.rules.codes if LAW.rules.versions(code)[0].roll is Roll.YES]
RECESS = [
    code for code in COUNTED if LAW.rules.versions(code)[0].recess in {Recess.IYUK, Recess.HMK, Recess.CMK}
]


@st.composite
def questions(draw: st.DrawFn, codes: tuple[str, ...] = LAW.rules.codes) -> Question:
    """Any question that the engine can answer, with whatever facts."""
    rule = LAW.rules.versions(draw(st.sampled_from(codes)))[0]
    served_on = draw(DAYS)
    asks_for_more = rule.unit is Unit.STOP
    after = st.integers(0, 90).map(lambda days: served_on + timedelta(days=days))
    served = rule.starts in {Start.SERVICE, Start.READING, Start.KNOWLEDGE}
    request = draw(after) + timedelta(days=5) if asks_for_more else None
    reply = None if request is None else draw(st.sampled_from([None, request + timedelta(days=10)]))
    return Question(
        rule.code,
        served_on,
        uets=served and draw(st.booleans()),
        court_recess=draw(MAYBE),
        detained=draw(MAYBE),
        urgent_civil=draw(MAYBE),
        remedy_stated=draw(st.booleans()),
        request_on=request,
        reply_served_on=reply,
        printed_on=draw(st.sampled_from([None, served_on, served_on + timedelta(days=20)])),
        read_on=draw(st.sampled_from([None, served_on, served_on + timedelta(days=3)])),
    )


@given(questions(tuple(code for code in LAW.rules.codes if code not in UNLIMITED)))
def test_safe_comes_before_due_before_latest_and_every_step_has_words(question: Question) -> None:
    found = answer(LAW, question)
    assert found.safe <= found.due <= found.latest
    for language in LANGUAGES:
        account = WORDS.account(found.steps, language)
        assert account
        assert all("{" not in text for text in account)


@given(questions(), st.integers(1, 40))
def test_the_safe_date_never_goes_back_when_service_comes_later(question: Question, days: int) -> None:
    later = replace(question, served_on=(question.served_on or date.min) + timedelta(days=days))
    try:
        first, second = answer(LAW, question), answer(LAW, later)
    except Refusal:
        assume(False)
        return
    assert first.safe <= second.safe


@given(st.sampled_from(RECESS), DAYS, st.integers(1, 400), MAYBE)
def test_the_due_date_never_goes_back_while_the_ends_as_counted_stay_in_or_out(
    code: str, served_on: date, days: int, recess: bool | None
) -> None:
    rule, later = LAW.rules.versions(code)[0], served_on + timedelta(days=days)
    ends = [count(rule.period, start, LAW.calendar) for start in (served_on, later)]
    assume(in_recess(ends[0]) == in_recess(ends[1]))
    first = answer(LAW, Question(code, served_on, court_recess=recess))
    second = answer(LAW, Question(code, later, court_recess=recess))
    assert first.due <= second.due


@given(questions(tuple(ROLLING)))
def test_where_a_period_moves_it_never_ends_on_a_holiday(question: Question) -> None:
    found = answer(LAW, question)
    for end in (found.due, found.safe, found.latest):
        assert LAW.calendar.is_open(end)


@given(questions())
def test_the_safe_date_relies_on_no_recess(question: Question) -> None:
    assume(question.rule not in UNLIMITED)
    without = answer(LAW, replace(question, court_recess=False))
    if LAW.rules.versions(question.rule)[0].unit is not Unit.STOP:  # a request may come in the extended days
        assert answer(LAW, question).safe == without.safe


@given(st.sampled_from(COUNTED), DAYS, st.integers(0, 30))
def test_what_is_not_known_is_never_counted_later_than_what_is(code: str, document: date, days: int) -> None:
    unknown = Question(code, None, document_on=document)
    known = replace(unknown, served_on=document + timedelta(days=days))
    assert answer(LAW, unknown).safe <= answer(LAW, known).safe


@pytest.mark.parametrize("code", LAW.rules.codes)
def test_every_rule_computes_or_is_refused_with_a_reason(code: str) -> None:
    requested = None if code in LAW.beside.outer else date(2026, 11, 5)  # there it came before the reply
    question = Question(code, date(2026, 11, 2), request_on=requested)
    if code in UNLIMITED:
        with pytest.raises(Refusal) as caught:
            answer(LAW, question)
        assert caught.value.code == "no_limit"
        assert all(len(WORDS.reason(caught.value, language)) > 40 for language in LANGUAGES)
    else:
        assert day_of(answer(LAW, question).due) >= date(2026, 11, 2)


PROGRAM = """
import json, sys
from tests.domain.deadlines.support import EXAMPLES, LAW, WORDS
from domain.deadlines.engine import answer
from domain.deadlines.questions import Question, day_of
for case in EXAMPLES["cases"]:
    found = answer(LAW, Question.parse(case))
    print(found.due, found.safe, found.latest, WORDS.account(found.steps, "tr"))
"""


def test_the_server_s_time_zone_and_locale_change_nothing() -> None:
    def run(zone: str, locale: str) -> bytes:
        names = {
            "TZ": zone,
            "LC_ALL": locale,
            "LANG": locale,
            "LANGUAGE": locale,
            "PYTHONIOENCODING": "utf-8",
        }
        program = [sys.executable, "-c", PROGRAM]
        return subprocess.run(
            program, cwd=ROOT, env=os.environ | names, capture_output=True, check=True
        ).stdout

    plain = run("UTC", "C")
    assert plain.count(b"\n") == len(EXAMPLES["cases"])
    assert run("Pacific/Kiritimati", "tr_TR.UTF-8") == plain
    assert run("America/Adak", "ar_SY.UTF-8") == plain
