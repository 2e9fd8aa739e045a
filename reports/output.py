"""A protected table as a workbook. Nothing but protected figures comes in, so nothing else can come out.

XlsxWriter in memory: no temporary file ever holds a figure, and the same table gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import xlsxwriter

# A fixed day instead of now; when the release was made stands in the ledger.
_CREATED: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter writes it as it is
_WIDTHS: Final = {"figures": (44, 14), "notes": (30, 90)}


@dataclass(frozen=True)
class Sheet:
    """Everything a reader sees, ready in one language. A figure is a number, a withheld one a text."""

    title: str
    figures_name: str
    notes_name: str
    columns: tuple[str, str]
    lines: Sequence[tuple[str, int | str]]
    total: tuple[str, int | str]
    notes: Sequence[tuple[str, str]]
    right_to_left: bool


def workbook(sheet: Sheet) -> bytes:
    """The file: one sheet of figures and one of notes; no formula, no hidden sheet, no link.

    Every text is written as text, whatever it begins with.
    """
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": sheet.title, "created": _CREATED})
        bold = book.add_format({"bold": True})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        strong = book.add_format({"bold": True, "valign": "top"})
        count = book.add_format({"num_format": "0"})
        sums = book.add_format({"num_format": "0", "bold": True, "top": 1})

        figures = book.add_worksheet(sheet.figures_name)
        notes = book.add_worksheet(sheet.notes_name)
        for page, widths in ((figures, _WIDTHS["figures"]), (notes, _WIDTHS["notes"])):
            for column, width in enumerate(widths):
                page.set_column(column, column, width)
            if sheet.right_to_left:
                page.right_to_left()
        figures.write_string(0, 0, sheet.title, bold)
        for column, text in enumerate(sheet.columns):
            figures.write_string(2, column, text, bold)
        for row, (label, value) in enumerate((*sheet.lines, sheet.total), start=3):
            last = row == len(sheet.lines) + 3
            figures.write_string(row, 0, label, bold if last else None)
            write = figures.write_number if isinstance(value, int) else figures.write_string
            write(row, 1, value, sums if last else count)
        figures.freeze_panes(3, 0)
        for row, (label, text) in enumerate(sheet.notes):
            notes.write_string(row, 0, label, strong)
            notes.write_string(row, 1, text, plain)
    return content.getvalue()
