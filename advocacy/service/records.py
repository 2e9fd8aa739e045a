"""What patterns keep sealed, as plain values and back; KeyError, TypeError, ValueError for anything else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from domain.recurrence.decisions import Decision, Verdict
from domain.recurrence.occurrences import Occurrence, PooledCount, Series
from domain.recurrence.signals import Reason, Signal, WeekCount


def of_occurrence(case: Occurrence) -> dict[str, Any]:
    """A coded case."""
    return asdict(case) | {"opened": case.opened.isoformat()}


def occurrence(record: Mapping[str, Any]) -> Occurrence:
    """A coded case, back. Where it names no household or event its own number stands for it."""
    shared = {name: record[name] or record["case"] for name in ("household", "event")}
    return Occurrence(**{**record, **shared, "opened": dt.date.fromisoformat(record["opened"])})


def of_count(count: PooledCount) -> list[Any]:
    """A weekly count; whose it is stands beside the list."""
    return [count.series.id, count.week.isoformat(), count.cases, count.urgent]


def count(organisation: str, record: list[Any]) -> PooledCount:
    """A weekly count, back."""
    series, week, cases, urgent = record
    return PooledCount(organisation, Series.parse(series), dt.date.fromisoformat(week), cases, urgent)


def of_signal(signal: Signal) -> dict[str, Any]:
    """A proposed pattern."""
    return asdict(signal) | {
        "series": signal.series.id,
        "first": signal.first.isoformat(),
        "last": signal.last.isoformat(),
        "weeks": [[week.week.isoformat(), week.own, week.others] for week in signal.weeks],
    }


def signal(record: Mapping[str, Any]) -> Signal:
    """A proposed pattern, back."""
    return Signal(
        **{
            **record,
            "series": Series.parse(record["series"]),
            "first": dt.date.fromisoformat(record["first"]),
            "last": dt.date.fromisoformat(record["last"]),
            "reasons": tuple(Reason(reason) for reason in record["reasons"]),
            "organisations": tuple(record["organisations"]),
            "weeks": tuple(
                WeekCount(dt.date.fromisoformat(week), own, others) for week, own, others in record["weeks"]
            ),
        }
    )


def of_decision(verdict: Verdict, judged: Signal, reason: str) -> dict[str, Any]:
    """What was decided, on which figures, and why."""
    return {"verdict": verdict, "signal": of_signal(judged), "reason": reason}


def decision(record: Mapping[str, Any]) -> Decision:
    """What was decided, back."""
    return Decision.on(signal(record["signal"]), Verdict(record["verdict"]))
