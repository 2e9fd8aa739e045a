"""Who counts, how often, and when a line of counts is proposed as a pattern."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.recurrence.occurrences import Axis, Occurrence, PooledCount, Series, incidents
from domain.recurrence.pooling import pool
from domain.recurrence.signals import Detector, Reason, Signal
from domain.recurrence.threshold import ThresholdRule

some = settings(max_examples=60, deadline=None)
NOW = date(2026, 11, 26)
WEEK = timedelta(days=7)
BLANK = Occurrence("", "", "", "", NOW, "own", "A02", "34", "pdmm", "U1", statistics=True)
IN_ISTANBUL = Series("A02", Axis.PROVINCE, "34")
AT_PDMM = Series("A02", Axis.AUTHORITY, "pdmm")
RULE: Detector = ThresholdRule()


def cases(number: int, **more: object) -> list[Occurrence]:
    """So many cases of different people."""
    return [
        replace(BLANK, case=f"{more}{serial}", client=f"{more}{serial}", **more)  # type: ignore[arg-type]  # named by the test
        for serial in range(number)
    ]


def told(number: int, organisation: str = "partner", week: date = NOW, urgent: int = 0) -> PooledCount:
    return PooledCount(organisation, IN_ISTANBUL, week, number, urgent)


def scan(own: Iterable[Occurrence], pooled: Iterable[PooledCount] = ()) -> dict[Series, Signal]:
    return {signal.series: signal for signal in RULE.scan(own, pooled, NOW)}


def test_five_cases_in_one_province_or_at_one_authority_are_a_pattern() -> None:
    assert scan(cases(4)) == {}
    found = scan(cases(5))
    assert set(found) == {IN_ISTANBUL, AT_PDMM}
    signal = found[IN_ISTANBUL]
    assert (signal.observed, signal.urgent, signal.reasons) == (5, 0, (Reason.CASES,))
    assert (signal.expected, signal.upper, signal.q) == (None, None, None)
    assert signal.method == "threshold-1 5/3/13"
    spread = [replace(case, province=f"0{number}") for number, case in enumerate(cases(5), start=1)]
    assert set(scan(spread)) == {AT_PDMM}


def test_three_urgent_cases_are_enough() -> None:
    assert scan(cases(2, urgency="U0")) == {}
    signal = scan(cases(3, urgency="U0"))[IN_ISTANBUL]
    assert (signal.observed, signal.urgent, signal.reasons) == (3, 3, (Reason.URGENT,))
    assert scan(cases(2, urgency="U0") + cases(2)) == {}
    assert scan(cases(3, urgency="U0") + cases(2))[IN_ISTANBUL].reasons == (Reason.CASES, Reason.URGENT)


def test_the_window_is_thirteen_whole_weeks() -> None:
    oldest = NOW - 12 * WEEK
    signal = scan(cases(5, opened=oldest))[IN_ISTANBUL]
    assert (signal.first, signal.last) == (date(2026, 8, 31), date(2026, 11, 29))
    assert (signal.last - signal.first).days == 90
    assert scan(cases(5, opened=oldest - WEEK)) == {}
    assert scan(cases(5, opened=NOW + WEEK)) == {}


@pytest.mark.parametrize("number", ["client", "household", "event"])
def test_nobody_counts_twice(number: str) -> None:
    same = [replace(case, **{number: "same"}) for case in cases(5)]  # type: ignore[arg-type]  # one of the numbers
    assert scan(same) == {}
    found = scan(same + cases(4, urgency="U2"))[IN_ISTANBUL]
    assert found.observed == 5
    assert found.weeks[-1].cases == 5


def test_ties_chain_over_client_household_and_event() -> None:
    one, two, three, four = cases(4)
    tied = [
        replace(one, household="h"),
        replace(two, household="h", event="e"),
        replace(three, event="e", urgency="U0", opened=NOW - WEEK, organisation="second"),
        four,
    ]
    first, second = incidents(tied)
    assert (first.week, first.urgent, first.organisations) == (NOW - WEEK, True, frozenset({"own", "second"}))
    assert (second.week, second.urgent, second.organisations) == (NOW, False, frozenset({"own"}))


def test_whoever_refused_statistics_is_in_no_count_and_ties_nobody() -> None:
    refused = replace(BLANK, case="r", household="h", event="e", statistics=False)
    assert refused.series == ()
    assert scan(cases(4) + [replace(case, statistics=False) for case in cases(9, opened=NOW - WEEK)]) == {}
    *others, last, first = cases(5)
    assert (
        scan([*others, replace(last, household="h"), replace(first, event="e"), refused])[
            IN_ISTANBUL
        ].observed
        == 5
    )


@pytest.mark.parametrize("code", ["", "unknown", "none", "other"])
def test_what_nobody_knows_is_not_shared(code: str) -> None:
    assert scan(cases(9, issue=code)) == {}
    assert set(scan(cases(9, province=code))) == {AT_PDMM}
    assert set(scan(cases(9, authority=code))) == {IN_ISTANBUL}


def test_counts_of_others_stand_beside_ones_own() -> None:
    assert scan(cases(3), [told(1)]) == {}
    signal = scan(cases(3), [told(2), told(0, "third")])[IN_ISTANBUL]
    assert (signal.observed, signal.organisations) == (5, ("own", "partner"))
    assert not signal.from_one_organisation
    assert (signal.weeks[-1].own, signal.weeks[-1].others, signal.weeks[-1].cases) == (3, 2, 5)
    only_told = scan([], [told(3, urgent=3)])[IN_ISTANBUL]
    assert (only_told.urgent, only_told.organisations) == (3, ("partner",))
    assert only_told.from_one_organisation
    assert scan(cases(5))[IN_ISTANBUL].from_one_organisation


def test_counts_of_an_organisation_whose_cases_are_here_are_left_out() -> None:
    assert scan(cases(4), [told(4, "own")]) == {}


def test_old_and_later_counts_are_charted_or_ignored() -> None:
    before = NOW - 20 * WEEK
    signal = scan(cases(5), [told(2, week=before), told(9, week=NOW + WEEK), told(9, week=NOW - 52 * WEEK)])[
        IN_ISTANBUL
    ]
    assert signal.observed == 5
    assert {count.week: count.cases for count in signal.weeks if count.cases} == {NOW: 5, before: 2}


def test_two_counts_for_one_week_are_refused() -> None:
    with pytest.raises(ValueError, match=r"A02\.province\.34 in one week"):
        scan([], [told(1), told(2)])


def test_days_that_are_no_thursdays_are_refused() -> None:
    monday = date(2026, 11, 23)
    with pytest.raises(ValueError, match="Thursday"):
        replace(BLANK, opened=monday)
    with pytest.raises(ValueError, match="Thursday"):
        told(1, week=monday)
    with pytest.raises(ValueError, match="Thursday"):
        RULE.scan([], [], monday)


@pytest.mark.parametrize(("number", "urgent"), [(-1, 0), (1, 2), (1, -1)])
def test_impossible_counts_are_refused(number: int, urgent: int) -> None:
    with pytest.raises(ValueError, match="urgent cases are part"):
        told(number, urgent=urgent)


def test_a_series_is_named_the_same_for_ever() -> None:
    assert IN_ISTANBUL.id == "A02.province.34"
    assert Series.parse("L01.authority.family_court") == Series("L01", Axis.AUTHORITY, "family_court")


@pytest.mark.parametrize("text", ["", "A02", "A02.province", "A02.province.", ".province.34", "A02.sex.f"])
def test_what_names_no_series_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"written like A02\.province\.34|is not a valid Axis"):
        Series.parse(text)


def test_the_most_pressing_comes_first() -> None:
    listed = RULE.scan(
        cases(5, issue="A01", authority="")
        + cases(7, issue="A02", authority="")
        + cases(3, issue="B01", authority="", urgency="U0"),
        [],
        NOW,
    )
    assert [signal.series.issue for signal in listed] == ["B01", "A02", "A01"]


NUMBERS = st.sampled_from(["", "1", "2", "3", "4", "5", "6", "7", "8"])
OCCURRENCES = st.lists(
    st.builds(
        Occurrence,
        case=st.uuids().map(str),
        client=NUMBERS,
        household=NUMBERS,
        event=st.sampled_from(["", "", "", "1", "2"]),
        opened=st.integers(-2, 60).map(lambda back: NOW - back * WEEK),
        organisation=st.sampled_from(["own", "second"]),
        issue=st.sampled_from(["A02", "B01", ""]),
        province=st.sampled_from(["34", "27", ""]),
        authority=st.sampled_from(["pdmm", "other"]),
        urgency=st.sampled_from(["U0", "U1"]),
        statistics=st.sampled_from([True, True, True, False]),
    ),
    max_size=40,
    unique_by=lambda case: case.case,
)


def plain_groups(listed: Sequence[Occurrence]) -> list[set[str]]:
    """The same by another way: merge sets of cases until none share a tie."""
    groups = [{case.case} for case in listed]
    by_case = {case.case: case for case in listed}
    while True:
        for one, other in combinations(groups, 2):
            ties = ({tie for name in group for tie in by_case[name].ties} for group in (one, other))
            if set.intersection(*ties):
                groups = [group for group in groups if group not in (one, other)] + [one | other]
                break
        else:
            return groups


@some
@given(OCCURRENCES)
def test_incidents_are_what_is_tied_together(listed: list[Occurrence]) -> None:
    assert len(incidents(listed)) == len(plain_groups(listed))


@some
@given(OCCURRENCES, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing(listed: list[Occurrence], random: object) -> None:
    shuffled = list(listed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert RULE.scan(shuffled, [], NOW) == RULE.scan(listed, [], NOW)
    assert incidents(shuffled) == incidents(listed)


@some
@given(OCCURRENCES)
def test_every_signal_keeps_its_promises(listed: list[Occurrence]) -> None:
    found = scan(listed)
    for series in {series for case in listed for series in case.series}:
        recent = [case for case in listed if series in case.series and NOW - 12 * WEEK <= case.opened <= NOW]
        groups = plain_groups(recent)
        urgent_cases = {case.case for case in recent if case.urgency == "U0"}
        urgent = sum(bool(group & urgent_cases) for group in groups)
        assert (series in found) == (len(groups) >= 5 or urgent >= 3)
    for signal in found.values():
        assert signal.observed == sum(count.cases for count in signal.weeks[-13:])
        assert [count.week for count in signal.weeks] == [NOW - back * WEEK for back in reversed(range(52))]


@some
@given(OCCURRENCES)
def test_what_is_told_to_others_never_counts_too_many(listed: list[Occurrence]) -> None:
    counts = pool(listed, "own", NOW)
    assert counts == pool(reversed(listed), "own", NOW)
    own = [case for case in listed if case.organisation == "own"]
    for start in range(0, 52, 3):
        weeks = {NOW - (start + back) * WEEK for back in range(13)}
        for series in {count.series for count in counts}:
            exact = incidents(case for case in own if series in case.series and case.opened in weeks)
            added = sum(count.cases for count in counts if count.series == series and count.week in weeks)
            assert added <= len(exact)
    assert all(count.cases and count.organisation == "own" for count in counts)


@some
@given(OCCURRENCES)
def test_what_is_told_can_be_read_by_another_organisation(listed: list[Occurrence]) -> None:
    for signal in RULE.scan([], pool(listed, "second", NOW), NOW):
        assert signal.organisations == ("second",)
        assert all(count.own == 0 for count in signal.weeks)
