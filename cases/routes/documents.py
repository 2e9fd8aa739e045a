"""The papers of a case: brought, listed, looked at, saved, replaced by newer ones, taken out."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cases.forms.documents import (
    AddDocumentsForm,
    EditDocumentForm,
    FindDocumentForm,
    RemoveDocumentForm,
    fields_of,
)
from cases.routes.filling import back, by_name, done, filled, let_go, narrow, opened, status_of
from cases.routes.gone import closed
from cases.routes.viewing import View, cleaned_of, view_of
from cases.routes.word_papers import PAPERS_AND_LETTERS, look_into, ours
from cases.service import files, filing, gate, removing, taken
from cases.service.filing import Filed, Paper
from cases.service.shelves import Document, Shelf, found_by, tagged, tags_of
from cases.service.views import OpenCase
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError
from core.store.transaction import queue_for, transaction
from core.web.files import given
from core.web.filters import number
from core.web.in_place import in_place
from core.web.uploads import Arriving, arrived, takes
from domain.text import clean_text

MOST: Final = 20  # files of one form
_NAME: Final = 80
_ISOLATED: Final = "\u2068{}\u2069"  # a name of a file stands in its own direction (UAX #9)


@needs(Permission.CASE_READ)
def documents(case_id: UUID) -> ResponseReturnValue:
    """Every paper, those of one kind, those with a tag, or those that are found by a word.

    A kind stands in the address; a tag or a word may name somebody, and travels in the body.
    """
    case, form = opened(case_id), FindDocumentForm()
    every = case.shelves
    tags = [(tag, f"{tag} ({number(count)})") for tag, count in tags_of(every)]
    form.tag.choices = by_name(tags, _("Every tag"))
    kinds = sorted({one.document.about.get("kind") or "" for one in every})
    kind, found = request.args.get("kind"), every
    if form.validate_on_submit():
        found = found_by(form.q.data, every)
        found = tagged(form.tag.data, found) if form.tag.data else found
    shown = [one for one in found if kind is None or (one.document.about.get("kind") or "") == kind]
    told = {"case": case, "form": form, "shelves": shown, "kinds": kinds, "kind": kind}
    told["me"] = actor().person_id
    return render_template("cases/documents.html", **told), status_of(form)


@takes(MOST, PAPERS_AND_LETTERS)
@needs(Permission.CASE_NOTE)
def add_documents(case_id: UUID) -> ResponseReturnValue:
    """Bring several files at once; one that is refused is named, the others are kept."""
    return _bring(opened(case_id), None)


@takes(1, PAPERS_AND_LETTERS)
@needs(Permission.CASE_NOTE)
def newer_document(case_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Bring a newer version of a paper; the old one stays readable under it."""
    case = opened(case_id)
    return _bring(case, paper_of(case, document_id))


def _bring(case: OpenCase, before: Document | None) -> ResponseReturnValue:
    if (over := closed(case, lambda: filled(AddDocumentsForm))) is not None:
        return over
    form = filled(AddDocumentsForm, **(fields_of(before.about) if before else {}))
    problems: list[str] = []
    filed = _brought(case.id, form, before, problems) if form.is_submitted() else None
    if filed and not form.errors and not problems and not in_place():
        return back(case.id, _in_words(filed))
    if filed:
        case = opened(case.id)
    here = {one.id: one for one in case.documents}
    kept = [here[one] for one in sorted(filed.kept | filed.known) if one in here] if filed else []
    shown = {"case": case, "form": form, "before": before, "kept": kept, "problems": problems, "most": MOST}
    page = "cases/_filed.html" if in_place() else "cases/document_add.html"
    wrong = bool(form.errors) or (bool(problems) and not in_place())
    return render_template(page, **shown), HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _brought(
    case_id: UUID, form: AddDocumentsForm, before: Document | None, problems: list[str]
) -> Filed | None:
    """Keep the files of a form that was sent.

    They are kept without what is wrong beside them, for choosing them again is what costs most; but where
    scripts send them one by one, they have them still.
    """
    right = form.validate()
    if form.csrf_token.errors or (in_place() and not right):
        return None
    coming = arrived()
    if not coming:
        form.files.errors = [_("Choose a file, or photograph the paper.")]
        return None
    said = form.said()
    look_into(coming, said["source"])
    problems += [_named(one) for one in coming if one.error or one.beyond]
    papers = [
        Paper(one.file, _name(one), _titled(ours(one.file, said), at, len(coming)))
        for at, one in enumerate(coming, 1)
        if one.file
    ]
    try:
        with transaction():
            queue_for(form.token.data)
            filed = filing.file_papers(
                actor(), case_id, papers, form.token.data, replaces=before.id if before else None
            )
            let_go()
    except DomainError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        form.explain(error)
        return None
    for one in coming:
        one.kept = one.file is not None and one.file.id in filed.kept
    if problems and not in_place():
        form.files.errors = problems
    return filed


