"""Pages of contacts: the log of a dossier, promises that are open."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy import contact_words
from advocacy.forms.contacts import ContactForm
from advocacy.models.contacts import Institution
from advocacy.routes.blueprint import blueprint
from advocacy.service import contacts, dossiers, equal, institutions, outcomes, recalled, results
from advocacy.service.contact_seal import Note
from advocacy.service.dossiers import OpenDossier
from cases.forms.choices import with_none
from cases.routes.filling import by_name, done, filled, people, status_of
from core import clock
from core.access.actors import Actor
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.filters import isolate, number
from core.web.forms import VersionForm
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
        recalled=recalled.versions(opened),
        missing=contacts.steps_missing(lines),
        early=any(line.institution.kind in contacts.LAST for line in lines),
        equality=equal.check(who, dossier_id, lines),
        within=equal.WITHIN,
        outcomes=outcomes.of(opened),
        mistaken=outcomes.may_take_back(opened),
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
        return _back(dossier_id, form.note().institution_id, _("The contact is in the log."))
    page = render_template("advocacy/contact_write.html", form=form, dossier=opened)
    return page, status_of(form)


@blueprint.route("/institutions/<uuid:institution_id>/contacts/new", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def write_contact_apart(institution_id: UUID) -> ResponseReturnValue:
    """Write down a contact that concerns no dossier yet."""
    row = institutions.one(actor(), institution_id)
    form = filled(ContactForm, on=clock.today(), institution=str(row.id))
    _offer(form, None)
    if done(form, lambda: _write(form, None)):
        return _back(None, form.note().institution_id, _("The contact is in the log."))
    page = render_template("advocacy/contact_write.html", form=form, dossier=None, institution_id=row.id)
    return page, status_of(form)


@blueprint.route("/contacts/<uuid:entry_id>/edit", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def correct_contact(entry_id: UUID) -> ResponseReturnValue:
    """Put a line of the log right."""
    line = contacts.line(actor(), entry_id)
    if line.state not in contacts.CORRECTABLE:
        raise NotFound
    opened = dossiers.open_dossier(actor(), line.dossier_id) if line.dossier_id else None
    form = filled(ContactForm, version=line.version, **ContactForm.of(line))
    _offer(form, opened, line.institution)
    if done(form, lambda: _correct(form, entry_id, line.dossier_id)):
        return _back(line.dossier_id, form.note().institution_id, _("The line is corrected."))
    page = render_template(
        "advocacy/contact_write.html",
        form=form,
        dossier=opened,
        institution_id=line.institution.id,
        corrects=True,
    )
    return page, status_of(form)


@blueprint.post("/contacts/<uuid:entry_id>/<any(kept, broken):answer>")
@needs(Permission.CONTACT_READ)
def settle_promise(entry_id: UUID, answer: str) -> ResponseReturnValue:
    """Say whether a promise was kept."""
    with transaction():
        dossier_id, institution_id = contacts.settle(
            actor(), entry_id, VersionForm().version.data, kept=answer == "kept"
        )
    return _back(dossier_id, institution_id, _("It is written down what became of the promise."))


def _offer(form: ContactForm, opened: OpenDossier | None, stored: Institution | None = None) -> None:
    """Set what can be chosen. `stored`: the addressee of a line, which may be taken out since."""
    who, language = actor(), current_language()
    named = institutions.people(who)
    places = {row.id: row.name(language) for row in institutions.index(who, language)}
    form.institution.choices = addressees(who)
    if stored is not None and stored.id not in places:
        form.institution.choices.append((str(stored.id), stored.name(language)))
    form.person.choices = by_name(
        [
            (str(one.id), f"{isolate(one.values['name'])} ({isolate(places[one.institution_id])})")
            for one in named
            if one.institution_id in places
        ],
        _("Nobody named"),
    )
    form.number.choices = with_none(
        [
            (str(one), _("Version %(number)s", number=number(one)))
            for one in (contacts.numbers(opened) if opened else [])
        ],
        _("No version of the dossier"),
    )
    form.owner.choices = by_name(people(contacts.owners(who)), _("Nobody yet"))


def addressees(who: Actor) -> list[tuple[str, str]]:
    """Every addressee, to choose from."""
    language = current_language()
    rows = [(str(row.id), row.name(language)) for row in institutions.index(who, language)]
    return with_none(rows, _("Choose the addressee"))


def _write(form: ContactForm, dossier_id: UUID | None) -> UUID:
    who, token = actor(), form.token.data
    made = contacts.write(who, dossier_id, token, *form.typed(), anyway=form.anyway.data)
    _expect(who, dossier_id, form.note())
    return made


def _correct(form: ContactForm, entry_id: UUID, dossier_id: UUID | None) -> None:
    who, version = actor(), form.version.data
    contacts.correct(who, entry_id, version, *form.typed(), anyway=form.anyway.data)
    _expect(who, dossier_id, form.note())


def _expect(who: Actor, dossier_id: UUID | None, note: Note) -> None:
    """Once it was sent, somebody looks again."""
    if dossier_id and note.kind == contacts.SENT:
        outcomes.expect(dossiers.open_dossier(who, dossier_id, lock=True), note.on)


def _back(dossier_id: UUID | None, institution_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "done")
    if dossier_id is None:
        return redirect(url_for("advocacy.institution", institution_id=institution_id), 303)
    return redirect(url_for("advocacy.dossier_contacts", dossier_id=dossier_id), 303)
