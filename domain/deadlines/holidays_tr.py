"""The holidays of Türkiye by Law 2429 art. 2, from our own tables (`config/law/deadlines`).

The law fixes the civil holidays; the two feasts move, and an administrator confirms their first days year by
year. `holidays_package` compares all of it with the package `holidays`, from which the table was filled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from domain.deadlines.calendar_days import Calendar, YearOfHolidays
from domain.tables import Row, TableError

FEASTS: Final = ("ramadan", "sacrifice")
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "holidays": ("code", "begins", "days", "eve"),
    "feasts": ("year", "source"),
    "holiday_changes": ("day", "kind", "holiday", "source"),
    "closed_offices": ("day", "source"),
}
"""The tables of the calendar and what no row of each may leave empty."""
_FEAST: Final = "feast"
_NEVER: Final = "-"
_KINDS: Final = ("full", "half", "none")


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday of the law: `begins` is month and day, `feast`, or `-` for one that only changes name."""

    code: str
    begins: str
    days: int
    eve: bool
    from_year: int


@dataclass(frozen=True, slots=True)
class Feasts:
    """The first days of the feasts that begin in one year, and whether an administrator confirmed them."""

    first_days: dict[str, tuple[date, ...]]
    confirmed: bool


def calendar_of(folder: Path, tables: Mapping[str, Sequence[Row]]) -> Calendar:
    """The calendar from the rows of COLUMNS' tables. Raises `TableError` naming the bad line."""
    holidays = _holidays(folder / "holidays.tsv", tables["holidays"])
    feasts = _feasts(folder / "feasts.tsv", tables["feasts"])
    years = {year: YearOfHolidays({}, {}) for year in feasts}
    for holiday in holidays.values():
        for first in _first_days(holiday, feasts):
            _mark(years, holiday, first)
    _change(folder / "holiday_changes.tsv", tables["holiday_changes"], holidays, years)
    closed, rows = folder / "closed_offices.tsv", enumerate(tables["closed_offices"], start=2)
    leave = [_day(closed, number, row["day"]) for number, row in rows]
    return Calendar(years, [year for year, feast in feasts.items() if feast.confirmed], leave)


def _holidays(path: Path, rows: Sequence[Row]) -> dict[str, Holiday]:
    holidays: dict[str, Holiday] = {}
    for number, row in enumerate(rows, start=2):
        if row["begins"] not in {_FEAST, _NEVER}:
            _day(path, number, f"2000-{row['begins']}")
        if row["begins"] == _FEAST and row["code"] not in FEASTS:
            raise TableError(path, number, f"{row['code']} is no feast")
        holidays[row["code"]] = Holiday(
            row["code"],
            row["begins"],
            _number(path, number, row["days"]),
            row["eve"] == "yes",
            _number(path, number, row["from_year"] or "0"),
        )
    return holidays


def _feasts(path: Path, rows: Sequence[Row]) -> dict[int, Feasts]:
    """The years of the table, which follow each other without a gap."""
    feasts: dict[int, Feasts] = {}
    for number, row in enumerate(rows, start=2):
        year = _number(path, number, row["year"])
        if feasts and year != max(feasts) + 1:
            raise TableError(path, number, f"{year} does not follow {max(feasts)}")
        first_days = {name: _days_of(path, number, row, name, year) for name in FEASTS}
        signed = bool(row["confirmed_by"] and _day(path, number, row["confirmed_on"]))
        feasts[year] = Feasts(first_days, signed)
    return feasts


def _days_of(path: Path, number: int, row: Row, name: str, year: int) -> tuple[date, ...]:
    days = tuple(_day(path, number, text) for text in row[name].split())
    if any(day.year != year for day in days):
        raise TableError(path, number, f"{name} does not begin in {year}")
    return days


def _first_days(holiday: Holiday, feasts: dict[int, Feasts]) -> list[date]:
    if holiday.begins == _FEAST:
        return [day for feast in feasts.values() for day in feast.first_days[holiday.code]]
    if holiday.begins == _NEVER:
        return []
    return [date.fromisoformat(f"{year}-{holiday.begins}") for year in feasts if year >= holiday.from_year]


def _mark(years: dict[int, YearOfHolidays], holiday: Holiday, first: date) -> None:
    """Enter the days, also those that reach into a neighbouring year of the table."""
    days = [first + timedelta(days=number) for number in range(holiday.days)]
    for day in days:
        if day.year in years:
            years[day.year].full.setdefault(day, holiday.code)
    eve = first - timedelta(days=1)
    if holiday.eve and eve.year in years:
        years[eve.year].half.setdefault(eve, holiday.code)


def _change(
    path: Path, rows: Sequence[Row], holidays: dict[str, Holiday], years: dict[int, YearOfHolidays]
) -> None:
    for number, row in enumerate(rows, start=2):
        day = _day(path, number, row["day"])
        if row["kind"] not in _KINDS or row["holiday"] not in holidays or day.year not in years:
            raise TableError(path, number, "no such kind, holiday or year")
        year = years[day.year]
        year.full.pop(day, None)
        year.half.pop(day, None)
        if row["kind"] != "none":
            (year.full if row["kind"] == "full" else year.half)[day] = row["holiday"]


def _day(path: Path, number: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TableError(path, number, f"{text!r} is no date") from None


def _number(path: Path, number: int, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise TableError(path, number, f"{text!r} is no number")
    return int(text)
