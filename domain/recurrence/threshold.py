"""The rule for young data, before there are weeks enough for a model (docs/patterns.md).

Five cases of the same issue in the same province, or at the same authority, within 90 days, or three of them
urgent (U0). Cases are known by week, so 90 days are the thirteen weeks that hold them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from domain.recurrence.occurrences import Occurrence, PooledCount, Series, incidents, last_weeks
from domain.recurrence.signals import Reason, Signal, WeekCount
from domain.statistics_facts import thursday_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

_TO_MONDAY: Final = timedelta(days=3)
_TO_SUNDAY: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ThresholdRule:
    """A `Detector` that compares counts with fixed numbers and expects nothing.

    `window` is in weeks; the chart shows `windows` of them. In each of these everybody counts once, so that
    the bars of the last one add up to what was observed.
    """

    cases: int = 5
    urgent: int = 3
    window: int = 13
    windows: int = 4

    @property
    def method(self) -> str:
        """Such as `threshold-1 5/3/13`: the version, cases, urgent cases, weeks."""
        return f"threshold-1 {self.cases}/{self.urgent}/{self.window}"

    def scan(
        self, cases: Iterable[Occurrence], pooled: Iterable[PooledCount], week: date
    ) -> tuple[Signal, ...]:
        """See `Detector`. Most urgent cases come first, then most cases."""
        if thursday_of(week) != week:
            message = "a scan ends with a week, named by its Thursday"
            raise ValueError(message)
        weeks = last_weeks(week, self.window * self.windows)
        own, mine = _own_by_series(cases, weeks)
        told = _pooled_by_series(pooled, weeks, mine)
        found = (
            self._signal(series, own.get(series, ()), told.get(series, ()), weeks)
            for series in own.keys() | told.keys()
        )
        return tuple(
            sorted(
                (signal for signal in found if signal is not None),
                key=lambda signal: (-signal.urgent, -signal.observed, signal.series),
            )
        )

    def _signal(
        self, series: Series, own: Sequence[Occurrence], told: Sequence[PooledCount], weeks: tuple[date, ...]
    ) -> Signal | None:
        first = weeks[-self.window]
        recent = [case for case in own if case.opened >= first]
        recently = [count for count in told if count.week >= first]
        if len(recent) + sum(count.cases for count in recently) < min(self.cases, self.urgent):
            return None  # counting everybody once only makes it less
        seen = incidents(recent)
        observed = len(seen) + sum(count.cases for count in recently)
        urgent = sum(incident.urgent for incident in seen) + sum(count.urgent for count in recently)
        met = {Reason.CASES: observed >= self.cases, Reason.URGENT: urgent >= self.urgent}
        if not any(met.values()):
            return None
        organisations = {name for incident in seen for name in incident.organisations}
        organisations |= {count.organisation for count in recently if count.cases}
        return Signal(
            series=series,
            first=first - _TO_MONDAY,
            last=weeks[-1] + _TO_SUNDAY,
            observed=observed,
            urgent=urgent,
            reasons=tuple(reason for reason, holds in met.items() if holds),
            organisations=tuple(sorted(organisations)),
            weeks=self._chart(own, told, weeks),
            method=self.method,
            files=len(recent) + sum(count.cases for count in recently),
        )

    def _chart(
        self, own: Sequence[Occurrence], told: Sequence[PooledCount], weeks: tuple[date, ...]
    ) -> tuple[WeekCount, ...]:
        others: Counter[date] = Counter()
        for count in told:
            others[count.week] += count.cases
        mine: Counter[date] = Counter()
        for start in range(0, len(weeks), self.window):
            first, last = weeks[start], weeks[start + self.window - 1]
            mine.update(item.week for item in incidents(case for case in own if first <= case.opened <= last))
        return tuple(WeekCount(week, mine[week], others[week]) for week in weeks)


def _own_by_series(
    cases: Iterable[Occurrence], weeks: tuple[date, ...]
) -> tuple[dict[Series, list[Occurrence]], set[str]]:
    """Cases of these weeks by line, and every organisation whose cases were given."""
    found: dict[Series, list[Occurrence]] = defaultdict(list)
    organisations = set()
    for case in cases:
        organisations.add(case.organisation)
        if weeks[0] <= case.opened <= weeks[-1]:
            for series in case.series:
                found[series].append(case)
    return dict(found), organisations


def _pooled_by_series(
    pooled: Iterable[PooledCount], weeks: tuple[date, ...], mine: set[str]
) -> dict[Series, list[PooledCount]]:
    found: dict[Series, list[PooledCount]] = defaultdict(list)
    known = set()
    for count in pooled:
        key = (count.organisation, count.series, count.week)
        if key in known:
            message = f"two counts of one organisation for {count.series.id} in one week"
            raise ValueError(message)
        known.add(key)
        if count.organisation not in mine and weeks[0] <= count.week <= weeks[-1]:
            found[count.series].append(count)
    return dict(found)
