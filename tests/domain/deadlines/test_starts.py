"""What begins a period: service, UETS, reading, the worst case of an unknown day."""

from domain.deadlines.steps import Named
from tests.domain.deadlines.support import ask, codes, dates, day, reason


def test_uets_serves_at_the_end_of_the_fifth_day() -> None:
    assert dates("IST_ADM", "2026-11-02", service="uets")[0] == "2026-12-07"
    assert dates("DEP_SUIT", "2026-11-02", service="uets")[0] == "2026-11-16"  # 7 + 7 = 14, a Saturday
    assert dates("DEP_SUIT", "2026-11-02", service="hand")[0] == "2026-11-09"


def test_the_arrival_rule_does_not_add_five_days_twice() -> None:
    assert dates("MOV_LAWYER", "2026-11-02", service="uets") == dates("MOV_LAWYER", "2026-11-02")


def test_an_event_is_not_served() -> None:
    for rule in ("BIRTH", "SIL10", "SERV", "BREACH", "AYM_MEASURE"):
        assert reason(rule, "2026-11-02", service="uets") == "not_served"


def test_before_the_constitutional_court_the_earlier_of_reading_and_service_counts() -> None:
    read = ask("AYM", "2026-11-02", service="uets", read_on="2026-11-03")
    assert read.due == read.safe == read.latest == day("2026-12-03")
    assert codes(read)[2:4] == ["uets", "read"] or "read" in codes(read)
    later = ask("AYM", "2026-11-02", service="uets", read_on="2026-11-09")
    assert later.due == later.safe == day("2026-12-07")
    assert "read_later" in codes(later)
    assert dates("AYM", "2026-11-06", read_on="2026-11-02")[0] == "2026-12-02"


def test_an_unknown_reading_makes_the_safe_date_start_at_arrival() -> None:
    found = ask("AYM", "2026-11-02", service="uets")
    assert (found.due, found.safe) == (day("2026-12-07"), day("2026-12-02"))
    assert {"read_unknown", "safe"} <= set(codes(found))
    assert dates("AYM", "2026-11-02") == ("2026-12-02",) * 3


def test_reading_alone_starts_the_period_where_service_is_unknown() -> None:
    assert dates("AYM", None, read_on="2026-11-02") == ("2026-12-02",) * 3


def test_before_the_european_court_reading_moves_only_the_safe_date() -> None:
    found = ask("ECHR", "2026-11-02", service="uets", read_on="2026-11-03")
    assert (found.due, found.safe, found.latest) == (day("2027-03-07"), day("2027-03-03"), day("2027-03-07"))
    assert "read_perhaps" in codes(found)


def test_what_has_not_arrived_was_not_read() -> None:
    assert reason("AYM", "2026-11-02", service="uets", read_on="2026-11-01") == "read_before_arrival"


def test_an_unknown_service_is_counted_from_the_document_else_from_the_apprehension() -> None:
    document = ask("DEP_SUIT", None, document_on="2026-11-02", apprehended_on="2026-10-30")
    assert document.due == document.safe == day("2026-11-09")
    assert "unknown_document" in codes(document)
    assert "served" not in codes(document)
    apprehended = ask("DEP_SUIT", None, apprehended_on="2026-11-02")
    assert apprehended.due == day("2026-11-09")
    assert "unknown_apprehended" in codes(apprehended)
    assert reason("DEP_SUIT", None) == "no_date"


def test_service_before_the_date_of_the_document_is_doubted() -> None:
    assert "before_document" in codes(ask("DEP_SUIT", "2026-11-02", document_on="2026-11-03"))
    assert "before_document" not in codes(ask("DEP_SUIT", "2026-11-03", document_on="2026-11-03"))


def test_facts_that_change_nothing_are_named() -> None:
    found = ask(
        "DEP_SUIT",
        "2026-11-02",
        then="ADM60",
        request_on="2026-11-03",
        reply_served_on="2026-11-04",
        read_on="2026-11-02",
    )
    unused = [step.params["field"] for step in found.steps if step.code == "unused"]
    names = ["then", "request_on", "reply_served_on", "read_on"]
    assert unused == [Named("fact", name) for name in names]
    assert found.due == day("2026-11-09")