def _titled(said: dict[str, Any], at: int, count: int) -> dict[str, Any]:
    """Several papers under one title are numbered."""
    if count == 1 or not said["title"]:
        return said
    return {**said, "title": f"{said['title']} ({at})"}


def _name(one: Arriving) -> str:
    return clean_text(one.name, _NAME, lines=False)


def _named(one: Arriving) -> str:
    """Which file is not taken, and why."""
    why = (
        one.error.message
        if one.error
        else _("Only %(most)s files go at once. Bring it next.", most=number(MOST))
    )
    name = _name(one)
    return f"{_ISOLATED.format(name)}: {why}" if name else str(why)


def _in_words(filed: Filed) -> str:
    if not filed.kept:
        return str(_("This is in the case already, exactly as it is. Nothing was added."))
    said = ngettext(
        "One document is in the case now.",
        "%(count)s documents are in the case now.",
        len(filed.kept),
        count=number(len(filed.kept)),
    )
    return str(said)


@needs(Permission.CASE_READ)
def document(case_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """One paper: a page of it to look at, where it came from, its versions, what can be done with it."""
    page = max(request.args.get("page", 1, type=int), 1)
    with transaction():
        case = files.open_case(actor(), case_id)
        narrow(case)
        paper = paper_of(case, document_id)
        found = filing.open_paper(actor(), case_id, document_id, "case.file")
        takings = taken.of(actor(), document_id)
    shown: View = view_of(found, page)
    shelf = _shelf(case, document_id)
    here = {str(one.id): one for one in case.documents}
    redacted = [one for one in case.documents if one.about.get("made_from") == str(document_id)]
    source = here.get(paper.about.get("made_from") or "")
    return render_template(
        "cases/document.html",
        case=case,
        paper=paper,
        shelf=shelf,
        view=shown,
        place=page,
        redacted=redacted,
        source=source,
        takings=takings,
    )


@needs(Permission.CASE_READ)
def document_file(case_id: UUID, document_id: UUID, how: str) -> ResponseReturnValue:
    """A paper as it came, a cleaned copy of it, or its sound."""
    act = taken.ORIGINAL if how == "save" else "case.file"
    with transaction():
        found = filing.open_paper(actor(), case_id, document_id, act)
    if how != "clean":
        return given(found, how)
    try:
        copy = cleaned_of(found)
    except DomainError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        flash(str(error.message), "warning")
        return redirect(url_for("cases.document", case_id=case_id, document_id=document_id), 303)
    with transaction():
        filing.took(actor(), case_id, document_id, taken.COPY)
    return copy


@needs(Permission.CASE_NOTE)
def edit_document(case_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Say something else about a paper; the paper itself stays."""
    case = opened(case_id)
    paper = paper_of(case, document_id)
    form = filled(EditDocumentForm, version=paper.version, **fields_of(paper.about))
    say = partial(filing.say, actor(), case_id, document_id)
    if done(form, lambda: say(form.version.data, form.said())):
        flash(_("What is said about the document is saved."), "done")
        return redirect(url_for("cases.document", case_id=case_id, document_id=document_id), 303)
    return render_template("cases/document_edit.html", case=case, paper=paper, form=form), status_of(form)


@needs(Permission.CASE_NOTE)
def remove_document(case_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Ask that a paper which does not belong here is deleted, confirm it, or say that it stays."""
    case = opened(case_id)
    paper = paper_of(case, document_id)
    form = filled(RemoveDocumentForm, version=paper.version)
    over = None if paper.leaving else closed(case, lambda: form, gate.CLOSED, sent_too=True)
    if over is not None:  # what was asked is decided in a closed case too
        return over
    gone: list[bool] = []
    if done(form, lambda: gone.append(_removed(case_id, document_id, form))):
        if gone[0]:
            return back(case_id, _("The document is deleted. The timeline says why."))
        flash(_("The document stays, and the timeline says why."), "done")
        return redirect(url_for("cases.document", case_id=case_id, document_id=document_id), 303)
    with transaction():
        before = removing.before(actor(), case_id, document_id)
    shown = {"case": case, "paper": paper, "form": form, "before": before}
    return render_template("cases/document_remove.html", **shown), status_of(form)


def _removed(case_id: UUID, document_id: UUID, form: RemoveDocumentForm) -> bool:
    said = (actor(), case_id, document_id, form.version.data, form.reason.data)
    if "keep" not in request.form:
        return removing.remove(*said)
    removing.keep(*said)
    return False


def paper_of(case: OpenCase, document_id: UUID) -> Document:
    """A paper of a case that is open; there is no page for another one."""
    return next((one for one in case.documents if one.id == document_id), None) or abort(404)


def _shelf(case: OpenCase, document_id: UUID) -> Shelf:
    """The newest version of a paper with the older ones."""
    return next(
        one for one in case.shelves if document_id in {one.document.id, *(older.id for older in one.older)}
    )
