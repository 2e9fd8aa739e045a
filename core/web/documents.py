"""A template as PDF, and a finished document as an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from flask import Response, render_template
from flask_babel import force_locale

from core.documents import pdf
from core.documents.docx import Writer
from core.documents.imprint import Imprint
from core.web.filters import date_long
from core.web.locale import LOCALES

_MIME: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def page(template: str, imprint: Imprint, **context: Any) -> str:
    """The HTML of a document in the document's language, whatever language the desk speaks."""
    with force_locale(LOCALES[imprint.language]):
        return render_template(template, imprint=imprint, **context)


def as_pdf(template: str, imprint: Imprint, **context: Any) -> bytes:
    """Print a template that extends `documents/base.html`. Raises NotPrinted."""
    html = page(template, imprint, **context)
    return pdf.render(html, language=imprint.language, title=imprint.title, created=imprint.day)


def as_docx(imprint: Imprint, write: Callable[[Writer], None]) -> bytes:
    """A document to edit; `write` fills it, with the catalogue of the document's language open."""
    with force_locale(LOCALES[imprint.language]):
        writer = Writer(imprint, date_long(imprint.day) if imprint.day else "")
        write(writer)
        return writer.content()


def download(content: bytes, name: str) -> Response:
    """Hand a document out, to be saved. name: ours, with its ending; never a person's words."""
    kind = name.rpartition(".")[2]
    if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        raise ValueError("file names are codes")
    answer = Response(content, content_type=_MIME[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
