"""Cells as a sheet holds them: text, numbers, days; days in every way in which offices write them.

Excel counts days from 30 December 1899 (ECMA-376 part 1, 18.17.4.1, with the leap year of 1900 that was
none). A column that was never formatted as dates shows these numbers, so they are read as days.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, TypeAlias

from domain.identity import BirthDate, BirthDateError
from domain.imports.faults import Fault, Unreadable
from domain.text import clean_text, fold_digits

Cell: TypeAlias = str | int | float | date | None

_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(1_000, 80_000)  # of days from 1902 to 2119
_YEARS: Final = range(1_900, 2_100)
_MONTHS: Final = 12
_EXACT: Final = 10**15  # from here on a sheet keeps fifteen digits of a number and makes the rest zero
_BROKEN: Final = re.compile(r"#(?:REF!|VALUE!|N/A|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_SHORT: Final = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,5}(?:\.0)?", re.ASCII)
_TIME: Final = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_LIMIT: Final = 100_000  # of a cell before anything looks at it; a sheet holds 32,767


def text_of(cell: Cell, *, lines: bool = False) -> str:
    """A cell as text: cleaned, whole numbers without a point, days in ISO 8601.

    Raises `Unreadable` for an error that the sheet shows, or a number that it has rounded.
    """
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, int | float):
        if not abs(cell) < _EXACT:  # neither is what is no number at all
            raise Unreadable(Fault.ROUNDED)
        return str(int(cell)) if cell == int(cell) else str(cell)
    text = clean_text(cell[:_LIMIT], _LIMIT, lines=lines)
    if _BROKEN.fullmatch(text):
        raise Unreadable(Fault.BROKEN)
    return text


def day_of(cell: Cell, today: date, *, day_first: bool | None = None) -> date | None:
    """A day that is not in the future; None for an empty cell.

    `03.04.2021` is the third of April, as everywhere in Türkiye and Syria. With slashes it may be either:
    `day_first` says which, and where nobody said it only a number above 12 decides. Raises `Unreadable`.
    """
    text = _bare(cell)
    if not text:
        return None
    if _NUMBER.fullmatch(text) and int(float(text)) in _SERIALS and int(float(text)) not in _YEARS:
        return _past(_EPOCH + timedelta(days=int(float(text))), today)
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] == "/":
            day, month = _ordered(day, month, day_first=day_first)
    else:
        raise Unreadable(Fault.SHORT_YEAR if _SHORT.fullmatch(text) else Fault.NOT_A_DAY)
    try:
        found_day = date(year, month, day)
    except ValueError:
        raise Unreadable(Fault.NOT_A_DAY) from None
    return _past(found_day, today)


def birth_of(cell: Cell, today: date, *, day_first: bool | None = None) -> str:
    """A birth date as far as it is known: "", a year, a year and month, or a day, in ISO 8601.

    Raises `Unreadable` as `day_of` does, and where nobody living can have been born then.
    """
    text = _bare(cell)
    if _NUMBER.fullmatch(text) and int(float(text)) in _YEARS:
        text = str(int(float(text)))
    elif not re.fullmatch(r"\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4}|", text, re.ASCII):
        text = str(day_of(text, today, day_first=day_first))
    try:
        return str(BirthDate.parse(text, today))
    except BirthDateError:
        raise Unreadable(Fault.NOT_LIVING) from None


def _bare(cell: Cell) -> str:
    """The text of a day without blanks, and without midnight or another hour behind it."""
    return re.sub(r"\s", "", _TIME.sub("", fold_digits(text_of(cell))))


def _ordered(first: int, second: int, *, day_first: bool | None) -> tuple[int, int]:
    """Day and month of two numbers between slashes."""
    if day_first is None:
        if first <= _MONTHS and second <= _MONTHS and first != second:
            raise Unreadable(Fault.EITHER_DAY)
        day_first = second <= _MONTHS
    return (first, second) if day_first else (second, first)


def _past(day: date, today: date) -> date:
    if day > today:
        raise Unreadable(Fault.FUTURE)
    return day
