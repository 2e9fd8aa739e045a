"""What the package `holidays` says of a year, for an administrator who confirms it."""

from __future__ import annotations

from datetime import date

from domain.deadlines.calendar_days import Calendar


def package_days(year: int) -> dict[date, str]:
    """The days of a year that are holidays, all day or from 13:00, and what the package calls them."""
    # A second and all countries of the world, which only those pay who compare.
    from holidays.countries.turkey import Turkey  # noqa: PLC0415 - see above

    days: dict[date, str] = {}
    for category in ("half_day", "public"):
        # Without a language the names would follow the locale of the machine.
        days |= dict(Turkey(years=year, expand=False, categories=(category,), language="tr"))
    return days


def differences(calendar: Calendar, year: int) -> dict[date, str]:
    """The days of a year on which table and package differ: the package's name, empty where it has none.

    Raises `Refusal` where the calendar does not reach.
    """
    ours, theirs = calendar.holidays_of(year), package_days(year)
    differ = set(theirs) ^ (set(ours.full) | set(ours.half))
    return {day: theirs.get(day, "") for day in sorted(differ)}
