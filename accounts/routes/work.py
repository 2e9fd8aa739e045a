"""How a lawyer works: fields, bar, share of full time, and days away; for the choice of who takes a file."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.forms import AwayForm, WorkForm
from accounts.routes.blueprint import blueprint, go
from accounts.service import work as service
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError
from core.store.transaction import queue_for, transaction


@blueprint.route("/account/practice", methods=["GET", "POST"])
@needs(Permission.ASSIGNMENT_ANSWER)
def work() -> ResponseReturnValue:
    """Fields, bar and share of full time."""
    row = service.own(actor())
    form = WorkForm(obj=row) if row else WorkForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.save(actor(), form.version.data or 0, form.values())
        except DomainError as error:
            form.explain(error)
        else:
            flash(_("This is saved."), "done")
            return go(url_for("accounts.work"))
    return _page(form, AwayForm(formdata=None))


@blueprint.post("/account/practice/away")
@needs(Permission.ASSIGNMENT_ANSWER)
def away() -> ResponseReturnValue:
    """Days away."""
    form = AwayForm()
    if form.validate_on_submit() and form.begins.data and form.ends.data:
        try:
            with transaction():
                queue_for(form.token.data)
                service.be_away(actor(), form.token.data, form.begins.data, form.ends.data)
        except DomainError as error:
            form.explain(error)
        else:
            flash(_("You are not asked to take files on these days."), "done")
            return go(url_for("accounts.work"))
    row = service.own(actor())
    return _page(WorkForm(formdata=None, obj=row), form)


@blueprint.post("/account/practice/away/<uuid:absence_id>/end")
@needs(Permission.ASSIGNMENT_ANSWER)
def back(absence_id: UUID) -> ResponseReturnValue:
    """Take an absence out."""
    with transaction():
        service.be_back(actor(), absence_id)
    flash(_("The absence is taken out."), "done")
    return go(url_for("accounts.work"))


def _page(form: WorkForm, away_form: AwayForm) -> ResponseReturnValue:
    wrong = form.errors or form.form_errors or away_form.errors or away_form.form_errors
    mine = service.absences([actor().person_id]).get(actor().person_id, [])
    shown = {"form": form, "away": away_form, "absences": mine}
    return render_template("accounts/work.html", **shown), 422 if wrong else 200
