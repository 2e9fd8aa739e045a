"""Working days, holidays and half days of Türkiye, as the engine asks for them.

Sources: Law 2429 art. 2 (holidays; eves from 13:00); administrative leave moves nothing (Yargıtay 8. CD
2021/9287 E.). A year that no administrator has confirmed is counted all the same, and said to be unconfirmed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.deadlines.steps import Refusal

DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class YearOfHolidays:
    """The codes of the holidays of one year by day: closed all day, and closed from 13:00."""

    full: dict[date, str]
    half: dict[date, str]


class Calendar:
    """The years of a table, without a gap. Every question about another year raises `Refusal`."""

    def __init__(
        self,
        years: Mapping[int, YearOfHolidays],
        confirmed: Collection[int] = (),
        closed_offices: Collection[date] = (),
    ) -> None:
        self._years: Final = years
        self._asked: Final[set[int]] = set()
        self.confirmed: Final = frozenset(confirmed)
        self.closed_offices: Final = frozenset(closed_offices)

    @property
    def years(self) -> range:
        """The years that the calendar knows."""
        return range(min(self._years), max(self._years) + 1)

    def for_one_answer(self) -> Calendar:
        """The same calendar, which remembers only the years that this answer depends on."""
        return Calendar(self._years, self.confirmed, self.closed_offices)

    @property
    def unconfirmed(self) -> list[int]:
        """The years that were asked about and that no administrator has confirmed."""
        return sorted(self._asked - self.confirmed)

    def require(self, day: date) -> date:
        """The day itself. Raises `Refusal` where the calendar does not reach."""
        self.holidays_of(day.year)
        return day

    def holidays_of(self, year: int) -> YearOfHolidays:
        """All holidays of a year. Raises `Refusal` where the calendar does not reach."""
        if year not in self._years:
            raise Refusal("out_of_calendar", first=self.years[0], last=self.years[-1])
        return self._years[year]

    def holiday(self, day: date) -> str | None:
        """The code of the holiday that closes the whole day."""
        self._asked.add(day.year)
        return self.holidays_of(day.year).full.get(day)

    def half_day(self, day: date) -> str | None:
        """The code of the holiday that begins at 13:00 on this day, if the morning is worked."""
        return self.holidays_of(day.year).half.get(day) if self.is_open(day) else None

    def is_open(self, day: date) -> bool:
        """Whether courts and offices work on this day, if only until 13:00."""
        return self.holiday(day) is None and day.weekday() < SATURDAY

    def next_open(self, day: date, *, eves_close: bool = False) -> date:
        """The day itself if it is a working day, else the next; with `eves_close` half days are none."""
        while not self.is_open(day) or (eves_close and self.half_day(day)):
            day += DAY
        return day

    def last_open_before(self, day: date) -> date:
        """The last working day before a day."""
        day -= DAY
        while not self.is_open(day):
            day -= DAY
        return day
