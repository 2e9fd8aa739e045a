"""Pages of letters: one to an addressee, and the words with which letters begin."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy import contact_letters, contact_words
from advocacy import dossier_words as words
from advocacy.forms.contacts import ChooseLetterForm, LetterForm, LetterTextForm
from advocacy.routes.blueprint import blueprint
from advocacy.routes.contacts import addressees
from advocacy.service import dossiers, institutions, letter_texts, letters, stories
from cases.routes.filling import by_name, done, filled, let_go, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import Conflict, DomainError
from core.reference import reference
from core.store.transaction import transaction
from core.web.documents import download
from core.web.forms import VersionForm
from domain.stories.spans import Segment, digest, segments


@blueprint.get("/dossiers/<uuid:dossier_id>/letter")
@needs(Permission.CONTACT_WRITE)
def choose_letter(dossier_id: UUID) -> ResponseReturnValue:
    """Which letter to whom."""
    with transaction():
        institutions.begin(actor())
    opened = dossiers.open_dossier(actor(), dossier_id)
    form = ChooseLetterForm(formdata=request.args if "kind" in request.args else None)
    form.institution.choices = addressees(actor())
    if "kind" in request.args and form.validate():
        return redirect(
            url_for(
                "advocacy.letter",
                dossier_id=dossier_id,
                institution_id=form.institution.data,
                kind=form.kind.data,
                language=form.language.data,
            ),
            303,
        )
    page = render_template("advocacy/contact_letter_choose.html", form=form, dossier=opened)
    return page, status_of(form)


@blueprint.route(
    "/dossiers/<uuid:dossier_id>/letter/<uuid:institution_id>/<kind>/<language>", methods=["GET", "POST"]
)
@needs(Permission.CONTACT_WRITE)
def letter(dossier_id: UUID, institution_id: UUID, kind: str, language: str) -> ResponseReturnValue:
    """Change the proposed letter and print it; nothing of it is kept."""
    who = actor()
    with transaction():
        begun = letters.order(who, dossier_id, institution_id, None, kind, language, "pdf", None)
        own, _version = letter_texts.one(who, kind, language)
        there = institutions.people(who, institution_id)
    form = filled(LetterForm, body=contact_words.proposed(begun, own), format="docx")
    form.person.choices = by_name([(str(one.id), one.values["name"]) for one in there], _("Nobody named"))
    marked = _noticed(form.body.data or "", contact_words.proposed(begun, own), language)
    if form.validate_on_submit():
        try:
            _require_read(form, marked)
            return _printed(form, dossier_id, institution_id, kind, language)
        except DomainError as error:
            form.explain(error)
    page = render_template(
        "advocacy/contact_letter.html",
        form=form,
        letter=begun,
        marked=marked,
        dossier_id=dossier_id,
        institution_id=institution_id,
        languages=dict(words.languages()),
    )
    return page, status_of(form)


@blueprint.get("/letters")
@needs(Permission.INSTITUTION_EDIT)
def letter_index() -> ResponseReturnValue:
    """Which letters there are, and whose words they begin with."""
    return render_template(
        "advocacy/letter_texts.html",
        kinds=list(reference().lists[letter_texts.KINDS].codes),
        languages=words.languages(),
        own=letter_texts.own(actor()),
    )


@blueprint.route("/letters/<kind>/<language>", methods=["GET", "POST"])
@needs(Permission.INSTITUTION_EDIT)
def letter_text(kind: str, language: str) -> ResponseReturnValue:
    """Change the words with which letters of a kind begin; sent without words, the house's are restored."""
    own, version = letter_texts.one(actor(), kind, language)
    house = contact_words.house(kind, language)
    form = filled(LetterTextForm, version=version, text=own or house)
    status, now = HTTPStatus.OK, ""
    try:
        if done(form, lambda: _keep(form, kind, language, house)):
            flash(_("The text is kept. Letters written from now on begin with it."), "done")
            return redirect(url_for("advocacy.letter_index"), 303)
        status = HTTPStatus(status_of(form))
    except Conflict:
        now, form.version.data = letter_texts.one(actor(), kind, language)
        now, status = now or house, HTTPStatus.CONFLICT
    page = render_template(
        "advocacy/letter_text.html",
        form=form,
        kind=kind,
        language=language,
        languages=dict(words.languages()),
        mark=words.in_language(contact_words.TITLE_MARK, language),
        own=own,
        version=version,
        now=now,
    )
    return page, status


@blueprint.post("/letters/<kind>/<language>/restore")
@needs(Permission.INSTITUTION_EDIT)
def restore_letter_text(kind: str, language: str) -> ResponseReturnValue:
    """Take the house's words again."""
    with transaction():
        letter_texts.keep(actor(), kind, language, VersionForm().version.data, "")
    flash(_("Letters begin with the standard text again."), "done")
    return redirect(url_for("advocacy.letter_text", kind=kind, language=language), 303)


def _noticed(body: str, proposed: str, language: str) -> tuple[Segment, ...]:
    """The letter with what the assistant flags in it, beyond what was proposed; empty where nothing is."""
    found = [
        span
        for span in stories.flags({language: body}).get(language, ())
        if body[span.start : span.end] not in proposed
    ]
    return segments(body, found) if found else ()


def _require_read(form: LetterForm, marked: tuple[Segment, ...]) -> None:
    """What was said to be read is what the page showed, and nothing that was written since."""
    shown = digest(marked)
    agreed, form.seen.data = form.read.data and form.seen.data == shown, shown
    if marked and not agreed:
        form.read.data = False
        raise DomainError(_("Read what is marked above, and say so here."), field="read")


def _keep(form: LetterTextForm, kind: str, language: str, house: str) -> None:
    # Who saves the house's own words has none of their own.
    text = "" if form.text.data.split() == house.split() else form.text.data
    letter_texts.keep(actor(), kind, language, form.version.data, text)


def _printed(form: LetterForm, dossier_id: UUID, institution_id: UUID, kind: str, language: str) -> Response:
    person = UUID(form.person.data) if form.person.data else None
    with transaction():
        made = letters.order(
            actor(), dossier_id, institution_id, person, kind, language, form.format.data, form.body.data
        )
    printed = contact_letters.render(made)
    with transaction():  # what was kept of it goes only once there is a letter
        letters.printed(actor(), dossier_id)
        let_go()
    return download(printed, f"letter-{kind}-{language}.{made.format}")
