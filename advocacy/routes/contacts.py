"""Pages of contacts: the log of a dossier, promises that are open, letters."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy import contact_letters, contact_words
from advocacy import dossier_words as words
from advocacy.forms.contacts import ChooseLetterForm, ContactForm, LetterForm
from advocacy.routes.blueprint import blueprint
from advocacy.service import contacts, dossiers, equal, institutions, letters, outcomes, results
from advocacy.service.dossiers import OpenDossier
from cases.forms.choices import with_none
from cases.routes.filling import done, filled, let_go, people, status_of
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.store.transaction import transaction
from core.web.documents import download
from core.web.filters import number
from core.web.locale import current_language


@blueprint.get("/contacts")
@needs(Permission.CONTACT_READ)
def open_promises() -> ResponseReturnValue:
    """Promises that are open, and dossiers that wait for a look."""
    who, language = actor(), current_language()
    return render_template(
        "advocacy/contact_promises.html",
        lines=contacts.promises(who),
        titles=contacts.titles(who, language),
        due=outcomes.due_in(who),
        language=language,
    )


@blueprint.get("/dossiers/<uuid:dossier_id>/contacts")
@needs(Permission.CONTACT_READ)
def dossier_contacts(dossier_id: UUID) -> ResponseReturnValue:
    """What was sent to whom, what came of it, who was not offered it yet."""
    who = actor()
    with transaction():
        institutions.begin(who)
    opened = dossiers.open_dossier(who, dossier_id)
    lines = contacts.log(who, dossier_id)
    return render_template(
        "advocacy/contacts.html",
        dossier=opened,
        title=opened.title(current_language()),
        lines=lines,
        missing=contacts.steps_missing(lines),
        early=any(line.institution.kind in contacts.LAST for line in lines),
        equality=equal.check(who, dossier_id, lines),
        within=equal.WITHIN,
        outcomes=outcomes.of(opened),
        told=results.told(dossier_id),
        looks=outcomes.looks(opened),
        words=contact_words,
        language=current_language(),
    )


@blueprint.route("/dossiers/<uuid:dossier_id>/contacts/new", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def write_contact(dossier_id: UUID) -> ResponseReturnValue:
    """Write down what was sent, said or promised."""
    with transaction():
        institutions.begin(actor())
    opened = dossiers.open_dossier(actor(), dossier_id)
    form = filled(ContactForm, on=clock.today(), institution=request.args.get("institution", ""))
    _offer(form, opened)
    if done(form, lambda: _write(form, dossier_id)):
        return _back(dossier_id, _("The contact is in the log."))
    page = render_template("advocacy/contact_write.html", form=form, dossier=opened)
    return page, status_of(form)


@blueprint.post("/contacts/<uuid:entry_id>/<any(kept, broken):answer>")
@needs(Permission.CONTACT_WRITE)
def settle_promise(entry_id: UUID, answer: str) -> ResponseReturnValue:
    """Say whether a promise was kept."""
    with transaction():
        version = request.form.get("version", "")
        dossier_id = contacts.settle(
            actor(), entry_id, int(version) if version.isdecimal() else 0, kept=answer == "kept"
        )
    if dossier_id is None:
        raise NotFound
    return _back(dossier_id, _("It is written down what became of the promise."))


@blueprint.get("/dossiers/<uuid:dossier_id>/letter")
@needs(Permission.CONTACT_WRITE)
def choose_letter(dossier_id: UUID) -> ResponseReturnValue:
    """Which letter to whom."""
    with transaction():
        institutions.begin(actor())
    opened = dossiers.open_dossier(actor(), dossier_id)
    form = ChooseLetterForm(formdata=request.args if "kind" in request.args else None)
    form.institution.choices = _institutions()
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
        there = institutions.people(who, institution_id)
    form = filled(LetterForm, body=contact_words.proposed(begun), format="docx")
    form.person.choices = with_none([(str(one.id), one.values["name"]) for one in there], _("Nobody named"))
    if form.validate_on_submit():
        try:
            return _printed(form, dossier_id, institution_id, kind, language)
        except DomainError as error:
            form.explain(error)
    page = render_template(
        "advocacy/contact_letter.html",
        form=form,
        letter=begun,
        dossier_id=dossier_id,
        institution_id=institution_id,
        languages=dict(words.languages()),
    )
    return page, status_of(form)


def _printed(form: LetterForm, dossier_id: UUID, institution_id: UUID, kind: str, language: str) -> Response:
    person = UUID(form.person.data) if form.person.data else None
    with transaction():
        made = letters.order(
            actor(), dossier_id, institution_id, person, kind, language, form.format.data, form.body.data
        )
        let_go()
    return download(contact_letters.render(made), f"letter-{kind}-{language}.{made.format}")


def _offer(form: ContactForm, opened: OpenDossier) -> None:
    who, language = actor(), current_language()
    named = institutions.people(who)
    places = {row.id: row.name(language) for row in institutions.index(who, language)}
    form.institution.choices = _institutions()
    form.person.choices = with_none(
        [
            (str(one.id), f"{one.values['name']} ({places[one.institution_id]})")
            for one in named
            if one.institution_id in places
        ],
        _("Nobody named"),
    )
    form.number.choices = with_none(
        [(str(one), _("Version %(number)s", number=number(one))) for one in contacts.numbers(opened)],
        _("No version of the dossier"),
    )
    form.owner.choices = with_none(people(contacts.owners(who)), _("Nobody yet"))


def _institutions() -> list[tuple[str, str]]:
    language = current_language()
    rows = [(str(row.id), row.name(language)) for row in institutions.index(actor(), language)]
    return with_none(rows, _("Choose the addressee"))


def _write(form: ContactForm, dossier_id: UUID) -> UUID:
    who, note = actor(), form.note()
    made = contacts.write(
        who,
        dossier_id,
        form.token.data,
        note,
        form.due_on.data,
        form.owner_id(),
        anyway=form.anyway.data,
    )
    if note.kind == contacts.SENT:
        outcomes.expect(dossiers.open_dossier(who, dossier_id, lock=True), note.on)
    return made


def _back(dossier_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("advocacy.dossier_contacts", dossier_id=dossier_id), 303)
