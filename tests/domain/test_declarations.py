"""How declarations of an organisation are counted, and which one follows."""

import datetime as dt

import pytest

from core.reference import law, reference
from domain.declarations import (
    AUTHORITIES,
    MONTHS,
    OVERSEEN,
    OVERSEERS,
    authority_of,
    every,
    following,
    month_day,
    rule_of,
    same_period,
    usually_every,
)


def test_a_rule_counts_for_associations_alone() -> None:
    assert rule_of("annual", "association") == "ASSOC_DECL"
    assert rule_of("change", "federation") == "ASSOC_CHANGE"
    assert rule_of("annual", "foundation") == ""
    assert rule_of("tax", "association") == ""


def test_whoever_oversees_that_legal_form_takes_it() -> None:
    assert authority_of("annual", "association") == "associations"
    assert authority_of("annual", "foundation") == "foundations"
    assert authority_of("annual", "company") == ""
    assert authority_of("tax", "foundation") == "tax_office"


def test_every_code_is_in_its_list() -> None:
    lists = reference().lists
    assert all(code in lists["declaration_every"] for code in MONTHS)
    assert all(what in lists["declaration_kind"] for what in {*AUTHORITIES, *OVERSEEN})
    assert all(code in lists["authority"] for code in {*AUTHORITIES.values(), *OVERSEERS.values()})
    assert all(form in lists["legal_form"] for form in OVERSEERS)
    known = {rule_of(what, "association") for what in OVERSEEN} - {""}
    assert known <= set(law().rules.codes)
    assert usually_every("annual") == "year"
    assert usually_every("tax") == "once"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"what": "annual", "deadline": "x", "begun": "2026-12-31"}, dt.date(2027, 12, 31)),
        ({"what": "change", "deadline": "x", "begun": "2026-12-31"}, None),
        ({"what": "tax", "every": "month", "begun": "", "due": "2027-01-31"}, dt.date(2027, 2, 28)),
        ({"what": "tax", "every": "month", "begun": "", "due": "2027-02-28"}, dt.date(2027, 3, 28)),
        (
            {"what": "tax", "every": "month", "begun": "", "due": "2027-02-28", "month_day": 31},
            dt.date(2027, 3, 31),
        ),
        ({"what": "tax", "every": "quarter", "begun": "", "due": "2026-11-17"}, dt.date(2027, 2, 17)),
        ({"what": "tax", "every": "year", "begun": "", "due": "2028-02-29"}, dt.date(2029, 2, 28)),
        ({"what": "tax", "every": "month", "begun": "", "due": "2027-01-30"}, dt.date(2027, 2, 28)),
        ({"what": "tax", "every": "once", "begun": "", "due": "2026-11-17"}, None),
    ],
)
def test_the_next_one_follows_from_this_one(data: dict[str, str], said: dt.date | None) -> None:
    assert following(data) == said
    assert every(data) in MONTHS


def test_a_short_month_moves_no_day_for_good() -> None:
    data: dict[str, object] = {"what": "tax", "every": "month", "begun": "", "due": "2027-01-31"}
    days = []
    for _month in range(3):
        due = following(data)
        assert due is not None
        data |= {"month_day": month_day(due, data), "due": due.isoformat()}
        days.append(due.day)
    assert days == [28, 31, 30]
    assert month_day(dt.date(2027, 5, 12), data) == month_day(dt.date(2027, 5, 12), None) == 12


@pytest.mark.parametrize(
    ("period", "other", "same"),
    [
        (("2025", "2026-12-01"), ("٢٠٢٥", "2026-12-01"), True),
        (("2025 yılı", "2026-12-01"), ("2025", "2027-12-01"), True),
        (("2025", "2026-12-01"), ("2026", "2026-12-01"), False),
        (("2025", "2026-12-01"), ("2025-2026", "2026-12-01"), False),
        (("2025", "2026-12-01"), ("yıllık beyanname", "2026-12-01"), False),
        (("Yıllık  beyanname", "2026-12-01"), ("yıllık beyanname", "2026-06-30"), True),
        (("yıllık beyanname", "2027-12-01"), ("yıllık beyanname", "2026-12-01"), False),
        (("", "2026-12-01"), ("", "2026-12-01"), False),
    ],
)
def test_a_financial_year_is_told_by_the_words_on_the_period(
    period: tuple[str, str], other: tuple[str, str], *, same: bool
) -> None:
    one, two = ({"period": said, "due": due} for said, due in (period, other))
    assert same_period(one, two) is same
