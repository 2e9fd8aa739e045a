"""A document to edit, as DOCX: the parts that `templates/documents/_parts.html` has for print.

It names no author, program or machine, and the same calls give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _

from core.documents import ooxml
from core.documents.direction import Direction, first_strong, of_language
from core.documents.imprint import Imprint
from core.documents.runs import Piece, Text, code, cut, name

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

__all__ = ["Piece", "Text", "Writer", "code", "name"]

# Latin letters in an Arabic document are Turkish terms and names; Arabic ones anywhere are Syrian.
_LANGUAGES: Final = {"ar": ("tr-TR", "ar-SY"), "tr": ("tr-TR", "ar-SY"), "en": ("en-GB", "ar-SY")}
_ARABIC_INDIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# What stands in the file's properties when the document has no day of its own.
_NO_DAY: Final = dt.date(2000, 1, 1)
_WIDTH: Final = 9638  # of the text, in twentieths of a point
_LABEL_SHARE: Final = 0.34
_BULLETS, _NUMBERS = 1, 2


class Writer:
    """Writes one document from top to bottom.

    Texts are strings, or lists of strings, `Piece(…, bold=True)`, `code(…)` and `name(…)`. Labels come from
    the catalogue of the language that is current, so open one with `core.web.documents.as_docx`.
    """

    def __init__(self, imprint: Imprint, day: str = "") -> None:
        """day: the imprint's day as the reader reads it."""
        import docx  # noqa: PLC0415 - only who writes a document pays for loading it

        self._imprint = imprint
        self._new_page = False
        self._base: Direction = of_language(imprint.language)
        self._document = docx.Document(ooxml.skeleton())
        self._properties()
        section = self._document.sections[0]
        if self._base == "rtl":
            ooxml.put(self._document.element.body.sectPr, "bidi")
        self._head(section.header.paragraphs[0])
        self._foot(section.footer.paragraphs[0])
        self._opening(day)

    def heading(self, text: Text, level: int = 1) -> None:
        """A section's title (level 1) or one below it (level 2)."""
        self._paragraph(text, f"Heading {level}")

    def paragraph(self, text: Text) -> None:
        """A paragraph in the document's direction."""
        self._paragraph(text)

    def typed(self, words: str) -> None:
        """What somebody typed: each paragraph in its own direction."""
        for line in words.splitlines():
            if line.strip():
                self._paragraph(line, direction=first_strong(line, self._base))

    def note(self, text: Text) -> None:
        """A remark set apart from the text."""
        self._fill(self._box("Aside").paragraphs[0], text, self._base)

    def summary(self, title: str, lines: Sequence[Text]) -> None:
        """The box at the top."""
        cell = self._box("Box")
        self._fill(cell.paragraphs[0], Piece(title, bold=True), self._base)
        for line in lines:
            listed = cell.add_paragraph(style="List")
            self._fill(listed, line, self._base)
            self._in_list(listed, _BULLETS)

    def bullets(self, lines: Sequence[Text]) -> None:
        """A list without order."""
        for line in lines:
            self._in_list(self._paragraph(line, "List"), _BULLETS)

    def numbers(self, lines: Sequence[Text]) -> None:
        """A list in order, beginning with 1."""
        numbering = self._document.part.numbering_part.element
        made = numbering.add_num(_NUMBERS)
        made.add_lvlOverride(0).add_startOverride(1)
        for line in lines:
            self._in_list(self._paragraph(line, "List"), made.numId)

    def table(
        self,
        caption: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Text]],
        numeric: Collection[int] = (),
    ) -> None:
        """A table whose head repeats on each page. numeric: which columns (from 0) hold figures."""
        self._paragraph(caption, "caption")
        widths = [_WIDTH // len(columns)] * len(columns)
        table = self._table([columns, *rows], widths, "Lines", numeric)
        ooxml.put(ooxml.of(table.rows[0]), "tblHeader")

    def fields(self, pairs: Sequence[tuple[str, Text]]) -> None:
        """The lines of a form: label and value; an empty value leaves room."""
        first = int(_WIDTH * _LABEL_SHARE)
        lines = [[Piece(label, bold=True), value] for label, value in pairs]
        self._table(lines, [first, _WIDTH - first], "Form")

    def new_page(self) -> None:
        """What follows begins on a page of its own."""
        self._new_page = True

    def content(self) -> bytes:
        """The file."""
        made = io.BytesIO()
        self._document.save(made)
        return ooxml.repacked(made.getvalue())

    def _properties(self) -> None:
        day = dt.datetime.combine(self._imprint.day or _NO_DAY, dt.time())
        core = self._document.core_properties
        core.title = self._imprint.title
        core.language = self._imprint.language
        core.author = core.last_modified_by = core.comments = ""
        core.created = core.modified = day
        core.revision = 1
        latin, arabic = _LANGUAGES[self._imprint.language]
        defaults = self._document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
        ooxml.put(defaults, "lang", val=latin, eastAsia=latin, bidi=arabic)

    def _head(self, paragraph: Paragraph) -> None:
        imprint = self._imprint
        paragraph.style = "header"
        self._fill(paragraph, imprint.issuer, self._base)
        paragraph.add_run("\t")
        self._fill(paragraph, imprint.marking or imprint.kind, self._base)

    def _foot(self, paragraph: Paragraph) -> None:
        """Version and verification at the start edge, page and pages at the end edge."""
        imprint = self._imprint
        paragraph.style = "footer"
        line: list[str | Piece] = []
        if imprint.version:
            digits = str(imprint.version)
            shown = digits.translate(_ARABIC_INDIC) if imprint.language == "ar" else digits
            line.append(f"{_('Version')} {shown}   ")
        if imprint.code:
            line += [f"{_('Verification')} ", code(imprint.code)]
        self._fill(paragraph, line, self._base)
        paragraph.add_run("\t")
        for part in ("PAGE", " / ", "NUMPAGES"):
            run = paragraph.add_run("" if part.isalpha() else part)
            if part.isalpha():
                ooxml.field(run, part)
            ooxml.turn(run, self._base)

    def _opening(self, day: str) -> None:
        if self._imprint.kind:
            self._paragraph(self._imprint.kind, "Kind")
        self._paragraph(self._imprint.title, "Title")
        self._paragraph(day, "Facts")

    def _paragraph(self, text: Text, style: str = "Normal", direction: Direction | None = None) -> Paragraph:
        made = self._document.add_paragraph(style=style)
        if self._new_page:
            ooxml.put(ooxml.of(made), "pageBreakBefore")
            self._new_page = False
        self._fill(made, text, direction or self._base)
        return made

    def _fill(self, paragraph: Paragraph, text: Text, direction: Direction) -> None:
        ooxml.turn(paragraph, direction)
        for part in cut(text, direction):
            run = paragraph.add_run(part.text)
            ooxml.turn(run, part.direction)
            if part.bold:
                ooxml.embolden(run)

    def _in_list(self, paragraph: Paragraph, number: int) -> None:
        listed = ooxml.of(paragraph).get_or_add_numPr()
        listed.get_or_add_ilvl().val = 0
        listed.get_or_add_numId().val = number

    def _table(
        self, rows: Sequence[Sequence[Text]], widths: Sequence[int], style: str, numeric: Collection[int] = ()
    ) -> Any:
        table = self._grid(len(rows), widths, style)
        for row, texts in zip(table.rows, rows, strict=True):
            ooxml.put(ooxml.of(row), "cantSplit")
            for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                paragraph = cell.paragraphs[0]
                paragraph.style = "Cell"
                self._fill(paragraph, text, self._base)
                if place in numeric:  # "right" is the end edge: Word turns it with the paragraph
                    ooxml.put(ooxml.of(paragraph), "jc", val="right")
        return table

    def _box(self, style: str) -> Any:
        """One cell as wide as the text."""
        return self._grid(1, [_WIDTH], style).cell(0, 0)

    def _grid(self, rows: int, widths: Sequence[int], style: str) -> Any:
        """An empty table in the document's direction, with a little room below."""
        from docx.shared import Twips  # noqa: PLC0415 - only who writes a document pays for loading it

        if self._new_page:
            self._paragraph("", "Gap")
        table = self._document.add_table(rows, len(widths), style=style)
        ooxml.put(ooxml.of(table), "tblW", w=sum(widths), type="dxa")
        if self._base == "rtl":
            ooxml.put(ooxml.of(table), "bidiVisual")
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Twips(width)
            for cell in column.cells:
                cell.width = Twips(width)
        self._paragraph("", "Gap")
        return table
