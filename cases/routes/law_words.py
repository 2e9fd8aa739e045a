"""A row of the tables of law in the reader's words."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from cases.forms.law import DAYS, RECESS_OF_COURT, RECESSES, ROLLS
from cases.service.law import law_of
from cases.service.law_reading import Card
from core.access.guard import actor
from core.reference import law_words
from core.web.filters import date_long
from core.web.labels import rule_label
from core.web.locale import current_language
from domain.deadlines.steps import Period, Unit
from domain.tables import Row


def told(table: str, cells: Row) -> dict[str, str]:
    """Label -> words, in order; what a row does not say is left out."""
    if not cells:
        return {}
    if table == "rules":
        words = {
            _("Length"): length(cells),
            _("In force from"): _day(cells["valid_from"]),
            _("In force until"): _day(cells["valid_to"]),
            _("When the last day is a holiday or a weekend"): str(ROLLS.get(cells["roll"], "")),
            _("Judicial recess"): str(RECESSES.get(cells["recess"], "")),
            _("Legal basis"): cells["basis"],
        }
    elif table == "courts":
        words = {_("Judicial recess"): str(RECESS_OF_COURT[cells["has_recess"]])}
    elif table == "feasts":
        words = {
            _("First day of the Feast of Ramadan"): _days(cells["ramadan"]),
            _("First day of the Feast of the Sacrifice"): _days(cells["sacrifice"]),
        }
    else:
        words = {_("What is it?"): str(DAYS[cells.get("kind", "leave")])}
    words[_("Source")] = cells["source"]
    return {label: said for label, said in words.items() if said}


def length(cells: Row) -> str:
    """How long a version is; empty for what has no length."""
    unit, language = Unit(cells["unit"]), current_language()
    if cells["n"] == "0":
        return ""
    return law_words().shown(Period(int(cells["n"]), Unit.DAY if unit is Unit.STOP else unit), language)


def holiday(code: str) -> str:
    """The name of a holiday."""
    return law_words().name("holiday", code, current_language())


def subject(card: Card) -> str:
    """What a change is about."""
    row = card.row
    if row.table == "rules":
        return rule_label(row.cells["code"])
    if row.table == "courts":
        return law_of(actor().organisation_id).courts.name(row.cells["code"], current_language())
    if row.table == "feasts":
        return str(_("The holidays of %(year)s", year=_year(row.key)))
    return date_long(dt.date.fromisoformat(row.key))


def compared(card: Card) -> list[tuple[str, str, str]]:
    """Label, words that stand now, words that are proposed; what stays the same stands in both."""
    before, after = told(card.row.table, card.before), told(card.row.table, card.row.cells)
    return [(label, before.get(label, ""), after.get(label, "")) for label in {**before, **after}]


def _year(text: str) -> str:
    return law_words().shown(int(text), current_language())


def _day(text: str) -> str:
    return date_long(dt.date.fromisoformat(text)) if text else ""


def _days(text: str) -> str:
    return str(_(", ")).join(map(_day, text.split()))
