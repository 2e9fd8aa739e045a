"""What an organisation tells the others of its cases: weekly counts of coded lines, and of nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from domain.recurrence.occurrences import Occurrence, PooledCount, Series, incidents, last_weeks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

WEEKS: Final = 52
"""As many as the chart shows."""


def pool(
    cases: Iterable[Occurrence], organisation: str, week: date, weeks: int = WEEKS
) -> tuple[PooledCount, ...]:
    """The counts of one organisation for the weeks up to and with `week`, in a fixed order, without zeros.

    Everybody counts once over all these weeks, in the first of them: whoever adds these counts up over a
    shorter window can't tell who comes twice, and so never counts too many.
    """
    told = set(last_weeks(week, weeks))
    by_series: dict[Series, list[Occurrence]] = defaultdict(list)
    for case in cases:
        if case.organisation == organisation and case.opened in told:
            for series in case.series:
                by_series[series].append(case)
    counts: list[PooledCount] = []
    for series, listed in sorted(by_series.items()):
        seen = incidents(listed)
        all_of_week = Counter(incident.week for incident in seen)
        urgent = Counter(incident.week for incident in seen if incident.urgent)
        counts.extend(
            PooledCount(organisation, series, thursday, number, urgent[thursday])
            for thursday, number in sorted(all_of_week.items())
        )
    return tuple(counts)
