"""The clocks and words of an enquiry whether somebody acts for the other side."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from domain.conflict_enquiries import Reply, clock, is_possible, sign

AT = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("priority", ["emergency", "urgent", "normal"])
def test_one_reminder_comes_before_the_end(priority: str) -> None:
    remind, due = clock(priority, AT)
    assert AT < remind < due


def test_an_unknown_priority_is_refused() -> None:
    with pytest.raises(KeyError):
        clock("soon", AT)


def test_yes_and_ask_us_make_it_possible() -> None:
    assert not is_possible([])
    assert not is_possible(["", Reply.NO])
    assert is_possible([Reply.NO, Reply.ASK_US])
    assert is_possible([Reply.YES])


def test_the_sign_is_short_and_can_be_read_out() -> None:
    assert sign("3f2a91bc" + uuid4().hex[8:]) == "3F2A-91BC"
