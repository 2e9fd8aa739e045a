"""Statistics in words and pictures, for the pages and the workbook: only from protected tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from babel.dates import format_date
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.web.filters import ARABIC_INDIC
from core.web.labels import issue_label, list_label, province_label
from core.web.locale import NAMES, current_language, current_locale, direction
from domain.disclosure import Explanation, ProtectedTable
from domain.quarters import Quarter
from domain.tables import UNKNOWN
from reports.output import Sheet
from reports.service.releases import Stamp


def _(text: str, **values: str) -> str:
    """The sentence in the language of the page."""
    return str(gettext(text, **values))


TABLE_NAMES: Final[dict[str, Any]] = {
    "issue_group": _l("Issue group"),
    "province": _l("Province"),
    "sex": _l("Sex"),
    "age_band": _l("Age"),
}

FORMAT_NAMES: Final[dict[str, Any]] = {"xlsx": _l("Excel workbook"), "csv": _l("CSV for machines")}

_ROW_HEIGHT: Final = 44  # pixels: a line of text and a bar


@dataclass(frozen=True)
class Line:
    """A row of the table and its bar; `share` is the length in percent of the longest bar."""

    label: str
    value: int
    share: float
    merged: bool


def table_title(table: str) -> str:
    """What the table counts."""
    return {
        "issue_group": _("Cases by issue group"),
        "province": _("Cases by province"),
        "sex": _("Cases by sex"),
        "age_band": _("Cases by age"),
    }[table]


def quarter_label(code: str) -> str:
    """A quarter by its months: "July to September 2026"."""
    quarter = Quarter.parse(code)
    first, last = (
        format_date(dt.date(quarter.year, month, 1), "LLLL", locale=current_locale())
        for month in (3 * quarter.number - 2, 3 * quarter.number)
    )
    year = str(quarter.year)
    if current_language() == "ar":
        year = year.translate(ARABIC_INDIC)
    return _("%(first)s to %(last)s %(year)s", first=first, last=last, year=year)


def heading(table: str, quarter: str) -> str:
    """What a table counts and when: "Cases by sex, July to September 2026"."""
    return _(", ").join((table_title(table), quarter_label(quarter)))


def code_label(table: str, code: str) -> str:
    """The name of a row."""
    if code == UNKNOWN:
        return _("Not known")
    if table == "issue_group":
        return f"{code} · {issue_label(code)}"
    return province_label(code) if table == "province" else list_label(table, code)


def other_label() -> str:
    """The name of the merged row."""
    return _("Other, counted together")


def lines(table: ProtectedTable) -> list[Line]:
    """The rows in the order of publication, the merged one last."""
    named = [(code_label(table.dimension, row.code), row.value, False) for row in table.rows]
    if table.other is not None:
        named.append((other_label(), table.other.value, True))
    longest = max((value for _label, value, _merged in named), default=1)
    return [Line(label, value, round(100 * value / longest, 2), merged) for label, value, merged in named]


def chart_height(rows: list[Line]) -> int:
    """Height of the chart in pixels."""
    return _ROW_HEIGHT * len(rows)


def explanation(table: ProtectedTable) -> str:
    """What is merged or withheld, and why, in one sentence or two."""
    said = set(table.explanations)
    if Explanation.TOO_FEW in said:
        return _("Fewer than 5 people came in this quarter. No figure is shown: it could point at somebody.")
    if Explanation.ONLY_TOTAL in said:
        return _(
            "Only the total is shown, because any division of it would let somebody work out a small figure."
        )
    if Explanation.SMALL_ROWS_MERGED in said:
        return _(
            "Rows with fewer than 5 people are counted together as “Other”, with a larger row where needed, "
            "so that nobody can be recognised and no small figure can be worked out."
        )
    return _("Nothing is merged: every row shown has at least 5 people, and rows not shown are empty.")


def beside(table: ProtectedTable) -> list[tuple[str, int | str]]:
    """The numbers that stand beside the table and belong to no row."""
    few = _("Fewer than 5, or none")
    return [
        (_("Recorded too late for their own quarter"), few if table.late is None else table.late),
        (
            _("Refused statistics, in no row and not in the total"),
            few if table.refused is None else table.refused,
        ),
    ]


def guarantee(table: ProtectedTable) -> str:
    """What the protection promises, and what it doesn't."""
    if table.other is None and table.total is not None and table.rows:
        return _("No row rests on fewer than 5 people.")
    return _(
        "For every row that is not shown there are two complete sets of counts that agree with everything "
        "published and differ in that row by at least 4. "
        "This does not cover what somebody knows from elsewhere."
    )


def sheet(table: ProtectedTable, stamp: Stamp) -> Sheet:
    """The workbook's text in the language of the page."""
    period = quarter_label(str(table.quarter))
    title = heading(table.dimension, str(table.quarter))
    withheld = _("Not shown")
    return Sheet(
        title=title,
        figures_name=_("Figures"),
        notes_name=_("Notes"),
        columns=(str(TABLE_NAMES[table.dimension]), _("Cases")),
        lines=[(line.label, line.value) for line in lines(table)],
        total=(_("Total"), withheld if table.total is None else table.total),
        notes=[
            (_("Table"), title),
            (_("Source"), _("Cases seen by the organisation, not a prevalence estimate.")),
            (_("Organisation"), stamp.organisation),
            (
                _("Period"),
                _("Weeks whose Thursday lies in %(quarter)s.", quarter=period),
            ),
            (_("Rule"), explanation(table)),
            (_("Guarantee"), guarantee(table)),
            *((label, str(value)) for label, value in beside(table)),
            (_("Release"), str(stamp.release_id)),
            (_("Seal"), stamp.seal),
        ],
        right_to_left=direction(current_language()) == "rtl",
    )


def beside_marked(table: ProtectedTable, mark: Callable[[int], object]) -> list[tuple[str, object]]:
    """`beside` for a page, where `mark` sets off figures from the text around them."""
    return [(label, mark(value) if isinstance(value, int) else value) for label, value in beside(table)]


def language_name(code: str) -> str:
    """The language of a release in its own words; nothing for codes only."""
    return NAMES.get(code, "")


def in_groups(text: str) -> str:
    """A long fingerprint in groups of eight that the eye can follow and a narrow screen can break."""
    return " ".join(text[at : at + 8] for at in range(0, len(text), 8))
