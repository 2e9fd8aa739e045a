"""A row of the tables of law in the reader's words."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from markupsafe import Markup

from cases.forms.law import DAYS, FILED, RECESS_OF_COURT, RECESSES, ROLLS, STARTS
from cases.service.law_reading import Card
from core.reference import law_words
from core.web.filters import date_long
from core.web.labels import rule_label
from core.web.locale import current_language
from domain.deadlines.steps import Period, Unit
from domain.deadlines.words import names_itself
from domain.tables import Row, label_of


def told(table: str, cells: Row) -> dict[str, str]:
    """Label -> words, in order; what a row does not say is left out."""
    if not cells:
        return {}
    if table == "rules":
        words = _names(cells) | {
            _("From what is it counted?"): str(STARTS.get(cells["starts"], "")),
            _("Length"): length(cells),
            _("In force from"): _day(cells["valid_from"]),
            _("In force until"): _day(cells["valid_to"]),
            _("When the last day is a holiday or a weekend"): str(ROLLS.get(cells["roll"], "")),
            _("Judicial recess"): str(RECESSES.get(cells["recess"], "")),
            _("Legal basis"): _as_written(cells["basis"]),
        }
    elif table == "courts":
        words = {
            _("Name in Arabic"): _as_written(cells["ar"]),
            _("Name in Turkish"): _as_written(cells["tr"]),
            _("Name in English"): _as_written(cells["en"]),
            _("Judicial recess"): str(RECESS_OF_COURT[cells["has_recess"]]),
        }
    elif table == "feasts":
        words = {
            _("First day of the Feast of Ramadan"): _days(cells["ramadan"]),
            _("First day of the Feast of the Sacrifice"): _days(cells["sacrifice"]),
        }
    else:
        words = {_("What is it?"): str(DAYS[cells.get("kind", "leave")])}
    words[_("Source")] = _as_written(cells["source"])
    return {label: said for label, said in words.items() if said}


def _as_written(text: str) -> str:
    """What stands in a row in one language for everybody, in its own direction."""
    return Markup("<bdi>{}</bdi>").format(text) if text else ""  # format() escapes it


def _names(cells: Row) -> dict[str, str]:
    """What a rule is called that no file names: whoever signs it signs its words too."""
    if not names_itself(cells):
        return {}
    return {
        _("What happened, in Arabic"): _as_written(cells["trigger_ar"]),
        _("What happened, in Turkish"): _as_written(cells["trigger_tr"]),
        _("What happened, in English"): _as_written(cells["trigger_en"]),
        _("Before whom it is met, in Arabic"): _as_written(cells["forum_ar"]),
        _("Before whom it is met, in Turkish"): _as_written(cells["forum_tr"]),
        _("Before whom it is met, in English"): _as_written(cells["forum_en"]),
        _("Is that a Turkish court?"): str(FILED[cells["filing"]]),
    }


def length(cells: Row) -> str:
    """How long a version is; empty for what has no length."""
    unit, language = Unit(cells["unit"]), current_language()
    if unit is Unit.SAME_DAY:
        return str(_("On the same day"))
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
        if names_itself(row.cells):
            return label_of(row.cells, "trigger_").of(current_language())
        return rule_label(row.cells["code"])
    if row.table == "courts":
        return label_of(row.cells).of(current_language())
    if row.table == "feasts":
        return str(_("The holidays of %(year)s", year=year(row.key)))
    return date_long(dt.date.fromisoformat(row.key))


def compared(card: Card) -> list[tuple[str, str, str]]:
    """Label, words that stand now, words that are proposed; what stays the same stands in both."""
    before, after = told(card.row.table, card.before), told(card.row.table, card.row.cells)
    return [(label, before.get(label, ""), after.get(label, "")) for label in {**before, **after}]


def year(number: str | int) -> str:
    """A year in the digits of the reader."""
    return law_words().shown(int(number), current_language())


def _day(text: str) -> str:
    return date_long(dt.date.fromisoformat(text)) if text else ""


def _days(text: str) -> str:
    return str(_(", ")).join(map(_day, text.split()))
