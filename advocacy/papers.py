"""Policy paper and full dossier, for print and to edit."""

from __future__ import annotations

from flask_babel import gettext as _

from advocacy import dossier_words as words
from advocacy.service.outputs import Order
from core.documents.docx import Writer
from core.documents.imprint import Imprint
from core.web.documents import as_docx, as_pdf
from core.web.filters import number
from domain.dossiers import Paper, Section


def render(order: Order) -> bytes:
    """The file that was ordered. Raises NotPrinted."""
    if order.format == "pdf":
        return as_printed(order)
    return as_docx(_imprint(order), lambda writer: _write(writer, order))


def as_printed(order: Order) -> bytes:
    """What was ordered as PDF, whatever its format. Raises NotPrinted."""
    return as_pdf("documents/dossier.html", _imprint(order), order=order, words=words)


def _imprint(order: Order) -> Imprint:
    return Imprint(
        language=order.language,
        title=order.title,
        kind=words.in_language(words.KINDS[order.paper], order.language),
        issuer=order.issuer,
        version=order.number,
        code=order.code,
        day=order.day,
        marking=words.in_language(words.FOR_ADDRESSEE, order.language) if order.paper is Paper.FULL else "",
    )


def _write(writer: Writer, order: Order) -> None:
    for section, text in order.sections:
        if section is Section.PROBLEM:
            writer.summary(str(words.SECTIONS[section]), text.splitlines())
            continue
        writer.heading(str(words.SECTIONS[section]))
        if text:
            writer.typed(text)
        if section is Section.NUMBERS and order.figures:
            rows = [[words.figure_label(figure), number(figure["value"])] for figure in order.figures]
            writer.table(_("Figures"), [_("What was counted"), _("Cases")], rows, numeric=(1,))
            writer.note(_("Cases seen by the organisation, not a prevalence estimate."))
        if section is Section.STORIES:
            for story in order.stories:
                writer.note(_("Details were changed or left out so that nobody is recognised."))
                writer.typed(story)
