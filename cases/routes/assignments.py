"""Offering a file to a lawyer, and the lawyer's answer."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.work import AssignForm, DeclineForm
from cases.routes.filling import back, done, filled, opened, status_of
from cases.service import assignment as service
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction


@needs(Permission.ASSIGNMENT_OFFER)
def assign(case_id: UUID) -> ResponseReturnValue:
    """Pick a lawyer with languages, provinces and load in view."""
    case = opened(case_id)
    candidates = service.candidates(actor(), case_id)
    form = filled(AssignForm, version=case.version)
    form.lawyer.choices = [(str(one.person_id), one.name) for one in candidates]
    if done(form, lambda: _offer(case_id, form)):
        return back(case_id, _("The lawyer has been asked."))
    shown = {"case": case, "form": form, "candidates": candidates}
    return render_template("cases/assign.html", **shown), status_of(form)


def _offer(case_id: UUID, form: AssignForm) -> None:
    service.offer(actor(), case_id, form.version.data, UUID(form.lawyer.data))


@needs(Permission.ASSIGNMENT_OFFER)
def withdraw_offer(case_id: UUID) -> ResponseReturnValue:
    """Take back an offer that nobody has answered."""
    with transaction():
        service.withdraw(actor(), case_id)
    return back(case_id, _("The offer is withdrawn."))


@needs(Permission.ASSIGNMENT_ANSWER)
def brief(assignment_id: UUID) -> ResponseReturnValue:
    """What a lawyer may know before accepting."""
    with transaction():
        offer = service.brief(actor(), assignment_id)
    return render_template("cases/brief.html", offer=offer)


@needs(Permission.ASSIGNMENT_ANSWER)
def accept(assignment_id: UUID) -> ResponseReturnValue:
    """Take the file on."""
    with transaction():
        case_id = service.accept(actor(), assignment_id)
    return back(case_id, _("The file is yours."))


@needs(Permission.ASSIGNMENT_ANSWER)
def decline(assignment_id: UUID) -> ResponseReturnValue:
    """Give the file back with a reason."""
    with transaction():
        offer = service.brief(actor(), assignment_id)
    form = filled(DeclineForm)
    if done(form, lambda: _decline(assignment_id, form)):
        flash(_("Your answer has gone back to the coordinator."), "done")
        return redirect(url_for("desk.show"), 303)
    return render_template("cases/decline.html", offer=offer, form=form), status_of(form)


def _decline(assignment_id: UUID, form: DeclineForm) -> None:
    service.decline(actor(), assignment_id, form.code.data, form.reason.data or "")
