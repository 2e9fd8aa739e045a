"""Pages of addressees, and of the people there."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy.forms.contacts import InstitutionForm, PersonForm
from advocacy.routes.blueprint import blueprint
from advocacy.service import contacts
from advocacy.service import institutions as service
from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.access.policy import may
from core.errors import Conflict, Locked
from core.reference import reference
from core.store.transaction import transaction
from core.web.forms import VersionForm
from core.web.locale import current_language


@blueprint.get("/institutions")
@needs(Permission.INSTITUTION_READ)
def institutions() -> ResponseReturnValue:
    """Every addressee, in the order of targets."""
    with transaction():
        service.begin(actor())
    language = current_language()
    return render_template(
        "advocacy/institutions.html",
        lines=service.index(actor(), language),
        retired=service.retired(actor(), language),
        confirmed=service.confirmed,
        order=list(reference().lists[service.KINDS].codes),
        language=language,
    )


@blueprint.route("/institutions/new", methods=["GET", "POST"])
@needs(Permission.INSTITUTION_EDIT)
def add_institution() -> ResponseReturnValue:
    """Add an addressee, such as a newsroom."""
    form = filled(InstitutionForm)
    made = done(form, lambda: service.add(actor(), form.token.data, form.kind.data, form.values()))
    if made:
        return _to(made, _("The addressee is in the list."))
    return render_template("advocacy/institution_edit.html", form=form, row=None), status_of(form)


@blueprint.get("/institutions/<uuid:institution_id>")
@needs(Permission.INSTITUTION_READ)
def institution(institution_id: UUID) -> ResponseReturnValue:
    """One addressee and the people there, for those who hold the dossier key."""
    row = service.one(actor(), institution_id, also_retired=True)
    people: list[service.OpenPerson] | None = None
    lines, titles = [], {}
    if may(actor(), Permission.CONTACT_READ):
        try:
            people = service.people(actor(), row.id)
            lines = contacts.with_addressee(actor(), row.id)
            titles = contacts.titles(actor(), current_language()) if lines else {}
        except Locked:
            people = None
    return render_template(
        "advocacy/institution.html",
        row=row,
        people=people,
        lines=lines,
        titles=titles,
        confirmed=service.confirmed(row),
        language=current_language(),
    )


@blueprint.route("/institutions/<uuid:institution_id>/edit", methods=["GET", "POST"])
@needs(Permission.INSTITUTION_EDIT)
def edit_institution(institution_id: UUID) -> ResponseReturnValue:
    """Change an addressee; what somebody else saved meanwhile is shown beside what was typed."""
    row = service.one(actor(), institution_id)
    form = filled(
        InstitutionForm,
        version=row.version,
        kind=row.kind,
        **{name: getattr(row, name) for name in service.TEXTS},
    )
    status, now = HTTPStatus.OK, None
    try:
        if done(form, lambda: _change(form, institution_id)):
            return _to(institution_id, _("The changes are saved."))
        status = HTTPStatus(status_of(form))
    except Conflict:
        now, status = service.one(actor(), institution_id), HTTPStatus.CONFLICT
        form.version.data = now.version
    page = render_template("advocacy/institution_edit.html", form=form, row=row, now=now)
    return page, status


@blueprint.route("/institutions/<uuid:institution_id>/retire", methods=["GET", "POST"])
@needs(Permission.INSTITUTION_EDIT)
def retire_institution(institution_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take it out of the list."""
    row = service.one(actor(), institution_id)
    form = VersionForm(version=row.version)
    if done(form, lambda: service.retire(actor(), institution_id, form.version.data)):
        flash(_("The addressee is out of the list. What was written of it stays."), "done")
        return redirect(url_for("advocacy.institutions"), 303)
    page = render_template(
        "advocacy/institution_retire.html",
        form=form,
        row=row,
        language=current_language(),
    )
    return page, status_of(form)


@blueprint.post("/institutions/<uuid:institution_id>/restore")
@needs(Permission.INSTITUTION_EDIT)
def restore_institution(institution_id: UUID) -> ResponseReturnValue:
    """Put it back into the list."""
    with transaction():
        service.restore(actor(), institution_id, VersionForm().version.data)
    return _to(institution_id, _("The addressee is in the list."))


@blueprint.route("/institutions/<uuid:institution_id>/people/new", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def add_contact_person(institution_id: UUID) -> ResponseReturnValue:
    """Write down somebody there."""
    row, form = service.one(actor(), institution_id), filled(PersonForm, version=1)
    if done(form, lambda: service.add_person(actor(), row.id, form.token.data, form.values())):
        return _to(row.id, _("The person is written down, sealed for those who work on dossiers."))
    return _person_page(form, institution_id, None, status_of(form))


@blueprint.route("/institutions/<uuid:institution_id>/people/<uuid:person_id>", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def edit_contact_person(institution_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Change what stands of somebody."""
    person = service.person(actor(), institution_id, person_id)
    form = filled(PersonForm, version=person.version, **person.values)
    try:
        if done(form, lambda: _change_person(form, institution_id, person_id)):
            return _to(institution_id, _("The changes are saved."))
    except Conflict:
        now = service.person(actor(), institution_id, person_id)
        form.version.data = now.version
        return _person_page(form, institution_id, person, HTTPStatus.CONFLICT, now)
    return _person_page(form, institution_id, person, status_of(form))


@blueprint.route(
    "/institutions/<uuid:institution_id>/people/<uuid:person_id>/forget", methods=["GET", "POST"]
)
@needs(Permission.CONTACT_WRITE)
def forget_contact_person(institution_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take somebody out; what was sealed of them is gone."""
    person = service.person(actor(), institution_id, person_id)
    form = VersionForm(version=person.version)
    if done(form, lambda: service.forget_person(actor(), institution_id, person_id, form.version.data)):
        return _to(institution_id, _("The person is taken out."))
    page = render_template(
        "advocacy/contact_person_forget.html", form=form, institution_id=institution_id, person=person
    )
    return page, status_of(form)


def _change(form: InstitutionForm, institution_id: UUID) -> None:
    service.change(actor(), institution_id, form.version.data, form.kind.data, form.values())


def _change_person(form: PersonForm, institution_id: UUID, person_id: UUID) -> None:
    service.change_person(actor(), institution_id, person_id, form.version.data, form.values())


def _person_page(
    form: PersonForm,
    institution_id: UUID,
    person: service.OpenPerson | None,
    status: int,
    now: service.OpenPerson | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "advocacy/contact_person.html", form=form, institution_id=institution_id, person=person, now=now
    )
    return page, status


def _to(institution_id: object, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("advocacy.institution", institution_id=institution_id), 303)
