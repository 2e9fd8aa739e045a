"""A copy of a paper in which something is painted over: the copy is pictures, the paper stays as it came."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.documents import fields_of
from cases.forms.redaction import RedactForm
from cases.routes.documents import paper_of
from cases.routes.filling import done, filled, narrow, status_of
from cases.routes.viewing import carried
from cases.service import files, filing
from cases.service.filing import Paper
from cases.service.shelves import Document
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.documents import alone, copies, pages
from core.documents.pages import Burnt, NotShown
from core.errors import DomainError, NotFound
from core.store import sealed_files
from core.store.sealed_files import Incoming
from core.store.transaction import transaction
from core.web.filters import number
from core.web.labels import list_label


@needs(Permission.CASE_NOTE)
def redact_document(case_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Say what is painted over, look at each page with it, then make the copy."""
    with transaction():
        case = files.open_case(actor(), case_id)
        narrow(case)
        paper = paper_of(case, document_id)
        found = filing.open_paper(actor(), case_id, document_id, "case.file")
    if not paper.can_be_redacted:
        abort(404)
    form = filled(RedactForm)
    look, why = None, None
    try:
        content = copies.whole(found) if paper.is_pdf else copies.look(found)
        saves = form.validate_on_submit() and "look" not in request.form and "to" not in request.form
        if "to" in request.form:
            form.page.data = request.form["to"]
        look = pages.painted_over(
            content, form.marked(), form.listed(), page=form.number(), photo=not paper.is_pdf
        )
        not_yet = _not_yet(form, look) if saves and paper.is_pdf and form.listed() else ""
        if not_yet:
            form.words.errors = [not_yet]
        elif saves and (made := _made(case_id, paper, form, content)):
            return _done(case_id, made)
        form.seen.data = form.counted()
        form.shown(form.number())
    except (NotShown, alone.Busy) as error:
        why = error.message
    except NotFound:
        why = _("There is nothing here that could be painted over.")
    shown = {"case": case, "paper": paper, "form": form, "look": look, "why": why, "most": pages.BURNT}
    picture = carried(look.content) if look else ""
    return render_template("cases/document_redact.html", picture=picture, **shown), status_of(form)


def _done(case_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    flash(_("The redacted copy is in the case. Look at every page of it before you pass it on."), "done")
    return redirect(url_for("cases.document", case_id=case_id, document_id=copy_id), 303)


def _made(case_id: UUID, paper: Document, form: RedactForm, content: bytes) -> UUID | None:
    """The copy, filed in the case; None where something is wrong, which then stands beside its field."""
    areas, words = form.marked(), form.listed()
    if not areas and not words:
        form.areas.errors = [_("Mark at least one area, or write at least one word.")]
        return None
    burnt = pages.painted_over(content, areas, words, photo=not paper.is_pdf)
    if missing := _missing(burnt.found):
        form.words.errors = [missing]
        return None
    if any(area[0] > burnt.pages for area in areas):
        form.areas.errors = [_("One of the areas is on a page that the document does not have.")]
        return None
    return _filed(case_id, paper, form, burnt)


def _not_yet(form: RedactForm, look: Burnt) -> str:
    """What somebody has to see before they may believe that words are gone; empty when they have."""
    if form.seen.data != form.counted():
        return _missing(look.totals) or str(
            _("See below how often they were found on each page, then make the copy.")
        )
    if unread := look.unread - form.looked_at():
        said = _(
            "No word is found in a picture. Look at these pages first, and mark what has to go: %(pages)s.",
            pages=", ".join(map(number, sorted(unread))),
        )
        return str(said)
    return ""


def _missing(found: dict[str, int]) -> str:
    """Which words are nowhere, in a sentence; empty where each is somewhere."""
    missing = [word for word, count in found.items() if not count]
    if not missing:
        return ""
    said = _(
        "Not found in the text of the document: %(words)s. A scanned page has no text: mark areas on it.",
        words=", ".join(f"\u2068{word}\u2069" for word in missing),
    )
    return str(said)


def _title(paper: Document, form: RedactForm) -> str:
    """What the copy is called: as somebody typed, or by what it is."""
    kind = list_label("document_kind", paper.about.get("kind") or "")
    called = _("%(title)s (redacted)", title=kind) if kind else _("Redacted copy")
    return form.title.data or str(called)


def _filed(case_id: UUID, paper: Document, form: RedactForm, burnt: Burnt) -> UUID | None:
    incoming = Incoming(sealed_files.store())
    kept = None
    try:
        incoming.write(burnt.content)
        file = incoming.finish()
        said = {
            **fields_of(paper.about),
            "title": _title(paper, form),
            "source": "ours",
            "who": "",
            "tags": [],
        }
        copy = Paper(file, "", said)
        token = form.token.data
        filed = done(form, lambda: filing.file_papers(actor(), case_id, [copy], token, made_from=paper.id))
        if isinstance(filed, filing.Filed):
            kept = next(iter(filed.kept | filed.known))
    except DomainError as error:
        form.explain(error)
    finally:
        if kept != incoming.id:
            incoming.abandon()
    return kept
