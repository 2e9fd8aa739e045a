"""Days, weeks, months, years, working days, hours; weekends, holidays, half days, administrative leave."""

from dataclasses import replace

import pytest

from domain.deadlines.calendar_days import Calendar
from tests.domain.deadlines.support import LAW, ask, codes, dates, day, reason


@pytest.mark.parametrize(
    ("rule", "served_on", "due"),
    [
        ("ECHR", "2026-10-31", "2027-02-28"),  # no 31 February: the last day
        ("ECHR", "2027-10-31", "2028-02-29"),
        ("WAGE", "2024-02-29", "2029-02-28"),
        ("FR13", "2026-11-02", "2027-11-02"),
        ("KYOK", "2026-11-04", "2026-11-18"),  # Wednesday to Wednesday
        ("REINST", "2026-12-31", "2027-02-01"),  # 31 January is a Sunday
        ("SGK_ACC", "2026-10-26", "2026-10-30"),  # 27 and 28 (half day), not 29: the third is Friday
        ("SGK_ACC", "2026-11-27", "2026-12-02"),
        ("ADDR", "2026-11-02", "2026-11-30"),
        ("SERV", "2026-06-15", "2031-12-31"),
        ("ASSOC_DECL", "2026-12-31", "2027-04-30"),
        ("MOV_LAWYER", "2026-11-02", "2026-11-07"),  # a Saturday
    ],
)
def test_each_unit_is_counted_as_the_law_counts_it(rule: str, served_on: str, due: str) -> None:
    assert dates(rule, served_on)[0] == due


def test_holidays_that_move_the_last_day_are_named_one_by_one() -> None:
    found = ask("DEP_SUIT", "2026-03-13")
    closed = [(step.code, step.params["day"]) for step in found.steps if step.code.startswith("closed_")]
    assert closed == [("closed_holiday", day(f"2026-03-{number}")) for number in (20, 21, 22)]
    assert codes(ask("IP_COMM", "2026-11-04")).count("closed_weekend") == 2


def test_a_half_day_warns_and_moves_only_the_rescue_argument() -> None:
    found = ask("DEP_SUIT", "2026-10-21")  # day 7 is 28 October
    assert (found.due, found.safe, found.latest) == (day("2026-10-28"), day("2026-10-28"), day("2026-10-30"))
    assert {"half_day", "rescue_half_day"} <= set(codes(found))


def test_a_period_that_does_not_move_names_the_last_working_day_before() -> None:
    found = ask("ECHR", "2026-07-15")
    [stays] = [step for step in found.steps if step.code == "stays"]
    assert (stays.params["day"], stays.params["before"]) == (day("2026-11-15"), day("2026-11-13"))
    assert found.due == found.safe == found.latest == day("2026-11-15")


def test_a_contested_move_counts_for_the_rescue_argument_alone() -> None:
    found = ask("CRIM_COMPLAINT", "2026-11-02")  # 2 May 2027 is a Sunday
    assert (found.due, found.safe, found.latest) == (day("2027-05-02"), day("2027-05-02"), day("2027-05-03"))
    assert {"stays_contested", "rescue_roll"} <= set(codes(found))
    eve = ask("RENT30", "2026-09-28")  # 28 October
    assert (eve.due, eve.latest) == (day("2026-10-28"), day("2026-10-30"))
    assert {"half_day", "rescue_half_day"} <= set(codes(eve))


def test_administrative_leave_warns_and_moves_nothing() -> None:
    years = {year: LAW.calendar.holidays_of(year) for year in LAW.calendar.years}
    leave = replace(LAW, calendar=Calendar(years, {2026}, {day("2026-11-09")}))
    found = ask("DEP_SUIT", "2026-11-02", leave)
    assert found.due == found.latest == day("2026-11-09")
    assert "closed_office" in codes(found)


def test_years_that_nobody_confirmed_are_said() -> None:
    confirmed = ask("DEP_SUIT", "2026-11-02")
    assert "year_unconfirmed" not in codes(confirmed)
    crossing = ask("ADM60", "2026-11-02")  # 1 January 2027 is a holiday
    assert [step.params["year"] for step in crossing.steps if step.code == "year_unconfirmed"] == [2027]
    counted = ask("ADDR", "2026-12-28")
    assert [step.params["year"] for step in counted.steps if step.code == "year_unconfirmed"] == [2027]
    unmoved = ask("DET_MAX1", "2027-01-04")
    assert "year_unconfirmed" not in codes(unmoved)


