"""Dates typed in three boxes: day, month, year, in Latin, Arabic-Indic or Persian digits.

`<input type=date>` follows the browser's language and order instead of the page's and takes Latin digits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

FIRST_YEAR, LAST_YEAR = 1900, 2199  # the table of holidays ends in 2100, and is continued


def digits_of(value: dt.date | str | None) -> tuple[str, str, str]:
    """Day, month and year of a date or of "1987", "1987-03", "1987-03-12", as the three boxes show them."""
    if not value:
        return "", "", ""
    text = value if isinstance(value, str) else value.isoformat()
    parts = [part.lstrip("0") for part in text.split("-")]
    year, month, day = (*parts, "", "")[:3]
    return day, month, year


def _read(raw: Sequence[str]) -> tuple[int | None, int | None, int | None]:
    """Day, month, year as numbers; None for an empty box. Raises ValueError for no number."""
    boxes = [str(part).strip() for part in raw][:3]
    if len(boxes) == 1 and boxes[0].count("-") == 2:  # noqa: PLR2004 - a whole ISO date in one box
        boxes = boxes[0].split("-")[::-1]
    day, month, year = (int(part) if part else None for part in (*boxes, "", "", "")[:3])
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError
    return day, month, year


class BoxesField(Field):
    """A date in three boxes that share one name; drawn by the field macro."""

    def pre_validate(self, _form: BaseForm) -> None:
        """Keep a reading error: `Optional` looks at the first box and wipes it when that is empty."""
        if self.process_errors:
            raise StopValidation


class DayField(BoxesField):
    """A whole day; `data` is a `date` or None. A date half typed is an error, never silently nothing."""

    data: dt.date | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the three boxes. Raises ValueError with the sentence the person sees."""
        self.data = None
        try:
            day, month, year = _read(valuelist)
            whole = day is not None and month is not None and year is not None
            known = dt.date(year or FIRST_YEAR, month or 1, day or 1)
        except (ValueError, OverflowError):
            raise ValueError(_("Enter a real date, for example 27 3 2026")) from None
        if whole:
            self.data = known
        elif day or month or year:
            raise ValueError(_("Enter day, month and year"))


class PartialDayField(BoxesField):
    """A date known in part; `data` is "1987", "1987-03", "1987-03-12" or None, so it says how exact it is."""

    data: str | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the three boxes. Raises ValueError with the sentence the person sees."""
        self.data = None
        try:
            day, month, year = _read(valuelist)
            known = dt.date(year or FIRST_YEAR, month or 1, day or 1).isoformat()
        except (ValueError, OverflowError):
            raise ValueError(_("Enter a real date, for example 27 3 1987")) from None
        if (day or month) and (year is None or month is None):
            raise ValueError(_("Enter the year, the month and year, or the whole date"))
        if year is not None:
            self.data = known[: 4 if month is None else 7 if day is None else 10]
