"""A file given out as one archive under a password: to a court, or to the person whose file it is."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.exporting import LANGUAGES, WHY, ExportForm, fields_of
from cases.routes.filling import filled, let_go, status_of
from cases.routes.several import SECONDS
from cases.service import exporting
from cases.service.exporting import COURT, PERSON, Choice, Whole
from cases.service.shelves import Document
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.documents import alone, binding, cleaning, copies, templates
from core.documents.binding import Binding, Part
from core.documents.copies import Opened
from core.documents.imprint import Imprint
from core.documents.pages import NotShown
from core.documents.pdf import NotPrinted
from core.errors import DomainError, NotFound
from core.store.transaction import queue_for, transaction
from core.web.documents import as_pdf, download
from core.web.locale import LOCALES
from domain.content import Content
from vault import Unreadable

# An address stays in the history of a browser, so it does not say that a case goes to court.
PURPOSES: Final = {"1": COURT, "2": PERSON}
_LONGEST: Final = 15  # seconds for getting the documents ready; a worker that says nothing for 60 is ended
_AT_ONCE: Final = 8  # photos that are prepared with the archive itself
OPENING: Final = (
    _l("You get one file, a PDF. It is closed with a password, which we tell you by another way."),
    _l("Open it as any PDF and type the password with the digits 0 to 9 and the lines between them."),
    _l(
        "The documents are inside as pages, and once more as the files that they came as. A computer shows "
        "these files with a paper clip in Adobe Reader, or in the side bar of Firefox; many phones do not."
    ),
    _l("Keep file and password apart, where nobody else finds them. Who has both reads everything."),
)
"""What whoever gets an archive is told."""


@dataclass(frozen=True)
class Inside:
    """A document as it lies in the archive."""

    number: int
    paper: Document = field(repr=False)
    name: str
    digest: str  # of what lies inside, in hexadecimal
    size: int
    shown: bool  # in pages too
    cleaned: bool


@needs(Permission.CASE_EXPORT, fresh=True)
def export(case_id: UUID, way: str) -> ResponseReturnValue:
    """Choose what goes out and look at it; then get the archive. Nothing of it is kept."""
    purpose = PURPOSES[way]
    with transaction():
        whole = exporting.look(actor(), case_id, purpose)
    if request.method == "GET" and (left := _prepared(case_id, purpose)):
        page = render_template("cases/export_steps.html", case=whole.case, left=left, way=way)
        return page, {"Refresh": "1"}
    form = filled(ExportForm, **fields_of(whole, purpose))
    form.offer(whole, purpose)
    if form.validate_on_submit():
        content = _made(case_id, whole, form, purpose)
        if content is not None:
            return download(content, "archive.pdf")
    form.looked.data = False  # said of one page, and not of another
    withheld = exporting.left_out(whole, purpose)
    shown: dict[str, Any] = {
        "case": whole.case,
        "form": form,
        "purpose": purpose,
        "way": way,
        "lines": {str(one.id): one for one in whole.lines},
        "papers": {str(one.id): one for one in whole.papers},
        "why": {one: WHY[why] for one, why in withheld.items() if why in WHY},
        "others": {one.id: one for one in whole.others},
        "matters": exporting.MATTERS[purpose],
        "most": exporting.MOST,
        "largest": exporting.LARGEST >> 20,
        "told": _told(),
    }
    return render_template("cases/export.html", **shown), status_of(form)


def _told() -> list[tuple[str, str, list[str]]]:
    """What whoever gets it is told, in each language."""
    told = []
    for code, name in LANGUAGES:
        with force_locale(LOCALES[code]):
            told.append((code, name, [str(words) for words in OPENING]))
    return told


def _prepared(case_id: UUID, purpose: str) -> int:
    """Make plain copies of photos for as long as one load of a page takes; how many are left after that.

    Where few are bare they are made with the archive.
    """
    end = time.monotonic() + SECONDS
    with transaction():
        bare = exporting.unseen(actor(), case_id, purpose)
    if len(bare) <= _AT_ONCE:
        return 0
    for done, one in enumerate(bare):
        if time.monotonic() > end:
            return len(bare) - done
        _photo(one)
    return 0


def _made(case_id: UUID, whole: Whole, form: ExportForm, purpose: str) -> bytes | None:
    """The archive, written down as leaving; None where something is wrong, which then stands in the form."""
    choice = form.choice(purpose)
    try:
        papers = exporting.require_fits(whole, choice)
        with transaction():
            opened = exporting.take(actor(), case_id, purpose, [one.id for one in papers])
        content = _bound(whole, choice, list(zip(papers, opened, strict=True)), form.password.data)
        digest = hashlib.sha256(content).hexdigest()
        with transaction():
            queue_for(form.token.data)
            exporting.has_left(actor(), whole, choice, digest, form.token.data)
            let_go()
    except (NotShown, NotPrinted, alone.Busy) as error:
        form.papers.errors = [str(error.message)]
        return None
    except DomainError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        form.explain(error)
        return None
    return content


def _bound(whole: Whole, choice: Choice, papers: list[tuple[Document, Opened]], password: str) -> bytes:
    """One PDF under a password, while no transaction is open. Raises NotShown, NotPrinted, alone.Busy."""
    stack, inside, end = Binding(), [], time.monotonic() + _LONGEST
    for number, (paper, opened) in enumerate(papers, 1):
        if time.monotonic() > end:
            raise NotShown(binding.too_much())
        part, cleaned = _part(number, paper, opened, cleaned=str(paper.id) in choice.cleaned)
        stack.add(part)
        digest = hashlib.sha256(part.content).hexdigest()
        if not cleaned and digest != paper.digest:
            raise Unreadable
        inside.append(Inside(number, paper, part.name, digest, len(part.content), bool(part.shown), cleaned))
    with force_locale(LOCALES[choice.language]):
        title = str(
            _("Documents and facts from a case file") if choice.purpose == COURT else _("Your case file")
        )
    imprint = Imprint(
        choice.language,
        title,
        issuer=whole.organisation.name(choice.language),
        day=clock.today(),
        marking=whole.case.reference,
    )
    typeset = as_pdf(
        "documents/archive.html",
        imprint,
        whole=whole,
        case=whole.case,
        choice=choice,
        inside=inside,
        matters=exporting.MATTERS[choice.purpose],
        lines=[one for one in whole.lines if str(one.id) in choice.lines],
        others=[one for one in whole.others if one.id in choice.parties],
    )
    return stack.bound(typeset, password)


def _part(number: int, paper: Document, opened: Opened, *, cleaned: bool) -> tuple[Part, bool]:
    """A document as it goes into the archive, and whether it is a cleaned copy."""
    kind, content = Content(paper.content), copies.whole(opened)
    if cleaned and kind is Content.DOCX:
        return Part(f"{number:03}.{kind.ending}", _titled(number, paper), kind.value, _letter(content)), True
    shown = _pdf(content) if kind is Content.PDF else _photo(opened) if kind.is_photo else b""
    if cleaned:
        if not shown:
            raise DomainError(
                _("Of document %(title)s no cleaned copy can be made.", title=f"\u2068{paper.title}\u2069"),
                field="papers",
            )
        content, kind = shown, kind if kind is Content.PDF else Content.JPEG
    name = f"{number:03}.{kind.ending}"
    return Part(name, _titled(number, paper), kind.value, content, shown, photo=kind.is_photo), cleaned


def _titled(number: int, paper: Document) -> str:
    return f"{number} · {paper.title}" if paper.title else str(number)


def _letter(content: bytes) -> bytes:
    try:
        return templates.plain(content).content
    except templates.NotTaken as error:
        raise DomainError(error.message, field="papers") from None


def _pdf(content: bytes) -> bytes:
    """The pages of a PDF without what acts or tells; nothing where they cannot be taken over."""
    try:
        return cleaning.cleaned(content)
    except NotShown:
        return b""


def _photo(opened: Opened) -> bytes:
    try:
        return copies.look(opened)
    except NotFound:
        return b""
