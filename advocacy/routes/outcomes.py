"""Pages of what became of a dossier: steps, reviews, and what those who hold the cases are told."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy.forms.contacts import OutcomeForm, ReviewForm, TellForm
from advocacy.routes.blueprint import blueprint
from advocacy.service import dossiers, outcomes, results
from cases.routes.filling import done, filled, status_of
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.forms import Form
from core.web.labels import list_label


@blueprint.route("/dossiers/<uuid:dossier_id>/outcomes/new", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def record_outcome(dossier_id: UUID) -> ResponseReturnValue:
    """Write down that a step was reached."""
    opened = dossiers.open_dossier(actor(), dossier_id)
    form = filled(OutcomeForm, on=clock.today())
    form.step.choices = [(step, list_label("advocacy_outcome", step)) for step in outcomes.offered(opened)]
    if done(form, lambda: _record(form, dossier_id)):
        return _back(
            dossier_id, _("The outcome is written down. Reviews are planned after 30, 90 and 180 days.")
        )
    return render_template("advocacy/outcome_new.html", form=form, dossier=opened), status_of(form)


@blueprint.route("/dossiers/<uuid:dossier_id>/outcomes/review", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def review_outcome(dossier_id: UUID) -> ResponseReturnValue:
    """Write down whether what was reached still holds."""
    opened, form = dossiers.open_dossier(actor(), dossier_id), filled(ReviewForm)
    if done(form, lambda: outcomes.review(actor(), dossier_id, form.found.data)):
        return _back(dossier_id, _("The review is written down."))
    return render_template("advocacy/outcome_review.html", form=form, dossier=opened), status_of(form)


@blueprint.route("/dossiers/<uuid:dossier_id>/outcomes/<uuid:outcome_id>/tell", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def tell_outcome(dossier_id: UUID, outcome_id: UUID) -> ResponseReturnValue:
    """Tell those who hold the cases that contributed."""
    opened, form = dossiers.open_dossier(actor(), dossier_id), filled(TellForm)
    outcome = next((one for one in outcomes.of(opened) if one.id == outcome_id), None)
    if outcome is None:
        raise NotFound
    if done(form, lambda: results.tell(actor(), dossier_id, outcome_id, form.words.data)):
        return _back(dossier_id, _("Those who hold the cases see it on their desks."))
    page = render_template("advocacy/outcome_tell.html", form=form, dossier=opened, outcome=outcome)
    return page, status_of(form)


@blueprint.route("/dossiers/<uuid:dossier_id>/outcomes/<uuid:outcome_id>/take-back", methods=["GET", "POST"])
@needs(Permission.CONTACT_WRITE)
def take_outcome_back(dossier_id: UUID, outcome_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take back a step that was written down by mistake."""
    opened, form = dossiers.open_dossier(actor(), dossier_id), Form()
    outcome = next((one for one in outcomes.of(opened) if one.id == outcome_id), None)
    if outcome is None:
        raise NotFound
    if done(form, lambda: outcomes.take_back(actor(), dossier_id, outcome_id)):
        return _back(dossier_id, _("The step is taken back."))
    page = render_template("advocacy/outcome_take_back.html", form=form, dossier=opened, outcome=outcome)
    return page, status_of(form)


@blueprint.get("/results")
@needs(Permission.RESULT_READ)
def my_results() -> ResponseReturnValue:
    """What came of the dossiers to which the own cases contributed."""
    return render_template("advocacy/outcome_results.html", results=results.mine(actor()))


@blueprint.post("/results/<uuid:result_id>/seen")
@needs(Permission.RESULT_READ)
def see_result(result_id: UUID) -> ResponseReturnValue:
    """It was read."""
    with transaction():
        results.see(actor(), result_id)
    flash(_("Marked as read."), "done")
    return redirect(url_for("advocacy.my_results"), 303)


def _record(form: OutcomeForm, dossier_id: UUID) -> UUID:
    return outcomes.record(
        actor(),
        dossier_id,
        form.token.data,
        form.step.data,
        form.on.data or clock.today(),
        form.evidence.data,
        form.confirmed_by(),
    )


def _back(dossier_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("advocacy.dossier_contacts", dossier_id=dossier_id), 303)
