"""Days on which something can have happened."""

from datetime import date, timedelta

import pytest

from domain.happened import is_plausible

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("day", "plausible"),
    [
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
        (date(2016, 1, 1), True),
        (date(2015, 12, 31), False),
        (date(2062, 11, 3), False),
    ],
)
def test_what_is_over_and_not_long_ago(day: date, plausible: bool) -> None:
    assert is_plausible(day, TODAY) is plausible
