"""Patterns in words and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.web.filters import date_long, number
from core.web.labels import issue_label, list_label, province_label
from domain.recurrence.decisions import News, Verdict
from domain.recurrence.occurrences import Axis, Series
from domain.recurrence.signals import Signal

STATES: Final[dict[str, Any]] = {
    "waiting": _l("Waits for an answer"),
    str(Verdict.ACCEPTED): _l("Accepted"),
    str(Verdict.WATCHED): _l("Watched"),
    str(Verdict.REJECTED): _l("Rejected"),
}

NEWS: Final[dict[News, Any]] = {
    News.FIRST: _l("New"),
    News.NOW_URGENT: _l("Urgent cases since the decision"),
    News.GROWN: _l("Grown since the decision"),
    News.NEW_WINDOW: _l("New cases meet the rule again"),
}

_WIDTH: Final = 100.0  # per cent


@dataclass(frozen=True)
class Bar:
    """A week of the chart: place, width and heights in per cent of the whole."""

    at: float
    width: float
    own: float
    others: float


def place(series: Series) -> str:
    """What the cases share besides the issue: a province or an authority."""
    if series.axis is Axis.PROVINCE:
        return province_label(series.code)
    return list_label("authority", series.code)


def title(series: Series) -> str:
    """The pattern in few words: "Deactivated kimlik, Gaziantep"."""
    return str(_("%(issue)s, %(place)s", issue=issue_label(series.issue), place=place(series)))


def sentence(signal: Signal) -> str:
    """Observed, expected where a model says so, and the window."""
    text = ngettext(
        "%(shown)s case between %(first)s and %(last)s.",
        "%(shown)s cases between %(first)s and %(last)s.",
        signal.observed,
        shown=number(signal.observed),
        first=date_long(signal.first),
        last=date_long(signal.last),
    )
    if signal.files > signal.observed:
        text += " " + _(
            "Files recorded: %(shown)s; those of one person, household or event are counted once.",
            shown=number(signal.files),
        )
    if signal.expected is not None:
        text += " " + _("%(shown)s were expected.", shown=number(round(signal.expected)))
    if signal.urgent:
        text += " " + ngettext(
            "%(shown)s of them was urgent the same day.",
            "%(shown)s of them were urgent the same day.",
            signal.urgent,
            shown=number(signal.urgent),
        )
    return str(text)


def seen_by(signal: Signal) -> str:
    """By how many organisations; one alone is marked."""
    if signal.from_one_organisation:
        return str(_("Seen by one organisation only: it may be its own way of recording."))
    count = len(signal.organisations)
    return str(
        ngettext(
            "Seen by %(shown)s organisation.", "Seen by %(shown)s organisations.", count, shown=number(count)
        )
    )


def bars(signal: Signal) -> list[Bar]:
    """The chart, from the side on which the page begins."""
    highest = max((week.cases for week in signal.weeks), default=0) or 1
    width = _WIDTH / max(len(signal.weeks), 1)
    return [
        Bar(
            round(index * width, 3),
            round(width * 0.7, 3),
            round(_WIDTH * week.own / highest, 2),
            round(_WIDTH * week.others / highest, 2),
        )
        for index, week in enumerate(signal.weeks)
    ]


def highest(signal: Signal) -> int:
    """The most cases in a week."""
    return max((week.cases for week in signal.weeks), default=0)
