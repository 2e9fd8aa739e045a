"""Time in units of six minutes, levels, grants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import services
from domain.services import LEVELS, MOST, UNIT, NoGrant, NoTime

EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
lengths = st.integers(1, MOST)
entries = st.lists(
    st.tuples(
        st.sampled_from(LEVELS),
        st.sampled_from(["court", "travel"]),
        st.sampled_from(["", "EU-7"]),
        st.integers(1, 240),
    )
)


@given(lengths, st.sampled_from(["{0}", "{0} dk", "{0} min", "{0}دقيقة", "{1}:{2:02}", "{1} saat {2} dk"]))
def test_a_length_is_read_as_it_is_said(length: int, how: str) -> None:
    typed = how.format(length, *divmod(length, 60))
    assert services.minutes(typed) == services.minutes(typed.translate(EASTERN)) == length


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1:30", 90), ("90 dk", 90), ("٩٠", 90), ("1,5 saat", 90), ("1.5 h", 90), ("٢ ساعة و ٥ دقائق", 125),
        ("2s", 120), ("24:00", MOST), ("1 saat", 60), ("45 dakika", 45),
    ],
)  # fmt: skip # one table
def test_examples(typed: str, found: int) -> None:
    assert services.minutes(typed) == found


@pytest.mark.parametrize(
    "typed", ["", " ", "0", "0:00", "1:75", "-5", "öğleden sonra", "1441", "24:01", "dk", "1:2:3"]
)
def test_what_is_no_length_is_none(typed: str) -> None:
    with pytest.raises(NoTime):
        services.minutes(typed)


@given(lengths)
def test_a_begun_unit_is_a_full_one(length: int) -> None:
    units = services.units(length)
    assert (units - 1) * UNIT < length <= units * UNIT
    assert services.minutes(services.clock(units)) == units * UNIT


@given(entries)
def test_totals_lose_nothing(given_: list[tuple[str, str, str, int]]) -> None:
    found = services.totals(given_)
    for table in (found.by_level, found.by_activity, found.by_grant):
        assert sum(table.values()) == found.units == sum(one[-1] for one in given_)
    assert list(found.by_level) == sorted(found.by_level)


@given(st.lists(st.sampled_from(["S0", *LEVELS, ""])))
def test_the_highest_level_is_one_of_them(levels: list[str]) -> None:
    found = services.highest(levels)
    assert found in {"", *levels}
    assert all(found >= one for one in levels if one in LEVELS)


@pytest.mark.parametrize(
    ("typed", "code"), [("", ""), ("eu-7", "EU-7"), (" nrc22/١ ", "NRC22/1"), ("أ-٣", "أ-3")]
)
def test_a_grant_is_a_code(typed: str, code: str) -> None:
    assert services.grant(typed) == code


@pytest.mark.parametrize("typed", ["-", "A-", "A" * 21, "Ahmet için", "x@y"])
def test_a_sentence_is_no_grant(typed: str) -> None:
    with pytest.raises(NoGrant):
        services.grant(typed)
