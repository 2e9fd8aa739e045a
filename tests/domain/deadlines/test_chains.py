"""Silence (İYUK 10) and requests to the authority (İYUK 11), and what runs after them."""

from tests.domain.deadlines.support import ask, codes, dates, day, reason


def test_silence_is_a_refusal_and_the_suit_runs_from_it() -> None:
    found = ask("SIL10", "2026-09-16")
    [refused] = [step for step in found.steps if step.code == "deemed_refused"]
    assert refused.params["day"] == day("2026-10-16")
    assert found.due == found.safe == day("2026-12-15")
    assert (found.rule, found.ends_by) == ("SIL10", "ADM60")
    assert dates("SIL10", "2026-09-16", then="TAX30")[0] == "2026-11-16"


def test_a_reply_in_time_takes_the_place_of_silence() -> None:
    found = ask("SIL10", "2026-09-16", reply_served_on="2026-10-05")
    assert found.due == found.latest == day("2026-12-04")
    assert "deemed_refused" not in codes(found)


def test_a_late_reply_starts_anew_but_not_for_the_safe_date() -> None:
    assert dates("SIL10", "2026-09-16", reply_served_on="2026-11-02") == (
        "2027-01-04",
        "2026-12-15",
        "2027-01-04",
    )


def test_what_can_not_follow_silence_is_refused() -> None:
    for then in ("SIL10", "UP11", "BIRTH", "BREACH", "DET_OBJ", "SERV", "MOV_LAWYER"):
        assert reason("SIL10", "2026-09-16", then=then) == "not_after_silence"
    assert reason("SIL10", "2026-09-16", then="NOPE") == "unknown_rule"
    assert reason("SIL10", "2026-09-16", reply_served_on="2026-09-15") == "reply_before_request"


def test_a_refusal_that_is_served_ends_the_stop() -> None:
    found = ask("UP11", "2026-09-07", request_on="2026-09-16", reply_served_on="2026-10-05")
    assert found.due == found.safe == day("2026-11-25")  # 51 days left
    assert found.latest == day("2026-11-26")  # the day of the request disputed
    assert {"reply", "rescue_request_day"} <= set(codes(found))


def test_a_late_reply_does_not_stop_the_clock_again() -> None:
    late = ask("UP11", "2026-09-07", request_on="2026-09-16", reply_served_on="2026-11-02")
    assert late.due == ask("UP11", "2026-09-07", request_on="2026-09-16").due
    assert "reply_ignored" in codes(late)


def test_a_request_on_the_day_of_service_leaves_the_whole_period() -> None:
    found = ask("UP11", "2026-09-07", request_on="2026-09-07")
    assert found.due == found.latest == day("2026-12-07")  # 7 October + 60 = Sunday 6 December
    assert "rescue_request_day" not in codes(found)


def test_a_request_on_the_last_day_leaves_nothing_after_the_refusal() -> None:
    found = ask("UP11", "2026-09-07", request_on="2026-11-06")  # day 60
    assert found.due == day("2026-12-07")  # 6 December, the deemed refusal, is a Sunday


def test_a_request_after_the_last_day_stops_nothing() -> None:
    late = ask("UP11", "2026-09-07", request_on="2026-12-07")
    assert late.due == late.safe == late.latest == day("2026-11-06")
    assert "request_late" in codes(late)


def test_a_request_in_the_extended_days_is_too_late_for_the_safe_date() -> None:
    found = ask("UP11", "2026-06-01", request_on="2026-09-02", court_recess=True)
    assert (found.due, found.safe) == (day("2026-10-02"), day("2026-07-31"))


def test_a_request_in_time_by_a_rescue_argument_alone_stops_only_that() -> None:
    found = ask("UP11", "2026-06-01", request_on="2026-09-02")  # the court's recess is not known
    assert (found.due, found.safe) == (day("2026-07-31"), day("2026-07-31"))
    assert found.latest == day("2026-10-05")  # 2 October, and one day more, a Saturday
    assert {"request_late", "rescue_stopped"} <= set(codes(found))


def test_a_special_period_runs_on_and_the_stop_is_argued() -> None:
    found = ask("UP11", "2026-11-02", request_on="2026-11-05", then="DEP_SUIT")
    assert found.due == found.safe == day("2026-11-09")
    assert found.latest == day("2026-12-10")  # 5 December + 4, and the disputed day
    assert {"request_contested", "rescue_stopped"} <= set(codes(found))


def test_the_recess_extends_what_is_left() -> None:
    assert dates("UP11", "2026-05-01", request_on="2026-05-11", court_recess=True)[:2] == (
        "2026-09-07",
        "2026-07-30",
    )


def test_requests_that_do_not_fit_are_refused() -> None:
    assert reason("UP11", "2026-09-07") == "no_request"
    assert reason("UP11", "2026-09-07", request_on="2026-09-06") == "request_before_service"
    assert reason("UP11", "2026-09-07", request_on="2026-09-16", then="IST_ADM") == "not_stopped"
    early = reason("UP11", "2026-09-07", request_on="2026-09-16", reply_served_on="2026-09-15")
    assert early == "reply_before_request"


def test_the_silence_of_the_time_of_the_request_counts() -> None:
    assert dates("UP11", "2021-06-14", request_on="2021-07-13")[0] == "2021-10-12"  # 60 days of silence
    assert dates("UP11", "2021-06-14", request_on="2021-07-14")[0] == "2021-09-13"  # 30, and a Sunday