def test_hours_run_without_a_break() -> None:
    found = ask("BREACH", "2026-12-30T23:30")
    assert found.due.isoformat() == "2027-01-02T23:30:00"
    assert found.due == found.safe == found.latest


def test_hours_without_a_time_of_day_start_at_the_beginning_of_the_day() -> None:
    found = ask("BREACH", "2026-11-27")
    assert found.due.isoformat() == "2026-11-30T00:00:00"
    assert "time_missing" in codes(found)
    assert "unknown_document" in codes(ask("BREACH", None, document_on="2026-11-27"))


@pytest.mark.parametrize(
    ("moment", "hour", "next_day"),
    [
        ("2026-11-02T15:59", 16, None),
        ("2026-11-02T16:00", 16, "2026-11-03"),
        ("2026-11-06T16:30", 17, None),  # a Friday
        ("2026-11-06T17:00", 17, "2026-11-09"),
        ("2026-04-22T16:30", 17, None),  # the day before a holiday
        ("2026-11-07T09:00", 16, "2026-11-09"),  # a Saturday
        ("2026-11-07", 16, "2026-11-09"),
        ("2026-11-02", 16, None),
    ],
)
def test_a_measure_is_asked_for_on_the_same_day(moment: str, hour: int, next_day: str | None) -> None:
    found = ask("AYM_MEASURE", moment)
    assert found.due == found.safe == found.latest == day(moment[:10])
    [told] = [step for step in found.steps if step.code == "same_day"]
    late = [step.params["next"] for step in found.steps if step.code == "same_day_late"]
    assert told.params["hour"] == hour
    assert late == ([] if next_day is None else [day(next_day)])


def test_other_lengths_in_the_sources_are_rescue_arguments() -> None:
    assert dates("FINE", "2026-11-02") == ("2026-11-16", "2026-11-16", "2026-11-17")
    assert dates("ASSOC_CHANGE", "2026-11-02") == ("2026-12-02", "2026-12-02", "2026-12-17")


def test_an_act_without_remedy_gives_the_general_limit_as_a_rescue_argument() -> None:
    assert dates("DEP_SUIT", "2026-06-01", remedy_stated=False) == ("2026-06-08", "2026-06-08", "2026-09-07")
    general = ask("ADM60", "2026-11-02", remedy_stated=False)
    assert "unstated" in codes(general)
    assert general.due == general.latest


@pytest.mark.parametrize(
    ("rule", "served_on", "due"),
    [
        ("DEP_SUIT", "2019-12-23", "2020-01-07"),  # 15 days
        ("DEP_SUIT", "2019-12-24", "2019-12-31"),  # 7 days
        ("ECHR", "2022-01-31", "2022-07-31"),  # 6 months
        ("ECHR", "2022-02-01", "2022-06-01"),  # 4 months
        ("KYOK", "2024-05-31", "2024-06-20"),  # 15 days, then the Feast of the Sacrifice
        ("KYOK", "2024-06-03", "2024-06-20"),  # two weeks, likewise
        ("SIL10", "2021-07-13", "2021-11-10"),  # 60 days of silence, then 60
        ("SIL10", "2021-07-14", "2021-10-12"),  # 30 days of silence, then 60
    ],
)
def test_the_version_in_force_on_the_day_counts(rule: str, served_on: str, due: str) -> None:
    assert dates(rule, served_on)[0] == due


def test_before_the_first_version_there_is_no_date() -> None:
    assert reason("DEP_SUIT", "2014-04-10") == "not_in_force"
    assert reason("CRIM_IST", "2024-05-31") == "not_in_force"
    assert reason("BREACH", "2018-01-01T10:00") == "not_in_force"


def test_beyond_the_calendar_there_is_no_date() -> None:
    for served_on in ("2000-12-31", "2101-01-01", "9999-12-31", "0001-01-01"):
        assert reason("ADM60", served_on) == "out_of_calendar"
    assert reason("WAGE", "2096-01-02") == "out_of_calendar"
    assert reason("ADM60", "2100-12-01") == "out_of_calendar"
    assert reason("BREACH", "2100-12-30T10:00") == "out_of_calendar"
    assert reason("ADDR", "2100-12-20") == "out_of_calendar"
    assert reason("IST_ADM", "2100-12-30", service="uets") == "out_of_calendar"
    assert reason("ADM60", "2026-11-02", request_on="2101-01-01") == "out_of_calendar"
