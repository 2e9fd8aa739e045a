"""Dates typed in three boxes."""

from __future__ import annotations

import datetime as dt

import pytest
import wtforms
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.validators import Optional

from core.web.dates import DayField, PartialDayField
from tests.web.gallery import gallery_app


class Form(wtforms.Form):  # type: ignore[misc] # wtforms has no types
    day = DayField(validators=[Optional()])
    part = PartialDayField(validators=[Optional()])


def typed(name: str, *boxes: str) -> wtforms.Field:
    """The field after a person sent these boxes."""
    with gallery_app().test_request_context("/desk"):
        form = Form(MultiDict([(name, box) for box in boxes]))
        form.validate()
    return form[name]


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)),
    st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]),
)
def test_every_day_is_read_in_every_script(day: dt.date, digits: str) -> None:
    table = str.maketrans("0123456789", digits)
    boxes = [str(part).translate(table) for part in (day.day, day.month, day.year)]
    assert typed("day", *boxes).data == day
    assert typed("part", *boxes).data == day.isoformat()


@pytest.mark.parametrize(
    ("boxes", "known"),
    [
        (("", "", "1987"), "1987"),
        (("", "3", "1987"), "1987-03"),
        (("", "", ""), None),
        (("9", "3", "1987"), "1987-03-09"),
    ],
)
def test_a_date_known_in_part(boxes: tuple[str, ...], known: str | None) -> None:
    field = typed("part", *boxes)
    assert field.data == known
    assert not field.errors


@pytest.mark.parametrize(
    "boxes", [("", "3", "1987"), ("31", "2", "2026"), ("1", "1", "1"), ("a", "b", "c"), ("", "", "x")]
)
def test_a_day_half_typed_or_unreal_is_an_error_and_never_nothing(boxes: tuple[str, ...]) -> None:
    field = typed("day", *boxes)
    assert field.errors
    assert field.data is None


@pytest.mark.parametrize("boxes", [("9", "", "1987"), ("", "3", ""), ("30", "2", "1987"), ("", "13", "1987")])
def test_a_part_that_fits_no_date_is_an_error(boxes: tuple[str, ...]) -> None:
    assert typed("part", *boxes).errors
