"""Letters to addressees, for print and to edit."""

from __future__ import annotations

from flask_babel import gettext as _

from advocacy import contact_words as words
from advocacy.dossier_words import in_language
from advocacy.service.letters import Letter
from core.documents.docx import Writer, code, name
from core.documents.imprint import Imprint
from core.web.documents import as_docx, as_pdf
from core.web.filters import number


def render(letter: Letter) -> bytes:
    """The file that was ordered. Raises NotPrinted."""
    imprint = Imprint(
        language=letter.language,
        title=in_language(words.ABOUT, letter.language) % {"title": letter.title},
        kind=in_language(words.KIND, letter.language),
        issuer=letter.issuer,
        day=letter.day,
    )
    if letter.format == "pdf":
        return as_pdf("documents/letter.html", imprint, letter=letter)
    return as_docx(imprint, lambda writer: _write(writer, letter))


def _write(writer: Writer, letter: Letter) -> None:
    for line in (letter.to, letter.person, letter.address):
        if line:
            writer.paragraph(name(line))
    writer.paragraph(_("Dear Sir or Madam,"))
    writer.typed(letter.body)
    writer.paragraph(_("Yours faithfully,"))
    writer.paragraph(name(letter.issuer))
    writer.note([_("Dossier, version %(number)s", number=number(letter.number)), " · ", code(letter.code)])
