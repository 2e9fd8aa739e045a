"""What is wrong with a cell, and how to mend it, in words."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.importing import FIELDS
from cases.service.importing.reading import Work
from domain.imports.faults import Fault, Problem

WHY: Final[dict[Fault, Any]] = {
    Fault.NO_NAME: _l("There is no name. Write at least one."),
    Fault.TOO_LONG: _l("This is too long. Shorten it."),
    Fault.BROKEN: _l("The sheet itself shows an error here. Mend the formula, or type the value."),
    Fault.ROUNDED: _l(
        "Excel has rounded this number. Format the column as text, and type the number again from the paper."
    ),
    Fault.NOT_A_DAY: _l("This is no date. Write it as 27.3.1987 or 1987-03-27."),
    Fault.EITHER_DAY: _l(
        "This may be two different days. Write it with points, day first, or say with the columns which "
        "comes first."
    ),
    Fault.SHORT_YEAR: _l("Write the year with four digits."),
    Fault.FUTURE: _l("This day has not come yet."),
    Fault.NOT_LIVING: _l("Nobody living was born then. Look at the year."),
    Fault.UNKNOWN: _l(
        "We do not know this word. Write it as it stands in our lists, or leave the cell empty."
    ),
    Fault.GROUP: _l("This is a group of subjects. Choose one of them."),
}


class Faulty(NamedTuple):
    """A cell that can't be read."""

    number: int
    column: str  # as the sheet calls it: A, B, … and its heading
    heading: str
    field: str
    given: str
    why: str


def faulty(work: Work, number: int) -> list[Faulty]:
    """Everything that is wrong with a row."""
    _none, problems = work.read(number)
    return [_in_words(work, number, one) for one in problems]


def _in_words(work: Work, number: int, one: Problem) -> Faulty:
    above = work.headings
    heading = above[one.column] if one.column is not None and one.column < len(above) else ""
    letters = letters_of(one.column) if one.column is not None else ""
    return Faulty(number, letters, heading, str(FIELDS[one.field]), one.given, str(WHY[one.fault]))


def letters_of(column: int) -> str:
    """A column as sheets call it: A to Z, then AA."""
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def states() -> dict[str, str]:
    """How a sheet stands."""
    return {
        "mapping": _("Columns not chosen yet"),
        "checking": _("Being checked"),
        "checked": _("Checked, nothing brought in yet"),
        "running": _("Being brought in"),
        "asking": _("Waits for answers"),
        "done": _("Done"),
        "undoing": _("Being taken back"),
        "undone": _("Taken back"),
    }
