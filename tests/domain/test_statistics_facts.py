import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quarters import Quarter, closed, quarter_of
from domain.statistics_facts import Fact, Facts, thursday_of

DAYS = st.dates(date(2014, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_a_week_has_one_thursday(day: date) -> None:
    thursday = thursday_of(day)
    assert thursday.isocalendar()[:2] == day.isocalendar()[:2]
    assert thursday.isoweekday() == 4


@given(DAYS)
def test_a_quarter_closes_on_the_monday_after_its_last_week(day: date) -> None:
    quarter = quarter_of(thursday_of(day))
    assert quarter.ends >= day
    assert not closed(quarter, day)
    assert quarter.ends.isoweekday() == 7
    assert quarter_of(thursday_of(quarter.ends)) == quarter
    after = quarter.ends + timedelta(days=1)
    assert closed(quarter, after)
    assert quarter_of(thursday_of(after)) > quarter


def test_a_week_across_new_year_belongs_to_its_thursday() -> None:
    assert quarter_of(thursday_of(date(2027, 1, 3))) == Quarter(2026, 4)  # Sunday after Thursday 31 December
    assert quarter_of(thursday_of(date(2024, 12, 30))) == Quarter(2025, 1)
    assert Quarter(2026, 4).ends == date(2027, 1, 3)
    assert Quarter(2026, 3).ends == date(2026, 9, 27)  # Thursday 1 October begins the next one


def test_a_quarter_is_written_and_read() -> None:
    assert str(Quarter(2026, 3)) == "2026-Q3"
    assert Quarter.parse("2026-Q3") == Quarter(2026, 3)


@pytest.mark.parametrize(
    "text", ["2026", "2026-Q5", "2026-Q", "-Q1", "x-Q1", "٢٠٢٦-Q1", "2026-Q1-Q2", "2026-q1"]
)
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="written like 2026-Q3"):
        Quarter.parse(text)


def fact(opened: date, recorded: date) -> Fact:
    return Fact(
        "c1", "p1", opened, recorded, "o", "B01", "27", "", "f", "18-29", "SYR", "", "", statistics=True
    )


def test_a_fact_survives_storage() -> None:
    one = fact(date(2026, 7, 2), date(2026, 10, 8))
    assert Fact.from_record(json.loads(json.dumps(one.to_record()))) == one


SOME = (
    fact(date(2026, 7, 2), date(2026, 10, 8)),
    replace(fact(date(2026, 7, 2), date(2026, 7, 2)), case="c2", issue="", statistics=False),
    replace(fact(date(2026, 7, 9), date(2026, 7, 9)), case="c3", client="", household="h", event="e"),
)


def test_facts_survive_storage_by_columns_in_the_order_of_their_cases() -> None:
    stored = json.dumps(list(Facts(reversed(SOME)).columns()))
    assert stored == json.dumps(list(Facts(SOME).columns()))
    read = Facts.from_columns(json.loads(stored))
    assert (len(read), tuple(read)) == (3, SOME)
    assert tuple(read) == SOME  # they can be asked for again
    assert stored.count("2026-07-02") == 2  # once for each column, however many facts stand in that week


def test_no_facts_are_no_facts_after_storage() -> None:
    nothing = Facts.from_columns(Facts().columns())
    assert (len(nothing), list(nothing)) == (0, [])


def test_facts_from_when_numbers_were_a_list_are_read() -> None:
    former = [
        (name, column.split(" ")[:-1] if isinstance(column, str) else column)
        for name, column in Facts(SOME).columns()
    ]
    assert tuple(Facts.from_columns(former)) == SOME


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("case", "c1 c2 "),
        ("client", "p1 p1  p1 "),
        ("event", ""),
        ("sex", [["f"], [0, 0, 1]]),
        ("sex", [["f"], [0, 0]]),
    ],
)
def test_columns_that_do_not_fit_together_are_not_read(name: str, changed: object) -> None:
    columns = dict(Facts(SOME).columns()) | {name: changed}
    with pytest.raises((IndexError, ValueError)):
        list(Facts.from_columns(columns.items()))


def test_a_number_with_a_space_is_refused() -> None:
    with pytest.raises(ValueError, match="no space"):
        Facts([replace(SOME[0], household="h 1")])


def test_a_fact_from_before_households_and_events_has_its_own_number_for_both() -> None:
    older = fact(date(2026, 7, 2), date(2026, 10, 8)).to_record()
    del older["household"], older["event"]
    read = Fact.from_record(older)
    assert (read.household, read.event) == ("c1", "c1")


@pytest.mark.parametrize(
    ("opened", "recorded"),
    [
        (date(2026, 7, 1), date(2026, 7, 2)),
        (date(2026, 7, 2), date(2026, 7, 3)),
        (date(2026, 7, 9), date(2026, 7, 2)),
    ],
)
def test_a_fact_refuses_days_and_reversed_weeks(opened: date, recorded: date) -> None:
    with pytest.raises(ValueError, match="Thursdays"):
        fact(opened, recorded)


def test_a_record_without_its_weeks_is_not_a_fact() -> None:
    with pytest.raises(KeyError):
        Fact.from_record({"case": "c1"})
